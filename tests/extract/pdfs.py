"""PDF files put together operator by operator, for what typesetting libraries hide."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

A4 = (0.0, 0.0, 595.0, 842.0)
HELVETICA = Dictionary(
    Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
)


def to_unicode(codes: dict[int, str]) -> bytes:
    """A ToUnicode CMap for one-byte codes."""
    rows = "\n".join(
        f"<{code:02X}> <{text.encode('utf-16-be', 'surrogatepass').hex().upper()}>"
        for code, text in codes.items()
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{rows}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def make_pdf(
    content: str | bytes | None = None,
    *,
    box: Sequence[float] = A4,
    fonts: dict[str, dict[int, str]] | None = None,
    forms: dict[str, tuple[str, Sequence[float]]] | None = None,
    picture: bool = False,
    pages: int = 1,
    inherit: bool = False,
    encryption: pikepdf.Encryption | None = None,
    **keys: Any,
) -> bytes:
    """A PDF whose pages all have the same content.

    Args:
        content: Operators; the font /F1 is Helvetica; None for no content at all.
        box: The media box.
        fonts: Further fonts, by name: what each of their codes means.
        forms: Form XObjects by name: operators and matrix; each may use all of them.
        picture: Whether there is a one-pixel picture /Im1.
        pages: How many.
        inherit: Whether the boxes and /Rotate stand in the page tree's root.
        encryption: How to lock it.
        **keys: More keys of the page, such as Rotate=90 and CropBox.
    """
    pdf = pikepdf.new()
    font = Dictionary(F1=HELVETICA)
    for name, codes in (fonts or {}).items():
        font[f"/{name}"] = Dictionary(
            **{key.lstrip("/"): value for key, value in HELVETICA.items()},
            ToUnicode=Stream(pdf, to_unicode(codes)),
        )
    objects = Dictionary()
    resources = pdf.make_indirect(Dictionary(Font=font, XObject=objects))
    for name, (operators, matrix) in (forms or {}).items():
        form = Stream(pdf, operators.encode())
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([-999, -999, 999, 999])
        form.Matrix, form.Resources = Array(list(matrix)), resources
        objects[f"/{name}"] = form
    if picture:
        image = Stream(pdf, b"\x80")
        image.Type, image.Subtype, image.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
        image.Width, image.Height, image.BitsPerComponent = 1, 1, 8
        objects.Im1 = image
    boxes = {"MediaBox": Array(list(box)), **keys}
    for _ in range(pages):
        page = Dictionary(Type=Name.Page, Resources=resources)
        if not inherit:
            for key, value in boxes.items():
                page[f"/{key}"] = Array(list(value)) if isinstance(value, tuple) else value
        if content is not None:
            data = content.encode("latin-1") if isinstance(content, str) else content
            page.Contents = Stream(pdf, data)
        pdf.pages.append(pikepdf.Page(page))
    if inherit:
        for key, value in boxes.items():
            pdf.Root.Pages[f"/{key}"] = Array(list(value)) if isinstance(value, tuple) else value
    out = io.BytesIO()
    pdf.save(out, deterministic_id=encryption is None, encryption=encryption)
    return out.getvalue()


def text(words: str, x: float = 100, y: float = 700, size: float = 12, more: str = "") -> str:
    """Operators that draw words in Helvetica; `more` stands before them."""
    return f"BT /F1 {size} Tf {more} 1 0 0 1 {x} {y} Tm ({words}) Tj ET\n"


def up(words: str, x: float, y: float, size: float = 12) -> str:
    """Operators that draw words running up the page."""
    return f"BT /F1 {size} Tf 0 1 -1 0 {x} {y} Tm ({words}) Tj ET\n"
