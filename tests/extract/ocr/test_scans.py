"""Whole PDFs: which pages are read from their pictures, and what goes wrong by name."""

import io
import zlib

import numpy as np
import pytest

pytest.importorskip("cv2", reason='needs OpenCV: pip install "rktdata[ocr]"')
pikepdf = pytest.importorskip("pikepdf", reason='needs pikepdf: pip install "rktdata[ocr]"')

from rktdata.extract.ocr import Scans  # noqa: E402
from rktdata.extract.ocr.searchable import searchable  # noqa: E402
from rktdata.extract.pages import as_displayed, open_pdf  # noqa: E402
from rktdata.schemas.errors import OcrNotInstalledError  # noqa: E402
from rktdata.schemas.values import UNREAD, Page  # noqa: E402


def scan(pixels: np.ndarray | None = None, side: int = 0, rotate: int = 0) -> bytes:
    """A page-wide picture: the pixels given, or a white square of `side` pixels, one bit each."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 324))
        if pixels is None:
            data, size, colours, bits = (
                zlib.compress(b"\xff" * (side // 8) * side),
                (side,) * 2,
                1,
                1,
            )
        else:
            height, width = pixels.shape[:2]
            data, size, colours, bits = zlib.compress(pixels.tobytes()), (width, height), 3, 8
        image = pikepdf.Stream(
            pdf,
            data,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=size[0],
            Height=size[1],
            BitsPerComponent=bits,
            ColorSpace=pikepdf.Name.DeviceGray if colours == 1 else pikepdf.Name.DeviceRGB,
            Filter=pikepdf.Name.FlateDecode,
        )
        name = page.add_resource(image, pikepdf.Name.XObject)
        page.contents_add(f"595 0 0 324 0 0 cm {name} Do".encode())
        page.Rotate = rotate
        with io.BytesIO() as file:
            pdf.save(file)
            return file.getvalue()


def read(pdf: bytes, mode: str = "auto") -> tuple[Page, list[str]]:
    with open_pdf(pdf) as reader, Scans(pdf, mode) as scans:  # type: ignore[arg-type]
        return scans.read(as_displayed(reader.read(0), 1, "pdfium")), scans.messages


def test_a_page_is_left_alone_when_ocr_is_not_wanted() -> None:
    page, messages = read(scan(side=800), "never")
    assert (page.reader, messages) == ("pdfium", [])


def test_a_picture_too_large_is_named_and_not_read() -> None:
    pytest.importorskip("tesserocr", reason='needs: pip install "rktdata[ocr]"')
    page, [message] = read(scan(side=20_000))
    assert "gambar_terlalu_besar" in message
    assert "400 million pixels" in message
    assert UNREAD in page.remarks


def test_without_the_optional_part_the_message_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from rktdata.extract.ocr import engines

    engines.load_engines.cache_clear()
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    try:
        _, [message] = read(scan(side=800))
        assert 'pip install "rktdata[ocr]"' in message
        with pytest.raises(OcrNotInstalledError):
            read(scan(side=800), "always")
    finally:
        engines.load_engines.cache_clear()


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_searchable_copy_has_each_word_where_it_is_printed(rotate: int) -> None:
    for name in ("onnxruntime", "rapidocr", "tesserocr"):
        pytest.importorskip(name, reason='live OCR needs: pip install "rktdata[ocr]"')
    from tests.scans import table

    pdf = scan(table(), rotate=rotate)
    page, _ = read(pdf)
    copy = searchable(pdf, [page])
    with open_pdf(copy) as reader:
        raw = reader.read(0)
    text = "".join(raw.glyphs.text.tolist())
    at = text.index("dokumen")
    # "Jumlah dokumen" stands in the table's second row: 200 dpi, from (387, 411) to (1109, 522).
    x, y = float(raw.glyphs.x0[at]), 324 - float(raw.glyphs.baseline[at])
    assert raw.glyphs.turn[at] == 0  # the picture is upright before /Rotate, and so are they
    assert 387 < x * 200 / 72 < 1109
    assert 411 < y * 200 / 72 < 522
    assert raw.invisible[at]
