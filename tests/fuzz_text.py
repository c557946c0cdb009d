"""Any text as a value or as a table's header: no crash, no hang, nothing that is no answer.

    python -m tests.fuzz_text values -max_total_time=60    # or headers; libFuzzer's options

atheris looks for texts that reach new branches of the code; seeds are the labelled values
and headers of the tests. What it finds is kept in `.fuzz/`, a crash as a file whose text
goes into the tests as a case. `make fuzz` runs both for a while.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

HERE = Path(__file__).parent
FOUND = HERE.parent / ".fuzz"
ROLES = ("target", "capaian", "rupiah", "satuan")
# Between the cells of a header, and its rows.
CELL, ROW = "\x1f", "\x1e"
# No text of a cell's length may take longer, else a table of them takes a document's time.
SECONDS = 2.0
LONGEST = 4096


def check_value(text: str) -> None:
    """Read a text as every kind of cell; the first line is the cell, the rest its context."""
    from rktdata.normalize.lines import value_json
    from rktdata.normalize.targets import read_value

    cell, _, context = text.partition("\n\n")
    for role in ROLES:
        value = read_value(cell, role, context or None)
        json.dumps(value_json(value), allow_nan=False).encode()
        assert value.text == cell, "the printed text is changed"
        assert 0 <= value.keyakinan <= 1, "a confidence of no kind"
        if value.jenis in ("kosong", "teks"):
            assert value.nilai is None or value.jenis == "teks", "an empty cell has a value"


def check_header(text: str) -> None:
    """Read a text as a table, and its first row as names of columns."""
    from rktdata.extract.headers import find_header, find_repeated, header_names
    from rktdata.normalize.columns import read_roles
    from rktdata.normalize.headers import header_unit, money_power
    from rktdata.normalize.headings import read_heading
    from rktdata.normalize.units import load_vocabulary
    from rktdata.schemas.values import Cell, Row, Table
    from tests.factories import grid

    rows = [row.split(CELL)[:12] for row in text.split(ROW)[:12]]
    wide = max(map(len, rows))
    rows = [row + [""] * (wide - len(row)) for row in rows]
    for row in rows:
        row[0] = row[0].lstrip("<^")  # the factory's signs for merged cells
    rows[0] = [cell.replace("^", "") for cell in rows[0]]
    drawn = grid(*rows)
    header = find_header(drawn)
    assert 0 <= header.start <= header.end <= len(rows), "a header beyond its table"
    names = header_names(drawn, header)
    assert len(names) <= wide * header.depth, "names for other columns"
    find_repeated(drawn, names)
    table = Table(
        *("t1", None, None, None, (1,), tuple(rows[0])),
        tuple(Row(1, tuple(Cell(cell) if cell else None for cell in row)) for row in rows[1:]),
    )
    assert len(read_roles(table)) == wide, "roles for other columns"
    words = load_vocabulary(None)
    for name in rows[0]:
        role = read_heading(name)
        assert all(hasattr(role, field.name) for field in fields(role))
        unit = header_unit(name, words)
        assert unit.unit is None or unit.unit, "a unit without a name"
        assert 0 <= money_power(name, words) < 100, "a scale beyond all money"


CHECKS: dict[str, Callable[[str], None]] = {"values": check_value, "headers": check_header}


def seeds(kind: str) -> list[str]:
    """Texts to begin with: those that the tests know."""
    if kind == "headers":
        from tests.normalize.test_columns import HEADERS

        names = [name for name, _ in HEADERS]
        row = CELL.join(["1", "Angka melek huruf", "98 %", "Rp 1.000"])
        rows = [CELL.join(names[at : at + 4]) for at in range(0, len(names), 4)]
        return names + [ROW.join([first, "", row]) for first in rows]
    found = []
    for path in sorted((HERE / "normalize" / "values").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            entry = json.loads(line)
            found.append(entry["teks"] + (f"\n\n{entry['konteks']}" if "konteks" in entry else ""))
    return found


def timed(check: Callable[[str], None], text: str) -> None:
    """Check a text, and that it does not take long."""
    began = time.process_time()
    check(text[:LONGEST])
    assert time.process_time() - began < SECONDS, "it takes too long"


def main() -> None:
    import atheris

    kind, *options = sys.argv[1:]
    check = CHECKS[kind]
    with atheris.instrument_imports(include=["rktdata.normalize", "rktdata.extract.headers"]):
        check("Target 2024 (%)")  # everything is imported here, to be watched
    corpus = FOUND / kind
    corpus.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(seeds(kind)):
        (corpus / f"seed-{number:05}").write_text(text, "utf-8")

    def one(data: bytes) -> None:
        timed(check, data.decode("utf-8", errors="replace"))

    limits = ["-timeout=20", f"-max_len={LONGEST}", f"-artifact_prefix={FOUND}/"]
    atheris.Setup([sys.argv[0], *limits, *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
