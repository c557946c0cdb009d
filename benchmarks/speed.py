"""Processor time a page, from PDF to records, beside other readers of the same PDFs.

    python benchmarks/speed.py [FOLDER_OR_PDF ...] [--out DIR] [--check FILE] [--growth]

Each reader runs in a process of its own, its first file once before the clock. Two of them
do no work but to read, and are what reading costs at the least: "muat" loads pages and
takes each page's text in one call, nearly all of it pdfium's own time; "batas" (the limit)
is pypdfium2 asked for every character's code and box and every path's points, a call each.
The other readers stop at raw tables; rktdata goes on to records with provenance and
ledger, as bytes for the disk. Scans are not read by OCR here (benchmarks/ocr.py does).

Prints a table, writes speed.json and speed.svg (and with --growth growth.svg) to --out, and
compares with a former run of the same files: it fails where rktdata has become slower by
more than a third against the limit or pdfplumber. Ratios of one run can be compared, seconds
of two machines cannot.
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
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import growth

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


def read_loading(pdf: bytes) -> int:
    """Pages loaded by pypdfium2, each page's text in one call."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    pages = len(document)
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    document.close()
    return pages


def read_rktdata(pdf: bytes) -> int:
    """The whole way: what a document adds to the dataset, as bytes."""
    from rktdata.output.dataset import document_entry
    from rktdata.pipeline import read_by_table
    from rktdata.schemas.options import Options

    document = read_by_table(pdf, "benchmark.pdf", Options(ocr="never"))
    document_entry(document)
    return len(document.told.pages)


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
    "muat": read_loading,
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
    before = time.process_time()
    for path in files:
        pdf = path.read_bytes()
        start, cpu = time.perf_counter(), time.process_time()
        try:
            pages = work(pdf)
        except Exception as error:  # a peer's failure is a row, not the end
            rows.append({"file": path.name, "error": f"{type(error).__name__}: {error}"[:120]})
            continue
        spent = {"s": time.perf_counter() - start, "cpu": time.process_time() - cpu}
        rows.append({"file": path.name, "pages": pages, **spent})
    return {
        "files": rows,
        "cpu": time.process_time() - before,
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


def common(found: dict[str, dict[str, Any]]) -> set[str]:
    """The files that rktdata found something in and that no reader failed on."""
    read = [{row["file"] for row in a["files"] if "s" in row} for a in found.values()]
    return set.intersection(*read)


def summary(found: dict[str, Any], names: set[str]) -> dict[str, float]:
    """Milliseconds a page (all, and of the median file), pages a second, memory."""
    read = [row for row in found["files"] if row["file"] in names]
    pages = sum(row["pages"] for row in read)
    seconds, cpu = sum(row["s"] for row in read), sum(row["cpu"] for row in read)
    return {
        "cpu_ms_page": 1000 * cpu / pages,
        "cpu_ms_page_median_file": 1000 * median(row["cpu"] / row["pages"] for row in read),
        "ms_page": 1000 * seconds / pages,
        "pages_s": pages / seconds,
        "rss_mb": found["rss_mb"],
        "errors": sum("error" in row for row in found["files"]),
    }


STAGES = {
    "check the file": ["page_by_page.check_file"],
    "read pages": ["extract.reader_pdfium.PdfiumReader.read", "page_by_page.as_displayed"],
    "lay out": ["page_by_page.find_layout"],
    "stitch": ["pipeline.split_running", "extract.stitch._tables", "pipeline.find_blocks"],
    "records": [
        *("pipeline.describe_document", "pipeline.read_roles", "pipeline.read_indicators"),
        *("pipeline.read_budget", "pipeline.read_prose_indicators", "pipeline.read_prose_budget"),
        *("pipeline.number_indicators", "pipeline.number_budget"),
    ],
    "ledger": ["pipeline.balance"],
    "write": ["output.dataset.document_entry"],
}


def stages(files: list[Path]) -> dict[str, float]:
    """Processor milliseconds a page of each stage of rktdata, by clocks round its functions."""
    import importlib

    from rktdata.output import dataset
    from rktdata.pipeline import read_by_table
    from rktdata.schemas.options import Options

    clock = Clock()
    for stage, names in STAGES.items():
        for name in names:
            parts = name.split(".")
            depth = -2 if parts[-2][0].isupper() else -1
            owner: Any = importlib.import_module(".".join(["rktdata", *parts[:depth]]))
            for part in parts[depth:-1]:
                owner = getattr(owner, part)
            setattr(owner, parts[-1], clock.clocked(getattr(owner, parts[-1]), stage))
    pages, start = 0, 0.0
    for path in [files[0], *files]:
        if path is files[0] and not start:
            start = time.process_time()
        with contextlib.suppress(Exception):  # nothing to read in it: no stage of it counts
            document = read_by_table(path.read_bytes(), path.name, Options(ocr="never"))
            dataset.document_entry(document)
            pages += len(document.told.pages)
    whole = time.process_time() - start
    clock.spent["the rest"] = max(whole - sum(clock.spent.values()), 0.0)
    return {name: 1000 * value / max(pages, 1) for name, value in clock.spent.items()}


class Clock:
    """Tells a stage's own time from that of the stages which it asks for their next value."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(STAGES, 0.0)
        self._at_work: list[str] = []
        self._since = 0.0

    def clocked(self, work: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """The function, whose time is the stage's; that of what it yields as well."""

        def timed(*given: Any) -> Any:
            result = self._run(stage, lambda: work(*given))
            return self._each(stage, result) if isinstance(result, Iterator) else result

        return timed

    def _each(self, stage: str, items: Iterator[Any]) -> Iterator[Any]:
        end = object()
        while (item := self._run(stage, lambda: next(items, end))) is not end:
            yield item

    def _run(self, stage: str, work: Callable[[], Any]) -> Any:
        self._charge()
        self._at_work.append(stage)
        try:
            return work()
        finally:
            self._charge()
            self._at_work.pop()

    def _charge(self) -> None:
        now = time.process_time()
        if self._at_work:
            self.spent[self._at_work[-1]] += now - self._since
        self._since = now


def plot(table: dict[str, dict[str, float]], file: Path) -> None:
    """Bars of processor milliseconds a page, as SVG."""
    widest = max(row["cpu_ms_page"] for row in table.values())
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{44 + 34 * len(table)}" '
        'font-family="sans-serif" font-size="14">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        '<text x="10" y="22" fill="#333">processor milliseconds a page, less is better</text>',
    ]
    for i, (name, row) in enumerate(table.items()):
        y, width = 38 + 34 * i, 480 * row["cpu_ms_page"] / widest
        colour = "#0b5c62" if name == "rktdata" else "#b9b4a7"
        lines.append(f'<text x="10" y="{y + 17}" fill="#333">{name}</text>')
        lines.append(f'<rect x="110" y="{y}" width="{width:.1f}" height="24" fill="{colour}"/>')
        label = f"{row['cpu_ms_page']:.1f}"
        lines.append(f'<text x="{118 + width:.1f}" y="{y + 17}" fill="#333">{label}</text>')
    file.write_text("\n".join([*lines, "</svg>", ""]), encoding="utf-8")


