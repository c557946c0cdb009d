"""Ruled lines found in a picture.

The trouble: a scanned wall is two to five pixels of uneven grey, broken here and there,
and a letter's stem is as dark and as straight as a short wall. Long runs of ink are
walls; short ones are only where they reach from one wall to another.

Rules: a stroke is thin, straight and longer than any letter's stroke, or it stands
between two crossing walls; the edges of a dark area are strokes as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rktdata.extract.ocr.picture import Pixels, Sheet
from rktdata.schemas.values import Bools, Floats, Ints, Rules

# Ink as light as this may be of a thin wall (0-255).
FAINT = 205
# A paler line is looked for over such a length (points): on average it is darker by so
# much than the white on both its sides; what is darker than this (0-255) does not count.
PALE_PT = 40.0
PALE_DEPTH = 5
WHITE = 244
PALEST_INK = 160
# Nor what is this near to it (points): letters' soft edges, a pixel or two at 100 dpi.
HALO_PT = 1.3
# No wall is thicker (points).
THICKEST_PT = 4.5
# Runs of ink at least this long are looked at (points): along lines, down columns.
SHORTEST_PT = (12.0, 8.5)
# From this length on a run of ink is a wall whatever it touches (points).
SURE_PT = (44.0, 26.0)
# Ink this near beside a run (points), on so much of its length and coming and going so
# often (once in so many points), is letters' that the run is the foot or head of.
BESIDE_PT = (0.7, 1.8)
BESIDE_SHARE = (0.15, 0.9)
COMES_AND_GOES_PT = 7.0
LONGEST_WORD_PT = 200.0
# A wall that breaks off inside a cell and goes on level with it (points) is one wall, over
# a gap of so much, or of so much more where it begins again inside a cell as well.
LEVEL_PT = 0.8
BRIDGE_PT = (12.0, 320.0)
# A wall's end beyond the last wall that it crosses, up to so long (points), is no wall but a
# letter's stem where ink stands beside it on so much of its length.
OVERSHOOT_PT = (3.2, 24.0)
OVERSHOOT_SHARE = 0.35
# A short wall's ends reach this near to the walls that it joins (points).
REACH_PT = 1.6
# A pale wall's own end is known less well. It is one if it is darker than what is beside it
# in so many of the windows of such a length (points).
PALE_REACH_PT, WHOLE, WINDOW_PT = 3.5, 0.75, 6.0
# And its ink runs on into them, up to such a gap, unless it is level with another wall.
TOUCH_PT = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Ruling:
    """The walls of a sheet.

    Attributes:
        rules: In points of the sheet.
        across, down: The pixels of the walls, as flags.
    """

    rules: Rules
    across: NDArray[np.bool_]
    down: NDArray[np.bool_]


def find_ruling(sheet: Sheet) -> Ruling:
    """The straight walls in a sheet's picture."""
    faint = _with_pale(sheet)
    solid = _solid(faint, sheet)
    thin = faint & ~cv2.dilate(solid, np.ones((3, 3), np.uint8)).astype(np.uint8)
    across = _runs(thin, sheet, down=False)
    down = _runs(thin, sheet, down=True)
    if stems := _stems(down, across, sheet):
        cut = thin.copy()
        for start, end, place, thickness in stems:
            half = thickness / 2 + 1
            cut[round(start) : round(end), max(0, int(place - half)) : round(place + half) + 1] = 0
        down = _runs(cut, sheet, down=True)
    across = _without_feet(across, down, thin, sheet)
    kept_across = _chosen(across, down, sheet, SURE_PT[0])
    kept_down = _chosen(down, across, sheet, SURE_PT[1])
    # Once more: what a short stroke joined may itself have been no wall.
    kept_across = _chosen(kept_across, kept_down, sheet, SURE_PT[0])
    kept_down = _chosen(kept_down, kept_across, sheet, SURE_PT[1])
    kept_across = _bridged(kept_across, kept_down, sheet)
    kept_down = _bridged(kept_down, kept_across, sheet)
    scale = 1 / sheet.per_pt
    edges_across, edges_down, areas = _edges(solid)
    rules = Rules(
        horizontal=np.vstack([kept_across.strokes, edges_across]) * scale,
        vertical=np.vstack([kept_down.strokes, edges_down]) * scale,
        fills=areas * scale,
    )
    return Ruling(rules, kept_across.pixels(), kept_down.pixels())


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """Runs of ink that may be walls.

    Attributes:
        strokes: n x 4, (start, end, position, thickness) in pixels.
        labels: The picture with each run's number.
        numbers: n, of the strokes.
        ink: Where there is ink at all.
        down: Whether they run down the page.
    """

    strokes: Floats
    labels: NDArray[np.int32]
    numbers: Ints
    ink: Pixels
    down: bool

    def take(self, keep: Bools) -> _Runs:
        return _Runs(self.strokes[keep], self.labels, self.numbers[keep], self.ink, self.down)

    def pixels(self) -> NDArray[np.bool_]:
        wanted = np.zeros(int(self.labels.max()) + 1, dtype=bool)
        wanted[self.numbers] = True
        wanted[0] = False
        found: NDArray[np.bool_] = wanted[self.labels] & (self.ink > 0)
        return found


