"""A page's picture made fit for reading: upright, straight, evenly lit, black on white.

The trouble: office scans lie askew or on their side, are grey where the lamp was weak,
carry stamps and coloured signatures over the text, shaded table heads, and the noise of
strong JPEG compression. Everything behind wants black text on white paper, in straight
lines, at one resolution.

Rules: nothing is drawn that was not there. Pixels are moved, lightened and smoothed, and
the way back from each of them to the page is kept (`Sheet.to_page`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from rktdata.schemas.values import Floats

Pixels: TypeAlias = NDArray[np.uint8]

# Everything is brought to this resolution: at 300 dpi a full stop of 8 pt type is 4
# pixels wide, and the engines were trained on letters about as high as these.
DPI = 300
# Beyond this many pixels a page is read at a lower resolution (A2 at 300 dpi).
PIXEL_LIMIT = 36_000_000
# Ink that is at least this colourful is no printer's black (0-255, brightest less darkest).
COLOURFUL = 70
# Marks this much higher than the text are stamps and signatures, not coloured letters.
STAMP_HEIGHT = 2.5
# How far a page may lie askew (degrees); beyond that it is on purpose.
MOST_SKEW = 8.0
# The paper's own brightness is looked for in squares of this size (points): wider than
# any letter's stroke, narrower than a shaded table row is high.
PAPER_PT = 8.0
# Pale text is darker than what is around it by so much, and no lighter than this (0-255).
INK_DEPTH = 34
LIGHTEST_INK = 222
# Of pale letters, parts may be as pale as this; none of what is around is darker than that.
PALE_DEPTH, PALEST_INK, PALE_AREA = 20, 230, 130
# Light text on a shade: the shade is darker than this share of white, and the text lighter
# than the shade by so many levels; a shaded area is at least so wide and high (points).
SHADE = 0.80
LIGHT_TEXT = 36
SHADED_PT = (24.0, 9.0)
# Noise (standard deviation, grey levels) from which on a median filter pays.
NOISY = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A page as displayed, drawn.

    Attributes:
        pixels: Rows x columns x 3 (red, green, blue), or rows x columns of grey.
        per_pt: Pixels per point.
    """

    pixels: Pixels
    per_pt: float


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A picture made fit for reading.

    Attributes:
        grey: Rows x columns; paper is 255, ink dark.
        ink: The same, as flags.
        per_pt: Pixels per point.
        turn: Quarter turns clockwise from the page as displayed.
        bend: 2 x 3, from the sheet's pixels to those of the turned, askew picture.
        skew: Degrees that the picture lay askew, clockwise.
    """

    grey: Pixels
    ink: NDArray[np.bool_]
    per_pt: float
    turn: int
    bend: Floats
    skew: float

    @property
    def size_pt(self) -> tuple[float, float]:
        """Width and height."""
        return self.grey.shape[1] / self.per_pt, self.grey.shape[0] / self.per_pt

    def px(self, points: float) -> int:
        """A length in pixels, at least one."""
        return max(1, round(points * self.per_pt))


def clean(picture: Picture) -> Sheet:
    """Make a picture fit for reading; which way is up is settled but for half a turn."""
    grey = _at_resolution(_without_stamps(picture), picture.per_pt)
    per_pt = DPI / 72 if grey.shape[0] * grey.shape[1] < PIXEL_LIMIT else picture.per_pt
    per_pt = min(per_pt, grey.shape[1] / (picture.pixels.shape[1] / picture.per_pt))
    grey = _evenly_lit(_denoised(grey), per_pt)
    turn = 1 if _lies_on_its_side(_ink(grey), per_pt) else 0
    grey = turned(grey, turn)
    bend, skew = _straightening(_ink(grey), per_pt)
    if skew or not np.allclose(bend, np.eye(2, 3)):
        grey = _warped(grey, bend)
    ink = _ink(grey)
    around = cv2.blur(grey, (2 * round(PAPER_PT * per_pt) + 1,) * 2).astype(np.int16)
    depth = around - cv2.blur(grey, (3, 3))
    ink |= (depth > INK_DEPTH) & (grey < LIGHTEST_INK)
    ink |= _pale_ink(grey, depth, ink, per_pt)
    return Sheet(grey, ink, per_pt, turn, bend, skew)


def _pale_ink(grey: Pixels, depth: Any, ink: NDArray[np.bool_], per_pt: float) -> Any:
    """Ink of letters that are pale throughout, parts of which are too pale to be ink alone.

    Only what hangs together with ink counts, and only where nothing dark is near: around
    dark letters, compression leaves marks as pale.
    """
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = max(3, round(PAPER_PT * per_pt / 4)) | 1
    darkest = cv2.erode(small, np.ones((reach, 2 * reach + 1), np.uint8))
    pale = cv2.resize(darkest, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_NEAREST)
    maybe = (pale > PALE_AREA) & (depth > PALE_DEPTH) & (grey < PALEST_INK)
    if not maybe.any():
        return maybe
    _, labels = cv2.connectedComponents((maybe | ink).astype(np.uint8), connectivity=8)
    seeded = np.zeros(int(labels.max()) + 1, dtype=bool)
    seeded[labels[ink & (pale > PALE_AREA)]] = True
    return maybe & seeded[labels]


def upside_down(sheet: Sheet) -> Sheet:
    """The same sheet turned by half a turn."""
    height, width = sheet.grey.shape
    # Half a turn of the askew picture is half a turn of the straight one.
    half = np.array([[-1.0, 0.0, width - 1.0], [0.0, -1.0, height - 1.0], [0.0, 0.0, 1.0]])
    whole = np.vstack([sheet.bend, [0.0, 0.0, 1.0]])
    return replace(
        sheet,
        grey=turned(sheet.grey, 2),
        ink=np.ascontiguousarray(np.rot90(sheet.ink, 2)),
        turn=(sheet.turn + 2) % 4,
        bend=(half @ whole @ half)[:2],
    )


def turned(pixels: Pixels, turn: int) -> Pixels:
    """Pixels turned clockwise by quarter turns."""
    return np.ascontiguousarray(np.rot90(pixels, -turn)) if turn % 4 else pixels


def _without_stamps(picture: Picture) -> Pixels:
    """Grey levels, with coloured stamps and signatures lightened.

    Black print under a blue or red stamp stays dark in the stamp's own colour channel.
    Coloured letters that stand alone keep their darkness.
    """
    pixels = picture.pixels
    if pixels.ndim == 2:
        return pixels
    grey: Pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    red, green, blue = cv2.split(pixels)
    bright: Any = cv2.max(cv2.max(red, green), blue)
    dark: Any = cv2.min(cv2.min(red, green), blue)
    coloured = ((bright - dark) > COLOURFUL) & (dark < 170)
    if coloured.mean() < 2e-4:
        return grey
    black = (bright < 110).astype(np.uint8)
    heights = _heights(black, picture.per_pt)
    letter = float(np.median(heights)) if len(heights) else 8 * picture.per_pt
    # Strokes of one stamp hang together once gaps as wide as a stroke are closed.
    reach = max(3, round(1.5 * picture.per_pt)) | 1
    closed = cv2.morphologyEx(
        coloured.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    stamps = np.zeros(coloured.shape, dtype=bool)
    # A coloured area is a shaded cell; its brightness is settled with the paper's.
    thick = max(5, round(PAPER_PT * picture.per_pt))
    filled = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
    solid = np.bincount(labels[filled > 0], minlength=count)
    for number in range(1, count):
        left, top, width, height, area = stats[number].tolist()
        big = height > STAMP_HEIGHT * letter and width > STAMP_HEIGHT * letter
        if big and solid[number] < 0.3 * area:
            # Print over a stamp cuts pieces off it; they lie close by.
            more = round(0.15 * max(width, height))
            rows = slice(max(0, top - more), top + height + more)
            stamps[rows, max(0, left - more) : left + width + more] = True
    result = grey.copy()
    washed = stamps & coloured
    result[washed] = bright[washed]
    edge = stamps & ~coloured & (bright > 110)
    result[edge] = np.maximum(grey[edge], bright[edge])
    return result


def _heights(mask: Pixels, per_pt: float) -> NDArray[np.int32]:
    """Heights of the marks that may be letters, pixels."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    widths = stats[1:, cv2.CC_STAT_WIDTH]
    fits = (heights > 3 * per_pt) & (heights < 40 * per_pt) & (widths < 60 * per_pt)
    return heights[fits].astype(np.int32)


