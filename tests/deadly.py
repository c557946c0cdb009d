"""An outcome that some documents' processes do not live to tell."""

from __future__ import annotations

import os
from pathlib import Path

from rktdata.output.dataset import Entry, failure_entry
from rktdata.schemas.options import Options
from rktdata.schemas.records import DokumenRow


def outcome(path: Path, options: Options) -> Entry:
    if path.name.startswith("kills"):
        os._exit(9)
    row = DokumenRow(dokumen_id=path.stem, berkas=path.name, status="gagal", galat="fine")
    return failure_entry(row)
