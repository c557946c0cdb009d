"""Whole PDFs: which pages are read from their pictures, and what goes wrong by name."""

import pytest

pytest.importorskip("cv2", reason='needs OpenCV: pip install "rktdata[ocr]"')
pytest.importorskip("pikepdf", reason='needs pikepdf: pip install "rktdata[ocr]"')

from rktdata.extract.ocr import Scans  # noqa: E402
from rktdata.extract.ocr.searchable import searchable  # noqa: E402
from rktdata.extract.pages import as_displayed, open_pdf  # noqa: E402
from rktdata.schemas.errors import OcrNotInstalledError  # noqa: E402
from rktdata.schemas.values import UNREAD, Page  # noqa: E402
from tests.scans import scan, table  # noqa: E402


def read(pdf: bytes, mode: str = "auto") -> tuple[Page, list[str]]:
    with open_pdf(pdf) as reader, Scans(pdf, mode) as scans:  # type: ignore[arg-type]
        page = as_displayed(reader.read(0), 1, "pdfium")
        reason = scans.reason(page)
        assert reason is not None
        return scans.read(page, reason), list(scans.unread.values())


def test_a_page_is_left_alone_when_ocr_is_not_wanted() -> None:
    page, [message] = read(scan(side=800), "never")
    assert page.reader == "pdfium"
    assert "--ocr never" in message
    assert UNREAD in page.remarks


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