def _at_resolution(grey: Pixels, per_pt: float) -> Pixels:
    height, width = grey.shape
    factor = (DPI / 72) / per_pt
    factor = min(factor, (PIXEL_LIMIT / (height * width)) ** 0.5)
    if abs(factor - 1) < 0.02:
        return grey
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return cv2.resize(grey, size, interpolation=way).astype(np.uint8, copy=False)


def _denoised(grey: Pixels) -> Pixels:
    """Smoothed a little where it is noisy; a clean picture stays as it is."""
    return cv2.medianBlur(grey, 3).astype(np.uint8) if _noise(grey) > NOISY else grey


def _noise(grey: Pixels) -> float:
    """Standard deviation of the noise on paper, from second differences.

    Source: J. Immerkaer, "Fast noise variance estimation" (1996); the median keeps the
    letters' edges out.
    """
    part = grey[:: max(1, grey.shape[0] // 1500)].astype(np.float32)
    second = part[:, :-2] - 2 * part[:, 1:-1] + part[:, 2:]
    return float(np.median(np.abs(second)) / 0.6745 / 6**0.5)


def _evenly_lit(grey: Pixels, per_pt: float) -> Pixels:
    """Brightness relative to the paper around, so that paper and shaded cells are white.

    Light text on a dark shade (a table head printed white on black) is turned over.
    """
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (3, 3), 0)
    reach = max(3, round(PAPER_PT * per_pt / 4)) | 1
    kernel = np.ones((reach, reach), np.uint8)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    paper = cv2.blur(paper, (reach, reach))
    size = (grey.shape[1], grey.shape[0])
    light = cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    even: Any = grey.astype(np.float32) * (255.0 / np.maximum(light, 30.0))
    even = np.clip(even, 0, 255).astype(np.uint8)
    # Most of a shaded area is the shade, whatever is printed on it.
    shade = cv2.medianBlur(small, min(2 * reach - 1, 255))
    mask = _with_light_text(small, shade, float(np.percentile(paper, 90)), per_pt / 4)
    if mask.any():
        inside = cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST) > 0
        floor = cv2.resize(shade, size, interpolation=cv2.INTER_LINEAR)[inside].astype(np.float32)
        top = cv2.dilate(small, kernel)
        top = cv2.resize(top, size, interpolation=cv2.INTER_LINEAR)[inside].astype(np.float32)
        rise = np.maximum(top - floor, LIGHT_TEXT)
        lifted = (grey[inside].astype(np.float32) - floor) / rise
        even[inside] = (255 * (1 - np.clip(lifted, 0, 1))).astype(np.uint8)
        # The shade's edge parts it from the paper as a wall does.
        rim = mask & ~cv2.erode(mask, np.ones((3, 3), np.uint8)).astype(np.uint8)
        even[cv2.resize(rim, size, interpolation=cv2.INTER_NEAREST) > 0] = 0
    return even  # type: ignore[no-any-return]


