"""PDFs that nobody would send in good faith, and honest ones that were damaged."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

MB = 1 << 20
FONT = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
LINE = b"BT /F1 12 Tf 72 700 Td (Rencana Kinerja Tahunan 2024) Tj ET\n"


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def _page(content: bytes, **extra: object) -> bytes:
    """A PDF of one page with this content, unpacked."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[0].obj
        page.Contents = Stream(pdf, content)
        page.Resources = Dictionary(Font=Dictionary(F1=FONT))
        for key, value in extra.items():
            page[f"/{key}"] = value
        return _saved(pdf)


def _packed(content: bytes, times: int) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        for _ in range(times):
            content = zlib.compress(content, 9)
        stream = Stream(pdf, content)
        stream.Filter = Array([Name.FlateDecode] * times)
        pdf.pages[0].obj.Contents = stream
        pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=FONT))
        return _saved(pdf)


def flate_bomb(megabytes: int = 200) -> bytes:
    """A stream of 200 MB of spaces in 200 KB."""
    return _packed(LINE + b" " * (megabytes * MB), 1)


def flate_in_flate_bomb() -> bytes:
    """The same in some hundred bytes."""
    return _packed(LINE + b" " * (200 * MB), 2)


def many_bombs() -> bytes:
    """Forty streams of 60 MB, each fine by itself, shown on one page."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        packed = zlib.compress(LINE + b" " * (60 * MB), 9)
        streams = []
        for _ in range(40):
            stream = Stream(pdf, packed)
            stream.Filter = Name.FlateDecode
            streams.append(pdf.make_indirect(stream))
        pdf.pages[0].obj.Contents = Array(streams)
        return _saved(pdf)


def laughing_forms() -> bytes:
    """Ten forms, each drawing the next ten times: ten thousand million lines."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        inner = Stream(pdf, LINE)
        for _ in range(10):
            outer = Stream(pdf, b"/X Do\n" * 10)
            outer.Resources = Dictionary(
                Font=Dictionary(F1=FONT), XObject=Dictionary(X=pdf.make_indirect(inner))
            )
            for form in (inner, outer):
                form.Type, form.Subtype = Name.XObject, Name.Form
                form.BBox = Array([0, 0, 595, 842])
            inner = outer
        page = pdf.pages[0].obj
        page.Contents = Stream(pdf, b"/X Do\n")
        page.Resources = Dictionary(XObject=Dictionary(X=pdf.make_indirect(inner)))
        return _saved(pdf)


def with_a_page_that_hangs(pdf: bytes) -> bytes:
    """A whole document, and behind its pages one on which libraries do not return."""
    with pikepdf.open(io.BytesIO(pdf)) as whole, pikepdf.open(io.BytesIO(laughing_forms())) as bad:
        whole.pages.append(bad.pages[0])
        return _saved(whole)


def form_that_draws_itself() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        form = pdf.make_indirect(Stream(pdf, b"/X Do\n" + LINE))
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
        form.Resources = Dictionary(Font=Dictionary(F1=FONT), XObject=Dictionary(X=form))
        pdf.pages[0].obj.Contents = Stream(pdf, b"/X Do\n")
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=form))
        return _saved(pdf)


def pages_in_a_circle() -> bytes:
    """The page tree is its own child."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        tree = pdf.Root.Pages
        tree.Kids.append(tree)
        tree.Count = 1000
        return _saved(pdf)


def one_page_many_times() -> bytes:
    """A tree that names one page twenty thousand times."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages[0].obj.Contents = Stream(pdf, LINE)
        pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=FONT))
        tree = pdf.Root.Pages
        raw = _saved(pdf)
        del tree
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        page = pdf.Root.Pages.Kids[0]
        pdf.Root.Pages.Kids = Array([page] * 20_000)
        pdf.Root.Pages.Count = 20_000
        return _saved(pdf)


def deep_arrays() -> bytes:
    """A hundred thousand arrays in each other, in the content and in an object."""
    deep = b"[" * 100_000 + b"]" * 100_000
    plain = _page(LINE + deep + b" TJ\n")
    return plain.replace(b"endobj", b"endobj\n99 0 obj\n" + deep + b"\nendobj", 1)


def deep_states() -> bytes:
    return _page(b"q " * 200_000 + LINE)


