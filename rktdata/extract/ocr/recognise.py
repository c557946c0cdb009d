"""A page's picture read: its text as glyphs, its ruled lines as rules.

What comes back is a `Page` like any other, so that everything behind the reader stays one
way: a character is a glyph that stands where its ink stands, and a wall is a wall.

Rules: a fragment that the engines read nothing alike in is no text; it is dropped, and the
page's remarks say how many were. Everything else is kept, doubts and all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from rktdata.extract.ocr.engines import Engines, Reading
from rktdata.extract.ocr.fragments import Fragment, find_fragments
from rktdata.extract.ocr.glyphs import Piece, glyphs_of, white_gaps
from rktdata.extract.ocr.picture import Picture, Sheet, clean, upside_down
from rktdata.extract.ocr.ruling import find_ruling
from rktdata.extract.ocr.stored import from_bytes, to_bytes
from rktdata.extract.ocr.vote import SURE, Character, agreement, merge
from rktdata.extract.walls import merge_strokes
from rktdata.schemas.values import Floats, Page, Rules

# Changes with everything here that changes what is read.
VERSION = "6"
# How many fragments are looked at to tell which way is up.
SAMPLE = 8
# Trust from which a line is read for certain the right way up.
UPRIGHT = 0.85
# Lines that are no text: little trust, and the engines agree on little.
NO_TEXT_TRUST = 0.6
NO_TEXT_TRUST_IN_CELL = 0.3
NO_TEXT_AGREEMENT = 0.5
# Walls this near meet (points).
NEAR_PT = 4.0
# What upright bars are read as.
_BARS = frozenset("Il1|!i")
# And flat marks.
_DASHES = frozenset(("-", "–", "—", "~", "_", "=", "."))
# A page has at most so many lines of text; more is a photograph.
MOST_FRAGMENTS = 4000


class Cache(Protocol):
    """Where read pages are kept; the caller's."""

    def get(self, key: str) -> bytes | None:
        """What was kept under a key."""

    def put(self, key: str, value: bytes) -> None:
        """Keep it."""


def recognise(page: Page, picture: Picture, engines: Engines, cache: Cache | None = None) -> Page:
    """The page with the glyphs and rules that its picture shows.

    Args:
        page: As its PDF says; number, size and pictures stay, glyphs and rules do not.
        picture: The page as displayed.
        engines: See `load_engines`.
        cache: A picture read before is not read again.
    """
    key = _key(picture, engines) if cache is not None else ""
    kept = cache.get(key) if cache is not None else None
    read = from_bytes(kept, page) if kept is not None else None
    if read is None:
        read = _read(page, picture, engines)
        if cache is not None:
            cache.put(key, to_bytes(read))
    return read


def _key(picture: Picture, engines: Engines) -> str:
    """Names a picture, and everything that decides what is read in it."""
    shape = f"{picture.pixels.shape} {picture.per_pt:.6f} {engines.version} {VERSION}"
    digest = hashlib.sha256(shape.encode())
    digest.update(np.ascontiguousarray(picture.pixels).data)
    return digest.hexdigest()


def _read(page: Page, picture: Picture, engines: Engines) -> Page:
    sheet = clean(picture)
    ruling = find_ruling(sheet)
    fragments = find_fragments(sheet, ruling)[:MOST_FRAGMENTS]
    glanced = _glance(fragments, engines)
    if fragments and _stands_on_its_head(fragments, glanced, engines):
        sheet, glanced = upside_down(sheet), {}
        ruling = find_ruling(sheet)
        fragments = find_fragments(sheet, ruling)[:MOST_FRAGMENTS]
    readings = engines.read([fragment.crop for fragment in fragments], glanced)
    pieces: list[Piece] = []
    dropped = 0
    for fragment, (signs, words) in zip(fragments, readings, strict=True):
        if fragment.bars and _reads_bars(signs, words, len(fragment.bars)):
            pieces.append(Piece(fragment, _roman(fragment.bars, signs, words)))
        elif fragment.dash and _reads_dash(signs, words, fragment.walled):
            middle = (fragment.box[0] + fragment.box[2]) / 2 - fragment.corner[0]
            pieces.append(Piece(fragment, (Character("-", False, middle, True),)))
        elif _is_text(signs, words, fragment.walled):
            characters = merge(signs, words, white_gaps(fragment, signs))
            pieces.append(Piece(fragment, tuple(characters)))
        else:
            dropped += 1
    certain = [
        p.fragment for p in pieces if sum(c.sure for c in p.characters) > len(p.characters) / 2
    ]
    rules = _with_hidden_walls(ruling.rules, certain, sheet.per_pt)
    return _page(page, sheet, rules, pieces, dropped)


def _glance(fragments: Sequence[Fragment], engines: Engines) -> dict[int, Reading]:
    """The longest lines, read quickly, by their places."""
    widths = [fragment.box[0] - fragment.box[2] for fragment in fragments]
    longest = sorted(range(len(fragments)), key=widths.__getitem__)[:SAMPLE]
    readings = engines.glance([fragments[i].crop for i in longest])
    return dict(zip(longest, readings, strict=True))


def _stands_on_its_head(
    fragments: Sequence[Fragment], glanced: dict[int, Reading], engines: Engines
) -> bool:
    """Whether the longest lines read better turned by half a turn."""
    upright = _believed(list(glanced.values()))
    if upright >= UPRIGHT:
        return False
    turned = [np.ascontiguousarray(np.rot90(fragments[i].crop, 2)) for i in glanced]
    return _believed(engines.glance(turned)) > upright


