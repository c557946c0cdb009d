"""Datasets laid side by side: one agency's plans of several years, be they in one or in many.

`rkt extract` and `rkt audit` write the panel of a dataset already; here it is made anew
for a dataset, or for several that were read one year at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rktdata.output.dataset import put_rows
from rktdata.output.load import load_document, read_document_rows
from rktdata.panel import make_panel
from rktdata.review import group_by_agency, reconcile_group
from rktdata.schemas.errors import OutputFolderError
from rktdata.schemas.panel import Panel
from rktdata.schemas.records import DokumenRow, PanelRow, PerubahanRow


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found.

    Attributes:
        panels: One for each agency of whose years something can be said, in the order of
            the documents.
        files: What was written.
    """

    panels: tuple[Panel, ...]
    files: tuple[Path, ...] = ()


def compare(datasets: Sequence[Path], folder: Path | None = None) -> Comparison:
    """Make the panel of one dataset, or of several together.

    Args:
        datasets: Folders that `rkt extract` wrote; a document in two of them counts once.
        folder: Where panel.csv and perubahan.csv go. If left out, those of one dataset
            are put in it, and those of several nowhere.

    Raises:
        DatasetError: A folder is no dataset, or is damaged.
        OutputFolderError: The files cannot be written there.
    """
    place: dict[str, Path] = {}
    rows: list[DokumenRow] = []
    for dataset in datasets:
        for row in read_document_rows(dataset):
            if row.dokumen_id not in place:
                place[row.dokumen_id] = dataset
                rows.append(row)
    if folder is not None and (folder / DokumenRow.file_name).exists():
        raise OutputFolderError(f"{folder} holds a dataset; name a folder of its own")
    panels = []
    for group in group_by_agency(rows):
        documents = [load_document(place[row.dokumen_id], row) for row in group]
        panel = make_panel(documents, reconcile_group(documents))
        if panel.rows or panel.remarks:
            panels.append(panel)
    target = folder if folder is not None else datasets[0] if len(datasets) == 1 else None
    if target is None:
        return Comparison(tuple(panels))
    files = put_rows(
        target,
        {
            PanelRow: [row for panel in panels for row in panel.rows],
            PerubahanRow: [change.row for panel in panels for change in panel.changes],
        },
    )
    return Comparison(tuple(panels), files)
