"""A written dataset, opened: its rows, frames, documents, and where each value stands.

Nothing is read before it is asked for; the PDFs are needed only for pictures.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rktdata.output.load import load_document, read_document_rows
from rktdata.output.pdfs import find_pdfs
from rktdata.output.read_csv import read_values
from rktdata.schemas.dataset import ALL_BY_NAME, AUDIT_TABLES
from rktdata.schemas.document import Document
from rktdata.schemas.errors import DatasetError
from rktdata.schemas.records import (
    AnggaranRow,
    DatasetRow,
    DokumenRow,
    IndikatorRow,
    KelompokRow,
    PanelRow,
    PerubahanRow,
    TabelRow,
    TemuanRow,
)
from rktdata.schemas.values import Source

if TYPE_CHECKING:
    import pandas as pd

M = TypeVar("M", bound=DatasetRow)


def open_dataset(
    folder: str | os.PathLike[str], *, pdf: str | os.PathLike[str] | None = None
) -> Dataset:
    """Open a dataset folder that `rkt extract` or `rktdata.extract` wrote.

    Args:
        folder: The dataset.
        pdf: Folder with the PDFs, for pictures of pages; they are looked for in it and
            below it, by name and by content.

    Raises:
        DatasetError: There is no dataset in the folder.
    """
    dataset = Dataset(Path(folder), None if pdf is None else Path(pdf))
    if not (dataset.folder / DokumenRow.file_name).is_file():
        raise DatasetError(f"{folder} holds no {DokumenRow.file_name}; name a dataset")
    return dataset


class Dataset:
    """A dataset folder, opened; rows are in file order.

    `findings`, `groups`, `panel` and `changes` are empty for a dataset that was not audited.
    """

    def __init__(self, folder: Path, pdf: Path | None = None) -> None:
        self.folder = folder
        self._pdf = pdf

    @cached_property
    def document_rows(self) -> tuple[DokumenRow, ...]:
        """The rows of dokumen.csv, failed documents among them."""
        return tuple(read_document_rows(self.folder))

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """Documents by id, those that were read; each is loaded when it is asked for."""
        files = {} if self._pdf is None else find_pdfs(self._pdf, self.document_rows)
        return _Documents(self.folder, self.document_rows, files)

    @cached_property
    def tables(self) -> tuple[TabelRow, ...]:
        """The rows of tabel.csv."""
        return self._rows(TabelRow)

    @cached_property
    def indicators(self) -> tuple[IndikatorRow, ...]:
        """The rows of indikator.csv."""
        return self._rows(IndikatorRow)

    @cached_property
    def budget(self) -> tuple[AnggaranRow, ...]:
        """The rows of anggaran.csv."""
        return self._rows(AnggaranRow)

    @cached_property
    def groups(self) -> tuple[KelompokRow, ...]:
        """The rows of kelompok.csv."""
        return self._rows(KelompokRow)

    @cached_property
    def findings(self) -> tuple[TemuanRow, ...]:
        """The rows of temuan.csv."""
        return self._rows(TemuanRow)

    @cached_property
    def panel(self) -> tuple[PanelRow, ...]:
        """The rows of panel.csv: indicators by year."""
        return self._rows(PanelRow)

    @cached_property
    def changes(self) -> tuple[PerubahanRow, ...]:
        """The rows of perubahan.csv: what changed from one year's plan to the next."""
        return self._rows(PerubahanRow)

    def to_frame(self, name: str = "indikator") -> pd.DataFrame:
        """One file as a data frame: Int64 and string columns, Decimal kept as Decimal.

        Args:
            name: "dokumen", "tabel", "indikator", "anggaran", "kelompok", "temuan",
                "panel" or "perubahan".

        Raises:
            KeyError: There is no such file.
        """
        from rktdata.output.frames import rows_to_frame

        if name not in ALL_BY_NAME:
            raise KeyError(f"no rows named {name!r}; there are {', '.join(ALL_BY_NAME)}")
        return rows_to_frame(name, self._rows(ALL_BY_NAME[name]))

    def sources(self, record_id: str, field: str) -> tuple[Source, ...]:
        """Where a field of an indicator or budget line is printed; () where nowhere.

        Args:
            record_id: An indikator_id or anggaran_id.
            field: A column of its file: "target_teks".

        Raises:
            KeyError: There is no such record.
        """
        document = self.documents[record_id.rpartition("-")[0]]
        for indicator in document.indicators:
            if indicator.row.indikator_id == record_id:
                return indicator.sources.get(field, ())
        for line in document.budget:
            if line.row.anggaran_id == record_id:
                return line.sources.get(field, ())
        raise KeyError(record_id)

    def _rows(self, model: type[M]) -> tuple[M, ...]:
        if model in AUDIT_TABLES and not (self.folder / model.file_name).is_file():
            return ()
        names = list(model.model_fields)
        values = read_values(self.folder, model)
        return tuple(model.model_validate(dict(zip(names, row, strict=True))) for row in values)


class _Documents(Mapping[str, Document]):
    """Documents by id, loaded when they are asked for; of many, the last one is kept."""

    def __init__(self, folder: Path, rows: Sequence[DokumenRow], files: Mapping[str, Path]) -> None:
        self._folder = folder
        self._files = files
        self._rows = {row.dokumen_id: row for row in rows if row.status != "gagal"}
        self._last: Document | None = None

    def __getitem__(self, document_id: str) -> Document:
        if self._last is None or self._last.row.dokumen_id != document_id:
            file = self._files.get(document_id)
            read = load_document(self._folder, self._rows[document_id])
            self._last = replace(read, file=None if file is None else str(file))
        return self._last

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
