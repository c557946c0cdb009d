"""What the lines above a table say of it: number, title, and whose table it is.

The trouble: a title is centred, bold, in capitals, or none of these; it carries a number
("Tabel 2.1", "TABEL T-II.3", "Formulir J-1", a bare "11."), or stands alone ("PERJANJIAN
KINERJA TAHUN 2016 / DINAS ... / KEPALA BIDANG ..."); running text that introduces the
table, section headings and legal headings stand right above it as well.

The rules: go up from the table. Running text (justified lines and their last line, lines
that end in "berikut :") ends the caption. A line that begins with "Tabel" and a number,
and everything under it, is the caption. Without such a line, the block of lines right
above the table is one if its look says so: each line is centred, bold or in capitals.
Form lines ("Nama OPD : ...") belong to either kind. Words are data (`captions.toml`,
`organisations.toml`).

Source: VALUES.md, "Titles of tables"; titles of the gold files, where the number of a
"Lampiran" is not the table's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rktdata.extract.organisations import (
    OFFICE,
    Unit,
    find_unit,
    is_office,
    label_unit,
    parse_label,
)
from rktdata.extract.text import join_lines
from rktdata.schemas.document import Caption
from rktdata.schemas.values import Line

_ROMAN = r"[IVXLC]{1,7}"
_NUMBER = (
    r"(?:\d{1,3}(?:\s?[.\-]\s?\d{1,3})*[a-z]?"
    rf"|{_ROMAN}(?:\s?[.\-]\s?(?:\d{{1,3}}|[A-Z](?![\w])))*[a-z]?"
    rf"|[A-Z]{{1,2}}-\s?(?:{_ROMAN}|\d{{1,3}}|[A-Z])(?:\s?[.\-]\s?(?:\d{{1,3}}|[A-Z](?!\w)))*[a-z]?"
    r"|[A-Z](?=[.:]|$))"
)
_BARE = re.compile(r"^(\d{1,2})\.?\s+(\D.*)$")
_BARE_LEVELS = re.compile(r"^(\d{1,2}(?:\.\d{1,2})+)\.?\s+(\D.*)$")
_SECTION = re.compile(
    r"^(?:[A-Z]|[IVX]{1,5}|[a-z]|\d{1,2}(?:\.\d{1,2})*)[.)]\s+|^\d{1,2}(?:\.\d{1,2})+\s+|^[-\u2022\u27a2\uf0b7]\s"
)
_CHAPTER = re.compile(r"^bab\s+([ivx]+|\d+)\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"^\([^()]{1,12}\)$")
_LATER_SHEET = re.compile(
    r"\b(?:lembar|halaman|hal)\b\.?\s*:?\s*0*(?:[2-9]|[1-9]\d+)\s*(?:dari|/)", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

MAX_LINES = 10  # of a caption: the longest seen has seven (form lines included)
MAX_TITLE_LINES = 6  # of a title without a number
GAP = 4.5  # line sizes between two lines of a numbered caption ("Nama OPD" stands apart)
TITLE_GAP = 3.2  # between two baselines of a title without a number
_CENTRED = 0.025  # share of the page's width by which a centred line may be off
_JUSTIFIED_PT = 2.5
_SAME_LEFT_PT = 3.0
_WIDE = 0.5  # share of the page's width from which a line can be running text
_WORDS_OF_PROSE = 5
_CAPITALS = 0.7


@dataclass(frozen=True, slots=True)
class _Words:
    start: re.Pattern[str]
    numbered: frozenset[str]
    reference: frozenset[str]
    continued: re.Pattern[str]
    title: re.Pattern[str]
    prose_end: re.Pattern[str]
    legal: re.Pattern[str]


@cache
def _vocabulary() -> _Words:
    text = files("rktdata.extract").joinpath("captions.toml").read_text("utf-8")
    data = tomllib.loads(text)
    starts = data["starts"]
    first = "|".join(map(re.escape, [*starts["numbered"], *starts["unnumbered"]]))
    phrases = "|".join(p.replace(" ", r"\s+") for p in data["titles"]["phrases"])
    return _Words(
        start=re.compile(
            rf"^(?P<word>(?i:{first}))\b\s*[.:]?\s*(?P<number>{_NUMBER})?(?![\w])\s*[.:)\-]*\s*(?P<rest>.*)$"
        ),
        numbered=frozenset(starts["numbered"]),
        reference=frozenset(starts["reference"]),
        continued=re.compile(
            rf"^\W*(?:{'|'.join(re.escape(w.strip('()')) for w in starts['continued'])})\b",
            re.IGNORECASE,
        ),
        title=re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE),
        prose_end=re.compile(
            rf"(?<!\w)(?:{'|'.join(data['prose']['ends'])})\s*[:;.]$|[;.]$", re.IGNORECASE
        ),
        legal=re.compile(rf"^(?:{'|'.join(data['legal']['words'])})\b", re.IGNORECASE),
    )


@dataclass(frozen=True, slots=True)
class _Start:
    """A line that begins a caption: its number and what follows it on the line."""

    number: str | None
    rest: str


def is_caption_start(line: Line) -> bool:
    """Whether a line begins a table's title, whatever stands around it.

    So that pieces of tables are not joined over it. "Tabel 2.1 menunjukkan bahwa" and
    "Lanjutan Tabel 2.1" are none.
    """
    return _parse_start(line.text) is not None or (
        _is_capitals(line.text) and _vocabulary().title.search(line.text) is not None
    )


def is_continuation_note(line: Line) -> bool:
    """Whether a line says that the table above goes on: "Lanjutan ...", "Lembar 2 dari 3"."""
    return (
        _vocabulary().continued.match(line.text) is not None
        or _LATER_SHEET.search(line.text) is not None
    )


def read_caption(above: Sequence[Line], page_width: float) -> Caption:
    """The caption among the lines that stand above a table.

    Args:
        above: From the table before (or the top of the page, running heads removed) to
            the table, reading order.
        page_width: Points.

    Returns:
        An empty caption where none of the lines belongs to it. `lines` are always the
        last ones of `above`, without a gap.
    """
    lines = list(above)
    prose = _prose_lines(lines, page_width)
    start = _numbered_start(lines, prose)
    if start is not None:
        return _make_caption(lines[start:], _parse_start(lines[start].text))
    start = _title_start(lines, prose, page_width)
    if start == len(lines):
        return Caption()
    bare = _BARE_LEVELS.match(lines[start].text)
    if bare is not None and _is_centred(lines[start], page_width):
        return _make_caption(lines[start:], _Start(bare[1], bare[2]))
    return _make_caption(lines[start:], None)


def _parse_start(text: str) -> _Start | None:
    words = _vocabulary()
    text = " ".join(text.split())
    if found := words.start.match(text):
        number, rest = found["number"], found["rest"]
        if _is_reference(rest):
            return None
        if found["word"].lower() not in words.numbered:
            if number is None and rest:
                return None  # "LAMPIRAN DATA ...": a title of its own, or a legal heading
            return _Start(None, rest)
        if number is None and rest and found["word"].lower() not in ("tabel", "table"):
            return None  # "MATRIK TUJUAN, SASARAN ...": the word is the title's
        if number is None and rest and not rest[0].isupper():
            return None
        return _Start(_fold_number(number), "" if _IN_BRACKETS.match(rest) else rest)
    bare = _BARE.match(text)
    if bare and words.title.match(bare[2]) and not text.endswith((".", ";", ":")):
        return _Start(bare[1], bare[2])
    return None


def _fold_number(number: str | None) -> str | None:
    return None if number is None else re.sub(r"\s+", "", number)


def _is_reference(rest: str) -> bool:
    """Whether what follows "Tabel 2.1" makes it part of a sentence."""
    if rest.startswith((",", ";")):
        return True
    first = rest.split(maxsplit=1)
    return (
        bool(first)
        and first[0][0].islower()
        and (first[0].strip(".,:;") in _vocabulary().reference or rest.endswith((".", ":")))
    )


def _numbered_start(lines: Sequence[Line], prose: Sequence[bool]) -> int | None:
    """The nearest line above the table that begins a numbered caption."""
    for i in range(len(lines) - 1, max(-1, len(lines) - 1 - MAX_LINES), -1):
        if i + 1 < len(lines) and _gap(lines[i], lines[i + 1]) > GAP:
            return None
        if _parse_start(lines[i].text) is not None:
            return i
        if prose[i]:
            return _start_of_paragraph(lines, i)
    return None


def _start_of_paragraph(lines: Sequence[Line], last: int) -> int | None:
    """A long caption can look justified: look for its "Tabel n" at the paragraph's top."""
    for i in range(last, max(-1, last - MAX_TITLE_LINES), -1):
        if _vocabulary().prose_end.search(lines[i].text) or lines[i].bold != lines[last].bold:
            return None
        if _parse_start(lines[i].text) is not None:
            return i
        if i == 0 or _gap(lines[i - 1], lines[i]) > TITLE_GAP:
            return None
    return None


