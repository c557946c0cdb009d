"""A page as its PDF content says it, before /Rotate: what every reader gives."""

from __future__ import annotations

from dataclasses import dataclass

from rktdata.schemas.values import Bools, Floats, Glyphs, Rules


@dataclass(frozen=True, slots=True, eq=False)
class RawPage:
    """Content in PDF user space less the crop box's corner: y runs up, before /Rotate.

    Attributes:
        size: Width and height of the crop box, points, before /Rotate.
        rotation: /Rotate in quarter turns clockwise.
        glyphs: `top` and `bottom` here are user space y; `turn` is the glyph's own
            turn. `baseline` is the y of the line that the glyph stands on, or its x
            where `turn` is odd.
        invisible: n flags, drawn in text render mode 3 or 7.
        rules: y up.
        images, clips: Boxes, n x 4.
        remarks: What was noticed.
    """

    size: tuple[float, float]
    rotation: int
    glyphs: Glyphs
    invisible: Bools
    rules: Rules
    images: Floats
    clips: Floats
    remarks: tuple[str, ...] = ()
