"""Which pages go to OCR, and which of two readings is kept."""

from dataclasses import replace

import numpy as np

from rktdata.extract.ocr.decide import GARBLED, LAYER, PICTURE, better, needs_ocr
from rktdata.extract.strokes import no_rules
from rktdata.schemas.values import Box, Glyphs, Page

TEXT = "Meningkatnya kualitas pelayanan dan pengelolaan data yang baik untuk program kegiatan"
TEXT += " sasaran indikator kinerja tahun jumlah persentase dokumen laporan"
WHOLE = (0.0, 0.0, 600.0, 800.0)


def page(text: str, *images: Box, remarks: tuple[str, ...] = ()) -> Page:
    n = len(text)
    x = np.arange(n) * 5.0
    line = np.full(n, 100.0)
    glyphs = Glyphs(
        text=np.array(list(text), dtype=np.str_),
        x0=x,
        top=line - 8,
        x1=x + 5,
        bottom=line + 2,
        baseline=line,
        size=np.full(n, 10.0),
        bold=np.zeros(n, dtype=bool),
        clip=np.full(n, -1),
        turn=np.zeros(n, dtype=np.int64),
    )
    return Page(
        number=1,
        width=600,
        height=800,
        turn=0,
        glyphs=glyphs,
        rules=no_rules(),
        images=images,
        clips=np.zeros((0, 4)),
        set_aside={},
        found=n,
        reader="pdfium",
        remarks=remarks,
    )


def test_a_page_of_text_is_not_read_from_its_picture() -> None:
    assert needs_ocr(page(TEXT)) is None
    assert needs_ocr(page(TEXT, (0, 0, 100, 100))) is None


def test_a_picture_without_text_is() -> None:
    assert needs_ocr(page("", WHOLE)) == PICTURE
    assert needs_ocr(page("12", WHOLE)) == PICTURE  # a page number stamped on a scan


def test_an_empty_page_or_a_logo_alone_is_not() -> None:
    assert needs_ocr(page("")) is None
    assert needs_ocr(page("", (10, 10, 60, 60))) is None


def test_glyphs_without_meaning_are_garbled() -> None:
    assert needs_ocr(page("\ufffd\ue001" * 40)) == GARBLED
    assert needs_ocr(page("(cid:12)(cid:7)" * 10)) == GARBLED
    assert needs_ocr(page("xqzt wrtp lkjh " * 12)) == GARBLED


def test_a_scanners_own_layer_is_compared_with_ours() -> None:
    scan = page(TEXT, WHOLE)
    assert needs_ocr(scan) == LAYER
    worse = replace(page(TEXT.replace("e", "c"), WHOLE), reader="ocr")
    kept = better(scan, worse, LAYER)
    assert "".join(kept.glyphs.text.tolist()) == TEXT
    assert (kept.glyphs.ocr == 1).all()
    ours = better(worse, replace(scan, reader="ocr"), LAYER)
    assert "".join(ours.glyphs.text.tolist()) == TEXT
