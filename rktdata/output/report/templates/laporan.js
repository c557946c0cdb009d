"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const by = (id) => document.getElementById(id);

  // Language: both stand in the page; one is shown.
  const setLanguage = (language) => {
    root.lang = root.dataset.lang = language;
    for (const button of all("[data-set-lang]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setLang === language));
    }
    for (const option of all("option[data-id]")) option.textContent = option.dataset[language];
    const search = by("q");
    search.placeholder = search.dataset[language + "Placeholder"];
    document.title = language === "id" ? "Laporan audit rencana kinerja" : "Performance plan audit report";
    try { localStorage.setItem("rktdata-lang", language); } catch { /* not allowed here */ }
    count();
  };
  for (const button of all("[data-set-lang]")) {
    button.addEventListener("click", () => setLanguage(button.dataset.setLang));
  }

  // Findings and their filters.
  const form = by("filters");
  const items = all("#list > .f").map((element) => ({
    element,
    severity: element.dataset.sev,
    rule: element.dataset.rule,
    unit: element.dataset.unit,
    documents: element.dataset.docs.split(" "),
    accepted: element.classList.contains("accepted"),
    text: null,
  }));
  const folded = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/\s+/g, " ");
  let visible = items;
  const count = () => {
    const of = root.lang === "id" ? "dari" : "of";
    by("shown").textContent = `${visible.length} ${of} ${items.length}`;
  };
  const filter = () => {
    const severities = new Set(all("[name=sev]:checked", form).map((box) => box.value));
    const rule = by("rule").value, unit = by("unit").value;
    const doc = by("doc") ? by("doc").value : "";
    const withAccepted = !by("accepted") || by("accepted").checked;
    const words = folded(by("q").value).split(" ").filter(Boolean);
    visible = items.filter((item) => {
      const fits = severities.has(item.severity) && (!rule || item.rule === rule)
        && (!unit || item.unit === unit) && (!doc || item.documents.includes(doc))
        && (withAccepted || !item.accepted) && words.every((word) => {
          item.text ??= folded(item.element.textContent);
          return item.text.includes(word);
        });
      item.element.hidden = !fits;
      return fits;
    });
    by("none").hidden = visible.length > 0 || items.length === 0;
    count();
  };
  let timer = 0;
  const soon = () => { clearTimeout(timer); timer = setTimeout(filter, 80); };
  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  form.addEventListener("reset", () => setTimeout(filter));
  const only = (values) => {
    form.reset();
    if (values.rule) by("rule").value = values.rule;
    if (values.doc && by("doc")) by("doc").value = values.doc;
    if (values.sev) for (const box of all("[name=sev]", form)) box.checked = box.value === values.sev;
    filter();
    by("temuan").scrollIntoView();
  };
  for (const button of all("button[data-rule], button[data-doc]")) {
    button.addEventListener("click", () => setTimeout(() => only(button.dataset)));
  }

  // Opening and closing.
  const toggle = by("toggle-all");
  toggle.addEventListener("click", () => {
    const open = toggle.classList.toggle("all-open");
    for (const item of visible) item.element.open = open;
  });
  const show = () => {
    const target = location.hash && by(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches(".f")) {
      if (target.hidden) { form.reset(); setTimeout(() => { filter(); target.scrollIntoView(); }); }
      target.open = true;
      target.scrollIntoView();
      target.firstElementChild.focus({ preventScroll: true });
    }
  };
  addEventListener("hashchange", show);

  // Which rows of the matrices are shown.
  for (const box of all("#matrix-filter input")) {
    box.addEventListener("change", () => by("indikator").classList.toggle("hide-" + box.value, !box.checked));
  }

  // Printing: what is closed would be left out.
  let opened = [];
  addEventListener("beforeprint", () => {
    for (const element of all("details:not([open]):not([hidden]):not(.others)")) {
      element.open = true;
      opened.push(element);
    }
  });
  addEventListener("afterprint", () => {
    for (const element of opened) element.open = false;
    opened = [];
  });
  by("print").addEventListener("click", () => print());

  // Keys.
  const step = (by_) => {
    if (!visible.length) return;
    const at = visible.findIndex((item) => item.element.contains(document.activeElement));
    const next = at < 0 ? (by_ > 0 ? 0 : visible.length - 1) : Math.min(Math.max(at + by_, 0), visible.length - 1);
    const summary = visible[next].element.firstElementChild;
    summary.focus({ preventScroll: true });
    summary.scrollIntoView({ block: "nearest", behavior: "auto" });
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input[type=search], select, textarea");
    if (event.key === "Escape" && event.target === by("q")) {
      by("q").value = "";
      filter();
      by("q").blur();
    } else if (typing) {
      return;
    } else if (event.key === "/") {
      event.preventDefault();
      by("q").focus();
      by("q").select();
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.matches(".f > summary")) {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    }
  });

  let language = "id";
  try { language = localStorage.getItem("rktdata-lang") === "en" ? "en" : "id"; } catch { /* not allowed here */ }
  setLanguage(language);
  filter();
  show();
})();
