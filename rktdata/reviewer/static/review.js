"use strict";
// Records beside their page. Whatever comes from a document is set as text, never as HTML.

const $ = (id) => document.getElementById(id);
const MOST = 100; // records fetched at once
// The field that `e` edits.
const MAIN = { indikator: "target_teks", anggaran: "jumlah" };
const state = {
  lang: "id", summary: null, items: [], total: 0, states: {}, at: -1, detail: null,
  page: null, zoom: 1, wanted: "belum", field: null,
};

const t = (key, ...values) => {
  const text = TEXTS[state.lang][key];
  return typeof text === "function" ? text(...values) : text ?? key;
};

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  };
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw { id: TEXTS.id.lost, en: TEXTS.en.lost };
  }
  const type = answer.headers.get("content-type") || "";
  const said = type.startsWith("application/json") ? await answer.json() : { id: `HTTP ${answer.status}`, en: `HTTP ${answer.status}` };
  if (!answer.ok) throw said;
  return said;
}

function toast(text, error = false) {
  const place = $("toast");
  place.textContent = text;
  place.classList.toggle("error", error);
  place.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { place.hidden = true; }, error ? 8000 : 2500);
}

const complain = (error) => toast(error[state.lang] || String(error), true);

// What the user asks for is done in turn, so that a quick "j c" confirms the next record.
let turns = Promise.resolve();
const inTurn = (work) => { turns = turns.then(work).catch(complain); return turns; };

// -- language ---------------------------------------------------------------------------

