"""Rules on money: sums at every level, headings, what has no performance or no budget."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rktdata.audit.case import Case, labels, rupiah, short
from rktdata.audit.registry import Draft, rule
from rktdata.audit.rules.structure import is_total, plain_name, read_number
from rktdata.audit.vocabulary import is_condition, word_list
from rktdata.reconcile.hierarchy import same_unit
from rktdata.reconcile.keys import content_words, fold, is_misspelling, similarity
from rktdata.schemas.document import Document
from rktdata.schemas.reconciled import Entry, Listing
from rktdata.schemas.records import AnggaranRow, Record

Line = Record[AnggaranRow]
_FEW_PARTS = 2  # with less than half of the amount: rather a list cut short than a sum
_MANY_PARTS = 30  # a long flat list has lost its levels more often than a line
_DOTTED = re.compile(r"\d+(?:\.\d+)+")
_KRO = re.compile(r"(?:^|\.)\d{4}\.[A-Z]{3}(?:\.|$)")
_BARE = re.compile(r"(?:sebesar|senilai)\s+(?!Rp)(\d{1,3}(?:\.\d{3}){2,})", re.IGNORECASE)
_WITH_RP = re.compile(r"Rp\.?\s*\d")


class Budget:
    """The lines of a document as a tree, with the sums that follow from the leaves."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = {line.row.anggaran_id: line for line in lines}
        self.children: dict[str | None, list[Line]] = {}
        for line in lines:
            known = line.row.induk_id in self.lines
            self.children.setdefault(line.row.induk_id if known else None, []).append(line)

    def below(self, line: Line) -> list[Line]:
        """Direct children, printed totals left out."""
        below = self.children.get(line.row.anggaran_id, [])
        return [c for c in below if not is_total(c.row.uraian)]

    def amount(self, line: Line) -> int | None:
        """What is printed, else the sum of what is below; None where a part is not known."""
        if line.row.jumlah is not None:
            return line.row.jumlah
        return self.total(self.below(line))

    def total(self, lines: Sequence[Line]) -> int | None:
        """The sum of lines; None without lines or with an unknown one."""
        amounts = [self.amount(line) for line in lines]
        if not amounts or any(a is None for a in amounts):
            return None
        return sum(a for a in amounts if a is not None)

    def depth(self, line: Line) -> int:
        """How many lines it hangs under."""
        depth, above = 0, self.lines.get(line.row.induk_id or "")
        while above and depth < 20:
            depth, above = depth + 1, self.lines.get(above.row.induk_id or "")
        return depth


def budgets(case: Case) -> Iterator[tuple[Document, Budget]]:
    """Each document's budget."""
    for document in case.documents.values():
        if document.budget:
            yield document, Budget(document.budget)


@rule(
    "R12", "galat", "D", "PMK 62/2023 hlm. 358, 364(b)",
    "Jumlah tercetak = jumlah rinciannya", "A stated amount is the sum of its parts",
)  # fmt: skip
def sum_of_parts(case: Case) -> Iterator[Draft]:
    """At every level: stated amount against the sum of the lines below."""
    for _, budget in budgets(case):
        for line in budget.lines.values():
            below = budget.below(line)
            stated, computed = line.row.jumlah, budget.total(below)
            if stated is None or not below:
                continue
            if computed is None:
                known = sum(budget.amount(c) or 0 for c in below)
                if known <= stated:
                    continue
                computed = known
            if computed != stated:
                partial = 2 * computed < stated and len(below) <= _FEW_PARTS
                draft = _sum_draft(case, line, below, stated, computed)
                yield replace(draft, severity="catatan") if partial else draft


def _sum_draft(case: Case, line: Line, parts: Sequence[Line], stated: int, computed: int) -> Draft:
    difference = stated - computed
    a = case.budget(line)
    name = short(f"{line.row.kode or ''} {line.row.uraian}".strip())
    places = [case.budget(part) for part in parts]
    first = places[0]
    return Draft(
        f'"{name}" tercetak {rupiah(stated)}, jumlah {len(parts)} rinciannya {rupiah(computed)} '
        f"(selisih {rupiah(difference)}).",
        f'"{name}" states {rupiah(stated)}, its {len(parts)} parts add up to {rupiah(computed)} '
        f"(difference {rupiah(difference)}).",
        a,
        case.budget(parts[0], f"{rupiah(computed)} (dihitung)") if first else None,
        tuple(places[1:]),
        unit=line.row.unit_kerja,
    )


@rule(
    "R13", "galat", "D", "PMK 62/2023 hlm. 364(b)",
    "Baris Jumlah/Total = jumlah baris di atasnya", "A total row is the sum of the rows above",
)  # fmt: skip
def total_row(case: Case) -> Iterator[Draft]:
    """Printed totals among siblings; a total may also run over all lines so far."""
    for _, budget in budgets(case):
        for parent, siblings in budget.children.items():
            groups: dict[str | None, list[Line]] = defaultdict(list)
            for line in siblings:
                groups[line.row.tabel_id].append(line)
            for lines in groups.values():
                yield from _totals(case, budget, lines, parent)


