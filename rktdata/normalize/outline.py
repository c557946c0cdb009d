"""What each row of a table hangs under: misi, tujuan, sasaran, program, kegiatan.

The hierarchy is printed in columns of its own, in section rows over the whole width, or in
one column of several levels ("Program/Kegiatan"). What level a text of such a column is, is
decided by the first of these that speaks:

1. its opening word ("Program ...", "Kegiatan: ...");
2. the depth of its code ("1 03 16" over "1 03 16 02"; "3355" over "3355.EBA");
3. rows of the same kind of number (A, 1, a, none) and fill whose level is known;
4. its fill: a row without indicator, target and amount is the upper level, the others the
   lower one (CONTRACT.md: "section rows are the program, numbered rows the kegiatan");
   bullets and letters under numbered rows are details and change nothing.

A new upper level ends the lower ones. A section row of which nothing says what level it
is changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from rktdata.normalize.blocks import Block
from rktdata.normalize.headings import ColumnRole, is_total, vocabulary
from rktdata.normalize.markers import Marker, numbers_bare, read_marker, split_marker
from rktdata.schemas.values import Cell, Row, Source, Table

PROGRAMME_LEVELS = ("urusan", "program", "kegiatan", "subkegiatan")
# Kinds of markers, from those of the upper levels to those of details.
_RANK = {"k": 0, "I": 1, "A": 2, "1": 3, "n": 4, "a": 5, "-": 6, "": 3}
# Row numbers count a column whose cells are empty beside at most this share of new numbers.
_RARELY = 0.25
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A text of the hierarchy as printed, without its number."""

    text: str
    sources: tuple[Source, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row stands in the hierarchy.

    Attributes:
        levels: Level to what the row hangs under, the row's own level included.
        kind: "data", "bagian" (names a level only), "jumlah" (a printed total),
            "rincian" (a detail of the row above), "kosong".
        level: The lowest level that the row itself names; None where it names none.
        label: The row's own text without its number.
        marker: Its number, letter or code as printed, without the full stop.
        guessed: The level rests on the row's look alone.
    """

    levels: dict[str, Heading] = field(default_factory=dict)
    kind: str = "data"
    level: str | None = None
    label: Heading | None = None
    marker: Marker = Marker()
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row's text in a column of several levels, and what tells its level."""

    text: str
    marker: Marker
    code: Marker
    fill: str
    upper: bool
    word: str | None

    @property
    def style(self) -> tuple[bool, str]:
        return self.upper, self.marker.style

    @property
    def look(self) -> tuple[bool, str, str]:
        return self.upper, self.marker.style, self.fill


def text_of(row: Row, column: int | None) -> str:
    """A cell's text, "" where there is none."""
    if column is None:
        return ""
    cell = row.cells[column]
    return cell.text.strip() if cell else ""


def opening_level(text: str) -> str | None:
    """The level that a text's opening words name ("Program ...", "Sub Kegiatan: ..."), if any.

    >>> [opening_level(t) for t in ("Program Pelayanan", "Kegiatan: Rapat", "PROGRAM")]
    ['program', 'kegiatan', None]
    """
    pattern, levels = _openings()
    found = pattern.match(text.lower().lstrip(" .:-"))
    return levels[found[1]] if found else None


@cache
def _openings() -> tuple[re.Pattern[str], dict[str, str]]:
    """The words that name a level at a text's beginning, longest first, and their level."""
    levels: dict[str, str] = {}
    for level, words in vocabulary()["pembuka"].items():
        for word in words:
            levels.setdefault(word, level)
    forms = "|".join(re.escape(word) for word in sorted(levels, key=len, reverse=True))
    return re.compile(rf"({forms})(?:\s*[:.]|\s+)\s*\S"), levels


def without_numbered_name(text: str) -> str:
    """A text without the level's name where that carries the row's number.

    >>> without_numbered_name("Sasaran 1: Meningkatnya mutu"), without_numbered_name("Program 3T")
    ('Meningkatnya mutu', 'Program 3T')
    >>> without_numbered_name("Kegiatan: Rapat")
    'Kegiatan: Rapat'
    """
    found = _numbered_names().match(text)
    return text[found.end() :] if found else text


@cache
def _numbered_names() -> re.Pattern[str]:
    names = (w for words in vocabulary()["pembuka"].values() for w in words)
    forms = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"(?:{forms})\s*(?:ke-?)?\s*(?:\d[\d.]*|[IVX]+)\s*[:.)-]+\s*(?=\S)", re.IGNORECASE
    )