def _title_start(lines: Sequence[Line], prose: Sequence[bool], page_width: float) -> int:
    """Where the block of title and form lines above the table begins; len for none."""
    first = len(lines)
    titles = 0
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i]
        below = lines[i + 1] if i + 1 < len(lines) else None
        label = parse_label(line.text)
        if below is not None and _gap(line, below) > (GAP if label else TITLE_GAP):
            break
        if label is None:
            if prose[i] or titles == MAX_TITLE_LINES or _CHAPTER.match(line.text):
                break
            if not _looks_like_title(line, below if titles else None, page_width):
                break
            titles += 1
        first = i
    while first < len(lines) and _vocabulary().legal.match(lines[first].text):
        first += 1
    block = lines[first:]
    if not any(_says_something(line) for line in block):
        return len(lines)
    return first


def _looks_like_title(line: Line, below: Line | None, page_width: float) -> bool:
    text = line.text
    if not any(ch.isalpha() for ch in text):
        return False
    if _SECTION.match(text):
        # A section's heading names the table under it only with a form's own words.
        return below is None and _vocabulary().title.search(text) is not None
    if text.rstrip().endswith((":", ";", ",")) and not _is_capitals(text):
        return False
    on_axis = _is_centred(line, page_width)
    if below is not None:
        on_axis = on_axis or abs(_middle(line) - _middle(below)) < _CENTRED * page_width
    if _is_capitals(text) or line.bold:
        return True
    return on_axis and line.box[2] - line.box[0] < 0.7 * page_width and text[0].isupper()


