"""Seconds per page, from PDF to records, beside what pdfium needs to read the characters.

usage: python benchmarks/speed.py FOLDER_OR_PDF...
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pypdfium2
from rktdata.pipeline import read_document

from rktdata.batch import find_documents
from rktdata.output.dataset import document_entry
from rktdata.schemas.errors import DocumentError
from rktdata.schemas.options import Options


def whole_way(pdf: bytes) -> None:
    """What `rkt extract` does for a document, short of the disk."""
    document_entry(read_document(pdf, "benchmark.pdf", Options()))


def characters(pdf: bytes) -> None:
    """Every character and its box, one call each, as pypdfium2 offers it."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            text.get_text_range()
            for index in range(text.count_chars()):
                text.get_charbox(index)


def seconds(work: Callable[[bytes], None], pdf: bytes) -> float:
    start = time.perf_counter()
    work(pdf)
    return time.perf_counter() - start


def main(paths: list[str]) -> None:
    ours: list[float] = []
    limit: list[float] = []
    pages: list[int] = []
    for path in find_documents(map(Path, paths)):
        pdf = path.read_bytes()
        try:
            if not ours:
                whole_way(pdf)  # imports and caches are no part of the figure
            ours.append(seconds(whole_way, pdf))
        except DocumentError as error:
            print(f"{path.name}: left out, {error}")
            continue
        limit.append(seconds(characters, pdf))
        with pypdfium2.PdfDocument(pdf) as document:
            pages.append(len(document))
        print(f"{path.name}: {pages[-1]} pages, {1000 * ours[-1] / pages[-1]:.1f} ms a page")
    if not pages:
        sys.exit("no document was read")
    print(f"\n{len(pages)} documents, {sum(pages)} pages")
    for name, times in (("rktdata", ours), ("pypdfium2 characters", limit)):
        each = [t / n for t, n in zip(times, pages, strict=True)]
        mean = sum(times) / sum(pages)
        print(f"{name:<21} {1000 * mean:7.1f} ms a page, median file {1000 * median(each):.1f}")
    print(f"ratio                 {sum(ours) / sum(limit):7.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
