"""What each column of a planning table holds: its header's words, then its cells' look.

Headers are missing, stand over two columns (the number and the text beside it), or name
what the cells deny. Rules:

* Cells overrule a header only where they cannot be what it says: a "Sasaran" column of
  bare numbers beside an unheaded column of sentences is the row number.
* An unheaded column gets a role only on strong evidence, and only one that the table has
  no column for yet. A column that stays unknown has the role "" and gives nothing.
* Bare years ("2016 | 2017") are targets, except where the title speaks of past figures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from rktdata.normalize.headings import (
    ColumnRole,
    is_silent,
    is_total,
    read_heading,
    vocabulary,
    words_of,
)
from rktdata.schemas.values import Table

_MARKER = re.compile(r"[(\[]?\s*(?:\d{1,3}|[ivxlc]{1,5}|[a-z])\s*[.)\]]*", re.IGNORECASE)
_CODE = re.compile(r"[0-9A-Z]{1,6}(?:\s*[.\s-]\s*[0-9A-Zx]{1,6})+\.?")
_AMOUNT = re.compile(
    r"(?:rp\.?\s*)?\d{1,3}(?:[.,]\d{3}){2,4}(?:[.,]\d{1,2})?(?:\s*,-|,)?|rp\.?\s*\d[\d.,]*(?:,-)?",
    re.IGNORECASE,
)
# A value begins with a figure and is short; what follows the figure is a unit or a range.
_QUANTITY = re.compile(r"[<>=\u2264\u2265\s]*(?:rp\.?\s*)?\d", re.IGNORECASE)
_LONGEST_QUANTITY, _QUANTITY_WORDS = 40, 5
_GRADE = re.compile(r"AA|A|BB|B|CC|C|D|WTP|WDP|TW|TMP|[IV]{1,3}|Level\s+\w+|-", re.IGNORECASE)
# A role is given to an unheaded column when this share of its filled cells looks so.
_MOST, _MANY = 0.8, 0.5
_SURE, _LIKELY, _GUESS = 1.0, 0.8, 0.65


@dataclass(frozen=True, slots=True)
class Look:
    """How a column's filled cells look; shares are 0-1.

    Attributes:
        filled: How many cells hold text.
        marker: Row numbers or letters alone.
        code, amount, quantity, unit, fund: Likewise.
        indicator, objective: Opening as an indicator, or as a state reached ("-nya").
        words: Median count of words.
    """

    filled: int = 0
    marker: float = 0.0
    code: float = 0.0
    amount: float = 0.0
    quantity: float = 0.0
    unit: float = 0.0
    fund: float = 0.0
    indicator: float = 0.0
    objective: float = 0.0
    words: float = 0.0

    @property
    def text(self) -> bool:
        """Sentences rather than marks, numbers or units."""
        return self.filled > 0 and self.words >= 2 and self.quantity < _MANY and self.code < _MANY


def look_at(texts: list[str]) -> Look:
    """How the filled cells of a column look."""
    cells = [t.strip() for t in texts if t and t.strip()]
    if not cells:
        return Look()
    shapes = vocabulary()["rupa"]

    different = Counter(cells)

    def share(test: Callable[[str], bool]) -> float:
        return sum([count for cell, count in different.items() if test(cell)]) / len(cells)

    def opens(words: str) -> Callable[[str], bool]:
        pattern = _openings(words)
        return lambda cell: bool(pattern.match(cell.lower()))

    counts = sorted(len(c.split()) for c in cells)
    return Look(
        filled=len(cells),
        marker=share(lambda c: bool(_MARKER.fullmatch(c))),
        code=share(lambda c: bool(_CODE.fullmatch(c)) and any(ch.isdigit() for ch in c)),
        amount=share(lambda c: bool(_AMOUNT.fullmatch(c))),
        quantity=share(_is_quantity),
        unit=share(lambda c: c.lower().strip(" .()") in shapes["satuan"]),
        fund=share(lambda c: len(c) <= 40 and opens("sumber_dana")(c)),
        indicator=share(opens("indikator")),
        objective=share(opens("sasaran")),
        words=counts[len(counts) // 2],
    )


@cache
def _openings(words: str) -> re.Pattern[str]:
    """A cell's beginning, after numbers and signs, with one of the vocabulary's words."""
    forms = "|".join(re.escape(w) for w in vocabulary()["rupa"][words])
    return re.compile(rf"[\W\d]*(?:{forms})(?!\w)")


def _is_quantity(cell: str) -> bool:
    short = len(cell) <= _LONGEST_QUANTITY and len(cell.split()) <= _QUANTITY_WORDS
    return short and bool(_QUANTITY.match(cell) or is_grade(cell))


def is_grade(text: str) -> bool:
    """Whether a cell is a grade, an opinion, a level or a dash."""
    return bool(_GRADE.fullmatch(text.strip()))


def column_texts(table: Table, column: int) -> list[str]:
    """A column's texts, "" where nothing is printed; section rows and totals left out."""
    cells = (row.cells[column] for row in table.rows if row.kind == "data")
    texts = (cell.text if cell else "" for cell in cells)
    return ["" if is_total(text) else text for text in texts]