function speak(lang) {
  state.lang = lang;
  document.documentElement.lang = lang;
  document.title = `${t("title")} · ${state.summary?.dataset ?? "rkt"}`;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = t(element.dataset.placeholder);
  for (const button of document.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", button.dataset.lang === lang);
  $("keys").replaceChildren(...t("keyList").flatMap(([keys, what]) => [
    make("dt", {}, make("kbd", {}, keys)), make("dd", {}, what),
  ]));
  try { localStorage.setItem("rkt-lang", lang); } catch { /* not kept, then */ }
  if (state.summary) {
    fillFilters();
    drawStates();
    drawList();
    drawRecord();
    drawPageName();
  }
}

// -- list -------------------------------------------------------------------------------

function fillFilters() {
  const fill = (id, first, entries) => {
    const select = $(id), kept = select.value;
    select.replaceChildren(make("option", { value: "" }, first), ...entries.map(([value, text]) => make("option", { value }, text)));
    select.value = kept;
  };
  fill("reason", t("anyReason"), state.summary.reasons.map((reason) => [reason, t(reason)]));
  fill("kind", t("anyKind"), ["indikator", "anggaran"].map((kind) => [kind, t(kind)]));
  fill("document", t("anyDocument"), state.summary.documents.map((one) => [one.id, [one.name, one.agency, one.year].filter(Boolean).join(" · ")]));
}

function drawStates() {
  const counts = state.states, all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const done = all - (counts.belum ?? 0);
  $("progress").textContent = t("progress", done, all);
  $("states").replaceChildren(...["belum", "koreksi", "dikonfirmasi", ""].map((name) => make(
    "button",
    { type: "button", "data-state": name, "aria-pressed": String(state.wanted === name), onclick: () => { state.wanted = name; inTurn(refill); } },
    t(name), make("b", {}, String(name ? counts[name] ?? 0 : all)),
  )));
}

function query(offset) {
  return new URLSearchParams({
    state: state.wanted, reason: $("reason").value, kind: $("kind").value,
    document: $("document").value, words: $("words").value, offset, limit: MOST,
  });
}

async function refill() {
  const found = await ask(`api/records?${query(0)}`);
  Object.assign(state, { items: found.items, total: found.total, states: found.states, at: -1 });
  drawStates();
  drawList();
  if (state.items.length) await choose(0, false);
  else { state.detail = null; drawRecord(); showPage(null); }
}

async function fetchMore() {
  // Records that were done since have left what the server counts.
  const gone = state.wanted ? state.items.filter((item) => item.state !== state.wanted).length : 0;
  const found = await ask(`api/records?${query(state.items.length - gone)}`);
  const known = new Set(state.items.map((item) => item.id));
  state.items.push(...found.items.filter((item) => !known.has(item.id)));
  state.total = found.total + gone;
  drawList();
}

function tags(item) {
  const shown = item.state === "belum" ? item.reasons : [item.state];
  return shown.map((name) => make("span", { class: `tag ${name}` }, t(name)));
}

function itemButton(item, at) {
  return make("li", {}, make(
    "button",
    { type: "button", class: item.state === "belum" ? "" : "done", "data-id": item.id, "aria-current": at === state.at ? "true" : null, onclick: () => inTurn(() => choose(at, false)) },
    make("span", { class: "text" }, item.title),
    make("span", { class: "about" },
      item.value ? make("span", { class: "value" }, item.value) : null,
      item.year ? make("span", {}, String(item.year)) : null, ...tags(item)),
  ));
}

function drawList() {
  $("items").replaceChildren(...state.items.map(itemButton));
  $("count").textContent = t("count", state.total);
  $("more").hidden = state.items.length >= state.total;
  $("none").hidden = state.items.length > 0;
  const filtered = $("reason").value || $("kind").value || $("document").value || $("words").value;
  $("none").textContent = state.wanted === "belum" && !filtered ? t("allDone") : t("none");
}

function drawItem(at) {
  const place = $("items").children[at];
  if (place) place.replaceWith(itemButton(state.items[at], at));
}

async function choose(at, scroll = true) {
  if (at >= state.items.length && state.items.length < state.total) await fetchMore();
  if (at < 0 || at >= state.items.length) return;
  const before = state.at;
  state.at = at;
  drawItem(before);
  drawItem(at);
  if (scroll) $("items").children[at]?.scrollIntoView({ block: "nearest" });
  const id = state.items[at].id;
  const detail = await ask(`api/records/${encodeURIComponent(id)}`);
  state.detail = detail;
  state.field = null;
  drawRecord();
  showPage(firstPage());
}

// -- page -------------------------------------------------------------------------------

function placesOn(page) {
  return (state.detail?.fields ?? []).flatMap((field) => field.places.filter((place) => place.page === page).map((place) => ({ ...place, field: field.name })));
}

function firstPage() {
  const main = state.detail.fields.find((field) => field.name === MAIN[state.detail.kind]);
  return main?.places[0]?.page ?? state.detail.page;
}

function drawPageName() {
  const detail = state.detail;
  const all = detail ? Object.keys(detail.sizes).map(Number) : [];
  $("page-name").textContent = detail && state.page ? t("pageName", detail.file, state.page, Math.max(...all)) : "";
  $("previous-page").disabled = !all.some((page) => page < state.page);
  $("next-page").disabled = !all.some((page) => page > state.page);
}

function showPage(page, scroll = true) {
  state.page = page;
  drawPageName();
  const picture = $("picture"), size = state.detail?.sizes[page];
  $("page").hidden = !size;
  $("no-picture").hidden = true;
  if (!size) return;
  const address = `api/pages/${encodeURIComponent(state.detail.document)}/${page}`;
  if (picture.getAttribute("src") !== address) {
    picture.setAttribute("src", address);
    picture.alt = $("page-name").textContent;
  }
  fit();
  drawBoxes();
  if (scroll) scrollToBoxes();
}

function fit() {
  const size = state.detail?.sizes[state.page];
  if (!size) return;
  const room = $("sheet").clientWidth - 26;
  const width = Math.max(200, room * state.zoom);
  $("page").style.width = `${width}px`;
  $("page").style.height = `${width * size[1] / size[0]}px`;
}

function drawBoxes() {
  const size = state.detail?.sizes[state.page];
  if (!size) return;
  $("boxes").replaceChildren(...placesOn(state.page).map((place) => {
    const [x0, top, x1, bottom] = place.box;
    const box = make("div", {
      "data-field": place.field,
      onmouseenter: () => point(place.field, false), onmouseleave: () => point(state.field, false),
      onclick: () => editField(place.field),
    });
    const margin = 1.5; // points, lest the frame cover the letters
    box.style.left = `${100 * (x0 - margin) / size[0]}%`;
    box.style.top = `${100 * (top - margin) / size[1]}%`;
    box.style.width = `${100 * (x1 - x0 + 2 * margin) / size[0]}%`;
    box.style.height = `${100 * (bottom - top + 2 * margin) / size[1]}%`;
    return box;
  }));
  point(state.field, false);
}

function scrollToBoxes(field) {
  const sheet = $("sheet");
  const wanted = field ?? MAIN[state.detail.kind];
  const boxes = [...$("boxes").children];
  const box = boxes.find((one) => one.dataset.field === wanted) ?? boxes[0];
  if (!box) { sheet.scrollTop = 0; return; }
  sheet.scrollTop = box.offsetTop - sheet.clientHeight / 2;
  sheet.scrollLeft = box.offsetLeft - sheet.clientWidth / 2;
}

function isInView(box) {
  const outer = $("sheet").getBoundingClientRect(), inner = box.getBoundingClientRect();
  return inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left && inner.right <= outer.right;
}

// Mark a field and its places; `follow` turns to the page where it is printed.
function point(name, follow = true) {
  for (const element of document.querySelectorAll("[data-field]")) element.classList.toggle("on", element.dataset.field === name);
  if (!follow || !name) return;
  const field = state.detail.fields.find((one) => one.name === name);
  if (!field?.places.length) return;
  if (!field.places.some((place) => place.page === state.page)) {
    showPage(field.places[0].page, false);
    point(name, false);
    scrollToBoxes(name);
    return;
  }
  const box = [...$("boxes").children].find((one) => one.dataset.field === name);
  if (box && !isInView(box)) scrollToBoxes(name);
}

function turn(step) {
  const pages = Object.keys(state.detail?.sizes ?? {}).map(Number).sort((a, b) => a - b);
  const next = pages[pages.indexOf(state.page) + step];
  if (next) { showPage(next, false); $("sheet").scrollTop = 0; }
}

function zoom(factor) {
  state.zoom = Math.min(4, Math.max(.4, state.zoom * factor));
  fit();
  scrollToBoxes(state.field);
}

// -- record -----------------------------------------------------------------------------

function fieldRow(field) {
  const changed = field.read !== field.value;
  return make("li", {}, make(
    "button",
    {
      type: "button", class: `field${changed ? " changed" : ""}${field.name === MAIN[state.detail.kind] ? " key" : ""}`,
      "data-field": field.name, title: field.label[state.lang],
      onmouseenter: () => point(field.name), onmouseleave: () => point(state.field, false),
      onfocus: () => { state.field = field.name; point(field.name); },
      onclick: () => editField(field.name),
    },
    make("span", { class: "label" }, field.name.replaceAll("_", " ")),
    make("span", { class: `value${field.value ? "" : " null"}` }, field.value || t("empty")),
    changed ? make("span", { class: "read" }, `${t("readAs")}: `, make("s", {}, field.read || t("empty"))) : null,
  ));
}

function section(title, entries) {
  return entries.length ? [make("h3", {}, title), make("ul", { class: "plainlist" }, ...entries.map((entry) => make("li", {}, ...entry)))] : [];
}

function action(key, name, work, sign) {
  return make("button", { type: "button", class: name === "confirm" ? "main" : "", "data-action": name, "aria-label": sign ? t(name) : null, onclick: () => inTurn(work) }, sign ?? t(name), make("kbd", {}, key));
}

function drawRecord() {
  const place = $("record"), detail = state.detail;
  place.scrollTop = 0;
  if (!detail) { place.replaceChildren(make("p", { class: "dim" }, state.items.length ? t("choose") : "")); return; }
  const table = detail.table ? t("table", [detail.table.number, detail.table.title].filter(Boolean).join(" ") || "-") : t("prose");
  const where = [table, detail.row ? t("row", detail.row) : null, t("confidence", detail.confidence.toLocaleString(state.lang))].filter(Boolean).join(" · ");
  const filled = detail.fields.filter((field) => field.value || field.read || field.name === MAIN[detail.kind]);
  const empty = detail.fields.filter((field) => !filled.includes(field));
  const shown = detail.state === "belum" ? [] : [detail.state];
  place.replaceChildren(
    make("h2", {}, detail.title),
    make("p", { class: "where dim" }, where),
    make("div", { class: "tags" }, ...[...shown, ...detail.reasons].map((name) => make("span", { class: `tag ${name}` }, t(name))),
      ...detail.marks.filter((mark) => !detail.states.includes(mark)).map((mark) => make("span", { class: "tag" }, mark))),
    make("div", { class: "actions" },
      action("c", "confirm", confirm), action("e", "edit", () => editField(state.field ?? MAIN[detail.kind])),
      action("u", "undo", undo), action("k", "previous", () => step(-1), "‹"), action("j", "next", () => step(1), "›")),
    make("ul", { class: "fields", id: "fields" }, ...filled.map(fieldRow)),
    ...(empty.length ? [make("details", { id: "empty-fields" }, make("summary", {}, t("otherFields", empty.length)), make("ul", { class: "fields" }, ...empty.map(fieldRow)))] : []),
    ...section(t("findings"), detail.findings.map((finding) => [
      make("span", { class: `tag ${finding.severity}` }, `${finding.rule} ${t(finding.severity)}`), " ",
      finding[state.lang], state.lang === "en" && finding.values.length ? `: ${finding.values.join(" / ")}` : "",
    ])),
    ...section(t("lapses"), detail.lapses.map((lapse) => [`${lapse.place}: ${lapse.field}: ${lapse[state.lang]}`])),
    ...section(t("history"), detail.corrections.map((line) => [
      line.whole ? t("confirmedBy") : `${line.field}: ${line.old || t("empty")} → ${line.new || t("empty")}`,
      [line.reason, line.who].some(Boolean) ? ` (${[line.reason, line.who].filter(Boolean).join(", ")})` : "",
    ])),
    ...(detail.notes.length ? [make("details", {}, make("summary", {}, t("notes")), make("ul", { class: "plainlist" }, ...detail.notes.map((note) => make("li", {}, note))))] : []),
  );
}

function editField(name) {
  const field = state.detail?.fields.find((one) => one.name === name);
  if (!field) return;
  document.querySelector("form.edit")?.dispatchEvent(new Event("leave"));
  const button = document.querySelector(`button.field[data-field="${CSS.escape(name)}"]`);
  button.closest("details")?.setAttribute("open", "");
  state.field = name;
  point(name);
  const long = field.type === "str" && !field.enum && (field.value.length > 60 || field.value.includes("\n"));
  const input = field.enum
    ? make("select", { name: "value" }, ...[...(field.required ? [] : [""]), ...field.enum].map((value) => make("option", { value }, value || t("empty"))))
    : make(long ? "textarea" : "input", { name: "value", autocomplete: "off", spellcheck: "false", rows: long ? 4 : null });
  input.value = field.value;
  const reason = make("input", { name: "reason", autocomplete: "on", placeholder: t("whyHint"), maxlength: "300" });
  reason.value = editField.reason ?? "";
  const error = make("p", { class: "error", role: "alert", hidden: true });
  const form = make("form", { class: "edit", "data-edit": name },
    make("label", {}, `${t("newValue")} · ${field.label[state.lang]}`, input),
    make("label", {}, t("why"), reason), error,
    make("div", { class: "buttons" }, make("button", { class: "main" }, t("save"), make("kbd", {}, "Enter")),
      make("button", { type: "button", onclick: () => leave() }, t("cancel"), make("kbd", {}, "Esc"))));
  const leave = () => { form.replaceWith(button); button.focus(); };
  form.addEventListener("leave", () => form.replaceWith(button));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); leave(); }
    if (event.key === "Enter" && event.target === input && long && !event.shiftKey) { event.preventDefault(); form.requestSubmit(); }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (input.value === field.value) { leave(); return; }
    editField.reason = reason.value;
    try {
      await save(name, input.value, reason.value);
      document.querySelector(`button.field[data-field="${CSS.escape(name)}"]`)?.focus();
    } catch (problem) {
      error.textContent = problem[state.lang] || t("failed");
      error.hidden = false;
      input.focus();
    }
  });
  button.replaceWith(form);
  input.focus();
  input.select?.();
}

