from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.growth import HEADER, HIGH, WIDE, make_pdf, plan_rows, show_text, table
from rktdata.packed import pack, unpack
from rktdata.page_by_page import Parts, open_pages, put_together, read_parts
from rktdata.pipeline import read_document
from rktdata.schemas.document import PageReading
from rktdata.schemas.errors import BrokenPdfError, TimeLimitError
from rktdata.schemas.limits import Limits
from rktdata.schemas.options import Options

PAGES = 12
CROWDED, SLOW = 5, 8
LIMITS = Limits(pages=10, glyphs=2000)


def long_plan(pages: int = PAGES) -> bytes:
    """A table over all pages, a paragraph below it; one page with too many letters."""
    made = []
    for number in range(1, pages + 1):
        drawn = table([HEADER, *plan_rows(10 * number, 10)], 800)
        times = 100 if number == CROWDED else 3
        drawn += [
            show_text(40, 600 - 2 * i, f"Uraian halaman {number} ke {i}") for i in range(times)
        ]
        made.append(("\n".join(drawn), WIDE, HIGH))
    return make_pdf(made)


@contextmanager
def slow(number: int, _: bool) -> Iterator[None]:
    """A watch that finds one page too slow."""
    if number == SLOW:
        raise TimeLimitError(f"page {number} takes longer than it may")
    yield


@pytest.mark.parametrize("step", [1, 3, 4, 9])
def test_pages_read_apart_make_the_same_document(step: int) -> None:
    pdf = long_plan()
    whole = read_document(pdf, "a.pdf", limits=LIMITS, watch=slow)
    readings = {}
    for begin in reversed(range(1, LIMITS.pages + 1, step)):
        with open_pages(pdf, Options(), LIMITS, slow) as pages:
            until = min(begin + step, pages.numbers.stop)
            part = pack([pages.read(number) for number in range(begin, until)])
        readings.update({reading.number: reading for reading in unpack(part)})
    parts = Parts((), PAGES, [readings[number] for number in sorted(readings)])
    assert read_document(pdf, "a.pdf", limits=LIMITS, parts=parts) == whole
    assert whole.messages == (
        f"bom: page {CROWDED} has 2546 glyphs; it is left out",
        f"batas_waktu: page {SLOW} takes longer than it may",
        "bom: 2 pages beyond the first 10 are left out",
    )


def test_messages_stand_in_the_order_of_their_kinds() -> None:
    one = next(iter(read_parts(long_plan(2), Options(), Limits()).readings))
    broken = PageReading(2, error=("rusak", "page 2 is damaged"))
    unread = [PageReading(n, one.page, one.layout, unread="gambar") for n in (3, 4)]
    parts = Parts(("cut short",), 4, [one, broken, *unread])
    _, _, messages = put_together(parts, Limits())
    assert messages == ["cut short", "page 2 is damaged", "halaman 3, 4: gambar"]


@pytest.mark.parametrize(
    ("error", "raised", "message"),
    [
        (("rusak", "page 1 is damaged"), BrokenPdfError, "no page of the PDF can be read"),
        (("batas_waktu", "page 1 takes longer"), TimeLimitError, "page 1 takes longer"),
    ],
)
def test_a_document_without_a_page_is_told_by_its_first(
    error: tuple[str, str], raised: type[Exception], message: str
) -> None:
    parts = Parts((), 2, [PageReading(1, error=error), PageReading(2, error=("bom", "page 2"))])
    with pytest.raises(raised, match=message):
        put_together(parts, Limits())