def _with_light_text(small: Any, shade: Any, white: float, per_pt: float) -> Pixels:
    """Where a shaded area holds marks that are lighter than it, and hardly darker ones."""
    wide, high = (max(2, round(pt * per_pt)) for pt in SHADED_PT)
    shaded = (shade < SHADE * white).astype(np.uint8)
    shaded = cv2.morphologyEx(shaded, cv2.MORPH_OPEN, np.ones((high, wide), np.uint8))
    rim = max(2, round(PAPER_PT / 4 * per_pt))
    inside = cv2.erode(shaded, np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)) > 0
    step = small.astype(np.int16) - shade
    count, labels = cv2.connectedComponents(shaded, connectivity=4)
    area = np.bincount(labels[inside], minlength=count)
    lighter = np.bincount(labels[inside & (step > LIGHT_TEXT)], minlength=count)
    darker = np.bincount(labels[inside & (step < -LIGHT_TEXT)], minlength=count)
    plain = np.bincount(labels[inside & (np.abs(step) < LIGHT_TEXT / 2)], minlength=count)
    # Dense dark text is grey from afar as well, but hardly any of it is just that grey.
    chosen = (lighter > 2 * darker) & (lighter > 0.004 * area) & (plain > 0.6 * area)
    chosen[0] = False
    rough = chosen[labels].astype(np.uint8)
    # The median rounds corners off; the shade itself does not.
    around = cv2.dilate(rough, np.ones((2 * rim + 3, 2 * rim + 3), np.uint8))
    whole = rough | (around & (small < SHADE * white).astype(np.uint8))
    return cv2.morphologyEx(whole, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)).astype(np.uint8)


