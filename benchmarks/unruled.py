"""Tables without rules: our finder against Camelot's parsers, by rows read right.

    python benchmarks/unruled.py PDF GOLD.json

GOLD holds the tables as printed ("tabel": [{"baris": [{"sel": [...]}]}]). A row is right
when all its cells are, in order, white space and case aside; all tables of the PDF
count, since a parser that takes prose for a table is wrong too.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from pathlib import Path


def folded(cells: list[str | None]) -> tuple[str, ...]:
    """A row for comparison: its printed cells without white space and hyphens."""
    return tuple(text for cell in cells if (text := re.sub(r"[\s\-]+", "", cell or "").lower()))


def camelot_rows(pdf: Path, flavor: str) -> Counter[tuple[str, ...]]:
    """Every row that Camelot finds."""
    import camelot

    tables = camelot.read_pdf(str(pdf), pages="all", flavor=flavor, suppress_stdout=True)
    return Counter(
        row for table in tables for cells in table.df.values.tolist() if (row := folded(cells))
    )


def our_rows(pdf: Path) -> Counter[tuple[str, ...]]:
    """Every row of ours."""
    import rktdata

    return Counter(
        row
        for table in rktdata.read(pdf).tables
        for found in table.rows
        if (row := folded([cell.text if cell else None for cell in found.cells]))
    )


def main() -> None:
    """Print precision, recall, F1 and seconds for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pdf", type=Path)
    parser.add_argument("gold", type=Path)
    given = parser.parse_args()
    gold = json.loads(given.gold.read_text("utf-8"))
    wanted = Counter(
        row for table in gold["tabel"] for r in table["baris"] if (row := folded(r["sel"]))
    )
    readers = {
        "rktdata": lambda: our_rows(given.pdf),
        **{
            f"camelot {flavor}": lambda flavor=flavor: camelot_rows(given.pdf, flavor)
            for flavor in ("lattice", "network", "hybrid", "stream")
        },
    }
    print(f"{'':18} precision  recall      F1  seconds")
    for name, read in readers.items():
        start = time.perf_counter()
        found = read()
        took = time.perf_counter() - start
        hits = sum((found & wanted).values())
        precision, recall = hits / max(sum(found.values()), 1), hits / max(sum(wanted.values()), 1)
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
        print(f"{name:18} {precision:9.3f} {recall:7.3f} {f1:7.3f} {took:8.2f}")


if __name__ == "__main__":
    main()
