"""How many labelled cells each reader gets right, by kind of cell.

    python benchmarks/values.py values-dev.jsonl [--wrong]

Ours is compared in all fields (nilai, bawah, atas, operator, satuan, jenis, predikat,
nilai_banyak). Babel and price-parser read single numbers only, so the second table
compares the numbers alone: a reader is right where it gives the labelled number, or no
number where the label has none. Install them with `pip install rktdata[values-benchmark]`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from rktdata.normalize.lines import read_lines

FIELDS = ("nilai", "bawah", "atas", "operator", "satuan", "jenis", "predikat", "nilai_banyak")
Case = dict[str, Any]
Reader = Callable[[Case], Decimal | None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labelled", type=Path, help="JSON lines in the form of values-dev.jsonl")
    parser.add_argument("--wrong", action="store_true", help="print the entries read wrongly")
    arguments = parser.parse_args()
    lines = arguments.labelled.read_text(encoding="utf-8").splitlines()
    cases: list[Case] = [json.loads(line) for line in lines if line.strip()]
    start = time.perf_counter()
    ours = list(read_lines(lines))
    seconds = time.perf_counter() - start
    print_fields(cases, ours, arguments.wrong)
    print(f"\n{len(cases)} cells in {seconds * 1000:.0f} ms, vocabulary included\n")
    print_numbers(cases, ours)


def print_fields(cases: list[Case], ours: list[Case], wrong: bool) -> None:
    print("Every field right, rktdata\n")
    groups = {"all": cases, "without sulit": [c for c in cases if not c.get("sulit")]}
    pairs = {id(case): got for case, got in zip(cases, ours, strict=True)}
    for name, group in groups.items():
        parts = [
            f"{field} {share(sum(c.get(field) == pairs[id(c)][field] for c in group), len(group))}"
            for field in FIELDS
        ]
        right = sum(is_right(c, pairs[id(c)]) for c in group)
        print(f"{name:14} {share(right, len(group))} of {len(group)}   " + "  ".join(parts))
    if wrong:
        for case, got in zip(cases, ours, strict=True):
            if not is_right(case, got):
                fields = {f: (case.get(f), got[f]) for f in FIELDS if case.get(f) != got[f]}
                print(f"  {case['kolom']} {case['teks']!r} {case.get('konteks')}: {fields}")


def print_numbers(cases: list[Case], ours: list[Case]) -> None:
    print("The number alone\n")
    by_text = {id(case): got for case, got in zip(cases, ours, strict=True)}
    readers: dict[str, Reader] = {
        "rktdata": lambda case: number(by_text[id(case)]["nilai"]),
        **other_readers(),
    }
    values = [case for case in cases if case["kolom"] != "satuan"]
    totals = Counter(case["jenis"] for case in values)
    print(f"{'jenis':10} {'cells':>5}" + "".join(f" {name:>13}" for name in readers))
    right = {
        name: Counter(c["jenis"] for c in values if read(c) == number(c["nilai"]))
        for name, read in readers.items()
    }
    for jenis, count in sorted(totals.items()):
        row = "".join(f" {share(right[name][jenis], count):>13}" for name in readers)
        print(f"{jenis:10} {count:5}{row}")
    everything = "".join(f" {share(right[n].total(), len(values)):>13}" for n in readers)
    print(f"{'all':10} {len(values):5}{everything}")


def other_readers() -> dict[str, Reader]:
    """The other libraries, each only if it is installed; an error counts as no number."""
    readers: dict[str, Reader] = {}
    try:
        from babel.numbers import NumberFormatError, parse_decimal
    except ImportError:
        print("babel is not installed")
    else:

        def babel(case: Case) -> Decimal | None:
            try:
                return parse_decimal(case["teks"], locale="id_ID")
            except NumberFormatError:
                return None

        readers["babel"] = babel
    try:
        from price_parser import Price
    except ImportError:
        print("price-parser is not installed")
    else:
        readers["price-parser"] = lambda case: Price.fromstring(case["teks"]).amount
    return readers


def number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def is_right(case: Case, got: Case) -> bool:
    return all(case.get(field) == got[field] for field in FIELDS)


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


if __name__ == "__main__":
    main()
