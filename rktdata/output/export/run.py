"""Exports written: into a folder beside their place, then renamed, so none is half made."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from rktdata.output.export.source import read_source
from rktdata.schemas.errors import ExportError

# Format to the libraries it needs that are not among ours; a module each, of its name.
FORMATS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "xlsx": ("xlsxwriter",),
        "parquet": ("pyarrow",),
        "sqlite": (),
        "duckdb": ("duckdb", "pyarrow"),
        "jsonl": (),
        "csv": (),
    }
)
FOLDER = "ekspor"
_INSTALL = 'pip install "rktdata[export]"'


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        files: In place, by format and name.
        remarks: What a format could not hold as it is.
    """

    files: tuple[Path, ...]
    remarks: tuple[str, ...]


def export(dataset: Path, formats: Iterable[str], folder: Path | None = None) -> Exported:
    """Write a dataset in other formats.

    Args:
        dataset: The dataset folder; only its CSV files are read.
        formats: Keys of `FORMATS`.
        folder: Where to; `ekspor` in the dataset if left out.

    Raises:
        ExportError: A format is unknown, its library is missing, or it cannot be made.
        DatasetError: The dataset cannot be read.
        OSError: The folder cannot be written.
    """
    wanted = list(dict.fromkeys(formats))
    for name in wanted:
        _check(name)
    tables = read_source(dataset)
    target = dataset / FOLDER if folder is None else folder
    if target.exists() and not target.is_dir():
        raise ExportError(f"{target} is a file; name a folder to write to")
    target.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".rktdata-ekspor-", dir=target))
    files, remarks = list[Path](), list[str]()
    try:
        for name in wanted:
            place = staging / name
            place.mkdir()
            remarks += import_module(f"rktdata.output.export.{name}").write(tables, place)
            files += [path for path in sorted(place.iterdir()) if path.is_file()]
        placed = tuple(path.replace(target / path.name) for path in files)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Exported(placed, tuple(remarks))


def _check(name: str) -> None:
    """Refuse what is no format, or whose library is not installed."""
    if name not in FORMATS:
        raise ExportError(f"{name!r} is no format; there are {', '.join(FORMATS)}")
    for library in FORMATS[name]:
        try:
            import_module(library)
        except ModuleNotFoundError as error:
            raise ExportError(f"{name} needs {library}; install it: {_INSTALL}") from error