async function save(field, value, reason) {
  const id = state.detail.id, at = state.at;
  const detail = await ask(`api/records/${encodeURIComponent(id)}`, { field, value, reason, who: $("who").value.trim() });
  const item = state.items[at];
  if (item?.id === id) {
    state.states[item.state] -= 1;
    state.states[detail.state] += 1;
    Object.assign(item, { state: detail.state, title: detail.title, value: detail.value, year: detail.year });
    drawItem(at);
    drawStates();
  }
  if (state.detail?.id === id) {
    state.detail = detail;
    drawRecord();
    drawBoxes();
  }
  toast(t("saved"));
}

async function confirm() {
  if (!state.detail) return;
  await save("semua", "benar", "");
  await choose(state.at + 1);
}

async function undo() {
  const changed = state.detail?.corrections ?? [];
  if (!changed.length) { toast(t("nothingToUndo")); return; }
  for (const line of changed) await save(line.field, line.whole ? "" : line.old, "");
}

const step = (by) => choose(state.at + by);

function stepField(by) {
  const fields = [...document.querySelectorAll("#record button.field")].filter((one) => one.offsetParent);
  const at = fields.indexOf(document.activeElement);
  const next = at < 0 ? fields.find((one) => one.classList.contains("key")) ?? fields[0] : fields[at + by];
  next?.focus();
}

