"""Rules on how a plan is built: numbers, headings, what hangs under what, what is counted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rktdata.audit.case import Case, TableView, labels, short
from rktdata.audit.registry import Draft, rule
from rktdata.audit.rules.twins import ROLES
from rktdata.audit.vocabulary import mapping, word_list
from rktdata.reconcile.keys import content_words, fold, similarity, words
from rktdata.schemas.document import Document
from rktdata.schemas.findings import Place
from rktdata.schemas.reconciled import Entry, Listing
from rktdata.schemas.values import Block, Source

_COUNT = re.compile(
    r"(?<![\w.,/-])(\d{1,3})\s*(?:\(\s*[a-z ]+\s*\)\s*)?([A-Za-z]+(?:\s[A-Za-z]+)?)"
)
_LIST_OPENS = re.compile(
    r"(?::|sebagai berikut|yaitu|antara lain|rincian|yakni)\W*$", re.IGNORECASE
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_SEVERAL = re.compile(r"\d\s*\.?\)|;")  # several programmes in one cell
_MOSTLY = 0.7
_MANY_KEGIATAN = 5  # under two programmes: a plan that was rearranged between its tables
_LOOSE = 3  # breaks in a numbering, above which it is no numbering
_EXCERPT = 2  # a file that begins with a later chapter is a part of a plan
_SUB_ITEM = re.compile(r"\s*(?:[-\u2022*\u25aa]|[a-z][.)]\s)")
_LEADERS = re.compile(r"[.\u2026]{4,}|_{4,}")


# Numbers


@dataclass(frozen=True, slots=True)
class Numbered:
    """A printed running number: its style and prefix, its place in the order, its text."""

    series: str
    value: int
    printed: str
    text: str
    place: Place


def read_number(text: str) -> tuple[str, int] | None:
    """The series a running number belongs to and its value; None for no number.

    "3." and "3" are ("1", 3); "C" ("A", 3); "b)" ("a", 2); "2.4" ("2.1", 4).

    >>> read_number("3."), read_number("C"), read_number("II"), read_number("1.2")
    (('1', 3), ('A', 3), ('I', 2), ('1.1', 2))
    """
    text = text.strip().strip("().").strip()
    if re.fullmatch(r"\d{1,3}", text):
        return "1", int(text)
    if found := re.fullmatch(r"((?:\d{1,2}[.-])+)(\d{1,2})", text):
        return f"{found[1].replace('-', '.')}1", int(found[2])
    if re.fullmatch(r"[IVX]{2,5}|[IVX]{1}", text) and text not in ("C",):
        return "I", roman(text)
    if re.fullmatch(r"[A-Z]", text):
        return "A", ord(text) - 64
    if re.fullmatch(r"[a-z]", text):
        return "a", ord(text) - 96
    return None


def roman(text: str) -> int:
    """The value of a Roman number.

    >>> roman("XIV")
    14
    """
    values = [_ROMAN[letter] for letter in text.casefold()]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def _row_numbers(case: Case, view: TableView) -> Iterator[list[Numbered]]:
    """The numbers of a table's "No" column by series; a restart begins a new list.

    A cell's number stands in every row that it covers, so equal neighbours with the
    same text are one.
    """
    column = view.column("no", "nomor", "no urut")
    if column is None or column + 1 >= len(view.table.columns):
        return
    runs: dict[str, list[Numbered]] = {}
    last: tuple[str, str] | None = None
    sources: tuple[Source, ...] = ()
    section = False
    for at, row in enumerate(view.table.rows):
        cell = row.cells[column] if column < len(row.cells) else None
        following = row.cells[column + 1] if column + 1 < len(row.cells) else None
        read = read_number(cell.text) if cell else None
        if cell is None or read is None:
            section, last = True, None
            continue
        text = following.text if following else ""
        same_cell = bool(cell.sources) and cell.sources == sources
        sources = cell.sources
        if same_cell or _SUB_ITEM.match(text) or last == (cell.text, fold(text)):
            continue
        last = (cell.text, fold(text))
        series, value = read
        found = Numbered(series, value, cell.text, text, case.cell(view, at, column))
        run = runs.setdefault(series, [])
        fresh = section or series == "1" and any(k != "1" and v for k, v in runs.items())
        if run and value == 1 and (run[-1].value != 1 or section or fresh):
            yield run
            runs[series] = [found]
        else:
            run.append(found)
        section = False
    yield from runs.values()


@rule(
    "R18", "peringatan", "D", "kaidah penomoran",
    "Nomor urut lengkap dan tidak ganda", "Running numbers are complete, none is doubled",
)  # fmt: skip
def row_numbers(case: Case) -> Iterator[Draft]:
    """Row numbers of tables, and numbers of sibling budget lines."""
    for view in case.tables:
        if view.row.jenis == "lain":
            continue
        faults = [
            draft
            for run in _row_numbers(case, view)
            for draft in _number_faults(run, view.label_id, view.label_en, view.row.unit_kerja)
        ]
        if len(faults) > _LOOSE + 1:
            first = faults[0]
            places = dict.fromkeys(place for draft in faults[1:] for place in draft.places)
            yield replace(
                first,
                message_id=f"{first.message_id[:-1]} - dan {len(faults) - 1} kejanggalan nomor "
                f"lain dalam tabel ini.",
                message_en=f"{first.message_en[:-1]} - and {len(faults) - 1} more oddities of "
                f"numbering in this table.",
                others=tuple(places),
                severity="catatan",
            )
        else:
            yield from faults
    for document in case.documents.values():
        siblings: dict[tuple[str | None, str | None], list[Numbered]] = defaultdict(list)
        for record in document.budget:
            read = read_number(record.row.kode or "")
            if read:
                key = (record.row.induk_id, record.row.tabel_id)
                siblings[key].append(
                    Numbered(*read, record.row.kode or "", record.row.uraian, case.budget(record))
                )
        for (_, table_id), found in siblings.items():
            if table_id:
                continue
            for series in dict.fromkeys(n.series for n in found):
                for run in _restarts([n for n in found if n.series == series]):
                    yield from _number_faults(run, "daftar anggaran", "the budget list", None)


def _restarts(found: Sequence[Numbered]) -> list[list[Numbered]]:
    """Cut a series where it begins again with 1."""
    runs: list[list[Numbered]] = [[]]
    for numbered in found:
        if numbered.value == 1 and runs[-1] and runs[-1][-1].value > 1:
            runs.append([])
        runs[-1].append(numbered)
    return runs


def _number_faults(
    run: Sequence[Numbered], label_id: str, label_en: str, unit: str | None
) -> Iterator[Draft]:
    steps = list(zip(run, run[1:], strict=False))
    loose = [s for s in steps if s[1].value not in (s[0].value, s[0].value + 1)]
    if len(loose) > _LOOSE:
        before, now = loose[0]
        yield Draft(
            f"{label_id}: penomoran tidak urut di {len(loose)} tempat (misalnya setelah "
            f"{before.printed} langsung {now.printed}).",
            f"{label_en}: the numbers do not run on in {len(loose)} places (for instance "
            f"{before.printed} is followed by {now.printed}).",
            _with_number(before), _with_number(now), unit=unit, severity="catatan",
        )  # fmt: skip
        return
    for at, (before, now) in enumerate(steps):
        if now.value == before.value == 1 and at == 0:
            continue  # a programme's 1 and its first kegiatan's 1
        if now.value == before.value:
            said = f'"{short(before.text)}" / "{short(now.text)}"'
            yield Draft(
                f"{label_id}: nomor {now.printed} tercetak dua kali ({said}).",
                f"{label_en}: number {now.printed} is printed twice ({said}).",
                _with_number(before), _with_number(now), unit=unit,
            )  # fmt: skip
        elif now.value > before.value + 1 or now.value < before.value:
            gone = range(before.value + 1, now.value)
            what_id = f"nomor {_span(gone)} terlewat" if gone else "nomor mundur"
            what_en = f"number {_span(gone)} is skipped" if gone else "the numbers run back"
            yield Draft(
                f"{label_id}: {what_id} (setelah {before.printed} langsung {now.printed}).",
                f"{label_en}: {what_en} ({before.printed} is followed by {now.printed}).",
                _with_number(before), _with_number(now), unit=unit, severity="catatan",
            )  # fmt: skip


def _span(gone: Sequence[int]) -> str:
    return str(gone[0]) if len(gone) == 1 else f"{gone[0]}-{gone[-1]}"


def _with_number(numbered: Numbered) -> Place:
    place = numbered.place
    value = f"{numbered.printed} {numbered.text}".strip()
    return Place(
        place.document_id, place.page, place.label_id, place.label_en, value, place.sources,
        place.records, f"nomor|{fold(value)}",
    )  # fmt: skip


@rule(
    "R55", "peringatan", "D", "kaidah penyusunan tabel",
    "Baris bernomor mempunyai program atau kegiatan", "A numbered row names its programme",
)  # fmt: skip
def numbered_without_name(case: Case) -> Iterator[Draft]:
    """A number is printed and the cell beside it is empty, while its siblings are filled."""
    for view in case.tables:
        column = view.column("no", "nomor")
        if column is None or column + 1 >= len(view.table.columns) or view.row.jenis == "lain":
            continue
        rows = [
            (at, row.cells)
            for at, row in enumerate(view.table.rows)
            if len(row.cells) > column + 1
            and (cell := row.cells[column])
            and read_number(cell.text)
        ]
        empty = [(at, c) for at, c in rows if not (c[column + 1] and c[column + 1].text)]  # type: ignore[union-attr]
        if not empty or len(rows) - len(empty) < _MOSTLY * len(rows):
            continue
        header = view.table.columns[column + 1]
        for number in dict.fromkeys(c[column].text for _, c in empty if c[column]):  # type: ignore[union-attr]
            at = next(at for at, c in empty if c[column] and c[column].text == number)  # type: ignore[union-attr]
            place = case.cell(view, at, column)
            yield Draft(
                f'{view.label_id}: nomor {number} tidak mempunyai isi di kolom "{header}".',
                f'{view.label_en}: number {number} has nothing in column "{header}".',
                place,
                unit=view.row.unit_kerja,
            )


@rule(
    "R56", "peringatan", "D", "kaidah penomoran",
    "Nomor tabel urut, tidak ganda, berjudul sama bentuknya",
    "Table numbers run on, none is doubled, captions have one form",
)  # fmt: skip
def table_numbers(case: Case) -> Iterator[Draft]:
    """One number over two titles, a number left out, a caption without the word "Tabel"."""
    for document in case.documents.values():
        views = [v for v in case.tables if v.document is document and v.row.nomor]
        first: dict[str, TableView] = {}
        for view in views:
            number = fold(view.row.nomor or "")
            known = first.setdefault(number, view)
            if known is view or fold(known.row.judul or "") == fold(view.row.judul or ""):
                continue
            yield Draft(
                f'Nomor {view.label_id} dipakai dua kali: "{short(known.row.judul or "")}" '
                f'(hlm. {known.row.halaman_awal}) dan "{short(view.row.judul or "")}" '
                f"(hlm. {view.row.halaman_awal}).",
                f'The number of {view.label_en} is used twice: "{short(known.row.judul or "")}" '
                f'(p. {known.row.halaman_awal}) and "{short(view.row.judul or "")}" '
                f"(p. {view.row.halaman_awal}).",
                case.table(known), case.table(view), unit=view.row.unit_kerja,
            )  # fmt: skip
        yield from _skipped_tables(case, views)
        yield from _captions_without_word(case, views)


def _skipped_tables(case: Case, views: Sequence[TableView]) -> Iterator[Draft]:
    by_series: dict[str, list[tuple[int, TableView]]] = defaultdict(list)
    for view in views:
        read = read_number(view.row.nomor or "")
        if read:
            by_series[read[0]].append((read[1], view))
    for found in by_series.values():
        numbers = {number for number, _ in found}
        for (low, before), (high, after) in zip(found, found[1:], strict=False):
            gone = [n for n in range(low + 1, high) if n not in numbers]
            if gone:
                yield Draft(
                    f"Setelah {before.label_id} langsung {after.label_id}: nomor "
                    f"{_span(gone)} tidak ada.",
                    f"{before.label_en} is followed by {after.label_en}: number {_span(gone)} "
                    f"is missing.",
                    case.table(before), case.table(after), severity="catatan",
                )  # fmt: skip


def _captions_without_word(case: Case, views: Sequence[TableView]) -> Iterator[Draft]:
    told = [v for v in views if v.table.caption]
    without = [v for v in told if "tabel" not in _caption(v)]
    if without and len(told) - len(without) >= _MOSTLY * len(told):
        for view in without:
            caption = " ".join(line.text for line in view.table.caption)
            yield Draft(
                f'Judul "{short(caption)}" tidak memakai kata "Tabel" seperti tabel lainnya.',
                f'The caption "{short(caption)}" lacks the word "Tabel" of the other tables.',
                case.table(view, caption), unit=view.row.unit_kerja, severity="catatan",
            )  # fmt: skip


def _caption(view: TableView) -> str:
    return fold(" ".join(line.text for line in view.table.caption))


# Headings


def _headings(document: Document) -> list[tuple[str, int, Block, str]]:
    """Numbered headings: series, number, block and text; contents pages left out."""
    found = []
    for block in document.blocks:
        if block.kind != "judul" or _LEADERS.search(block.text):
            continue
        marker = block.marker or ""
        text = block.text.removeprefix(marker).strip(" .")
        chapter = re.match(r"bab\s+([ivxl]+|\d+)\b", f"{marker} {block.text}".casefold().strip())
        if chapter:
            value = int(chapter[1]) if chapter[1].isdigit() else roman(chapter[1])
            found.append(("bab", value, block, re.sub(r"(?i)^bab\s+\w+\W*", "", block.text)))
        elif read := read_number(marker):
            found.append((*read, block, text))
    return found


@rule(
    "R57", "peringatan", "D", "kaidah penomoran",
    "Nomor bab dan bagian urut dan tidak ganda", "Chapter and section numbers run on",
)  # fmt: skip
def section_numbers(case: Case) -> Iterator[Draft]:
    """A letter used for two sections of one chapter, a first number left out."""
    for document in case.documents.values():
        opened: list[tuple[str, int, Block, str]] = []
        met: set[str] = set()
        for series, value, block, text in _headings(document):
            before = next((o for o in opened if o[0] == series), None)
            if before:
                del opened[opened.index(before) :]
            if series in ("A", "bab") or series.count(".") == 1:
                a = case.block(document, before[2]) if before else None
                b = case.block(document, block)
                if a and before and value == before[1] and similarity(text, before[3]) < 0.8:
                    yield Draft(
                        f'Bagian {block.marker} dipakai dua kali: "{short(before[3])}" '
                        f'(hlm. {a.page}) dan "{short(text)}" (hlm. {b.page}).',
                        f'Section {block.marker} is used twice: "{short(before[3])}" '
                        f'(p. {a.page}) and "{short(text)}" (p. {b.page}).',
                        a, b,
                    )  # fmt: skip
                elif a and before and value > before[1] + 1:
                    yield Draft(
                        f"Setelah {_name(before[2])} langsung {_name(block)}.",
                        f"{_name(before[2])} is followed by {_name(block)}.",
                        a, b, severity="catatan",
                    )  # fmt: skip
                elif series not in met and value > 1 and block.page > _EXCERPT and series != "A":
                    yield Draft(
                        f"Penomoran dimulai dengan {_name(block)}; nomor sebelumnya tidak ada.",
                        f"Numbering begins with {_name(block)}; what comes before is missing.",
                        b, severity="catatan",
                    )  # fmt: skip
            met.add(series)
            opened.append((series, value, block, text))


def _name(block: Block) -> str:
    text = block.text if block.marker and block.text.startswith(block.marker) else (
        f"{block.marker or ''} {block.text}".strip()
    )  # fmt: skip
    return f'"{short(text, 50)}"'


# What hangs under what


@rule(
    "R03", "galat", "D", "PermenPAN-RB 88/2021 AREN002.8",
    "Setiap sasaran mempunyai indikator", "Every objective has an indicator",
)  # fmt: skip
def objective_without_indicator(case: Case) -> Iterator[Draft]:
    """A sasaran in a table that has an indicator column, and no row of it has one."""
    for view in case.tables:
        sasaran, indikator = view.column("sasaran"), view.column("indikator")
        if sasaran is None or indikator is None or view.row.jenis != "rencana":
            continue
        filled: dict[str, bool] = {}
        place: dict[str, int] = {}
        for at, row in enumerate(view.table.rows):
            cell = row.cells[sasaran] if sasaran < len(row.cells) else None
            other = row.cells[indikator] if indikator < len(row.cells) else None
            if row.kind == "bagian" or cell is None or len(words(cell.text)) < 2:
                continue
            key = fold(cell.text)
            filled[key] = filled.get(key, False) or bool(other and other.text)
            place.setdefault(key, at)
        empty = [key for key, has in filled.items() if not has]
        if len(empty) > len(filled) / 2:
            continue
        for key in empty:
            where = case.cell(view, place[key], sasaran)
            yield Draft(
                f'Sasaran "{short(where.value or "", 130)}" tidak mempunyai indikator '
                f"({where.label_id}).",
                f'Objective "{short(where.value or "", 130)}" has no indicator ({where.label_en}).',
                where,
                unit=view.row.unit_kerja,
            )


@rule(
    "R04", "peringatan", "D", "PermenPAN-RB 88/2021 AREN002.8",
    "Setiap indikator tergantung pada sasaran", "Every indicator hangs under an objective",
)  # fmt: skip
def indicator_without_objective(case: Case) -> Iterator[Draft]:
    """A row without a sasaran in a list whose other rows have one."""
    for listing in case.listings:
        without = [e for e in listing.entries if not e.row.sasaran]
        if not without or len(without) > (1 - _MOSTLY) * len(listing.entries):
            continue
        places = [case.record(listing, entry.records[0]) for entry in without]
        names = "; ".join(f'"{short(entry.text, 110)}"' for entry in without[:3])
        yield Draft(
            f"{len(without)} indikator tidak mempunyai sasaran: {names} ({labels(places)}).",
            f"{len(without)} indicators have no objective: {names} "
            f"({labels(places, english=True)}).",
            places[0],
            others=tuple(places[1:]),
            unit=listing.unit,
        )


@rule(
    "R20", "galat", "D", "PMK 62/2023 hlm. 514",
    "Satu kegiatan hanya di bawah satu program", "A kegiatan belongs to one programme",
)  # fmt: skip
def kegiatan_under_two_programmes(case: Case) -> Iterator[Draft]:
    """The same kegiatan under programmes of different names in one document."""
    for document_id in case.documents:
        found: dict[str, list[tuple[Listing, Entry]]] = defaultdict(list)
        for listing in case.listings_of(document_id):
            for entry in listing.entries:
                if (
                    entry.row.kegiatan
                    and entry.row.program
                    and not _SEVERAL.search(entry.row.program)
                ):
                    found[plain_name(entry.row.kegiatan)].append((listing, entry))
        drafts = [
            _two_programmes(case, programmes)
            for rows in found.values()
            if len(programmes := _programmes(rows)) > 1
        ]
        if len(drafts) <= _MANY_KEGIATAN:
            yield from drafts
            continue
        rest = dict.fromkeys(place for draft in drafts[1:] for place in draft.places)
        yield replace(
            drafts[0],
            message_id=f"{drafts[0].message_id[:-1]}; begitu pula {len(drafts) - 1} kegiatan lain.",
            message_en=f"{drafts[0].message_en[:-1]}; so do {len(drafts) - 1} more kegiatan.",
            others=tuple(rest),
            severity="peringatan",
        )


def _programmes(rows: Sequence[tuple[Listing, Entry]]) -> list[list[tuple[Listing, Entry]]]:
    """Rows of one kegiatan by the programme that they stand under."""
    programmes: list[list[tuple[Listing, Entry]]] = []
    for listing, entry in rows:
        name = plain_name(entry.row.program or "")
        for known in programmes:
            if similarity(plain_name(known[0][1].row.program or ""), name) >= 0.8:
                known.append((listing, entry))
                break
        else:
            programmes.append([(listing, entry)])
    return programmes


def _two_programmes(case: Case, programmes: Sequence[Sequence[tuple[Listing, Entry]]]) -> Draft:
    ours, theirs = (
        [case.record(listing, entry.records[0], "program") for listing, entry in _once(rows)]
        for rows in programmes[:2]
    )
    name = programmes[0][0][1].row.kegiatan or ""
    return Draft(
        f'Kegiatan "{name}" berada di bawah program "{ours[0].value}" ({labels(ours)}) dan di '
        f'bawah program "{theirs[0].value}" ({labels(theirs)}).',
        f'Kegiatan "{name}" stands under programme "{ours[0].value}" '
        f'({labels(ours, english=True)}) and under "{theirs[0].value}" '
        f"({labels(theirs, english=True)}).",
        ours[0], theirs[0], (*ours[1:], *theirs[1:]), unit=programmes[1][0][0].unit,
    )  # fmt: skip


def _once(rows: Iterable[tuple[Listing, Entry]]) -> list[tuple[Listing, Entry]]:
    """The first row of each listing."""
    first: dict[str, tuple[Listing, Entry]] = {}
    for listing, entry in rows:
        first.setdefault(listing.id, (listing, entry))
    return list(first.values())


def plain_name(text: str) -> str:
    """A programme's or kegiatan's name without number and the word for what it is.

    >>> plain_name("2. Program Dukungan Manajemen")
    'dukungan manajemen'
    """
    found = re.sub(r"^(?:[0-9]+|[a-z])[.)]\s*", "", text.strip(), flags=re.IGNORECASE)
    return re.sub(r"^(?:program|kegiatan|sub kegiatan)\b\s*", "", fold(found))


@rule(
    "R54", "peringatan", "D", "kaidah penyusunan tabel",
    "Satu sasaran tercetak satu kali", "An objective is printed once in a table",
)  # fmt: skip
def objective_twice(case: Case) -> Iterator[Draft]:
    """The same sasaran of the same kegiatan again, after another one."""
    for listing in case.listings:
        runs: list[tuple[tuple[str, str, str], Entry]] = []
        for entry in listing.entries:
            row = entry.row
            if not row.sasaran:
                continue
            key = (fold(row.program or ""), fold(row.kegiatan or ""), fold(row.sasaran))
            if not runs or runs[-1][0] != key:
                runs.append((key, entry))
        first: dict[tuple[str, str, str], Entry] = {}
        for key, entry in runs:
            known = first.setdefault(key, entry)
            if known is entry:
                continue
            a = case.record(listing, known.records[0], "sasaran")
            b = case.record(listing, entry.records[0], "sasaran")
            yield Draft(
                f'Sasaran "{short(entry.row.sasaran or "", 130)}" tercetak dua kali dalam '
                f"{listing.label_id}, terpisah oleh sasaran lain ({labels((a, b))}).",
                f'Objective "{short(entry.row.sasaran or "", 130)}" is printed twice in '
                f"{listing.label_en}, apart ({labels((a, b), english=True)}).",
                a, b, unit=listing.unit,
            )  # fmt: skip


@rule(
    "R53", "peringatan", "D", "PMK 62/2023; Perpres 29/2014 (jenjang sasaran)",
    "Baris yang sama berada pada jenjang sasaran yang sama",
    "The same rows stand at one level of objective",
)  # fmt: skip
def level_in_header(case: Case) -> Iterator[Draft]:
    """Such as "Sasaran Strategis" over the rows that a twin calls "Sasaran Kegiatan"."""
    views = {view.row.tabel_id: view for view in case.tables}
    told: set[tuple[str, str, str]] = set()
    for alignment in case.reconciled.alignments:
        a, b = (views.get(x.table_id or "") for x in (alignment.first, alignment.second))
        if not alignment.twin or a is None or b is None or a.document is not b.document:
            continue
        for role in ROLES:
            i, j = a.column(role), b.column(role)
            if i is None or j is None:
                continue
            if not all(fold(v.table.columns[c]).startswith(role) for v, c in ((a, i), (b, j))):
                continue
            one, other = (content_words(v.table.columns[c]) - {role} for v, c in ((a, i), (b, j)))
            key = (alignment.first.id, role, fold(b.table.columns[j]))
            if not one or not other or one & other or key in told:
                continue
            told.add(key)
            twins = [
                v
                for x in case.reconciled.alignments
                if x.twin and x.first.id == alignment.first.id
                and (v := views.get(x.second.table_id or "")) is not None
                and (c := v.column(role)) is not None
                and fold(v.table.columns[c]) == fold(b.table.columns[j])
            ]  # fmt: skip
            places = [case.table(v, b.table.columns[j]) for v in twins]
            yield Draft(
                f'{a.label_id} memuat kolom "{a.table.columns[i]}", tetapi baris yang sama di '
                f'{labels(places)} berada di kolom "{b.table.columns[j]}".',
                f'{a.label_en} has a column "{a.table.columns[i]}", but the same rows stand in '
                f'column "{b.table.columns[j]}" in {labels(places, english=True)}.',
                case.table(a, a.table.columns[i]), places[0], tuple(places[1:]),
                unit=b.row.unit_kerja,
            )  # fmt: skip


@rule(
    "R60", "peringatan", "D", "konsistensi; PermenPAN-RB 88/2021 AREN002.8",
    "Indikator berada di bawah kegiatan yang menyebut objeknya",
    "Indicators stand under the kegiatan that names their object",
)  # fmt: skip
def apart_from_kegiatan(case: Case) -> Iterator[Draft]:
    """A kegiatan names an object that only rows of another kegiatan speak of.

    Three words in a row of the kegiatan's name stand in none of its own rows, but in a
    sasaran or indicator of another kegiatan of the document whose name lacks them.
    """
    for document_id in case.documents:
        rows: dict[str, list[tuple[Listing, Entry]]] = defaultdict(list)
        for listing in case.listings_of(document_id):
            for entry in listing.entries:
                if entry.row.kegiatan:
                    rows[fold(entry.row.kegiatan)].append((listing, entry))
        said = {name: {_speech(entry) for _, entry in own} for name, own in rows.items()}
        for name, own in rows.items():
            for phrase in _phrases(name):
                if any(phrase in text for text in said[name]):
                    continue
                others = [
                    (listing, entry)
                    for other, theirs in rows.items()
                    if phrase not in other and similarity(other, name) < 0.7
                    for listing, entry in theirs
                    if phrase in fold(entry.row.sasaran or "")
                ]
                if others:
                    yield _apart(case, own[0], others, phrase)
                    break


def _speech(entry: Entry) -> str:
    return f"{fold(entry.row.sasaran or '')} | {fold(entry.text)}"


def _phrases(name: str) -> Iterator[str]:
    tokens = name.split()
    for i in range(len(tokens) - 2):
        part = tokens[i : i + 3]
        if len(content_words(" ".join(part))) == 3 and len(tokens) > 3:
            yield " ".join(part)


def _apart(
    case: Case, own: tuple[Listing, Entry], others: Sequence[tuple[Listing, Entry]], phrase: str
) -> Draft:
    a = case.record(own[0], own[1].records[0], "kegiatan")
    places = [case.record(x, e.records[0], "kegiatan") for x, e in _once(others)]
    return Draft(
        f'Kegiatan "{a.value}" menyebut "{phrase}", tetapi indikator tentang hal itu berada di '
        f'bawah kegiatan "{places[0].value}" ({labels(places)}).',
        f'Kegiatan "{a.value}" names "{phrase}", but the indicators on it stand under '
        f'"{places[0].value}" ({labels(places, english=True)}).',
        a, places[0], tuple(places[1:]), unit=own[0].unit,
    )  # fmt: skip


# Counts


@rule(
    "R58", "galat", "D", "konsistensi",
    "Banyaknya yang disebut sama dengan yang dirinci", "Stated counts equal what is listed",
)  # fmt: skip
def stated_counts(case: Case) -> Iterator[Draft]:
    """Such as "terdiri dari 2 program dan 21 Rincian Output" against the budget; "3 tujuan:"."""
    kinds = mapping("counted")
    for document in case.documents.values():
        for at, block in enumerate(document.blocks):
            if block.kind not in ("prosa", "butir"):
                continue
            for found in _COUNT.finditer(block.text):
                noun = next(
                    (n for n in (fold(found[2]), fold(found[2]).split()[0]) if n in kinds), None
                )
                if noun is None:
                    continue
                listed = _listed(case, document, at, kinds[noun], noun)
                if listed is None or int(found[1]) in listed[0]:
                    continue
                b = listed[1]
                yield Draft(
                    f'Naskah menyebut {found[1]} {found[2]}, sedangkan yang dirinci '
                    f"{min(listed[0], key=lambda n: abs(n - int(found[1])))} "
                    f"({labels((case.block(document, block), b))}).",
                    f"The text states {found[1]} {found[2]}, while "
                    f"{min(listed[0], key=lambda n: abs(n - int(found[1])))} are listed "
                    f"({labels((case.block(document, block), b), english=True)}).",
                    case.block(document, block, f"{found[1]} {found[2]}"), b,
                )  # fmt: skip


def _listed(
    case: Case, document: Document, at: int, kind: str, noun: str
) -> tuple[set[int], Place] | None:
    """The counts that a statement may agree with, and where they are listed."""
    block = document.blocks[at]
    about_budget = "anggaran" in fold(block.text) or "dipa" in fold(block.text).split()
    lines = [r for r in document.budget if r.row.tabel_id is None]
    if kind == "butir":
        return _items_below(case, document, at, block.text.casefold(), noun)
    if about_budget and lines and kind in ("program", "rincian"):
        parents = {r.row.induk_id for r in lines}
        leaves = [r for r in lines if r.row.anggaran_id not in parents and r.row.jumlah is not None]
        programmes = [r for r in lines if fold(r.row.uraian).startswith("program ")]
        chosen = programmes if kind == "program" else leaves
        if not chosen:
            return None
        place = case.budget(chosen[-1], f"{len(chosen)} baris")
        return {len(chosen)}, place
    return None


def _items_below(
    case: Case, document: Document, at: int, text: str, noun: str
) -> tuple[set[int], Place] | None:
    """The list items that directly follow a statement such as "3 (tiga) tujuan, yaitu:"."""
    if not _LIST_OPENS.search(text) or text.count(noun) > 2:
        return None
    items: list[Block] = []
    for block in document.blocks[at + 1 :]:
        if block.kind != "butir" or block.level < (items[0].level if items else 0):
            break
        read = read_number(block.marker or "")
        if items and read and block.level == items[0].level:
            first = read_number(items[-1].marker or "")
            if first and read[1] != first[1] + 1:
                break
        if not items or block.level == items[0].level:
            items.append(block)
    if len(items) < 2:
        return None
    return {len(items)}, case.block(document, items[-1], f"{len(items)} butir")


def is_total(text: str) -> bool:
    """Whether a line is a printed total ("Jumlah", "Total anggaran ...")."""
    found = fold(text)
    return found in word_list("total_words") or found.split(" ")[0] in ("total", "jumlah")