def _totals(
    case: Case, budget: Budget, lines: Sequence[Line], parent: str | None
) -> Iterator[Draft]:
    since: list[Line] = []
    whole: list[Line] = []
    for line in lines:
        if not is_total(line.row.uraian) or budget.below(line):
            since.append(line)
            whole.append(line)
            continue
        sums = {s for s in (budget.total(since), budget.total(whole)) if s is not None}
        stated = line.row.jumlah
        plain = fold(line.row.uraian) in word_list("total_words")
        if stated is not None and plain and sums and stated not in sums | _sums(budget, whole):
            draft = _sum_draft(case, line, since or whole, stated, next(iter(sums)))
            yield replace(draft, severity="peringatan") if len(whole) > _MANY_PARTS else draft
        since = []


def _sums(budget: Budget, lines: Sequence[Line]) -> set[int]:
    """Sums of the lines of one style of number: a flat list may mix two levels."""
    styles: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        read = read_number(line.row.kode or "")
        styles[read[0] if read else str((line.row.kode or "").count("."))].append(line)
        named = "program" if fold(line.row.uraian).startswith("program ") else "lain"
        styles[named].append(line)
    return {total for own in styles.values() if (total := budget.total(own)) is not None}


@rule(
    "R64", "galat", "D", "PMK 62/2023 hlm. 358",
    "Anggaran program unit = jumlah anggaran program itu di unit bawahannya",
    "A unit's programme budget holds what its sub-units have of that programme",
)  # fmt: skip
def parts_exceed_unit(case: Case) -> Iterator[Draft]:
    """One programme in the tables of a unit and of its sub-units: parts above the whole."""
    for document, budget in budgets(case):
        units = {row.tabel_id: row.unit_kerja for row in document.table_rows}
        lines: dict[str, list[tuple[str, Line]]] = defaultdict(list)
        for line in budget.lines.values():
            unit = line.row.unit_kerja or units.get(line.row.tabel_id or "")
            if unit and line.row.jumlah is not None and not budget.depth(line):
                lines[plain_name(line.row.uraian)].append((unit, line))
        for found in lines.values():
            for unit, whole in found:
                parts = [
                    other
                    for below, other in found
                    if other is not whole
                    and any(
                        same_unit(unit, name)
                        for name in case.reconciled.ancestors(document.row.dokumen_id, below)[:1]
                    )
                ]
                stated, total = whole.row.jumlah or 0, budget.total(parts)
                if len(parts) > 1 and total is not None and total > stated:
                    a = case.budget(whole)
                    places = [case.budget(p) for p in parts]
                    yield Draft(
                        f'"{short(whole.row.uraian)}" {rupiah(stated)} pada {unit}, sedangkan '
                        f"{len(parts)} unit bawahannya bersama {rupiah(total)}.",
                        f'"{short(whole.row.uraian)}" is {rupiah(stated)} for {unit}, while its '
                        f"{len(parts)} sub-units together have {rupiah(total)}.",
                        a, case.budget(parts[0], f"{rupiah(total)} (dihitung)"),
                        tuple(places[1:]), unit=unit,
                    )  # fmt: skip


@rule(
    "R59", "peringatan", "D", "PMK 62/2023 hlm. 358",
    "Judul anggaran mempunyai jumlah seperti saudaranya",
    "A budget heading has an amount as its peers do",
)  # fmt: skip
def heading_without_amount(case: Case) -> Iterator[Draft]:
    """No amount, while most lines of its depth and numbering have one."""
    for _, budget in budgets(case):
        peers: dict[tuple[str | None, int, str], list[Line]] = defaultdict(list)
        for line in budget.lines.values():
            read = read_number(line.row.kode or "")
            style = re.sub(r"\d+", "1", read[0]) if read else (line.row.kode or "")
            peers[line.row.tabel_id, budget.depth(line), style].append(line)
        for lines in peers.values():
            without = [x for x in lines if x.row.jumlah is None]
            if not without or len(lines) - len(without) < max(2, 2 * len(without)):
                continue
            for line in without:
                below = budget.below(line)
                computed = budget.total(below)
                a = case.budget(line, "(kosong)")
                told_id = f"; rinciannya berjumlah {rupiah(computed)}" if computed else ""
                told_en = f"; its parts add up to {rupiah(computed)}" if computed else ""
                yield Draft(
                    f'Anggaran "{short(line.row.uraian)}" tidak bernilai, sedangkan baris '
                    f"setingkat bernilai{told_id} ({a.label_id}).",
                    f'Budget line "{short(line.row.uraian)}" has no amount while its peers '
                    f"have{told_en} ({a.label_en}).",
                    a, next(case.budget(x) for x in lines if x.row.jumlah is not None),
                    unit=line.row.unit_kerja,
                )  # fmt: skip


