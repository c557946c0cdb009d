"""Seconds per page, from PDF to records, beside other readers of the same PDFs.

    python benchmarks/speed.py [FOLDER_OR_PDF ...] [--json FILE] [--plot FILE.svg] [--check FILE]

Each reader runs in a process of its own, its first file once before the clock. "batas" is
pypdfium2 reading every character's code and box and every path's points, a call each:
what reading the content costs at the least in Python. The others stop at raw tables;
rktdata goes on to records with provenance and ledger, as bytes for the disk.

Ratios of one run can be compared, seconds of two machines cannot. --check fails where
rktdata has become slower, against the limit or pdfplumber, than a former run's ratios by
more than a third.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

SLOWER = 4 / 3
HOME = Path(__file__).resolve().parents[1]


def read_limit(pdf: bytes) -> int:
    """Every character and path point by pypdfium2."""
    import ctypes

    import pypdfium2
    import pypdfium2.raw as raw

    document = pypdfium2.PdfDocument(pdf)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_float(), ctypes.c_float()
    pages = len(document)
    for page in document:
        text = page.get_textpage()
        for i in range(raw.FPDFText_CountChars(text)):
            raw.FPDFText_GetUnicode(text, i)
            raw.FPDFText_GetCharBox(text, i, left, right, bottom, top)
        for i in range(raw.FPDFPage_CountObjects(page)):
            item = raw.FPDFPage_GetObject(page, i)
            if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_PATH:
                for k in range(raw.FPDFPath_CountSegments(item)):
                    raw.FPDFPathSegment_GetPoint(raw.FPDFPath_GetPathSegment(item, k), x, y)
        text.close()
        page.close()
    document.close()
    return pages


def read_rktdata(pdf: bytes) -> int:
    """The whole way: what a document adds to the dataset, as bytes."""
    from rktdata.output.dataset import document_entry
    from rktdata.pipeline import read_document

    document = read_document(pdf, "benchmark.pdf")
    document_entry(document)
    return len(document.pages)


def read_pdfplumber(pdf: bytes) -> int:
    """Raw tables by pdfplumber."""
    import io

    import pdfplumber

    with pdfplumber.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            page.extract_tables()
            page.close()
        return len(document.pages)


def read_camelot(pdf: bytes) -> int:
    """Raw tables by Camelot, lattice, with its vector engine."""
    import tempfile

    import camelot
    import pypdfium2

    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        camelot.read_pdf(
            file.name, pages="all", flavor="lattice", engine="vector", suppress_stdout=True
        )
    document = pypdfium2.PdfDocument(pdf)
    pages = len(document)
    document.close()
    return pages


def read_tabula(pdf: bytes) -> int:
    """Raw tables by tabula (lattice); needs Java and tabula-py."""
    import io

    import pypdfium2
    import tabula

    tabula.read_pdf(io.BytesIO(pdf), pages="all", lattice=True, silent=True)
    document = pypdfium2.PdfDocument(pdf)
    pages = len(document)
    document.close()
    return pages


READERS: dict[str, Callable[[bytes], int]] = {
    "batas": read_limit,
    "rktdata": read_rktdata,
    "pdfplumber": read_pdfplumber,
    "camelot": read_camelot,
    "tabula": read_tabula,
}


def run_one(reader: str, files: list[Path]) -> dict[str, Any]:
    """Time one reader over all files, in this process."""
    work = READERS[reader]
    for path in files:  # imports and caches are no part of the figures
        with contextlib.suppress(Exception):
            work(path.read_bytes())
            break
    rows: list[dict[str, Any]] = []
    cpu = time.process_time()
    for path in files:
        pdf = path.read_bytes()
        start = time.perf_counter()
        try:
            pages = work(pdf)
        except Exception as error:  # a peer's failure is a row, not the end
            rows.append({"file": path.name, "error": f"{type(error).__name__}: {error}"[:120]})
            continue
        rows.append({"file": path.name, "pages": pages, "s": time.perf_counter() - start})
    return {
        "files": rows,
        "cpu": time.process_time() - cpu,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def run_apart(reader: str, files: list[Path]) -> dict[str, Any] | None:
    """The same in a process of its own; None where the reader is not installed."""
    command = [sys.executable, __file__, "--one", reader, *map(str, files)]
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        print(f"{reader}: left out ({done.stderr.strip().splitlines()[-1:]})", file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if not any("s" in row for row in found["files"]):
        print(f"{reader}: left out ({found['files'][0]['error']})", file=sys.stderr)
        return None
    return found


def summary(found: dict[str, Any]) -> dict[str, float]:
    """Milliseconds a page (all, and of the median file), pages a second, memory."""
    read = [row for row in found["files"] if "s" in row]
    pages = sum(row["pages"] for row in read)
    seconds = sum(row["s"] for row in read)
    return {
        "ms_page": 1000 * seconds / pages,
        "ms_page_median_file": 1000 * median(row["s"] / row["pages"] for row in read),
        "pages_s": pages / seconds,
        "cpu_ms_page": 1000 * found["cpu"] / pages,
        "rss_mb": found["rss_mb"],
        "pages": pages,
        "errors": len(found["files"]) - len(read),
    }


def stages(files: list[Path]) -> dict[str, float]:
    """Milliseconds a page of each stage of rktdata."""
    from rktdata.extract.layout import find_layout
    from rktdata.extract.pages import read_pages
    from rktdata.extract.running import split_running
    from rktdata.extract.stitch import stitch
    from rktdata.output.dataset import document_entry
    from rktdata.pipeline import read_document

    spent = dict.fromkeys(("read", "layout", "stitch", "records and ledger", "write"), 0.0)
    pages = 0
    for path in files:
        pdf = path.read_bytes()
        marks = [time.perf_counter()]
        found = list(read_pages(pdf))
        marks.append(time.perf_counter())
        layouts = [find_layout(page) for page in found]
        marks.append(time.perf_counter())
        stitch(split_running(layouts)[0])
        marks.append(time.perf_counter())
        try:
            document = read_document(pdf, path.name)
        except Exception:  # nothing to read in it: no stage of it counts
            continue
        whole = time.perf_counter()
        document_entry(document)
        written = time.perf_counter()
        steps = [b - a for a, b in zip(marks, marks[1:], strict=False)]
        rest = max(whole - marks[-1] - sum(steps), 0.0)
        for name, value in zip(spent, [*steps, rest, written - whole], strict=True):
            spent[name] += value
        pages += len(found)
    return {name: 1000 * value / max(pages, 1) for name, value in spent.items()}


def plot(table: dict[str, dict[str, float]], file: Path) -> None:
    """Bars of milliseconds a page, as SVG."""
    widest = max(row["ms_page"] for row in table.values())
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{40 + 34 * len(table)}" '
        'font-family="sans-serif" font-size="14">',
        '<text x="10" y="22" fill="#333">milliseconds a page, less is better</text>',
    ]
    for i, (name, row) in enumerate(table.items()):
        y, width = 38 + 34 * i, 480 * row["ms_page"] / widest
        colour = "#0b5c62" if name == "rktdata" else "#b9b4a7"
        lines.append(f'<text x="10" y="{y + 17}" fill="#333">{name}</text>')
        lines.append(f'<rect x="110" y="{y}" width="{width:.1f}" height="24" fill="{colour}"/>')
        lines.append(
            f'<text x="{118 + width:.1f}" y="{y + 17}" fill="#333">{row["ms_page"]:.1f}</text>'
        )
    file.write_text("\n".join([*lines, "</svg>", ""]), encoding="utf-8")


def ratios(table: dict[str, dict[str, float]]) -> dict[str, float]:
    """How many times each reader's CPU time is ours; the limit the other way round."""
    ours = table["rktdata"]["cpu_ms_page"]
    found = {
        name: row["ms_page"] / ours
        for name, row in table.items()
        if name not in ("rktdata", "batas")
    }
    return {"rktdata/batas": ours / table["batas"]["cpu_ms_page"], **found}


