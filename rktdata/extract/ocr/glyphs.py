"""Recognised characters as glyphs: each where its ink stands.

The trouble: an engine tells only about where along a line a character stands, but whether
two words are one, and in which column a number stands, hangs on the gaps between them.
Words are therefore bounded by the white gaps in the picture; within a word the characters
share its width as their shapes usually do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rktdata.extract.ocr.engines import Reading
from rktdata.extract.ocr.fragments import CAPITAL_EM, Fragment
from rktdata.extract.ocr.picture import Sheet
from rktdata.extract.ocr.vote import Character
from rktdata.schemas.values import DOUBTFUL, READ, Bools, Glyphs

# Dashes, and how wide their ink is at most (font sizes).
DASHES = {"-": 0.42, "–": 0.7, "—": float("inf")}
# How wide characters are beside one another (an "n" is 1).
_NARROW = {**dict.fromkeys("iljI.,:;'|!()[]", 0.45), **dict.fromkeys("ftr-/ ", 0.6)}
_WIDE = {**dict.fromkeys("mwMW%@", 1.5), **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&+=", 1.2)}
# Sizes this near (a share) to the page's usual one are that one.
SAME_SIZE = 0.14
# A line whose strokes are this much wider (in sizes) than the page's usual is bold.
BOLD = 1.35
_TALL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789bdfhkl%()/&")


@dataclass(frozen=True, slots=True)
class Piece:
    """A fragment and what was read in it."""

    fragment: Fragment
    characters: tuple[Character, ...]


def white_gaps(fragment: Fragment, reading: Reading) -> list[float]:
    """For each character the widest white gap between it and the one before, font sizes."""
    em = fragment.capital / CAPITAL_EM
    gaps = [0.0]
    for before, place in zip(reading.place, reading.place[1:], strict=False):
        start, end = _widest_gap(fragment.columns, before, place, 0.25 * em)
        gaps.append((end - start) / em)
    return gaps[: len(reading.text)]


def _widest_gap(columns: Bools, before: float, after: float, slack: float) -> tuple[float, float]:
    """Where the widest run of white columns between two places begins and ends."""
    low = max(0, round(before - slack))
    high = min(len(columns), max(round(after + slack), low + 1))
    white = ~columns[low:high]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], white, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    inner = (starts > 0) & (ends < len(white))  # a gap that runs on belongs elsewhere
    if not inner.any():
        middle = (before + after) / 2
        return middle, middle
    wide = np.where(inner, ends - starts, 0)
    best = int(wide.argmax())
    return float(low + starts[best]), float(low + ends[best])


def glyphs_of(pieces: Sequence[Piece], sheet: Sheet) -> Glyphs:
    """The glyphs of a sheet's pieces, points of the sheet; spaces are glyphs as well."""
    sizes = _sizes(pieces, sheet)
    bold = _bold(pieces)
    rows: list[tuple[str, float, float, float, float, float, float, bool, int]] = []
    for piece, size, heavy in zip(pieces, sizes, bold, strict=True):
        baseline = piece.fragment.baseline / sheet.per_pt
        top, bottom = baseline - 0.76 * size, baseline + 0.22 * size
        before = None
        for word, start, end in _words(piece):
            left, right = start / sheet.per_pt, end / sheet.per_pt
            if before is not None:
                rows.append((" ", before, top, left, bottom, baseline, size, heavy, READ))
            before = right
            shares = np.cumsum([0.0, *(_share(c.text) for c in word)])
            edges = left + (right - left) * shares / shares[-1]
            for k, character in enumerate(word):
                state = READ if character.sure else DOUBTFUL
                x0, x1 = float(edges[k]), float(edges[k + 1])
                text = character.text
                if len(word) == 1 and text in DASHES:
                    text = _dash((right - left) / size)
                rows.append((text, x0, top, x1, bottom, baseline, size, heavy, state))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 9
    n = len(rows)
    places = [np.array(column, dtype=np.float64) for column in columns[1:7]]
    return Glyphs(
        text=np.array(columns[0], dtype=np.str_) if n else np.array([], dtype="<U1"),
        x0=places[0],
        top=places[1],
        x1=places[2],
        bottom=places[3],
        baseline=places[4],
        size=places[5],
        bold=np.array(columns[7], dtype=bool),
        clip=np.full(n, -1, dtype=np.int64),
        turn=np.zeros(n, dtype=np.int64),
        ocr=np.array(columns[8], dtype=np.int64),
    )


def _dash(wide_em: float) -> str:
    """The dash that is so wide: the engines do not tell them apart."""
    return next(dash for dash, widest in DASHES.items() if wide_em <= widest)


def _share(char: str) -> float:
    return _NARROW.get(char) or _WIDE.get(char) or 1.0


def _words(piece: Piece) -> list[tuple[tuple[Character, ...], float, float]]:
    """Words with the pixels at which each begins and ends."""
    fragment, characters = piece.fragment, piece.characters
    em = fragment.capital / CAPITAL_EM
    starts = [i for i, c in enumerate(characters) if c.spaced or i == 0]
    words = [characters[a:b] for a, b in zip(starts, [*starts[1:], len(characters)], strict=True)]
    left, words_found = float(fragment.box[0]), []
    corner = fragment.corner[0]
    for word, following in zip(words, [*words[1:], None], strict=True):
        if following is None:
            end, begin = float(fragment.box[2]), 0.0
        else:
            gap = _widest_gap(fragment.columns, word[-1].place, following[0].place, 0.25 * em)
            end, begin = gap[0] + corner, gap[1] + corner
        end = max(end, left + 0.1 * em * len(word))
        words_found.append((word, left, end))
        left = max(begin, end)
    return words_found


def _sizes(pieces: Sequence[Piece], sheet: Sheet) -> list[float]:
    """Font sizes, points; those near to the page's usual size are it."""
    sizes = []
    for piece in pieces:
        own = piece.fragment.capital
        sizes.append(own / CAPITAL_EM / sheet.per_pt)
    weights = [len(piece.characters) for piece in pieces]
    if not sizes:
        return []
    order = np.argsort(sizes)
    total = np.cumsum(np.array(weights)[order])
    usual = float(np.array(sizes)[order][int(np.searchsorted(total, total[-1] / 2))])
    return [round(usual if abs(size - usual) < SAME_SIZE * usual else size, 1) for size in sizes]


def _bold(pieces: Sequence[Piece]) -> list[bool]:
    """Which pieces' strokes are wider than usual, beside their letters' height."""
    ratio = np.array([p.fragment.weight / max(p.fragment.capital, 1.0) for p in pieces])
    if len(ratio) < 4:
        return [False] * len(ratio)
    heavy: list[bool] = (ratio > BOLD * float(np.median(ratio))).tolist()
    return heavy
