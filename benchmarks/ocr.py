"""Ours against Tesseract alone and rapidocr alone, on the same scanned pages.

usage: ocr.py SCANS_FOLDER GOLD_FOLDER [--pages 12]

SCANS_FOLDER holds scanned PDFs (`degrade.py` makes them); GOLD_FOLDER the `<stem>.json` of
each. Told of each reader: how many of the gold cells' characters are wrong (CER), seconds
per page (median) and the peak memory of its process. Of ours also how many targets are
wrong, and how many of those carry no mark ("silent").

A gold cell is looked for in the text that was read: the best alignment anywhere in the
text of its page counts, so that a reader without cells is not blamed for their order.
Spaces count, letters' case counts.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from rktdata import batch

DPI = 300
Text = dict[tuple[str, int], str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scans", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--pages", type=int, default=1000, help="at most so many")
    parser.add_argument("--readers", default=",".join(READERS), help="which, with commas")
    args = parser.parse_args()
    scans = sorted(p for p in args.scans.glob("*.pdf") if (args.gold / f"{p.stem}.json").exists())
    golds = {p.name: json.loads((args.gold / f"{p.stem}.json").read_text("utf-8")) for p in scans}
    print("reader | CER of cells | median s/page | peak MB")
    for name in args.readers.split(","):
        read = READERS[name]
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            texts, seconds, peak = pool.apply(_timed, (read, scans, args.pages))
        rate = error_rate(golds, texts)
        print(f"{name} | {100 * rate:.2f} % | {median(seconds):.2f} | {peak:.0f}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        batch.extract(scans, folder, jobs=1)
        silent(Path(folder), golds)


def _timed(
    read: Callable[[], Callable[[bytes, int], str]], scans: list[Path], most: int
) -> tuple[Text, list[float], float]:
    reader, texts, seconds = read(), Text(), list[float]()
    for path in scans:
        pdf = path.read_bytes()
        for page in range(len(pypdfium2.PdfDocument(pdf))):
            if len(seconds) >= most:
                break
            start = time.perf_counter()
            texts[path.name, page + 1] = reader(pdf, page)
            seconds.append(time.perf_counter() - start)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return texts, seconds, max(own, children) / 1024


def _drawn(pdf: bytes, page: int) -> NDArray[np.uint8]:
    document = pypdfium2.PdfDocument(pdf)
    return np.ascontiguousarray(document[page].render(scale=DPI / 72).to_numpy()[..., :3])


def tesseract() -> Callable[[bytes, int], str]:
    import cv2

    import rktdata.extract.ocr

    data = Path(rktdata.extract.ocr.__file__).parent / "data"

    def read(pdf: bytes, page: int) -> str:
        with tempfile.NamedTemporaryFile(suffix=".png") as file:
            cv2.imwrite(file.name, _drawn(pdf, page))
            command = ["tesseract", file.name, "-", "-l", "ind", "--tessdata-dir", str(data)]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    return read


def rapidocr() -> Callable[[bytes, int], str]:
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "critical"})

    def read(pdf: bytes, page: int) -> str:
        return "\n".join(engine(_drawn(pdf, page)).txts or ())

    return read


def ours() -> Callable[[bytes, int], str]:
    from rktdata.extract.layout import find_layout
    from rktdata.extract.ocr import Scans
    from rktdata.extract.pages import as_displayed, open_pdf

    def read(pdf: bytes, page: int) -> str:
        with open_pdf(pdf) as reader, Scans(pdf) as scans:
            shown = as_displayed(reader.read(page), page + 1, "pdfium")
            layout = find_layout(scans.read(shown, scans.reason(shown) or "gambar"))
        cells = [" ".join(line.text for line in c.lines) for g in layout.grids for c in g.cells]
        return "\n".join([*cells, *(line.text for line in layout.lines)])

    return read


READERS = {"tesseract": tesseract, "rapidocr": rapidocr, "rktdata": ours}


def error_rate(golds: dict[str, dict[str, object]], texts: Text) -> float:
    """Wrong characters of the gold cells' lines, as a share of all."""
    wrong = total = 0
    for name, gold in golds.items():
        for table in gold["tabel"]:  # type: ignore[attr-defined]
            for row in table["baris"]:
                page = texts.get((name, row["halaman"]))
                if page is None:
                    continue
                flat = " ".join(page.split())
                for cell in row["sel"]:
                    text = " ".join((cell or "").split())
                    if len(text) > 3:
                        wrong += _distance(text, flat)
                        total += len(text)
    return wrong / max(total, 1)


def _distance(text: str, page: str) -> int:
    """Characters to be changed to find a cell's words on the page, word by word."""
    if text in page:
        return 0
    words, distance = text.split(), 0
    have = page.split()
    seen = set(have)
    for word in words:
        if word in seen:
            continue
        glued = word in page
        distance += 1 if glued else min((Levenshtein.distance(word, w) for w in have), default=9)
    best = fuzz.partial_ratio_alignment(text, page)
    whole = Levenshtein.distance(text, page[best.dest_start : best.dest_end]) if best else len(text)
    return min(distance, whole, len(text))


def silent(folder: Path, golds: dict[str, dict[str, object]]) -> None:
    """Targets that a dataset has wrong, and those of them that say nothing of it."""
    names = {
        row["dokumen_id"]: row["berkas"]
        for row in csv.DictReader((folder / "dokumen.csv").open(encoding="utf-8"))
    }
    read = defaultdict(list)
    for row in csv.DictReader((folder / "indikator.csv").open(encoding="utf-8")):
        read[names[row["dokumen_id"]], _key(row["indikator"]), row["tahun"]].append(row)
    wrong = quiet = count = 0
    for name, gold in golds.items():
        for item in gold["indikator"]:  # type: ignore[attr-defined]
            rows = read[name, _key(item["indikator"]), str(item["tahun"] or "")]
            if not rows:
                continue
            count += 1
            want = item["target_nilai"]
            if any(_number(r["target_nilai"]) == want for r in rows):
                continue
            wrong += 1
            marked = any("ocr-ragu" in (r["tanda"] or "") for r in rows)
            quiet += not marked
            print(f"  {name}: {item['indikator'][:50]!r}: {want} read as", end=" ")
            print([(r["target_teks"], r["tanda"]) for r in rows])
    print(f"targets compared {count}, wrong {wrong}, silent {quiet}")


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _number(text: str) -> float | None:
    return float(text) if text else None


if __name__ == "__main__":
    sys.exit(main())
