"""Where the text stands in a picture: runs of letters on one line, within one cell.

The trouble: text detectors that look at whole pages are slow, miss lone row numbers and
dashes, and draw one box over two cells. Letters are marks of ink that stand side by side;
walls are known by now and part them.

Rules: marks that are about as high, stand on a level and near to one another are one
fragment. No fragment reaches over a wall. Marks far larger than the text (logos,
signatures) are no letters; a fragment that no engine can read is dropped later, by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rktdata.extract.ocr.picture import Pixels, Sheet
from rktdata.extract.ocr.ruling import Ruling
from rktdata.schemas.values import Bools, Floats, Ints

# Letters are this high (points), from 5 pt small print to a cover's title.
LETTER_PT = (2.6, 60.0)
# A gap up to this (letter heights) keeps two marks together: words of one line.
GAP = 1.5
# Marks smaller than this (letter heights) are dots and commas, and go with their letters.
SMALL = 0.45
# A bar fills so much of its box; a 1 with its flag does not.
BAR_FILL = 0.74
# Dashes are so long (font sizes).
DASH_EM = (0.18, 1.2)
# Letters whose darkest pixels are lighter than this (0-255) are pale.
PALE = 90
# Beside a wall, what is no darker than this (0-255) is the wall's.
SOFT_EDGE = 120
# Commas and hyphens are up to so high and wide; alone they stand on no line of their own.
MINOR = 0.66
# Baselines this near (capitals' heights) are of one line.
SAME_LINE = 0.4
# A mark higher than this (letter heights) may be two lines' letters that touch.
TALL = 2.0
# An underline is flat, and stands so near below letters (letter heights) of at least such a
# height, that it underlines for so much of its length; the bar of a "≥" has no such letter.
UNDERLINE_FLAT, UNDERLINE_GAP, UNDERLINED, UNDERLINE_SHARE = 2.5, 0.45, 0.85, 0.5
# A capital's height in font sizes: Helvetica 0.718, Times 0.662, Arial 0.716.
CAPITAL_EM = 0.70


@dataclass(frozen=True, slots=True, eq=False)
class Fragment:
    """Letters side by side on one line.

    Attributes:
        box: Left, top, right, bottom of the ink, pixels of the sheet.
        baseline: Pixels from the top.
        capital: Height of a capital, pixels.
        crop: The picture of the fragment alone, grey, and some paper round it.
        corner: Of the crop, pixels (x, y).
        columns: The crop's columns that hold ink of the fragment.
        weight: Width of the strokes, pixels.
        walled: Whether it stands between walls (in a table's cell).
        bars: Middles (columns of the crop) of its marks if all are upright bars, as of
            the Roman numbers I, II, III without serifs; else empty.
        dash: Whether it is one mark that is flat as a dash.
    """

    box: tuple[int, int, int, int]
    baseline: float
    capital: float
    crop: Pixels
    corner: tuple[int, int]
    columns: Bools
    weight: float
    walled: bool
    bars: tuple[float, ...] = ()
    dash: bool = False


@dataclass(slots=True, eq=False)
class _Marks:
    """Connected marks of ink: n x (left, top, width, height, area), and their picture."""

    stats: Ints
    labels: NDArray[np.int32]

    @property
    def middle(self) -> Floats:
        return self.stats[:, 1] + self.stats[:, 3] / 2


def find_fragments(sheet: Sheet, ruling: Ruling) -> list[Fragment]:
    """The fragments of a sheet, top to bottom, left to right."""
    marks = _marks(sheet, ruling)
    height = marks.stats[:, 3].astype(np.float64)
    size = np.maximum(height, marks.stats[:, 2])
    low, high = LETTER_PT[0] * sheet.per_pt, LETTER_PT[1] * sheet.per_pt
    letter = (height >= low) & (height <= high)
    if not letter.any():
        return []
    typical = float(np.median(height[letter]))
    small = size < SMALL * typical
    lines = _underlines(marks, typical)
    small &= ~lines
    text = ~small & ~lines & (height <= high) & (size < 400 * sheet.per_pt)
    text &= (height <= 4 * typical) | _has_peers(marks, height)
    part = _parts(marks, text, typical, sheet, ruling)
    minor = size < MINOR * typical
    lone = minor & ~np.isin(part, part[~minor])
    rest = np.where(lone, 0, part)
    joined = _with_letters(marks, lone | small, rest, typical)
    part[lone | small] = np.where(joined > 0, joined, part[lone | small])
    fragments = []
    capital = float(np.percentile(height[letter & (height < TALL * typical)], 75))
    order = np.argsort(part, kind="stable")
    numbers, starts = np.unique(part[order], return_index=True)
    for number, members in zip(numbers.tolist(), np.split(order, starts[1:]), strict=True):
        if number > 0 and text[members].any():
            for piece in _one_line_each(marks, members, text & ~minor, typical):
                fragments.append(_fragment(marks, piece, sheet, ruling, capital))
    return _in_reading_order(fragments, capital)


def _in_reading_order(fragments: list[Fragment], capital: float) -> list[Fragment]:
    """Line by line, each from left to right."""
    ordered: list[Fragment] = []
    line: list[Fragment] = []
    for fragment in sorted(fragments, key=lambda f: (f.baseline, f.box[0])):
        if line and fragment.baseline - line[-1].baseline > SAME_LINE * capital:
            ordered += sorted(line, key=lambda f: f.box[0])
            line = []
        line.append(fragment)
    return ordered + sorted(line, key=lambda f: f.box[0])


def _marks(sheet: Sheet, ruling: Ruling) -> _Marks:
    """Marks of ink that are no walls."""
    walls = ruling.across | ruling.down
    # A wall's soft edge is no ink; a letter that touches the wall is.
    edge = cv2.dilate(walls.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    ink = (sheet.ink & ~walls & ~(edge & (sheet.grey > SOFT_EDGE))).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = max(3.0, (0.3 * sheet.per_pt) ** 2)
    stats[0] = 0
    keep = stats[:, cv2.CC_STAT_AREA] >= least
    number = np.cumsum(keep) * keep - 1  # -1: none
    return _Marks(stats[keep].astype(np.int64), number[labels].astype(np.int32))


def _underlines(marks: _Marks, typical: float) -> Bools:
    """Which marks are strokes under letters."""
    left, top, width, height, area = marks.stats.T
    flat = (width > UNDERLINE_FLAT * height) & (height < SMALL * typical)
    flat &= area > BAR_FILL * width * height
    tall = np.nonzero(height >= UNDERLINED * typical)[0]
    for i in np.nonzero(flat)[0].tolist():
        gap = top[i] - (top[tall] + height[tall])
        near = tall[(gap > -0.1 * typical) & (gap < UNDERLINE_GAP * typical)]
        shared = np.minimum(left[near] + width[near], left[i] + width[i])
        shared = shared - np.maximum(left[near], left[i])
        flat[i] = shared[shared > 0].sum() > UNDERLINE_SHARE * width[i]
    return np.asarray(flat, dtype=bool)


def _has_peers(marks: _Marks, height: Floats) -> Bools:
    """Marks beside which others of their height stand on a level, as in a large title."""
    left, middle = marks.stats[:, 0], marks.middle
    peers = np.zeros(len(height), dtype=bool)
    for i in np.nonzero(height > np.percentile(height, 80))[0].tolist():
        h = height[i]
        alike = (np.abs(height - h) < 0.3 * h) & (np.abs(middle - middle[i]) < 0.4 * h)
        peers[i] = np.count_nonzero(alike & (np.abs(left - left[i]) < 6 * h)) >= 4
    return peers


def _parts(marks: _Marks, text: Bools, typical: float, sheet: Sheet, ruling: Ruling) -> Ints:
    """Each mark's fragment, 0 for none: marks' middles spread sidewards until they meet."""
    spread = np.zeros(sheet.grey.shape, dtype=np.uint8)
    peers = _has_peers(marks, marks.stats[:, 3].astype(np.float64))
    middles: dict[int, tuple[int, int]] = {}
    for i in np.nonzero(text)[0].tolist():
        x, y, w, h, _ = marks.stats[i].tolist()
        if h > TALL * typical and not peers[i]:
            continue  # two lines' letters that touch would join the lines
        reach = round(GAP / 2 * max(min(h, 3 * typical), 0.8 * typical))
        band = max(1, round(0.22 * h), round(0.08 * typical))
        middle = y + h // 2
        middles[i] = (x + w // 2, middle)
        cv2.rectangle(
            spread, (x - reach, middle - band), (x + w + reach, middle + band), (1,), cv2.FILLED
        )
    walls = cv2.dilate((ruling.down | ruling.across).astype(np.uint8), np.ones((3, 3), np.uint8))
    spread[walls > 0] = 0
    _, labels = cv2.connectedComponents(spread, connectivity=4)
    part = np.zeros(len(marks.stats), dtype=np.int64)
    for i, (x, y) in middles.items():
        part[i] = labels[y, x]
    return part


def _with_letters(marks: _Marks, small: Bools, part: Ints, typical: float) -> Ints:
    """The fragment that each small mark stands in or beside, 0 for none."""
    found = np.zeros(np.count_nonzero(small), dtype=np.int64)
    big = np.nonzero(part > 0)[0]
    if len(big) == 0:
        return found
    x0, y0 = marks.stats[big, 0], marks.stats[big, 1]
    x1, y1 = x0 + marks.stats[big, 2], y0 + marks.stats[big, 3]
    for k, i in enumerate(np.nonzero(small)[0].tolist()):
        x, y, w, h, _ = marks.stats[i].tolist()
        aside = np.maximum(np.maximum(x0 - (x + w), x - x1), 0)
        above = np.maximum(np.maximum(y0 - (y + h), y - y1), 0)
        far = aside + 1.5 * above
        nearest = int(far.argmin())
        if aside[nearest] < 1.2 * typical and above[nearest] < 0.45 * typical:
            found[k] = part[big[nearest]]
    return found


def _one_line_each(marks: _Marks, members: Ints, text: Bools, typical: float) -> list[Ints]:
    """A fragment's marks, cut where they are of several lines after all."""
    middle = marks.middle[members]
    order = np.argsort(middle, kind="stable")
    steps = np.diff(middle[order])
    cuts = np.nonzero(steps > 0.75 * typical)[0] + 1
    pieces = [members[piece] for piece in np.split(order, cuts)]
    lines = [piece for piece in pieces if text[piece].any()]
    if not lines:
        return [members]
    # Dots and commas between two lines go with the nearer one.
    for piece in pieces:
        if not text[piece].any():
            place = float(marks.middle[piece].mean())
            near = [abs(float(np.median(marks.middle[line])) - place) for line in lines]
            best = int(np.argmin(near))
            lines[best] = np.concatenate([lines[best], piece])
    return [np.sort(line) for line in lines]


def _fragment(
    marks: _Marks, members: Ints, sheet: Sheet, ruling: Ruling, capital: float
) -> Fragment:
    stats = marks.stats[members]
    x0, y0 = int(stats[:, 0].min()), int(stats[:, 1].min())
    x1 = int((stats[:, 0] + stats[:, 2]).max())
    y1 = int((stats[:, 1] + stats[:, 3]).max())
    heights = stats[:, 3].astype(np.float64)
    bottoms = (stats[:, 1] + stats[:, 3]).astype(np.float64)
    tall = float(np.percentile(heights, 85))
    own = tall if tall > 1.25 * capital or (tall > 0.6 * capital and len(members) > 3) else capital
    if 0.6 * capital < tall < 1.25 * capital:
        own = max(tall, 0.85 * capital)
    base = bottoms[heights > 0.45 * own]
    if len(base):
        near = np.abs(base[:, None] - base[None, :]) < 0.1 * own
        votes = near.sum(axis=1)
        level = float(base[votes == votes.max()].min())
        baseline = float(np.median(base[np.abs(base - level) < 0.1 * own]))
    else:  # a dash alone stands half a small letter above the line
        baseline = (y0 + y1) / 2 + 0.35 * own
    em = own / CAPITAL_EM
    top = min(y0, round(baseline - 0.78 * em)) - round(0.08 * em)
    bottom = max(y1, round(baseline + 0.24 * em)) + round(0.08 * em)
    side = round(0.25 * em)
    height, width = sheet.grey.shape
    left, right = max(0, x0 - side), min(width, x1 + side)
    top, bottom = max(0, top), min(height, bottom)
    labels = marks.labels[top:bottom, left:right]
    ours = np.isin(labels, members)
    crop = sheet.grey[top:bottom, left:right].copy()
    # Other lines' ink, walls and specks are wiped out; the own letters' soft edges stay.
    edge = cv2.dilate(ours.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    crop[~edge] = 255
    strange = (labels >= 0) & ~ours
    strange |= (ruling.across | ruling.down)[top:bottom, left:right] & ~ours
    crop[strange] = 255
    crop = _darkened(crop)
    distance = cv2.distanceTransform(ours.astype(np.uint8), cv2.DIST_L2, 3)
    weight = 2 * float(np.percentile(distance[ours], 80)) if ours.any() else 0.0
    return Fragment(
        box=(x0, y0, x1, y1),
        baseline=baseline,
        capital=own,
        crop=crop,
        corner=(left, top),
        columns=np.asarray(ours.any(axis=0)),
        weight=weight,
        walled=_is_walled(ruling, (x0, y0, x1, y1), sheet),
        bars=_bars(stats, own, left),
        dash=_is_dash(stats, em),
    )


def _darkened(crop: Pixels) -> Pixels:
    """Pale letters made as dark as the engines know them."""
    darkest = int(np.percentile(crop, 1))
    if darkest <= PALE or darkest > 250:
        return crop
    lifted: Any = 255 - (255 - crop.astype(np.float32)) * ((255 - PALE) / (255 - darkest))
    darkened: Pixels = np.clip(lifted, 0, 255).astype(np.uint8)
    return darkened


def _is_dash(stats: Ints, em: float) -> bool:
    """Whether there is one mark, flat, and as long as dashes are."""
    _, _, width, height, area = stats[0].tolist()
    long = DASH_EM[0] * em < width < DASH_EM[1] * em
    flat = width > 1.8 * height and area > BAR_FILL * width * height
    return len(stats) == 1 and long and flat


def _bars(stats: Ints, capital: float, left: int) -> tuple[float, ...]:
    """The middles of marks that are upright bars, all of them, at most four."""
    stats = stats[stats[:, 4] > 0.1 * stats[:, 4].max()]  # specks beside them do not count
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    upright = (height > 0.75 * capital) & (width < 0.34 * height)
    if len(stats) > 4 or not (upright & (area > BAR_FILL * width * height)).all():
        return ()
    width = stats[:, 2]
    return tuple(sorted((stats[:, 0] + width / 2 - left).tolist()))


def _is_walled(ruling: Ruling, box: tuple[int, int, int, int], sheet: Sheet) -> bool:
    """Whether walls stand on three sides of a box at least."""
    middle = min(max((box[1] + box[3]) // 2, 0), sheet.grey.shape[0] - 1)
    centre = min(max((box[0] + box[2]) // 2, 0), sheet.grey.shape[1] - 1)
    row, column = ruling.down[middle], ruling.across[:, centre]
    sides = (row[: box[0] + 1], row[box[2] :], column[: box[1] + 1], column[box[3] :])
    return sum(bool(side.any()) for side in sides) >= 3
