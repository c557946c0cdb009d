"""What a user can choose about how a document is read."""

from __future__ import annotations

import tomllib
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator

OcrMode: TypeAlias = Literal["auto", "always", "never"]


class Options(BaseModel):
    """How to read a document; a name that is not here is refused.

    Attributes:
        reader: The library behind `extract/pages.py`.
        password: For PDFs that ask for one; never printed.
        vocabulary: The text (TOML) of a vocabulary of the user's own, read besides the
            package's; the text and not its path, so that reading a document needs no disk.
        ocr: Which pages are read from their pictures: those that need it, all, or none.
        searchable: Whether a copy with the recognised text as a layer is made as well.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reader: Literal["pdfium", "pdfplumber"] = "pdfium"
    password: str | None = Field(default=None, repr=False)
    vocabulary: str | None = Field(default=None, repr=False)
    ocr: OcrMode = "auto"
    searchable: bool = False

    @field_validator("vocabulary")
    @classmethod
    def _is_toml(cls, text: str | None) -> str | None:
        if text is not None:
            tomllib.loads(text)  # TOMLDecodeError is a ValueError, and says line and column
        return text
