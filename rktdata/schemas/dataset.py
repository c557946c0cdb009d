"""Which files a dataset folder holds, and in which order."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any

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

# Order of writing: a file comes after those that its keys point into.
TABLES: tuple[type[DatasetRow], ...] = (DokumenRow, TabelRow, IndikatorRow, AnggaranRow)
# What reconcile, audit and panel say of the dataset as a whole, made anew by `rkt audit`.
AUDIT_TABLES: tuple[type[DatasetRow], ...] = (KelompokRow, TemuanRow, PanelRow, PerubahanRow)
DOCUMENT_FOLDER = "dokumen"
DESCRIPTOR = "datapackage.json"
REPORT = "laporan.html"
# A reviewer's files: no run writes or removes them.
ACCEPTED = "temuan-diterima.csv"
CORRECTIONS = "koreksi.csv"


def table_name(model: type[DatasetRow]) -> str:
    """The name by which a file of rows is known everywhere: "indikator".

    >>> table_name(IndikatorRow)
    'indikator'
    """
    return model.file_name.removesuffix(".csv")


BY_NAME: Mapping[str, type[DatasetRow]] = types.MappingProxyType({table_name(m): m for m in TABLES})
# Every file of rows a dataset may hold, those of the audit last.
ALL_BY_NAME: Mapping[str, type[DatasetRow]] = types.MappingProxyType(
    {table_name(m): m for m in (*TABLES, *AUDIT_TABLES)}
)


def value_type(annotation: Any) -> type:
    """The type of a field's values where they are not null.

    >>> value_type(int | None), value_type(str)
    (<class 'int'>, <class 'str'>)
    """
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        [annotation] = [part for part in typing.get_args(annotation) if part is not type(None)]
    return typing.cast(type, annotation)
