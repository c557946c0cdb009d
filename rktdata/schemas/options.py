"""What a user can choose about how a document is read."""

from __future__ import annotations

import tomllib
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Options(BaseModel):
    """How to read a document; a name that is not here is refused.

    Attributes:
        reader: The library behind `extract/pages.py`.
        password: For PDFs that ask for one; never printed.
        vocabulary: The text (TOML) of a vocabulary of the user's own, read besides the
            package's; the text and not its path, so that reading a document needs no disk.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reader: Literal["pdfium", "pdfplumber"] = "pdfium"
    password: str | None = Field(default=None, repr=False)
    vocabulary: str | None = Field(default=None, repr=False)

    @field_validator("vocabulary")
    @classmethod
    def _is_toml(cls, text: str | None) -> str | None:
        if text is not None:
            tomllib.loads(text)  # TOMLDecodeError is a ValueError, and says line and column
        return text
