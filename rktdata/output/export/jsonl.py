"""JSON lines: one file a table, one row an object, every column in every object.

Numbers are JSON numbers with all the digits of the CSV; read them with a parser that
keeps them (Python: `json.loads(line, parse_float=Decimal)`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from rktdata.output.export.source import SourceTable
from rktdata.schemas.plain import plain


def write(tables: Sequence[SourceTable], folder: Path) -> tuple[str, ...]:
    """Write `<table>.jsonl` for each table; no remarks."""
    for table in tables:
        keys = [f"{_text(column.name)}: " for column in table.columns]
        with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            for row in table.values():
                pairs = (key + _value(value) for key, value in zip(keys, row, strict=True))
                file.write("{" + ", ".join(pairs) + "}\n")
    return ()


def _value(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal | float) else _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
