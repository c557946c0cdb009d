"""A recognised page as bytes and back, for the cache."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np

from rktdata.schemas.values import Glyphs, Page, Rules

_GLYPHS = tuple(Glyphs.__dataclass_fields__)
_RULES = tuple(Rules.__dataclass_fields__)


def to_bytes(page: Page) -> bytes:
    """What was read of a page, compressed."""
    columns: dict[str, Any] = {f"g_{name}": getattr(page.glyphs, name) for name in _GLYPHS}
    columns |= {f"r_{name}": getattr(page.rules, name) for name in _RULES}
    columns |= {
        "size": np.array([page.width, page.height]),
        "turn": np.array(page.turn),
        "remarks": np.array(page.remarks, dtype=np.str_),
        "bend": np.array(page.bend or ()),
    }
    with io.BytesIO() as file:
        np.savez_compressed(file, **columns)
        return file.getvalue()


def from_bytes(kept: bytes, page: Page) -> Page | None:
    """The page as it was read; None where the bytes are damaged."""
    try:
        with np.load(io.BytesIO(kept), allow_pickle=False) as columns:
            glyphs = Glyphs(**{name: columns[f"g_{name}"] for name in _GLYPHS})
            rules = Rules(**{name: columns[f"r_{name}"] for name in _RULES})
            width, height = columns["size"].tolist()
            bend = tuple(columns["bend"].tolist())
            return replace(
                page,
                width=width,
                height=height,
                turn=int(columns["turn"]),
                glyphs=glyphs,
                rules=rules,
                clips=np.zeros((0, 4)),
                set_aside={},
                found=int(np.count_nonzero(glyphs.text != " ")),
                reader="ocr",
                remarks=tuple(columns["remarks"].tolist()),
                bend=bend or None,
            )
    except (ValueError, KeyError, OSError, EOFError):
        return None
