"""A picture to a page: with the engines' answers replayed, and a few with live engines."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("cv2", reason='needs OpenCV: pip install "rktdata[ocr]"')
from rktdata.extract.layout import find_layout
from rktdata.extract.ocr.cache import FolderCache
from rktdata.extract.ocr.picture import Picture, clean
from rktdata.extract.ocr.recognise import recognise
from rktdata.schemas.values import Page
from tests.scans import PER_PT, ROWS, Anything, Replay, empty_page, picture, table

FLAT = [text for row in ROWS for text in row]


def rows_of(page: Page) -> list[list[str]]:
    [grid] = find_layout(page).grids
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(" ".join(line.text for line in cell.lines))
    return list(rows.values())


def askew(degrees: float) -> np.ndarray:
    import cv2

    pixels = table()
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return cv2.warpAffine(pixels, matrix, (width, height), borderValue=(255, 255, 255))


def test_walls_and_text_of_a_picture_make_a_table() -> None:
    page = recognise(empty_page(), picture(table()), Replay(FLAT))
    assert rows_of(page) == ROWS
    assert page.reader == "ocr"
    assert page.bend is None


@pytest.mark.parametrize("degrees", [-2.0, 0.7])
def test_a_page_that_lies_askew_is_straightened_and_its_places_kept(degrees: float) -> None:
    page = recognise(empty_page(), picture(askew(degrees)), Replay(FLAT))
    straight = recognise(empty_page(), picture(table()), Replay(FLAT))
    assert rows_of(page) == ROWS
    assert page.bend is not None
    a, b, c, d, e, f = page.bend
    # The first glyph's place on the askew page is its straight place, turned.
    x, y = float(page.glyphs.x0[0]), float(page.glyphs.baseline[0])
    x, y = a * x + c * y + e, b * x + d * y + f
    angle = np.radians(degrees)
    dx, dy = float(straight.glyphs.x0[0]) - 297.5, float(straight.glyphs.baseline[0]) - 162.0
    assert x == pytest.approx(297.5 + dx * np.cos(angle) - dy * np.sin(angle), abs=1.5)
    assert y == pytest.approx(162.0 + dx * np.sin(angle) + dy * np.cos(angle), abs=1.5)


def test_a_coloured_stamp_over_a_row_does_not_eat_it() -> None:
    import cv2

    stamp = np.full_like(table(), 255)
    for radius in (150, 135, 60):
        cv2.circle(stamp, (700, 500), radius, (110, 120, 235), 8)
    cv2.line(stamp, (580, 500), (820, 480), (110, 120, 235), 8)
    pixels = np.minimum(table(), stamp)  # ink over ink
    assert rows_of(recognise(empty_page(), picture(pixels), Replay(FLAT))) == ROWS


def test_an_underline_is_no_dash() -> None:
    import cv2

    pixels = table()
    cv2.line(pixels, (220, 484), (246, 484), (0, 0, 0), 3)  # under the first row's number
    assert rows_of(recognise(empty_page(), picture(pixels), Replay(FLAT))) == ROWS


def test_a_letters_stem_below_a_wall_is_no_wall() -> None:
    import cv2

    # A row over all columns, whose text stands where the other rows have a wall.
    pixels = table()
    left, top, right, bottom = 200, 633, 1422, 744
    cv2.rectangle(pixels, (left, top), (right, bottom), (0, 0, 0), 2)
    wall = 200 + round(60 * PER_PT)
    cv2.line(pixels, (wall, top), (wall, top + 50), (0, 0, 0), 3)
    for side in (-12, 12):
        for y in range(top + 6, top + 50, 14):
            cv2.line(pixels, (wall + side, y), (wall, y), (0, 0, 0), 6)
    grids = find_layout(recognise(empty_page(), picture(pixels), Anything())).grids
    last = [cell for cell in grids[0].cells if cell.row == 3]
    assert [cell.colspan for cell in last] == [3]


def test_pale_print_is_read_whole() -> None:
    pixels = np.where(table() < 128, 190, 252).astype(np.uint8)
    assert rows_of(recognise(empty_page(), picture(pixels), Replay(FLAT))) == ROWS


def test_a_grey_photograph_is_read_like_a_scan() -> None:
    shade = np.linspace(0.5, 0.9, table().shape[1])[None, :, None]
    pixels = (table() * shade).astype(np.uint8)
    assert rows_of(recognise(empty_page(), picture(pixels), Replay(FLAT))) == ROWS


def test_a_blank_page_is_read_and_empty() -> None:
    pixels = np.full((900, 1654, 3), 250, dtype=np.uint8)
    page = recognise(empty_page(), picture(pixels), Replay([]))
    assert len(page.glyphs) == 0
    assert page.reader == "ocr"


def test_a_page_on_its_side_is_stood_up() -> None:
    assert clean(picture(np.rot90(np.vstack([table()] * 2)))).turn == 1


def test_light_print_on_dark_is_turned_over() -> None:
    pixels = table()
    head = pixels[302:408, 202:1420]
    head[:] = 255 - head // 2 - 100
    assert rows_of(recognise(empty_page(), picture(pixels), Replay(FLAT)))[0] == ROWS[0]


def test_a_page_read_before_is_not_read_again(tmp_path: Path) -> None:
    engines, cache = Replay(FLAT), FolderCache(tmp_path)
    first = recognise(empty_page(), picture(table()), engines, cache)
    second = recognise(empty_page(), picture(table()), engines, cache)
    assert engines.calls == 1
    assert rows_of(first) == rows_of(second) == ROWS
    [kept] = tmp_path.glob("*/*.npz")
    kept.write_bytes(b"damaged")
    assert rows_of(recognise(empty_page(), picture(table()), engines, cache)) == ROWS
    assert engines.calls == 2


@pytest.fixture(scope="module")
def live() -> object:
    for name in ("onnxruntime", "rapidocr", "tesserocr"):
        pytest.importorskip(name, reason='live OCR needs: pip install "rktdata[ocr]"')
    from rktdata.extract.ocr.engines import load_engines

    return load_engines()


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_live_engines_read_a_table_whichever_way_it_lies(live: object, turn: int) -> None:
    pixels = np.rot90(table(), -turn)
    width, height = (324.0, 595.0) if turn % 2 else (595.0, 324.0)
    page = recognise(empty_page(width, height), picture(pixels), live)  # type: ignore[arg-type]
    assert page.turn == (4 - turn) % 4
    assert rows_of(page) == ROWS


def test_live_engines_read_a_page_of_100_dpi(live: object) -> None:
    import cv2

    small = cv2.resize(table(), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    page = recognise(empty_page(), Picture(small, 100 / 72), live)  # type: ignore[arg-type]
    assert rows_of(page) == ROWS