def _believed(readings: Sequence[Reading]) -> float:
    trust = [value for reading in readings for value in reading.trust]
    return sum(trust) / len(trust) if trust else 0.0


def _reads_bars(signs: Reading, words: Reading, count: int) -> bool:
    """Whether nothing but bars was read in a fragment of bars, or nothing at all."""
    return set(signs.text) <= _BARS or (set(words.text) <= _BARS and len(words.text) == count)


def _reads_dash(signs: Reading, words: Reading, walled: bool) -> bool:
    """Whether a flat mark is read as a dash; in a cell of its own it need not be."""
    read = {signs.text, words.text}
    return bool(read & _DASHES) or (walled and max(map(len, read)) <= 1)


def _roman(bars: Sequence[float], signs: Reading, words: Reading) -> tuple[Character, ...]:
    """Upright bars as what they are in print: a Roman number."""
    sure = "I" * len(bars) in (signs.text, words.text)
    return tuple(Character("I", False, place, sure) for place in bars)


def _is_text(signs: Reading, words: Reading, walled: bool) -> bool:
    """Whether a fragment is text; in a table's cell more is believed to be."""
    if not signs.text:
        return walled and len(words.text) > 1 and min(words.trust) >= UPRIGHT
    trust = sum(signs.trust) / len(signs.trust)
    if walled and words.text.isalnum() and min(words.trust) >= SURE:
        return True
    least = NO_TEXT_TRUST_IN_CELL if walled else NO_TEXT_TRUST
    return trust >= least or agreement(signs, words) >= NO_TEXT_AGREEMENT


def _with_hidden_walls(rules: Rules, fragments: Sequence[Fragment], per_pt: float) -> Rules:
    """Walls that end at the foot of a head in which each column has its own text.

    A head printed light on dark has no drawn walls, or none that a scan shows.
    """
    across, down = rules.horizontal, rules.vertical
    extra = []
    for band_top, band_bottom, start, end in _bands(merge_strokes(across), merge_strokes(down)):
        inner = down[(np.abs(down[:, 0] - band_bottom) < NEAR_PT)]
        inner = inner[(inner[:, 2] > start + NEAR_PT) & (inner[:, 2] < end - NEAR_PT)]
        walls = np.sort(inner[:, 2])
        texts = [
            (f.box[0] / per_pt, f.box[2] / per_pt)
            for f in fragments
            if band_top < f.baseline / per_pt < band_bottom
            and start < f.box[0] / per_pt < end
            and f.box[3] - f.box[1] > 0.6 * f.capital
        ]
        columns = {int(np.searchsorted(walls, (a + b) / 2)) for a, b in texts}
        crossed = any(a < wall - 1 and b > wall + 1 for a, b in texts for wall in walls)
        if len(walls) >= 2 and not crossed and len(columns) == len(walls) + 1:
            extra += [(band_top, band_bottom, wall, 1.0) for wall in walls.tolist()]
    if not extra:
        return rules
    return replace(rules, vertical=np.vstack([down, np.array(extra)]))


def _bands(across: Floats, down: Floats) -> list[tuple[float, float, float, float]]:
    """Rows without a wall inside: top, bottom, and the sides' places."""
    found = []
    sides = down[np.argsort(down[:, 2])]
    for top in across.tolist():
        below = across[(across[:, 2] > top[2] + NEAR_PT) & (across[:, 0] < top[1])]
        below = below[below[:, 1] > top[0]]
        if not len(below):
            continue
        bottom = float(below[:, 2].min())
        through = sides[(sides[:, 0] < top[2] + NEAR_PT) & (sides[:, 1] > bottom - NEAR_PT)]
        places = through[(through[:, 2] > top[0] - NEAR_PT) & (through[:, 2] < top[1] + NEAR_PT)]
        if len(places) and np.ptp(places[:, 2]) > 0:
            left, right = float(places[0, 2]), float(places[-1, 2])
            if not np.any((places[:, 2] > left + NEAR_PT) & (places[:, 2] < right - NEAR_PT)):
                found.append((float(top[2]), bottom, left, right))
    return found


def _page(page: Page, sheet: Sheet, rules: Rules, pieces: Sequence[Piece], dropped: int) -> Page:
    glyphs = glyphs_of(pieces, sheet)
    width, height = page.width, page.height
    if (sheet.turn - page.turn) % 2:
        width, height = height, width
    remarks = ["ocr"]
    if sheet.turn:
        remarks.append("diputar")
    if dropped:
        remarks.append(f"coretan:{dropped}")
    a, b, c = sheet.bend[0].tolist()
    d, e, f = sheet.bend[1].tolist()
    k = sheet.per_pt
    straight = np.allclose(sheet.bend, np.eye(2, 3))
    read = replace(
        page,
        width=width,
        height=height,
        turn=sheet.turn,
        glyphs=glyphs,
        rules=rules,
        clips=np.zeros((0, 4)),
        set_aside={},
        found=int(np.count_nonzero(glyphs.text != " ")),
        reader="ocr",
        remarks=(*page.remarks, *remarks),
        bend=None if straight else (a, d, b, e, c / k, f / k),
    )
    return read