def _with_pale(sheet: Sheet) -> Pixels:
    """Ink that may be of walls, and pale or dotted lines that only show over a length.

    A hairline hardly darker than paper stands out once it is averaged along its length:
    thin, and white on both sides.
    """
    ink = (sheet.grey < FAINT).astype(np.uint8)
    length, aside = sheet.px(PALE_PT) | 1, sheet.px(1.3)
    halo = 2 * sheet.px(HALO_PT) + 1
    dark = (sheet.grey < PALEST_INK).astype(np.uint8)
    dark = cv2.dilate(dark, np.ones((halo, halo), np.uint8)).astype(np.uint8)
    level = np.where(dark > 0, 255, sheet.grey).astype(np.uint8)
    found = ink.copy()
    for down in (False, True):
        grey = level.T if down else level
        mean = cv2.blur(np.ascontiguousarray(grey), (length, 1)).astype(np.int16)
        beside = np.minimum(np.roll(mean, aside, axis=0), np.roll(mean, -aside, axis=0))
        line: Any = ((beside - mean > PALE_DEPTH) & (beside > WHITE)).astype(np.uint8)
        line = cv2.morphologyEx(line, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
        # The average fades out half its length behind the line's end; a shorter one less.
        short = cv2.blur(np.ascontiguousarray(grey), (length // 6, 1)).astype(np.int16)
        near = (beside - short > PALE_DEPTH).astype(np.uint8)
        line &= cv2.morphologyEx(near, cv2.MORPH_CLOSE, np.ones((1, length), np.uint8))
        found |= (line.T if down else line).astype(np.uint8)
    return found


def _solid(faint: Pixels, sheet: Sheet) -> Pixels:
    """Dark areas thicker than any wall or letter's stroke."""
    reach = sheet.px(2 * THICKEST_PT)
    kernel = np.ones((reach, reach), np.uint8)
    return cv2.morphologyEx(faint, cv2.MORPH_OPEN, kernel).astype(np.uint8)


def _edges(solid: Pixels) -> tuple[Floats, Floats, Floats]:
    """The sides of dark areas, and the areas (x0, top, x1, bottom)."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    across: list[tuple[float, ...]] = []
    down: list[tuple[float, ...]] = []
    areas: list[tuple[float, ...]] = []
    for left, top, width, height, area in stats[1:count].tolist():
        if area < 0.7 * width * height:
            continue
        right, bottom = left + width, top + height
        across += [(left, right, top, 1.0), (left, right, bottom, 1.0)]
        down += [(top, bottom, left, 1.0), (top, bottom, right, 1.0)]
        areas.append((left, top, right, bottom))

    def table(rows: list[tuple[float, ...]]) -> Floats:
        return np.array(rows, dtype=np.float64).reshape(-1, 4)

    return table(across), table(down), table(areas)


def _runs(thin: Pixels, sheet: Sheet, down: bool) -> _Runs:
    """Long thin runs of ink in one direction."""
    length = sheet.px(SHORTEST_PT[1] if down else SHORTEST_PT[0])
    # Rough edges and a slight lean break a run; neighbours fill such gaps.
    near = np.ones((1, 3) if down else (3, 1), np.uint8)
    along = np.ones((length, 1) if down else (1, length), np.uint8)
    gap = sheet.px(0.7)
    bridge = np.ones((gap, 1) if down else (1, gap), np.uint8)
    wide = cv2.morphologyEx(cv2.dilate(thin, near), cv2.MORPH_CLOSE, bridge)
    runs: Any = cv2.morphologyEx(wide, cv2.MORPH_OPEN, along)
    runs = (runs & cv2.dilate(thin, near)).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(runs, connectivity=8)
    x0, y0 = stats[1:, cv2.CC_STAT_LEFT], stats[1:, cv2.CC_STAT_TOP]
    wide_px, high_px = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    start, extent = (y0, high_px) if down else (x0, wide_px)
    place = centres[1:, 0 if down else 1]
    thickness = np.maximum(stats[1:, cv2.CC_STAT_AREA] / np.maximum(extent, 1) - 2, 1)
    strokes = np.column_stack([start, start + extent, place + 0.5, thickness]).astype(np.float64)
    fits = (extent >= length) & (thickness <= THICKEST_PT * sheet.per_pt)
    fits &= thickness < 0.25 * extent
    return _Runs(strokes[fits], labels, np.arange(1, count)[fits], thin, down)


def _stems(runs: _Runs, crossing: _Runs, sheet: Sheet) -> list[tuple[float, ...]]:
    """Ends of walls that are letters' stems, which stand right above or below a wall."""
    least, most = (v * sheet.per_pt for v in OVERSHOOT_PT)
    reach = REACH_PT * sheet.per_pt
    found: list[tuple[float, ...]] = []
    for start, end, place, thickness in runs.strokes.tolist():
        meets = crossing.strokes[
            (crossing.strokes[:, 0] <= place + reach) & (crossing.strokes[:, 1] >= place - reach)
        ]
        at = meets[(meets[:, 2] > start - reach) & (meets[:, 2] < end + reach), 2]
        if not len(at):
            continue
        for low, high in ((start, float(at.min()) - reach), (float(at.max()) + reach, end)):
            if least < high - low < most and _stands_among_ink(
                runs.ink, (low, high, place, thickness), sheet.per_pt
            ):
                found.append((low, high, place, thickness))
    return found


def _stands_among_ink(
    ink: Pixels, stroke: tuple[float, float, float, float], per_pt: float
) -> bool:
    """Whether ink stands close beside a run that goes down, on much of its length."""
    start, end, place, thickness = stroke
    near, far = (thickness / 2 + pt * per_pt for pt in BESIDE_PT)
    rows = slice(round(start), round(end))
    left = ink[rows, max(0, round(place - far)) : max(1, round(place - near))].any(axis=1)
    right = ink[rows, round(place + near) : round(place + far)].any(axis=1)
    return bool(np.mean(left | right) > OVERSHOOT_SHARE)


def _without_feet(across: _Runs, down: _Runs, thin: Pixels, sheet: Sheet) -> _Runs:
    """Runs across that are no feet of letters: those are short of the walls beside them."""
    reach = REACH_PT * sheet.per_pt
    keep = []
    for stroke in across.strokes.tolist():
        start, end, place, _ = stroke
        meets = down.strokes[(down.strokes[:, 0] <= place) & (down.strokes[:, 1] >= place)]
        joins = any(np.any(np.abs(meets[:, 2] - at) <= reach) for at in (start, end))
        long = end - start > LONGEST_WORD_PT * sheet.per_pt
        keep.append(joins or long or not _is_foot_of_letters(thin, stroke, sheet.per_pt))
    return across.take(np.array(keep, dtype=bool))


def _is_foot_of_letters(ink: Pixels, stroke: list[float], per_pt: float) -> bool:
    """Whether a run of ink is but the touching feet or heads of letters."""
    start, end, place, thickness = stroke
    columns = slice(int(start), int(end))
    length_pt = (end - start) / per_pt
    for side in (-1, 1):
        reach = [place + side * (thickness / 2 + pt * per_pt) for pt in BESIDE_PT]
        low, high = (round(v) for v in sorted(reach))
        if low < 0 or high >= ink.shape[0]:
            continue
        beside: Bools = np.asarray(ink[low : high + 1, columns].any(axis=0))
        changes = np.count_nonzero(np.diff(beside.astype(np.int8)))
        share = float(beside.mean()) if len(beside) else 0.0
        if BESIDE_SHARE[0] < share < BESIDE_SHARE[1] and changes > length_pt / COMES_AND_GOES_PT:
            return True
    return False


def _darkness(runs: _Runs, sheet: Sheet) -> tuple[Floats, Bools]:
    """The usual grey of each run along its middle (0-255), and whether it has no gaps.

    A pale or dotted wall is a little darker than what is beside it all along; pale letters
    below one another are so in their lines only.
    """
    grey = sheet.grey.T if runs.down else sheet.grey
    window, aside = sheet.px(WINDOW_PT), sheet.px(HALO_PT)
    usual, whole = [], []
    for start, end, place, _ in runs.strokes.tolist():
        line = min(max(int(place), aside + 1), grey.shape[0] - aside - 2)
        columns = slice(int(start), int(end))
        along = grey[line - 1 : line + 2, columns]
        usual.append(np.median(along.min(axis=0)))
        count = max(1, along.shape[1] // window)
        # Text close to a wall stands on one side of it.
        beside = np.maximum(grey[line - aside, columns], grey[line + aside, columns])
        depth = beside.astype(np.float64) - along.mean(axis=0)
        parts = [float(part.mean()) for part in np.array_split(depth, count)]
        whole.append(np.mean(np.array(parts) > PALE_DEPTH / 2) > WHOLE)
    return np.array(usual, dtype=np.float64), np.array(whole, dtype=bool)


def _bridged(runs: _Runs, crossing: _Runs, sheet: Sheet) -> _Runs:
    """Runs put together to one where a wall breaks off inside a cell and goes on there."""
    reach, walls = REACH_PT * sheet.per_pt, crossing.strokes
    strokes, extra = runs.strokes, []

    def loose(at: float, place: float) -> bool:
        met = (np.abs(walls[:, 2] - at) <= reach) & (walls[:, 0] <= place + reach)
        return not np.any(met & (walls[:, 1] >= place - reach))

    level = LEVEL_PT * sheet.per_pt
    for start, end, place, thickness in strokes.tolist():
        if not loose(end, place):
            continue
        on = strokes[(np.abs(strokes[:, 2] - place) < level) & (strokes[:, 0] > end)]
        if not len(on):
            continue
        nearest = on[int(on[:, 0].argmin())]
        gap = (nearest[0] - end) / sheet.per_pt
        far = loose(float(nearest[0]), place)
        long = min(end - start, nearest[1] - nearest[0]) > gap * sheet.per_pt / 4
        if gap <= BRIDGE_PT[0] or (far and long and gap <= BRIDGE_PT[1]):
            extra.append((end, float(nearest[0]), place, thickness))
    joined = np.vstack([strokes, np.array(extra, dtype=np.float64).reshape(-1, 4)])
    return _Runs(joined, runs.labels, runs.numbers, runs.ink, runs.down)


def _chosen(runs: _Runs, crossing: _Runs, sheet: Sheet, sure_pt: float) -> _Runs:
    """Long runs, and short ones that reach from one crossing run to another."""
    strokes, walls = runs.strokes, crossing.strokes
    length = strokes[:, 1] - strokes[:, 0]
    long = length >= sure_pt * sheet.per_pt
    keep = long.copy()
    reach = REACH_PT * sheet.per_pt
    for i in np.nonzero(~keep)[0].tolist():
        start, end, place, _ = strokes[i].tolist()
        meets = walls[(walls[:, 0] <= place + reach) & (walls[:, 1] >= place - reach)]
        away = [np.abs(meets[:, 2] - at) for at in (start, end)]
        touch, near = (
            all(np.any(gap <= limit) for gap in away)
            and not np.any(np.all(np.array(away) <= limit, 0))
            for limit in (TOUCH_PT * sheet.per_pt, reach)
        )
        # A "j" or a bracket fills a low row nearly, but stands level with no other wall.
        level = np.any(np.abs(strokes[long, 2] - place) <= LEVEL_PT * sheet.per_pt)
        keep[i] = touch or (near and bool(level))
    # A pale line that begins and ends at no wall is the soft edge of something.
    darkness, whole = _darkness(runs, sheet)
    for i in np.nonzero(keep & (darkness > PALEST_INK))[0].tolist():
        start, end, place, _ = strokes[i].tolist()
        meets = walls[(walls[:, 0] <= place + reach) & (walls[:, 1] >= place - reach)]
        far = PALE_REACH_PT * sheet.per_pt
        keep[i] = whole[i] and any(np.any(np.abs(meets[:, 2] - at) <= far) for at in (start, end))
    return runs.take(keep)
