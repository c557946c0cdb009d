"""How much one document may cost before it is given up.

Nobody vetted the files: one that would take an hour or all memory costs itself, not the
run. The numbers are far above what real plans need (the longest of the development
corpus, some hundred pages, takes seconds and 200 MB) and each can be set by the user.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """Bounds of one document; a name that is not here is refused.

    Attributes:
        seconds: Wall-clock time for a document, scanned pages not counted; then its worker
            is killed.
        page_seconds: For reading one page; then that page is left out.
        scan_seconds: For reading one page from its picture; then it is not read so.
        memory_mb: Address space of a worker.
        file_mb: Size of the file.
        pages: Pages read of a document; the others are left out.
        glyphs: Of one page; a page with more is left out.
        stream_mb: What one stream of the PDF may unpack to.
        total_mb: What all its streams may unpack to.
        documents: After so many, a worker is replaced by a fresh one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: float = Field(default=600, gt=0)
    page_seconds: float = Field(default=60, gt=0)
    scan_seconds: float = Field(default=120, gt=0)
    memory_mb: int = Field(default=3072, ge=256)
    file_mb: int = Field(default=500, ge=1)
    pages: int = Field(default=5000, ge=1)
    glyphs: int = Field(default=200_000, ge=1)
    stream_mb: int = Field(default=128, ge=1)
    total_mb: int = Field(default=2048, ge=1)
    documents: int = Field(default=200, ge=1)