def outline(table: Table, roles: tuple[ColumnRole, ...], block: Block) -> list[RowPlace]:
    """The place of each row of the table, in row order."""
    return _Outline(table, roles, block).places()


class _Outline:
    """One pass over a table's rows; what is open so far is kept level by level."""

    def __init__(self, table: Table, roles: tuple[ColumnRole, ...], block: Block) -> None:
        self.table, self.roles, self.block = table, roles, block
        self.numbers = [i for i, r in enumerate(roles) if r.name == "nomor"]
        self.codes = [i for i, r in enumerate(roles) if r.name == "kode"]
        names = [i for i, r in enumerate(roles) if r.name == "uraian"]
        self.columns = list(block.levels) or names[:1]
        self.mixed = next((c for c in self.columns if len(self._levels(c)) > 1), None)
        self.bare = {c: numbers_bare([text_of(r, c) for r in table.rows]) for c in self.columns}
        self.order = self._order()
        self.numbered = self._numbered_column()
        self.entries = [self._entry(r) for r in table.rows] if self.mixed is not None else []
        self.known = self._settle() if self.mixed is not None else []

    def _levels(self, column: int) -> tuple[str, ...]:
        return self.roles[column].levels or ("uraian",)

    def _order(self) -> list[str]:
        """Levels from the top: those without a column, then those of the columns."""
        canonical: list[str] = vocabulary()["tingkat"]["urutan"]
        in_columns = [level for c in self.columns for level in self._levels(c)]
        for level in ("urusan", "subkegiatan"):
            anchor = "program" if level == "urusan" else "kegiatan"
            if level not in in_columns and anchor in in_columns:
                at = in_columns.index(anchor) + (level == "subkegiatan")
                in_columns.insert(at, level)
        return [x for x in canonical if x not in in_columns] + list(dict.fromkeys(in_columns))

    def _numbered_column(self) -> int | None:
        """The column of the hierarchy that the row numbers count, if they count one.

        Then a new number beside an empty cell is a new, unnamed one, not the one above.
        """
        if not self.numbers or not self.columns:
            return None
        column, before = min(self.columns), ("", "")
        new = empty = spanning = 0
        for row in self.table.rows:
            number, text = self._row_marker(row, self.numbers).text, text_of(row, column)
            if number and number != before[0]:
                new, empty = new + 1, empty + (not text)
            spanning += bool(number and text) and (number, text) == before
            if number:
                before = number, text
        return column if spanning or empty <= _RARELY * new else None

    def _text(self, row: Row, column: int) -> str:
        """The cell's text, or the first half's where a second half prints no section row."""
        text = text_of(row, column)
        if text or not self.block.fallback:
            return text
        at = self.block.levels.index(column)
        if at >= len(self.block.fallback) or self._fill(row) != "kosong":
            return ""
        return text_of(row, self.block.fallback[at])

    def _fill(self, row: Row) -> str:
        """Whether the row holds an indicator or target ("isi"), an amount only, or nothing."""
        block = self.block
        if any(text_of(row, c) for c in (block.indicator, *block.targets)):
            return "isi"
        return "dana" if any(text_of(row, c) for c in block.budgets) else "kosong"

    def _row_marker(self, row: Row, columns: list[int]) -> Marker:
        """The row's number or code; a code may stand in several narrow columns."""
        texts = [t for c in columns if (t := text_of(row, c)) and read_marker(t).style]
        if len(texts) > 1 and columns is self.codes:
            return Marker(" ".join(texts), "n")
        return read_marker(texts[0]) if texts else Marker()

    def _entry(self, row: Row) -> _Entry | None:
        assert self.mixed is not None
        text = self._text(row, self.mixed)
        if not text or is_total(text):
            return None
        own, rest = split_marker(text, self.bare[self.mixed])
        number = self._row_marker(row, self.numbers)
        code = self._row_marker(row, self.codes)
        if not code.style and own.style in ("n", "k"):
            code = own
        marker = own if own.style in ("-", "a") or not number.style else number
        word = opening_level(rest)
        word = word if word in (*self._levels(self.mixed), *PROGRAMME_LEVELS) else None
        letters = [c for c in rest if c.isalpha()]
        upper = len(letters) >= 8 and sum(c.isupper() for c in letters) > 0.8 * len(letters)
        return _Entry(rest, marker, code, self._fill(row), upper, word)

    def _settle(self) -> list[tuple[str | None, bool]]:
        """Each entry's level (None: a detail) and whether it is only guessed."""
        assert self.mixed is not None
        levels = self._levels(self.mixed)
        entries = [e for e in self.entries if e is not None]
        depth = _levels_by_depth(entries, levels)
        by_look, by_style = dict[tuple[bool, str, str], str](), dict[tuple[bool, str], str]()
        sure = [(e, _sure_level(e, depth)) for e in entries]
        for look in {e.look for e in entries}:
            votes = Counter(v for e, v in sure if e.look == look and v)
            if votes:
                by_look[look] = min(votes, key=lambda v: (-votes[v], v))
        for style in {e.style for e in entries}:
            votes = Counter(v for e, v in sure if e.style == style and v)
            if len(votes) == 1:
                by_style[style] = next(iter(votes))
        if not any(v for _, v in sure):
            by_look = _levels_by_look(entries, levels)
        fallback = _Fallback(entries, levels, by_look)
        settled = list[tuple[str | None, bool]]()
        for entry in self.entries:
            if entry is None:
                settled.append((None, False))
                continue
            level = _sure_level(entry, depth)
            if level is not None:
                settled.append((level, False))
            elif fallback.is_detail(entry):
                settled.append((None, False))
            else:
                guess = by_look.get(entry.look) or by_style.get(entry.style)
                settled.append((guess or fallback.level(entry), True))
        return settled

    def places(self) -> list[RowPlace]:
        """The place of each row."""
        state, places, number = dict[str, Heading](), list[RowPlace](), ""
        for i, row in enumerate(self.table.rows):
            filled = [(c, t) for c in range(len(row.cells)) if (t := text_of(row, c))]
            if not filled:
                places.append(RowPlace(dict(state), "kosong"))
                continue
            label = next((t for c, t in filled if not read_marker(t).style), filled[0][1])
            if is_total(label) and not text_of(row, self.block.indicator):
                places.append(RowPlace({}, "jumlah", label=_heading(row, filled, label)))
                continue
            before, number = number, self._row_marker(row, self.numbers).text or number
            if number != before and self.numbered is not None:
                self._end_unnamed(row, self.numbered, state)
            places.append(self._place(i, row, filled, state))
        return places

    def _end_unnamed(self, row: Row, column: int, state: dict[str, Heading]) -> None:
        """A new number beside an empty cell: what was open in that column has ended."""
        if not self._text(row, column) and self._fill(row) == "isi":
            lowest = self._levels(column)[-1]
            for level in self.order[self.order.index(lowest) :]:
                state.pop(level, None)

    def _place(
        self, i: int, row: Row, filled: list[tuple[int, str]], state: dict[str, Heading]
    ) -> RowPlace:
        named = list[tuple[str, Heading, Marker, bool]]()
        detail: tuple[Heading, Marker] | None = None
        for c in self.columns:
            text = self._text(row, c)
            if not text:
                continue
            if c == self.mixed:
                entry, (level, guessed) = self.entries[i], self.known[i]
                if entry is None:
                    continue
                head = Heading(entry.text, *_evidence(row, c, self.block))
                if level is None:
                    detail = head, entry.marker
                else:
                    named.append((level, head, self._printed_marker(row, c), guessed))
            elif self._is_detail(c, text) and self._levels(c)[0] in state:
                marker, rest = split_marker(text)
                detail = Heading(rest, *_evidence(row, c, self.block)), marker
            else:
                level, rest = self._single(row, c, text)
                head = Heading(rest, *_evidence(row, c, self.block))
                named.append((level, head, self._printed_marker(row, c), False))
        section = False
        if not named and detail is None:
            found = self._section(row, filled)
            if found is not None:
                named.append(found)
                section = True
        for level, head, _, _ in named:
            in_mixed = self.mixed is not None and level in self._levels(self.mixed)
            self._open(state, level, head, again=section or in_mixed)
        fill = self._fill(row)
        if not named:
            label, marker = detail or (None, Marker())
            kind = "rincian" if detail else "data"
            return RowPlace(dict(state), kind, None, label, marker)
        level, head, marker, guessed = max(named, key=lambda n: self.order.index(n[0]))
        kind = "bagian" if section or fill == "kosong" else "data"
        return RowPlace(dict(state), kind, level, head, marker, guessed)

    def _open(self, state: dict[str, Heading], level: str, head: Heading, again: bool) -> None:
        """Put a level into the state; where it is new or printed `again`, those below end."""
        before = state.get(level)
        state[level] = head
        if before is not None and before.text == head.text and not again:
            return
        for lower in self.order[self.order.index(level) + 1 :]:
            state.pop(lower, None)

    def _is_detail(self, column: int, text: str) -> bool:
        """A bulleted text among activities without bullets."""
        if self._levels(column)[0] not in PROGRAMME_LEVELS or split_marker(text)[0].style != "-":
            return False
        styles = [split_marker(t)[0].style for r in self.table.rows if (t := text_of(r, column))]
        return styles.count("-") < len(styles) and styles[0] != "-"

    def _single(self, row: Row, column: int, text: str) -> tuple[str, str]:
        """The level and text of a cell in a column of one level."""
        own = self._levels(column)[0]
        rest = split_marker(text, self.bare[column])[1]
        word = opening_level(rest)
        rest = without_numbered_name(rest)
        family = own in PROGRAMME_LEVELS and word in PROGRAMME_LEVELS
        if family and word != own and word is not None and self._fill(row) != "isi":
            return word, rest
        return own, rest

    def _printed_marker(self, row: Row, column: int) -> Marker:
        """What a budget line gives as its code: code column, number column, own number."""
        code = self._row_marker(row, self.codes)
        if code.style:
            return code
        number = self._row_marker(row, self.numbers)
        own = split_marker(self._text(row, column), self.bare.get(column, False))[0]
        leftmost = column == min(self.columns)
        return number if number.style and leftmost else own

    def _section(
        self, row: Row, filled: list[tuple[int, str]]
    ) -> tuple[str, Heading, Marker, bool] | None:
        """A level named by a row's only text, outside the columns of the hierarchy."""
        texts = {t for c, t in filled if not (c in self.numbers and read_marker(t).style)}
        if len(texts) != 1:
            return None
        column, text = next((c, t) for c, t in filled if t in texts)
        if column in (self.block.indicator, *self.block.targets, *self.block.budgets):
            return None
        marker, rest = split_marker(text)
        level = opening_level(rest)
        rest = without_numbered_name(rest)
        head = Heading(rest, *_evidence(row, column, self.block))
        if level == "unit":
            return None
        if level is not None:
            return level, head, marker, False
        level = self._section_level(rest)
        return (level, head, marker, True) if level else None

    def _section_level(self, text: str) -> str | None:
        if self.mixed is not None:
            return _plain(self._levels(self.mixed))[0]
        single = [self._levels(c)[0] for c in self.columns]
        for c in self.columns:
            if not any(text_of(r, c) for r in self.table.rows):
                return self._levels(c)[0]
        if single and single[0] == "kegiatan":
            return "program"
        opened = [w for w in _WORD.findall(text.lower())][:1]
        if "sasaran" not in single and opened and opened[0] in vocabulary()["rupa"]["sasaran"]:
            return "sasaran"
        return None