// -- keys -------------------------------------------------------------------------------

const KEYS = {
  j: () => step(1), k: () => step(-1), c: confirm, u: undo,
  e: () => editField(state.field ?? MAIN[state.detail?.kind]),
  ArrowDown: () => stepField(1), ArrowUp: () => stepField(-1),
  "[": () => turn(-1), "]": () => turn(1), "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(.8),
  "/": () => $("words").focus(), "?": () => $("help").showModal(),
};

let opening = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  const typing = event.target.closest("input, textarea, select");
  if (typing) {
    if (event.key === "Escape") { typing.blur(); $("record").focus(); }
    return;
  }
  const work = KEYS[event.key];
  if (!work) return;
  event.preventDefault();
  if (opening) return; // what is typed until the field is open is no command
  if (event.key === "/" || event.key === "?") { work(); return; }
  opening = event.key === "e";
  inTurn(work).then(() => { opening = false; });
});

// -- start ------------------------------------------------------------------------------

function listen() {
  for (const button of document.querySelectorAll("[data-lang]")) button.addEventListener("click", () => speak(button.dataset.lang));
  for (const id of ["reason", "kind", "document"]) $(id).addEventListener("change", () => inTurn(refill));
  $("words").addEventListener("input", () => { clearTimeout(listen.timer); listen.timer = setTimeout(() => inTurn(refill), 200); });
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("more").addEventListener("click", () => inTurn(fetchMore));
  $("help-button").addEventListener("click", () => $("help").showModal());
  $("previous-page").addEventListener("click", () => turn(-1));
  $("next-page").addEventListener("click", () => turn(1));
  $("smaller").addEventListener("click", () => zoom(.8));
  $("larger").addEventListener("click", () => zoom(1.25));
  $("picture").addEventListener("error", () => { $("page").hidden = true; $("no-picture").hidden = false; });
  new ResizeObserver(() => fit()).observe($("sheet"));
}

async function start() {
  listen();
  let kept = null;
  try { kept = localStorage.getItem("rkt-lang"); } catch { /* Indonesian, then */ }
  speak(kept === "en" ? "en" : "id");
  state.summary = await ask("api/summary");
  state.states = state.summary.states;
  $("dataset").textContent = state.summary.dataset;
  $("who").value = state.summary.who;
  speak(state.lang);
  if (state.summary.lapses.length) toast(`${t("lapses")}: ${state.summary.lapses.length}`, true);
  await refill();
}

inTurn(start);