@rule(
    "R16", "peringatan", "D", "PermenPAN-RB 88/2021 AREN003.1",
    "Anggaran mempunyai kinerja", "A budgeted row has a performance target",
)  # fmt: skip
def budget_without_target(case: Case) -> Iterator[Draft]:
    """A kegiatan row with money and no target, in a table where others have both."""
    for listing in case.listings:
        paid = [e for e in listing.entries if e.row.anggaran is not None and e.row.kegiatan]
        bare = [e for e in paid if all(r.row.target_jenis == "kosong" for r in e.records)]
        if bare and len(bare) <= len(paid) / 3:
            for entry in bare:
                a = case.record(listing, entry.records[0], "target_teks")
                yield Draft(
                    f'"{short(entry.row.kegiatan or entry.text, 120)}" beranggaran '
                    f"{rupiah(entry.row.anggaran)} tanpa target ({a.label_id}).",
                    f'"{short(entry.row.kegiatan or entry.text, 120)}" has a budget of '
                    f"{rupiah(entry.row.anggaran)} and no target ({a.label_en}).",
                    a,
                    unit=listing.unit,
                )


@rule(
    "R17", "peringatan", "D", "PermenPAN-RB 88/2021 AREN003.1",
    "Kinerja mempunyai anggaran bila saudaranya beranggaran",
    "A row with a target has a budget where its siblings do",
)  # fmt: skip
def target_without_budget(case: Case) -> Iterator[Draft]:
    """A kegiatan of a table with a budget column whose cells are otherwise filled."""
    for listing in case.listings:
        by_kegiatan: dict[str, list[Entry]] = defaultdict(list)
        for entry in listing.entries:
            if entry.row.kegiatan:
                by_kegiatan[fold(entry.row.kegiatan)].append(entry)
        paid = [k for k, e in by_kegiatan.items() if any(x.row.anggaran is not None for x in e)]
        bare = [k for k in by_kegiatan if k not in paid]
        if not bare or len(paid) < 2 * len(bare):
            continue
        aimed = [e for key in bare for e in by_kegiatan[key] if e.row.target_jenis != "kosong"]
        places = [case.record(listing, e.records[0], "kegiatan") for e in aimed]
        if places:
            names = "; ".join(f'"{short(p.value or "", 100)}"' for p in places[:3])
            yield Draft(
                f"{listing.label_id}: kegiatan bertarget tetapi tidak beranggaran: {names} "
                f"({labels(places)}).",
                f"{listing.label_en}: kegiatan with a target and no budget: {names} "
                f"({labels(places, english=True)}).",
                places[0],
                others=tuple(places[1:]),
                unit=listing.unit,
            )


@rule(
    "R51", "peringatan", "D", "PermenPAN-RB 88/2021 AREN003.1",
    "Kegiatan bertarget mempunyai baris anggaran", "A kegiatan with targets has a budget line",
)  # fmt: skip
def kegiatan_without_line(case: Case) -> Iterator[Draft]:
    """A kegiatan that no budget line of the document's list can belong to.

    A line belongs when it shares a telling word with the kegiatan's name, or two with its
    sasaran or with one of its indicators. Only said where most kegiatan have a line.
    """
    for document, budget in budgets(case):
        lines = [x for x in budget.lines.values() if not budget.below(x)]
        paid = [
            line for line in lines
            if line.row.jumlah is not None and line.row.tabel_id is None
        ]  # fmt: skip
        entries: dict[str, list[tuple[Listing, Entry]]] = defaultdict(list)
        for listing in case.listings_of(document.row.dokumen_id):
            for entry in listing.entries:
                if entry.row.kegiatan:
                    entries[plain_name(entry.row.kegiatan)].append((listing, entry))
        if len(paid) < 3 or len(entries) < 3:
            continue
        common = _common_words([f"{name} {_said(rows)}" for name, rows in entries.items()])
        bare = [name for name in entries if not _has_line(name, entries[name], paid, common)]
        if not bare or len(bare) > len(entries) / 2:
            continue
        for names in _variants(bare):
            rows = [row for name in names for row in entries[name]]
            places = [
                case.record(listing, entry.records[0], "kegiatan")
                for listing, entry in {x.id: (x, e) for x, e in reversed(rows)}.values()
            ][::-1]
            yield Draft(
                f'Kegiatan "{places[0].value}" bertarget ({labels(places)}), tetapi tidak ada '
                f"baris anggaran untuknya di antara {len(paid)} baris yang dirinci.",
                f'Kegiatan "{places[0].value}" has targets ({labels(places, english=True)}), but '
                f"none of the {len(paid)} budget lines is for it.",
                places[0], case.budget(paid[0], "(tidak ada)"), tuple(places[1:]),
                unit=rows[0][0].unit,
            )  # fmt: skip