def _plain(levels: tuple[str, ...]) -> list[str]:
    """The levels that a text without any sign may be of: "urusan" only if there is need."""
    plain = [x for x in levels if x != "urusan"]
    return plain if len(plain) > 1 else list(levels)


class _Fallback:
    """The level of a text in a mixed column by its marker and fill alone."""

    def __init__(
        self,
        entries: list[_Entry],
        levels: tuple[str, ...],
        known: dict[tuple[bool, str, str], str],
    ) -> None:
        plain = _plain(levels)
        self.lower = plain[-1] if len(plain) < 3 else plain[1]
        self.upper = plain[max(0, plain.index(self.lower) - 1)]
        full = [e for e in entries if e.fill == "isi"]
        firm = [e for e in full if e.marker.style not in ("-", "a")]
        self.details = {"-", "a"} if firm else set[str]()
        if "subkegiatan" in levels:
            self.details -= {"a"}
        self.numbered = {e.style for e in firm if e.marker.style and known.get(e.look) is None}
        self.capitals = any(not e.upper for e in entries)

    def is_detail(self, entry: _Entry) -> bool:
        return entry.marker.style in self.details

    def level(self, entry: _Entry) -> str:
        if entry.upper and self.capitals and entry.marker.style in ("", "I", "A"):
            return self.upper
        if entry.fill == "isi":
            return self.lower
        return self.lower if entry.style in self.numbered else self.upper