def read_roles(table: Table) -> tuple[ColumnRole, ...]:
    """What each column of the table holds, in column order."""
    width = len(table.columns)
    roles = [read_heading(header) if header.strip() else ColumnRole("") for header in table.columns]
    looks = [look_at(column_texts(table, i)) for i in range(width)]
    _give_numbers_their_column(roles, looks)
    _settle_levels(roles)
    _settle_indicators(roles, looks)
    _settle_years(table, roles)
    _promote(roles, "keluaran", "indikator")
    _settle_volumes(roles, looks)
    _settle_projections(roles)
    _part_amounts_from_targets(roles, looks)
    _name_unheaded(roles, looks)
    return tuple(roles)


def _give_numbers_their_column(roles: list[ColumnRole], looks: list[Look]) -> None:
    """A header over the number and the text: the text gets the role, the number "nomor"."""
    for i, (role, look) in enumerate(zip(roles, looks, strict=True)):
        if role.name not in ("jenjang", "indikator") or look.filled == 0:
            continue
        if look.marker + look.code < _MOST:
            continue
        if i + 1 == len(roles) or not looks[i + 1].text:
            continue
        beside = roles[i + 1]
        if beside.name in ("", "nomor") or beside.header == role.header:
            roles[i + 1] = replace(role, evidence="isi", certainty=_LIKELY)
            roles[i] = ColumnRole("nomor", header=role.header, evidence="isi", certainty=_LIKELY)


def _settle_levels(roles: list[ColumnRole]) -> None:
    """A lone "Urusan" column holds the programmes and activities under it as well."""
    levels = {level for role in roles for level in role.levels}
    if "urusan" in levels and not levels & {"program", "kegiatan", "subkegiatan"}:
        for i, role in enumerate(roles):
            if role.levels == ("urusan",):
                roles[i] = replace(role, levels=("urusan", "program", "kegiatan"))
                levels |= {"kegiatan"}
    for i, role in enumerate(roles):
        if role.name == "langkah" and not levels & {"kegiatan", "subkegiatan"}:
            roles[i] = replace(role, name="jenjang", levels=("kegiatan",))


def _settle_indicators(roles: list[ColumnRole], looks: list[Look]) -> None:
    """A column "IKK" beside "Indikator" holds a standard (Permendagri 54/2010, T-II.2)."""
    first = next((i for i, r in enumerate(roles) if r.name == "indikator"), None)
    if first is None:
        return
    for i in range(first + 1, len(roles)):
        between = any(r.name in ("jenjang", "nomor", "target") for r in roles[first + 1 : i])
        if roles[i].name == "indikator" and not between and not looks[i].text:
            roles[i] = replace(roles[i], name="standar", evidence="isi")