def _said(rows: Sequence[tuple[Listing, Entry]]) -> str:
    """All that a kegiatan's sasaran and indicators say."""
    return " ".join(f"{e.row.sasaran or ''} {e.text}" for _, e in rows)


def _common_words(names: Sequence[str]) -> set[str]:
    """Words of a third of the names or more."""
    found = [content_words(name) for name in names]
    limit = max(2, len(names) / 3)
    return {w for own in found for w in own if sum(w in other for other in found) > limit}


def _has_line(
    name: str, rows: Sequence[tuple[Listing, Entry]], lines: Sequence[Line], common: set[str]
) -> bool:
    vague = word_list("generic_work") | common
    own = content_words(name) - vague
    said = {t for _, e in rows for t in (e.text, e.row.sasaran or "")}
    for line in lines:
        text = content_words(line.row.uraian) - vague
        if any(w in own or any(is_misspelling(w, x) for x in own) for w in text):
            return True
        if any(len(text & content_words(one)) >= 2 for one in said):
            return True
    return False


def _variants(names: Sequence[str]) -> Iterator[list[str]]:
    """Names put together that name one kegiatan ("Pemeriksaan (dan Pengawasan) Internal")."""
    left = list(names)
    while left:
        group = [left.pop(0)]
        for name in list(left):
            mine, theirs = content_words(group[0]), content_words(name)
            if mine & theirs and 2 * len(mine & theirs) >= min(len(mine), len(theirs)):
                group.append(name)
                left.remove(name)
        yield group


@rule(
    "R19", "peringatan", "D", "PMK 62/2023 hlm. 514-515; Permendagri 90/2019",
    "Kode anak diawali kode induknya", "A child's code begins with its parent's",
)  # fmt: skip
def code_not_below_parent(case: Case) -> Iterator[Draft]:
    """Dotted codes only; letters and dashes follow no prefix."""
    for _, budget in budgets(case):
        for line in budget.lines.values():
            above = budget.lines.get(line.row.induk_id or "")
            code, parent = (
                (line.row.kode or "").strip(" ."),
                (above.row.kode or "" if above else ""),
            )
            parent = parent.strip(" .")
            if not _DOTTED.fullmatch(code) or not re.fullmatch(r"\d+(?:\.\d+)*", parent):
                continue
            if not code.startswith(parent + ".") and len(code) > len(parent) and above:
                a, b = case.budget(line, code), case.budget(above, parent)
                yield Draft(
                    f'Kode {code} "{short(line.row.uraian)}" berada di bawah kode {parent}.',
                    f'Code {code} "{short(line.row.uraian)}" stands under code {parent}.',
                    a, b, unit=line.row.unit_kerja,
                )  # fmt: skip


@rule(
    "R22", "catatan", "D", "PMK 62/2023 hlm. 307",
    "Nama KRO/RO bukan sasaran atau tindakan", "A KRO or RO is not named as an objective",
)  # fmt: skip
def output_named_as_objective(case: Case) -> Iterator[Draft]:
    """Lines with a KRO or RO code whose name opens with a condition or a verb."""
    for _, budget in budgets(case):
        for line in budget.lines.values():
            opening = fold(line.row.uraian).split(" ")[0]
            if not _KRO.search(line.row.kode or ""):
                continue
            if is_condition(opening) or opening in word_list("activity_verbs"):
                a = case.budget(line, line.row.uraian)
                yield Draft(
                    f'Nama KRO/RO "{short(line.row.uraian)}" berbunyi sasaran atau tindakan.',
                    f'The name of KRO/RO "{short(line.row.uraian)}" reads as an objective.',
                    a,
                )


@rule(
    "R62", "catatan", "D", "kaidah penulisan",
    "Jumlah uang ditulis dengan Rp", "Amounts are written with Rp",
)  # fmt: skip
def amount_without_currency(case: Case) -> Iterator[Draft]:
    """Such as "sebesar 4.187.000.000" in a text that writes Rp elsewhere."""
    for document in case.documents.values():
        with_rp = sum(bool(_WITH_RP.search(block.text)) for block in document.blocks)
        if with_rp < 3:
            continue
        for block in document.blocks:
            for found in _BARE.finditer(block.text):
                a = case.block(document, block, found[0])
                yield Draft(
                    f'"{found[0]}" ditulis tanpa Rp ({a.label_id}).',
                    f'"{found[0]}" is written without Rp ({a.label_en}).',
                    a,
                )


def same_line(first: AnggaranRow, second: AnggaranRow) -> bool:
    """Whether two budget lines are for the same thing by name."""
    return similarity(plain_name(first.uraian), plain_name(second.uraian)) >= 0.95