def check(now: dict[str, float], file: Path) -> list[str]:
    """What has become slower than a former run says, one line each."""
    before = json.loads(file.read_text("utf-8"))["ratios"]
    worse = []
    if now["rktdata/batas"] > before["rktdata/batas"] * SLOWER:
        worse.append(f"rktdata/batas {now['rktdata/batas']:.2f}, was {before['rktdata/batas']:.2f}")
    if now.get("pdfplumber", 1e9) < before.get("pdfplumber", 0) / SLOWER:
        worse.append(f"pdfplumber {now['pdfplumber']:.1f} x, was {before['pdfplumber']:.1f} x")
    return worse


def main() -> int:
    """Run, print, write; 1 where --check finds rktdata slower."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("inputs", nargs="*", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--check", type=Path)
    parser.add_argument("--one", choices=READERS)
    given = parser.parse_args()
    shared = HOME.parent / "shared" / "corpus"
    inputs = given.inputs or [HOME / "samples", *([shared / "pdf"] if shared.is_dir() else [])]
    files = [
        f for path in inputs for f in (sorted(path.rglob("*.pdf")) if path.is_dir() else [path])
    ]
    if given.one:
        print(json.dumps(run_one(given.one, files)))
        return 0
    found = {name: answer for name in READERS if (answer := run_apart(name, files))}
    table = {name: summary(answer) for name, answer in found.items()}
    print(f"{'':12} ms/page  median file  pages/s  CPU ms/page  peak MB  errors")
    for name, row in table.items():
        print(
            f"{name:12} {row['ms_page']:7.1f} {row['ms_page_median_file']:12.1f} "
            f"{row['pages_s']:8.1f} {row['cpu_ms_page']:12.1f} {row['rss_mb']:8.0f} "
            f"{row['errors']:7.0f}"
        )
    now = ratios(table)
    print("times ours: " + ", ".join(f"{name} {value:.2f}" for name, value in now.items()))
    by_stage = stages(files)
    print("rktdata by stage, ms/page: " + ", ".join(f"{k} {v:.1f}" for k, v in by_stage.items()))
    if given.json:
        report = {"table": table, "ratios": now, "stages": by_stage}
        given.json.write_text(json.dumps(report, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if given.plot:
        plot(table, given.plot)
    worse = check(now, given.check) if given.check else []
    for line in worse:
        print(f"slower than before: {line}", file=sys.stderr)
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main())
