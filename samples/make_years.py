"""Typeset two invented sibling years of the RKT 2024 of KPU Nusa Tenggara Timur.

usage: python -m samples.make_years [FOLDER]

What the siblings hold is taken from the dataset of rkt-kpu-ntt-2024.pdf, kept in
rkt-kpu-ntt-isi.json (`python -m samples.make_years --derive` makes it anew), with the
changes of rkt-kpu-ntt-perubahan.json: going back for 2023, forward for 2025. That file is
also what tests/panel/ expects to find. The bytes are the same each time.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rktdata.reconcile.keys import fold
from tests.typeset import LEFT, UP, Look, Plan, Sheet, wrap

FOLDER = Path(__file__).parent
CONTENT = FOLDER / "rkt-kpu-ntt-isi.json"
CHANGES = FOLDER / "rkt-kpu-ntt-perubahan.json"
BASE = 2024
YEARS = (2023, 2025)
# Widths of the columns, points: of five, and of the medium-term table's eight.
WIDTHS = {5: (30.0, 95.0, 140.0, 165.0, 53.0), 8: (85.0, 115.0, 113.0, *[34.0] * 5)}
LOOK = Look(font="Times-Roman", size_pt=9.5)
SIZE = 11.0
AMOUNT = re.compile(r"(?<=[Rr]p\.)\s?\d{1,3}(?:\.\d{3})+|\b\d\.\d{3}\.\d{3}\.\d{3}\b")
# The siblings' budgets: the same share of every amount, so that sums stay what they were.
SHARE = {2023: 97, 2025: 104}
AIMS = re.compile(r"dengan indikator", re.IGNORECASE)

Row = dict[str, Any]
Content = dict[str, Any]


# What the 2024 document holds


def derive(pdf: Path) -> Content:
    """Headings, paragraphs, lists and tables of a document, in reading order."""
    import rktdata

    document = rktdata.read(pdf)
    flow: list[tuple[tuple[int, float], dict[str, Any]]] = []
    for block in document.blocks:
        if block.kind != "kepala-kaki":
            line = block.lines[0]
            entry = {"jenis": block.kind, "penanda": block.marker, "tingkat": block.level}
            flow.append(((line.page, line.box[1]), {**entry, "teks": block.text}))
    for table, about in zip(document.tables, document.table_rows, strict=True):
        page = table.pages[0]
        rows = [
            {"jenis": row.kind, "sel": [cell.text if cell else None for cell in row.cells]}
            for row in table.rows
        ]
        entry = {"jenis": "tabel", "nomor": about.nomor, "judul": about.judul}
        entry |= {"unit_kerja": about.unit_kerja, "kolom": list(table.columns), "baris": rows}
        flow.append(((page, table.box_by_page[page][1]), entry))
    flow.sort(key=lambda item: item[0])
    return {"asal": pdf.name, "isi": [entry for _, entry in flow]}


# Another year's content


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the list, as it is made in the 2024 content to get another year's.

    Attributes:
        old, new: Indicators with their targets, as they stand before and after the edit.
        anchor: Indicator after which new rows stand that replace none.
        units: Of the tables that get such rows; empty for all that have the anchor.
    """

    old: tuple[tuple[str, str], ...]
    new: tuple[tuple[str, str], ...]
    anchor: str | None
    units: frozenset[str]


def edits(year: int) -> Iterator[Edit]:
    """The listed changes between the base year and another one."""
    for change in json.loads(CHANGES.read_text("utf-8"))["perubahan"]:
        before, after = (
            tuple((e["indikator"], e["target"]) for e in change[side])
            for side in ("sebelumnya", "sekarang")
        )
        anchor, units = change.get("setelah"), frozenset(change.get("di", ()))
        if year < BASE and change["tahun"] == BASE:
            yield Edit(after, before, anchor, units)
        elif year > BASE and change["tahun"] == year:
            yield Edit(before, after, anchor, units)


def content_of(year: int) -> Content:
    """The document of another year."""
    content: Content = json.loads(CONTENT.read_text("utf-8"))
    tables = [entry for entry in content["isi"] if entry["jenis"] == "tabel"]
    for table in tables:
        if len(table["kolom"]) == 8:
            _shift_years(table, year)
    for edit in edits(year):
        found = sum(_apply(edit, table, year) for table in tables)
        if not found:
            raise ValueError(f"nothing in the document fits {edit}")
    annual = next(t for t in tables if len(t["kolom"]) == 5)
    sentences = iter(_sentences(annual["baris"]))
    for entry in content["isi"]:
        for key in ("teks", "judul"):
            if entry.get(key):
                entry[key] = _of_year(entry[key], year)
        if entry["jenis"] == "butir" and AIMS.search(entry["teks"]):
            entry["teks"] = next(sentences)
        elif entry["jenis"] == "butir" or "Total anggaran" in entry.get("teks", ""):
            entry["teks"] = AMOUNT.sub(lambda m: _scaled(m[0], year), entry["teks"])
    return content


