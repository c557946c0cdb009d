"""What a document says of itself: its kind, its agency, the year it plans for.

The trouble: a cover says all three, but many files are a single form or annex cut out of
a longer document: a Perjanjian Kinerja inside a performance report, whose running head
names the report; a Renja form that names its office on a form line and the province in
its title. A title holds other years as well (the forward estimate's, a regulation's).

The rules: everything that looks like a title speaks, weighed by how much it looks like
one (a table's title on the first page most, then large, bold or capital lines of the
first page, then short lines of the first pages). The file's name speaks only where
nothing else does, and a mark says so. Words are data (`document.toml`).
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from statistics import median

from rktdata.extract.organisations import (
    OFFICE,
    Unit,
    as_name,
    end_name,
    find_unit,
    is_office,
    label_unit,
    parse_label,
    plain_text,
)
from rktdata.schemas.document import DocumentInfo
from rktdata.schemas.values import Line, Table

KIND_FROM_NAME = "jenis-dari-nama-berkas"
YEAR_FROM_NAME = "tahun-dari-nama-berkas"
KIND_WEAK = "jenis-tidak-pasti"
AGENCY_JOINED = "instansi-dilengkapi-wilayah"

FIRST_TITLE = 5.0  # a table's title on the document's first page
TITLE_LINE = 4.0  # a line of the first page that looks like a title
LATER_TITLE = 1.0  # another table's title
SHORT_LINE = 0.5  # any other short line; together they outweigh no title
_MOST_OF_ALL = 3.0  # that later titles and short lines can weigh in total
WEAK = 0.1
TITLE_WORDS = 16
REGION_WORDS = 6  # "Provinsi Daerah Istimewa Yogyakarta"
_LARGE = 1.15
_CAPITALS = 0.7

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)(?!\s*[-\u2013]\s*20\d\d)")
_RANGE = re.compile(r"20\d\d\s*[-\u2013]\s*(?:20)?\d\d\b")
# An evaluation's title has no other year: "... sampai dengan Tahun 2014".
_UNTIL = re.compile(
    r"(?:s/d|s\.d\.?|sampai dengan)\s+(?:dengan\s+)?(?:tahun\s+)?(20\d\d)(?!\d)", re.IGNORECASE
)
_BARE_YEAR = re.compile(r"^(?:tahun\s+)?(20\d\d)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: dict[str, re.Pattern[str]]
    weak: dict[str, re.Pattern[str]]
    not_kind: re.Pattern[str]
    not_year: re.Pattern[str]
    region: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Title:
    """Something the document says of itself, and how loud."""

    text: str
    weight: float


@cache
def _vocabulary() -> _Words:
    text = files("rktdata.normalize").joinpath("document.toml").read_text("utf-8")
    data = tomllib.loads(text)

    def words(phrases: Iterable[str]) -> re.Pattern[str]:
        longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
        joined = "|".join(re.escape(p).replace(r"\ ", r"\s+") for p in longest)
        return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)

    before = "|".join(data["not_years"]["before"])
    regions = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in data["regions"]["words"])
    return _Words(
        kinds={kind: words(phrases) for kind, phrases in data["kinds"].items()},
        weak={kind: words(phrases) for kind, phrases in data["weak"].items()},
        not_kind=words(data["not_kinds"]["phrases"]),
        not_year=re.compile(rf"(?:{before})[\s\w]{{0,12}}$", re.IGNORECASE),
        region=re.compile(rf"(?<!\w)(?i:{regions})(?:\s+(?:(?i:dan)\s+)?[A-Z][\w'.-]*){{0,4}}"),
    )


def describe_document(
    first_lines: Sequence[Line], tables: Sequence[Table], name: str
) -> DocumentInfo:
    """Kind, agency and year of a document.

    Args:
        first_lines: Lines outside the tables of the first pages (three to five are
            enough), running heads and feet included: often only they name the agency.
        tables: The document's tables, with their captions.
        name: The file's name, asked where the document itself says nothing.

    Returns:
        kind "LAIN", agency None, year None where nothing tells; marks say what was
        taken from the file's name or put together.
    """
    titles = _titles(first_lines, tables)
    stem = re.sub(r"[^\w]+|_", " ", PurePath(name).stem)
    kind, kind_marks = _kind(titles, stem)
    year, year_marks = _year(titles, kind, stem)
    agency, agency_marks = _agency(first_lines, tables, titles)
    return DocumentInfo(kind, agency, year, (*kind_marks, *year_marks, *agency_marks))


def _titles(lines: Sequence[Line], tables: Sequence[Table]) -> list[_Title]:
    first_page = min(
        [line.page for line in lines] + [page for table in tables for page in table.pages[:1]],
        default=1,
    )
    usual = median(line.size for line in lines) if lines else 0.0
    titles: list[_Title] = []
    in_captions = {(line.page, line.box) for table in tables for line in table.caption}
    for table in tables:
        text = table.title or ""
        weight = FIRST_TITLE if first_page in table.pages[:1] else LATER_TITLE
        if text:
            titles.append(_Title(text, weight))
        for line in table.caption:
            if parse_label(line.text) is not None:
                titles.append(_Title(plain_text(line), weight))
    for before, line in zip([None, *lines], lines, strict=False):
        text = plain_text(line)
        if (line.page, line.box) in in_captions or len(text.split()) > TITLE_WORDS:
            continue
        looks = line.bold or _is_capitals(text) or line.size > _LARGE * usual
        loud = line.page == first_page and looks
        if before is not None and (bare := _BARE_YEAR.match(text)):
            # "... TAHUN" / "2024": the year stands alone under its title.
            text = f"{plain_text(before)} {bare[1]}"
        titles.append(_Title(text, TITLE_LINE if loud else SHORT_LINE))
    return titles


def _is_capitals(text: str) -> bool:
    letters = [ch for ch in text if ch.isalpha()]
    return len(letters) > 3 and sum(ch.isupper() for ch in letters) >= _CAPITALS * len(letters)


def _kind(titles: Sequence[_Title], stem: str) -> tuple[str, tuple[str, ...]]:
    words = _vocabulary()
    said = _weigh(titles, words.kinds)
    if said:
        return _loudest(said), ()
    if named := _weigh([_Title(stem, 1.0)], words.kinds):
        return _loudest(named), (KIND_FROM_NAME,)
    if hinted := _weigh(titles, words.weak):
        return _loudest(hinted), (KIND_WEAK,)
    return "LAIN", ()


def _weigh(titles: Sequence[_Title], kinds: dict[str, re.Pattern[str]]) -> dict[str, float]:
    """How loud each kind is named; the quiet mentions together count to a limit."""
    loud: dict[str, float] = {}
    quiet: dict[str, float] = {}
    for title in titles:
        text = _vocabulary().not_kind.sub(" ", title.text)
        found = {kind: m for kind, pattern in kinds.items() if (m := pattern.search(text))}
        if not found:
            continue
        # "Laporan Kinerja ... atas Perjanjian Kinerja": the first named is the title's.
        kind = min(found, key=lambda k: (found[k].start(), -len(found[k][0])))
        heard = loud if title.weight > LATER_TITLE else quiet
        heard[kind] = heard.get(kind, 0.0) + title.weight
    return {
        kind: loud.get(kind, 0.0) + min(quiet.get(kind, 0.0), _MOST_OF_ALL)
        for kind in sorted({*loud, *quiet})
    }


def _loudest(said: dict[str, float]) -> str:
    return max(said, key=lambda kind: said[kind])


def _year(titles: Sequence[_Title], kind: str, stem: str) -> tuple[int | None, tuple[str, ...]]:
    words = _vocabulary()
    said: dict[int, float] = {}
    for title in titles:
        years = plan_years(title.text)
        if not years:
            continue
        pattern = words.kinds.get(kind)
        named = pattern is not None and pattern.search(title.text) is not None
        said[years[0]] = said.get(years[0], 0.0) + title.weight * (2 if named else 1)
    if said:
        return max(said, key=lambda year: said[year]), ()
    if ends := [int(found[1]) for title in titles if (found := _UNTIL.search(title.text))]:
        return max(ends), ()
    in_name = [int(year) for year in _YEAR.findall(stem)]
    return (in_name[0], (YEAR_FROM_NAME,)) if in_name else (None, ())


def plan_years(text: str) -> list[int]:
    """Years of a title that can be the plan's, in order.

    >>> plan_years("Rencana Program Tahun 2016 dan Prakiraan Maju Tahun 2017")
    [2016]
    >>> plan_years("Peraturan Menteri Nomor 53 Tahun 2014"), plan_years("Renstra 2013-2018")
    ([], [])
    """
    text = _RANGE.sub(" ", text)
    not_year = _vocabulary().not_year
    return [
        int(found[1])
        for found in _YEAR.finditer(text)
        if not not_year.search(text[: found.start()].rstrip() + " ")
    ]


def _agency(
    lines: Sequence[Line], tables: Sequence[Table], titles: Sequence[_Title]
) -> tuple[str | None, tuple[str, ...]]:
    votes: dict[str, float] = {}
    printed: dict[str, str] = {}

    def vote(unit: Unit | None, weight: float) -> None:
        if unit is not None and 1 <= unit.level <= OFFICE:
            key = _fold(unit.name)
            votes[key] = votes.get(key, 0.0) + weight
            printed.setdefault(key, unit.name)

    for title in titles:
        label = parse_label(title.text)
        vote(label_unit(label) if label else find_unit(title.text), title.weight)
    for unit in _stacked_names(lines):
        vote(unit, TITLE_LINE)
    if not votes:
        return None, ()
    return _with_region(votes, printed, lines, tables)


def _stacked_names(lines: Sequence[Line]) -> Iterable[Unit]:
    """Names over several lines: "KOMISI PEMILIHAN UMUM" / "PROVINSI ..." below."""
    region = _vocabulary().region
    for upper, lower in zip(lines, lines[1:], strict=False):
        first, second = plain_text(upper).strip(), plain_text(lower).strip()
        stacked = upper.page == lower.page and is_office(first) and not region.search(first)
        if stacked and region.match(second) and len(second.split()) <= REGION_WORDS:
            yield from filter(None, [find_unit(f"{first} {second}")])


def _with_region(
    votes: dict[str, float],
    printed: dict[str, str],
    lines: Sequence[Line],
    tables: Sequence[Table],
) -> tuple[str, tuple[str, ...]]:
    """The name most often given, with its region where another line or the form gives it."""
    total = {
        key: weight + sum(w for other, w in votes.items() if key != other and key.startswith(other))
        for key, weight in votes.items()
    }
    best = max(total, key=lambda key: (total[key], len(key)))
    longer = [key for key in votes if key.startswith(best)]
    best = max(longer, key=len)
    name = printed[best]
    region = _vocabulary().region
    if region.search(name):
        return name, ()
    places = Counter(
        end_name(found[0])
        for text in [
            *(table.title or "" for table in tables),
            *(plain_text(line) for line in lines if len(line.text.split()) <= TITLE_WORDS),
        ]
        for found in region.finditer(text)
        if len(found[0].split()) > 1
    ) or Counter(
        end_name(found[0])
        for table in tables
        for row in table.rows
        for cell in row.cells
        if cell is not None
        for found in region.finditer(cell.text)
        if len(found[0].split()) > 2
    )
    if not places:
        return name, ()
    place = min(places, key=lambda text: (-places[text], len(text), text))
    return f"{name} {as_name(place)}", (AGENCY_JOINED,)


def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