def _settle_years(table: Table, roles: list[ColumnRole]) -> None:
    """Columns headed by a bare year: targets beside an indicator, else unknown."""
    bare = [i for i, r in enumerate(roles) if r.name == "" and (r.year or r.nth)]
    if not bare or not any(r.name in ("indikator", "keluaran") for r in roles):
        return
    if any(r.name == "target" and r.year is None and not r.nth for r in roles):
        return
    title = (table.title or "").lower()
    words = vocabulary()["judul"]
    past = any(w in title for w in words["realisasi"]) and "target" not in title
    name = "realisasi" if past and not any(w in title for w in ("rencana",)) else "target"
    for i in bare:
        roles[i] = replace(roles[i], name=name, evidence="isi", certainty=_LIKELY)


def _promote(roles: list[ColumnRole], second_best: str, role: str) -> None:
    found = any(r.name == role for r in roles)
    for i, r in enumerate(roles):
        if r.name == second_best and not found:
            roles[i] = replace(r, name=role, certainty=min(r.certainty, _LIKELY))


def _settle_volumes(roles: list[ColumnRole], looks: list[Look]) -> None:
    """A volume is the target where there is no better one, or an amount of money."""
    for i, role in enumerate(roles):
        money = {"rp", "rupiah"} & set(words_of(role.header)) and looks[i].amount >= _MANY
        if role.name == "volume" and money:
            roles[i] = replace(role, name="anggaran", evidence="isi", certainty=_LIKELY)
    if any(r.name == "indikator" for r in roles):
        _promote(roles, "volume", "target")


def _settle_projections(roles: list[ColumnRole]) -> None:
    """A projection is the target of a year that has no other."""
    years = {r.year for r in roles if r.name == "target"}
    for i, role in enumerate(roles):
        if role.name == "proyeksi" and role.year not in years:
            roles[i] = replace(role, name="target", certainty=_LIKELY)


def _part_amounts_from_targets(roles: list[ColumnRole], looks: list[Look]) -> None:
    """Two columns under one target header, the second of amounts: the second is the budget."""
    for i in range(1, len(roles)):
        first, second = roles[i - 1], roles[i]
        same = first.name == second.name == "target" and first.path[:-1] == second.path[:-1]
        same = same and first.year == second.year
        if same and looks[i].amount >= _MOST and looks[i - 1].amount < _MANY:
            roles[i] = replace(second, name="anggaran", evidence="isi", certainty=_LIKELY)


def _name_unheaded(roles: list[ColumnRole], looks: list[Look]) -> None:
    """Roles for columns whose header tells nothing, by the look of their cells."""
    names = {r.name for r in roles}
    tests: tuple[tuple[str, float, Callable[[int, Look], bool]], ...] = (
        ("nomor", _LIKELY, lambda i, k: k.marker >= _MOST and not any(x.text for x in looks[:i])),
        ("kode", _LIKELY, lambda i, k: k.code >= _MOST and k.amount < _MANY and i < 4),
        ("anggaran", _LIKELY, lambda i, k: k.amount >= _MANY),
        ("sumber_dana", _LIKELY, lambda i, k: k.fund >= _MOST),
        ("satuan", _LIKELY, lambda i, k: k.unit >= _MOST),
        ("indikator", _GUESS, lambda i, k: k.text and k.indicator >= _MANY),
        ("target", _GUESS, lambda i, k: k.quantity >= _MOST and _indicator_before(roles, i)),
    )
    for name, certainty, test in tests:
        for i, (role, look) in enumerate(zip(roles, looks, strict=True)):
            unnamed = role.name == "" and is_silent(role.header)
            unnamed = unnamed or (role.name == "uraian" and name == "indikator")
            if unnamed and look.filled and name not in names and test(i, look):
                roles[i] = replace(role, name=name, evidence="isi", certainty=certainty)
                names.add(name)


def _indicator_before(roles: list[ColumnRole], column: int) -> bool:
    return any(r.name == "indikator" for r in roles[:column])