def _of_year(text: str, year: int) -> str:
    period = "2020-2024" if year <= BASE else "2025-2029"
    text = re.sub(r"2020-\s?2024", "{period}", text)
    return text.replace(str(BASE), str(year)).replace("{period}", period)


def _scaled(amount: str, year: int) -> str:
    value = int(amount.strip().replace(".", "")) * SHARE[year] // 100
    return (" " if amount[0] == " " else "") + f"{value:,}".replace(",", ".")


def _shift_years(table: Content, year: int) -> None:
    """The medium-term table of the year's period; a new one goes on from the old one's end."""
    if year <= BASE:
        return
    table["kolom"] = [re.sub(r"20(2\d)$", lambda m: str(int(m[0]) + 5), c) for c in table["kolom"]]
    for row in table["baris"]:
        if row["jenis"] == "data":
            row["sel"][3:] = [row["sel"][7]] * 5


def _apply(edit: Edit, table: Content, year: int) -> bool:
    """Make a change in a table; whether it had anything to change."""
    at = next(n for n, title in enumerate(table["kolom"]) if title.startswith("Indikator"))
    rows: list[Row] = table["baris"]
    texts = [fold(row["sel"][at] or "") for row in rows]
    wanted = [fold(text) for text, _ in edit.old]
    places = [n for n, text in enumerate(texts) if text and text in wanted]
    fits = not edit.units or table["unit_kerja"] in edit.units
    if edit.old and not edit.anchor and len(places) < len(wanted):
        return False
    start = places[0] if places else None
    if edit.anchor and fits and fold(edit.anchor) in texts:
        start = texts.index(fold(edit.anchor)) + 1
        pattern = rows[start - 1]
    elif start is not None:
        pattern = rows[start]
    else:
        return False
    made = []
    for number, (text, target) in enumerate(edit.new if not edit.anchor or fits else ()):
        like = rows[places[number]] if number < len(places) and not edit.anchor else pattern
        made.append({"jenis": "data", "sel": _cells(like["sel"], at, text, target, table, year)})
    left = [row for n, row in enumerate(rows) if n not in places]
    start -= sum(place < start for place in places)
    table["baris"] = [*left[:start], *made, *left[start:]]
    return True


def _cells(
    like: list[str | None], at: int, text: str, target: str, table: Content, year: int
) -> list[str | None]:
    """A row like another one with an indicator and its target; an edit keeps the spelling."""
    cells = list(like)
    if fold(text) != fold(cells[at] or ""):
        cells[at] = text
    if len(cells) == 8:
        years = [title.rpartition(" ")[2] for title in table["kolom"]]
        first = years.index(str(year))
        cells[first:] = [target] * (8 - first) if year > BASE else [target, *cells[first + 1 :]]
    else:
        cells[-1] = target
    return cells


def _sentences(rows: list[Row]) -> Iterator[str]:
    """The objectives with their indicators and targets, a sentence each."""
    aims: dict[str, list[str]] = {}
    for row in rows:
        _, _, aim, text, target = row["sel"]
        word = "sebesar" if "%" in target else "nilai"
        aims.setdefault(aim, []).append(f"{text} {word} {target}")
    for aim, parts in aims.items():
        yield f"{aim}, dengan indikator sasaran {', '.join(parts)}"


# On paper