def _ink(grey: Pixels) -> NDArray[np.bool_]:
    """Where there is ink: Otsu's threshold, kept within what ink and paper can be."""
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return grey < min(max(level, 130.0), 200.0)


def _lies_on_its_side(ink: NDArray[np.bool_], per_pt: float) -> bool:
    """Whether lines of text run down the page: a letter's neighbour stands in its line."""
    from scipy.spatial import cKDTree

    _, _, stats, centres = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    size = np.maximum(width, height)
    letters = (size > 3.5 * per_pt) & (size < 30 * per_pt)
    if np.count_nonzero(letters) < 12:
        return False
    places = centres[1:][letters]
    distance, nearest = cKDTree(places).query(places, k=3)
    step = places[nearest[:, 1:]] - places[:, None, :]
    near = distance[:, 1:] < 3 * size[letters][:, None]
    across = np.abs(step[..., 0]) > 2 * np.abs(step[..., 1])
    down = np.abs(step[..., 1]) > 2 * np.abs(step[..., 0])
    return bool(np.count_nonzero(down & near) > 1.3 * np.count_nonzero(across & near))


def _straightening(ink: NDArray[np.bool_], per_pt: float) -> tuple[Floats, float]:
    """From straight pixels to askew ones, and the angle of the lines, degrees clockwise."""
    height, width = ink.shape
    # Page edges and the scanner's black margins lie straight when the text does not.
    margin = round(0.02 * min(height, width))
    y, x = np.nonzero(ink[margin : height - margin, margin : width - margin])
    if len(x) < 400:
        return np.eye(2, 3), 0.0
    some = slice(None, None, max(1, len(x) // 120_000))
    along, across = x[some].astype(np.float64), y[some].astype(np.float64)
    slope = _sharpest(along, across, per_pt, np.tan(np.radians(MOST_SKEW)), 0.004)
    walls = cv2.morphologyEx(
        _rotated(ink.astype(np.uint8), slope),
        cv2.MORPH_OPEN,
        np.ones((round(24 * per_pt), 1), np.uint8),
    )
    wy, wx = np.nonzero(walls)
    lean = 0.0
    if len(wx) > 600 * per_pt:
        some = slice(None, None, max(1, len(wx) // 60_000))
        lean = _sharpest(
            wy[some].astype(np.float64), wx[some].astype(np.float64), per_pt, 0.02, 0.002
        )
    if abs(slope) < 2e-4 and abs(lean) < 3e-4:
        return np.eye(2, 3), 0.0
    cos, sin = np.cos(np.arctan(slope)), np.sin(np.arctan(slope))
    turn = np.array([[cos, -sin], [sin, cos]])
    matrix = turn @ np.array([[1.0, lean], [0.0, 1.0]])
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    bend = np.column_stack([matrix, centre - matrix @ centre])
    return bend, float(np.degrees(np.arctan(slope)))


def _sharpest(along: Floats, across: Floats, per_pt: float, most: float, step: float) -> float:
    """The slope by which points fall into the sharpest lines; 0 where that wins nothing."""
    extent = float(np.ptp(along))
    # Whole pixels fall unevenly into bins; a fraction of its own spreads each evenly.
    across = across + np.modf(along * 0.6180339887)[0]

    def score(slope: float, step: float) -> float:
        # Bins as wide as a step moves the farther points: a coarse look sees coarse lines.
        place = (across - slope * along) / max(0.35 * per_pt, 0.4 * step * extent)
        counts = np.bincount((place - place.min()).astype(np.int64)).astype(np.float64)
        return float(np.square(np.diff(counts)).sum())

    best, span = 0.0, most
    while step > 4e-5:
        slopes = best + np.arange(-span, span + step / 2, step)
        best = float(slopes[int(np.argmax([score(s, step) for s in slopes]))])
        span, step = 2 * step, step / 4
    return best if score(best, 0.0) > 1.02 * score(0.0, 0.0) else 0.0


def _rotated(mask: Pixels, slope: float) -> Pixels:
    if slope == 0.0:
        return mask
    height, width = mask.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), np.degrees(np.arctan(slope)), 1.0)
    return cv2.warpAffine(mask, matrix, (width, height), flags=cv2.INTER_NEAREST).astype(np.uint8)


def _warped(grey: Pixels, bend: Floats) -> Pixels:
    height, width = grey.shape
    return cv2.warpAffine(
        grey,
        bend,
        (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=255,
    ).astype(np.uint8)