def ratios(table: dict[str, dict[str, float]]) -> dict[str, float]:
    """How many times each reader's processor time is ours; of reading alone the other way."""
    ours = table["rktdata"]["cpu_ms_page"]
    least = {f"rktdata/{n}": ours / table[n]["cpu_ms_page"] for n in ("muat", "batas")}
    others = {
        f"{name}/rktdata": row["cpu_ms_page"] / ours
        for name, row in table.items()
        if name not in ("rktdata", "muat", "batas")
    }
    return {**least, **others}


def check(now: dict[str, Any], file: Path) -> list[str]:
    """What has become slower than a former run of the same files says, one line each."""
    former = json.loads(file.read_text("utf-8"))
    if former["pages"] != now["pages"]:
        print(f"{file} is of {former['pages']} pages, not of these: nothing is compared")
        return []
    old, new = former["ratios"], now["ratios"]
    worse = [
        f"{name} is {new[name]:.2f}, was {old[name]:.2f}"
        for name in ("rktdata/batas", "pdfplumber/rktdata")
        if name in old and name in new
        if (new[name] / old[name] if name == "rktdata/batas" else old[name] / new[name]) > SLOWER
    ]
    print(f"compared with {file}: " + ("; ".join(worse) or "no slower"))
    return worse


def main() -> int:
    """Run, print, write; 1 where rktdata has become slower than a former run says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("inputs", nargs="*", type=Path, help="samples and ../shared/corpus if none")
    parser.add_argument("--out", type=Path, help="folder for speed.json, speed.svg, growth.svg")
    parser.add_argument("--check", type=Path, help="speed.json of a former run")
    parser.add_argument("--growth", action="store_true", help="time against size as well")
    parser.add_argument("--one", choices=READERS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    shared = HOME.parent / "shared" / "corpus"
    corpus = [path for name in ("pdf", "raw") if (path := shared / name).is_dir()]
    inputs = given.inputs or [HOME / "samples", *corpus]
    files = [
        f for path in inputs for f in (sorted(path.rglob("*.pdf")) if path.is_dir() else [path])
    ]
    if given.one:
        print(json.dumps(run_one(given.one, files)))
        return 0
    if not files:
        parser.error("there is no PDF to read")
    found = {name: answer for name in READERS if (answer := run_apart(name, files))}
    names = common(found)
    table = {name: summary(answer, names) for name, answer in found.items()}
    pages = sum(row["pages"] for row in found["rktdata"]["files"] if row["file"] in names)
    print(f"{len(names)} of {len(files)} files, {pages} pages; the others hold no plan, or a scan")
    print(f"{'':12} CPU ms/page  median file  wall ms/page  pages/s  peak MB  errors")
    for name, row in table.items():
        print(
            f"{name:12} {row['cpu_ms_page']:11.2f} {row['cpu_ms_page_median_file']:12.2f} "
            f"{row['ms_page']:13.2f} {row['pages_s']:8.1f} {row['rss_mb']:8.0f} "
            f"{row['errors']:7.0f}"
        )
    by_stage = stages([path for path in files if path.name in names])
    print("rktdata by stage, CPU ms/page: ", end="")
    print(", ".join(f"{name} {value:.2f}" for name, value in by_stage.items()))
    report: dict[str, Any] = {
        "pages": pages,
        "ratios": ratios(table),
        "stages": by_stage,
        "table": table,
    }
    print("times: " + ", ".join(f"{name} {value:.2f}" for name, value in report["ratios"].items()))
    if given.growth:
        report["growth"] = growth.measure()
        growth.show(report["growth"])
    worse = check(report, given.check) if given.check and given.check.exists() else []
    for line in worse:
        print(f"slower than before: {line}", file=sys.stderr)
    if given.out and not worse:
        given.out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(report, indent=1, sort_keys=True) + "\n"
        (given.out / "speed.json").write_text(text, encoding="utf-8")
        plot(table, given.out / "speed.svg")
        if given.growth:
            growth.plot(report["growth"], given.out / "growth.svg")
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main())