def _sure_level(entry: _Entry, depth: dict[int, str]) -> str | None:
    """The level by word or code."""
    if entry.word is not None:
        return entry.word
    return depth.get(entry.code.depth) if entry.code.style else None


def _levels_by_depth(entries: list[_Entry], levels: tuple[str, ...]) -> dict[int, str]:
    """Depth of code to level: anchored on rows that say "Program", else by the law's forms."""
    depths = sorted({e.code.depth for e in entries if e.code.style in ("n", "k")})
    if len(depths) < 2:
        return {}
    names = [x for x in PROGRAMME_LEVELS]
    votes = {
        d: Counter(e.word for e in entries if e.code.style and e.code.depth == d and e.word)
        for d in depths
    }
    anchors = {d: min(v, key=lambda w: (-v[w], w)) for d, v in votes.items() if v}
    if anchors:
        at = min(anchors)
        base = names.index(anchors[at])
        steps = {d: base + depths.index(d) - depths.index(at) for d in depths}
        by_anchor = {d: names[min(max(s, 0), 3)] for d, s in steps.items()}
        return {**by_anchor, **anchors}
    if max(depths) in (5, 6) and 3 in depths:
        # Permendagri 90/2019: urusan.bidang.program.kegiatan (two parts).subkegiatan
        law = {1: "urusan", 2: "urusan", 3: "program", 4: "kegiatan", 5: "kegiatan"}
        return {d: law.get(d, "subkegiatan") for d in depths}
    plain = [x for x in levels if x != "urusan"]
    if len(plain) < 2 or not set(plain) <= set(names):
        return {}
    return {d: plain[min(k, len(plain) - 1)] for k, d in enumerate(depths)}


def _levels_by_look(
    entries: list[_Entry], levels: tuple[str, ...]
) -> dict[tuple[bool, str, str], str]:
    """Where no word or code tells: kinds of markers from the top down, if they differ."""
    plain = _plain(levels)
    if any(not e.marker.style and e.fill != "isi" for e in entries):
        return {}
    ranks = sorted({_RANK[e.marker.style] for e in entries})
    if len(ranks) < 2 or len(plain) < 2:
        return {}
    found = dict[tuple[bool, str, str], str]()
    for e in entries:
        at = ranks.index(_RANK[e.marker.style])
        if at < len(plain):
            found[e.look] = plain[at]
    return found


def _evidence(row: Row, column: int, block: Block) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    cell: Cell | None = row.cells[column]
    if cell is None and block.fallback and column in block.levels:
        cell = row.cells[block.fallback[min(block.levels.index(column), len(block.fallback) - 1)]]
    return (cell.sources, cell.marks) if cell else ((), ())


def _heading(row: Row, filled: list[tuple[int, str]], text: str) -> Heading:
    column = next(c for c, t in filled if t == text)
    cell = row.cells[column]
    return Heading(text, cell.sources, cell.marks) if cell else Heading(text)