def _says_something(line: Line) -> bool:
    """A lone word ("Narasi") over a table, or a page's remark, is no title."""
    return len(line.text.split()) > 1


def _is_capitals(text: str) -> bool:
    letters = [ch for ch in text if ch.isalpha()]
    return (
        len(text.split()) > 1
        and len(letters) > 5
        and sum(ch.isupper() for ch in letters) >= _CAPITALS * len(letters)
    )


def _is_centred(line: Line, page_width: float) -> bool:
    """On the page's axis and clear of its margins; narrow pages' margins may differ."""
    return abs(_middle(line) - page_width / 2) < _CENTRED * page_width


def _middle(line: Line) -> float:
    return (line.box[0] + line.box[2]) / 2


def _gap(upper: Line, lower: Line) -> float:
    """From baseline to baseline, in line sizes."""
    return (lower.baseline - upper.baseline) / max(upper.size, lower.size, 1.0)


def _prose_lines(lines: Sequence[Line], page_width: float) -> list[bool]:
    """Which lines are running text: justified, or tied to a justified line by its edge."""
    words = _vocabulary()
    prose = [False] * len(lines)
    for i, line in enumerate(lines):
        if words.prose_end.search(line.text) and parse_label(line.text) is None:
            prose[i] = _parse_start(line.text) is None or line.text.endswith(".")
    for i, (upper, lower) in enumerate(zip(lines, lines[1:], strict=False)):
        if _are_justified(upper, lower, page_width):
            prose[i] = prose[i + 1] = True
    for i in range(1, len(lines)):  # a paragraph's last line, and what it hangs on
        if prose[i - 1] and not prose[i] and _runs_on(lines[i - 1], lines[i], page_width):
            prose[i] = True
    for i in range(len(lines) - 1, 0, -1):
        if prose[i] and not prose[i - 1] and _runs_on(lines[i - 1], lines[i], page_width):
            prose[i - 1] = True
    return prose