def huge_page() -> bytes:
    return _page(LINE, MediaBox=Array([0, 0, 10**9, 10**9]))


def page_without_size() -> bytes:
    return _page(LINE, MediaBox=Array([0, 0, 0, 0]))


def page_at_the_end_of_the_world() -> bytes:
    return _page(LINE, MediaBox=Array([-(10**18), 10**18, 10**17, 9 * 10**18]))


def million_segments() -> bytes:
    lines = b"".join(b"%d %d m %d %d l\n" % (n % 595, n % 842, 300, n % 800) for n in range(10**6))
    return _page(LINE + lines + b"S\n")


def million_cells() -> bytes:
    boxes = b"".join(b"%d %d 3 3 re S\n" % (n % 200 * 3, n // 200 * 3) for n in range(10**5))
    return _page(LINE + boxes)


def million_glyphs() -> bytes:
    shown = b"".join(
        b"BT /F1 4 Tf %d %d Td (%s) Tj ET\n" % (n % 500, n % 800, b"abcdefghij" * 10)
        for n in range(10_000)
    )
    return _page(shown)


def control_characters() -> bytes:
    text = bytes(range(32)).replace(b"\\", b"").replace(b"(", b"").replace(b"\r", b"")
    return _page(b"BT /F1 12 Tf 72 700 Td (a" + text + b"b\0c) Tj ET\n" + LINE)


def missing_fonts() -> bytes:
    return _page(b"BT /Nowhere 12 Tf 72 700 Td (Indikator Kinerja) Tj ET\n")


def font_without_sense() -> bytes:
    broken = Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=Name("/A" * 100),
        FirstChar=-5,
        LastChar=2**31 - 1,
        Widths=Array([10**9] * 10),
    )
    return _page(LINE, Resources=Dictionary(Font=Dictionary(F1=broken)))


def numbers_out_of_range() -> bytes:
    return _page(b"BT /F1 99999999999999999999 Tf 1e308 -1e308 Td (x) Tj ET\n" * 100 + LINE)


def wrong_table_of_contents(pdf: bytes) -> bytes:
    """Every object is said to be seven bytes further on."""
    head, _, table = pdf.rpartition(b"xref\n0 ")
    lines = table.split(b"\n")
    moved = [
        b"%010d" % (int(line[:10]) + 7) + line[10:]
        if line[10:11] == b" " and b" n" in line
        else line
        for line in lines
    ]
    return head + b"xref\n0 " + b"\n".join(moved)


GENERATED: dict[str, Callable[[], bytes]] = {
    make.__name__: make
    for make in (
        flate_bomb,
        flate_in_flate_bomb,
        many_bombs,
        laughing_forms,
        form_that_draws_itself,
        pages_in_a_circle,
        one_page_many_times,
        deep_arrays,
        deep_states,
        huge_page,
        page_without_size,
        page_at_the_end_of_the_world,
        million_segments,
        million_cells,
        million_glyphs,
        control_characters,
        missing_fonts,
        font_without_sense,
        numbers_out_of_range,
    )
}


# Seeds of `mutated` whose damage nobody can see: the key under which a page's contents, or
# a stream's dictionary, stands is overwritten so that the file says something else.
MISSED: frozenset[int] = frozenset()


def truncated(pdf: bytes, step: int = 1024) -> Iterator[bytes]:
    """The file cut off at every so many bytes."""
    return (pdf[:end] for end in range(step, len(pdf), step))


def mutated(pdf: bytes, seed: int) -> bytes:
    """The file with some bytes, or a stretch of them, changed at random."""
    chance = random.Random(seed)
    bytes_ = bytearray(pdf)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        at = chance.randrange(len(bytes_))
        kind = chance.randrange(6)
        if kind == 0:
            bytes_[at] = chance.randrange(256)
        elif kind == 1:
            bytes_[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            del bytes_[at : at + chance.randrange(1, 64)]
        elif kind == 3:
            bytes_[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 64)))
        elif kind == 4:
            bytes_[at : at + 16] = bytes(16)
        else:
            other = chance.randrange(len(bytes_))
            bytes_[at : at + 32] = bytes_[other : other + 32]
        if not bytes_:
            return b"\0"
    return bytes(bytes_)
