"""Memory against pages: the peak of a fresh process that reads one document as a worker does.

    python benchmarks/memory.py [FOLDER]

Three kinds of documents of 100, 300 and 1,000 pages: one table of 40 rows a page over all of
them, prose, and the PDFs of FOLDER (`samples/` where it is left out) one after the other, as
often as it takes. FOLDER should hold no scans, which are read with other programs. Linux.
"""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
from growth import pages_of_prose, rows_over_pages

ROOT = Path(__file__).resolve().parents[1]
PAGES = (100, 300, 1000)
READ = """
import resource, sys
from pathlib import Path
import rktdata.extract.reader_pdfium, rktdata.pipeline
from rktdata.outcome import read_outcome
from rktdata.schemas.options import Options
from rktdata.workers.protocol import encode_entry
path = Path(sys.argv[1])
entry = read_outcome(path.read_bytes(), path.name, Options(ocr="never"))
encode_entry(entry)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def one_after_the_other(folder: Path, pages: int) -> bytes:
    """The PDFs of a folder as one of so many pages."""
    made = pikepdf.new()
    for path in itertools.cycle(sorted(folder.glob("*.pdf"))):
        with pikepdf.open(path) as source:
            made.pages.extend(source.pages[: pages - len(made.pages)])
        if len(made.pages) == pages:
            break
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def peak_mb(pdf: bytes) -> int:
    """What a process takes at most that reads this and nothing else."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = [sys.executable, "-c", READ, file.name]
        return int(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def main() -> None:
    """Print a line for each kind."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "samples"
    kinds: dict[str, Callable[[int], bytes]] = {
        "rows of one table": rows_over_pages,
        "prose": pages_of_prose,
        f"PDFs of {folder.name}": lambda pages: one_after_the_other(folder, pages),
    }
    print(f"{'peak MB':24}" + "".join(f"{f'{pages} pages':>12}" for pages in PAGES))
    for kind, make in kinds.items():
        print(f"{kind:24}" + "".join(f"{peak_mb(make(pages)):12}" for pages in PAGES), flush=True)


if __name__ == "__main__":
    main()