def _are_justified(upper: Line, lower: Line, page_width: float) -> bool:
    wide = all(line.box[2] - line.box[0] > _WIDE * page_width for line in (upper, lower))
    wordy = all(len(line.text.split()) > _WORDS_OF_PROSE for line in (upper, lower))
    return (
        wide
        and wordy
        and abs(upper.box[2] - lower.box[2]) < _JUSTIFIED_PT
        and _gap(upper, lower) < TITLE_GAP
        and not (_is_capitals(upper.text) and _is_capitals(lower.text))
    )


def _runs_on(upper: Line, lower: Line, page_width: float) -> bool:
    """Whether running text goes on from a line that reaches the right margin."""
    return (
        upper.box[2] - upper.box[0] > _WIDE * page_width
        and upper.bold == lower.bold
        and _gap(upper, lower) < TITLE_GAP
        and (
            abs(upper.box[0] - lower.box[0]) < _SAME_LEFT_PT
            or (lower.text[0].islower() and lower.box[0] < upper.box[0])
        )
        and not _is_capitals(lower.text)
        and _parse_start(lower.text) is None
        and _parse_start(upper.text) is None
        and _SECTION.match(lower.text) is None
        and not _vocabulary().prose_end.search(upper.text)
    )


def _make_caption(lines: Sequence[Line], start: _Start | None) -> Caption:
    """Title, number and unit of a caption's lines."""
    parts: list[str] = []
    labels: list[Unit] = []
    years: list[str] = []
    for i, line in enumerate(lines):
        label = parse_label(line.text)
        if i == 0 and start is not None:
            parts.append(start.rest)
        elif label is None and is_continuation_note(line):
            continue
        elif label is None:
            text = _SECTION.sub("", line.text) if len(lines) == 1 else line.text
            parts.append(text)
        else:
            if (unit := label_unit(label)) is not None:
                labels.append(unit)
            if label.label.startswith("tahun") and _YEAR.search(label.value):
                years.append(line.text)
    title = join_lines(parts)
    if years and not _YEAR.search(title):
        title = join_lines([title, *years])
    unit = _smallest(labels) or _smallest(_units_of_title(parts))
    return Caption(
        number=start.number if start else None,
        title=title.strip() or None,
        unit=unit.name if unit else None,
        lines=tuple(lines),
    )


def _units_of_title(parts: Sequence[str]) -> list[Unit]:
    """Units named in a title, each by the lines from its name's first word on."""
    segments: list[list[str]] = [[]]
    for part in parts:
        if is_office(part):
            segments.append([])
        segments[-1].append(part)
    found = (find_unit(join_lines(segment)) for segment in segments)
    return [unit for unit in found if unit is not None]


def _smallest(units: Sequence[Unit]) -> Unit | None:
    """The smallest unit named, the first of equals; an office only where no part is."""
    parts = [unit for unit in units if unit.level > OFFICE]
    return max(parts or units, key=lambda unit: unit.level, default=None)