class Pages(Sheet):
    """Pages with their number at the foot, and text that goes on to the next page."""

    def new_page(self) -> None:
        """Number the page and begin the next one."""
        self._number()
        Sheet.new_page(self)

    def finish(self) -> bytes:
        """Number the last page; the bytes."""
        self._number()
        return Sheet.finish(self)

    def _number(self) -> None:
        number = self.canvas.getPageNumber()
        if number > 1:
            self.canvas.setFont("Times-Roman", 10)
            self.canvas.drawCentredString(self.width / 2, 30, str(number - 1))

    def paragraph(
        self, text: str, *, bold: bool = False, x: float = 0.0, hang: float = 0.0
    ) -> None:
        """A paragraph of the body, over the page's foot if need be."""
        font = "Helvetica-Bold" if bold else "Helvetica"
        lines = wrap(text, self.width - 2 * self.margin - x - hang, font, SIZE)
        room = self.height - self.margin - self.y
        if min(len(lines), 2 + bold) * 1.3 * SIZE > room:
            self.new_page()
        fitting = int((self.height - self.margin - self.y) / (1.3 * SIZE))
        start = self.margin + x
        self.text(" ".join(lines[:fitting]), bold=bold, size=SIZE, x=start, hang=hang)
        if lines[fitting:]:
            self.new_page()
            self.text(" ".join(lines[fitting:]), bold=bold, size=SIZE, x=start + hang)
        self.skip(5)


def typeset(content: Content, year: int) -> bytes:
    """The pages of a document."""
    sheet = Pages(margin=60.0)
    cover = True
    for entry in content["isi"]:
        kind, text = entry["jenis"], entry.get("teks", "")
        if kind == "tabel":
            _set_table(sheet, entry)
            continue
        marker = entry["penanda"]
        chapter = kind == "judul" and text.casefold().startswith(("bab", "kata pengantar"))
        if chapter:
            sheet.new_page()
            cover = False
        if cover:
            sheet.skip(60)
            sheet.text(text, bold=True, size=15, centred=True)
        elif kind == "judul" and marker is None:
            sheet.text(text, bold=True, size=12, centred=True)
            sheet.skip(8)
        elif kind == "judul":
            whole = text if text.startswith(marker) else f"{marker} {text}"
            sheet.skip(4)
            sheet.paragraph(whole, bold=True)
        elif marker is not None:
            sheet.paragraph(f"{marker} {text}", x=10.0 + 18 * entry["tingkat"], hang=18.0)
        else:
            sheet.paragraph(text)
    return sheet.finish()


def _set_table(sheet: Pages, table: Content) -> None:
    columns = table["kolom"]
    sheet.skip(8)
    if sheet.y > sheet.height - sheet.margin - 150:
        sheet.new_page()
    number = f"Tabel {table['nomor']}. " if table["nomor"] else ""
    sheet.text(f"{number}{table['judul']}", size=10, centred=True)
    sheet.skip(5)
    header: tuple[tuple[str, ...], ...] = (tuple(columns),)
    if len(columns) == 8:
        years = [title.rpartition(" ")[2] for title in columns[3:]]
        header = ((*columns[:3], "Target Kinerja", *[LEFT] * 4), (*[UP] * 3, *years))
    sheet.table(
        Plan(
            header=header,
            rows=tuple(_set_rows(table["baris"])),
            widths=WIDTHS[len(columns)],
            look=replace(
                LOOK, centred=frozenset({0, len(columns) - 1} if len(columns) == 5 else range(3, 8))
            ),
            numbers=len(columns) == 5,
        )
    )
    sheet.skip(12)


def _set_rows(rows: list[Row]) -> Iterator[tuple[str, ...]]:
    """Rows as printed: what several rows have in common in one cell."""
    above: list[str | None] = []
    for row in rows:
        cells = row["sel"]
        if row["jenis"] == "bagian":
            start = next(n for n, text in enumerate(cells) if text)
            yield (*[""] * start, cells[start] or "", *[LEFT] * (len(cells) - start - 1))
            above = []
            continue
        shown = []
        for at, text in enumerate(cells):
            merged = bool(above) and at < _texts(cells) and text and text == above[at]
            merged = merged and all(cells[n] == above[n] for n in range(at))
            shown.append(UP if merged else text or "")
        yield tuple(shown)
        above = cells


def _texts(cells: list[str | None]) -> int:
    """How many columns stand before the indicator."""
    return 3 if len(cells) == 5 else 2


def make(year: int) -> Callable[[], bytes]:
    """What typesets the sibling of a year."""
    return lambda: typeset(content_of(year), year)


SIBLINGS = {f"rkt-kpu-ntt-{year}": make(year) for year in YEARS}


def main(arguments: list[str]) -> None:
    """Write the siblings into a folder, or derive the content anew."""
    if arguments[:1] == ["--derive"]:
        content = derive(FOLDER / f"rkt-kpu-ntt-{BASE}.pdf")
        CONTENT.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
        return
    folder = Path(arguments[0]) if arguments else FOLDER
    for name, made in SIBLINGS.items():
        (folder / f"{name}.pdf").write_bytes(made())


if __name__ == "__main__":
    main(sys.argv[1:])
