"""Rules on what was read from a picture: what has to be compared with the paper.

Two engines read each line of a scan. Where they differ in a number, one of them is
wrong, and a choice is no proof.
"""

from __future__ import annotations

from collections.abc import Iterator

from rktdata.audit.case import Case, labels
from rktdata.audit.registry import Draft, rule
from rktdata.schemas.findings import Place
from rktdata.schemas.values import OCR_DOUBT

_SINGLY = 5  # doubtful cells of one table that are listed one by one


@rule(
    "R67", "peringatan", "D", "pembacaan pindaian",
    "Angka hasil pembacaan pindaian sudah pasti", "A number read from a scan is certain",
)  # fmt: skip
def doubtful_number(case: Case) -> Iterator[Draft]:
    """A number on which the two readings of a scan differ; a table full of them is one finding."""
    for view in case.tables:
        places = [
            case.cell(view, at, column)
            for at, row in enumerate(view.table.rows)
            for column, cell in enumerate(row.cells)
            if cell is not None and OCR_DOUBT in cell.marks
        ]
        places = list({place.sources: place for place in places}.values())  # merged cells: once
        if len(places) > _SINGLY:
            yield _together(case.table(view, str(len(places))), places, view.row.unit_kerja)
        else:
            yield from (_one(place, view.row.unit_kerja) for place in places)
    for listing, entry in case.entries():
        for record in entry.records:
            row = record.row
            if row.tabel_id is None and OCR_DOUBT in (row.tanda or "").split():
                yield _one(case.record(listing, record, "target_teks"), row.unit_kerja)


def _one(place: Place, unit: str | None) -> Draft:
    return Draft(
        f'{place.label_id}: angka dalam "{place.value}" dibaca dari gambar dan diragukan; '
        "cocokkan dengan halaman aslinya.",
        f'{place.label_en}: a number in "{place.value}" was read from a picture and is in doubt; '
        "compare it with the page.",
        place,
        unit=unit,
    )


def _together(table: Place, places: list[Place], unit: str | None) -> Draft:
    return Draft(
        f"{table.label_id}: {len(places)} sel berisi angka yang dibaca dari gambar dan diragukan "
        f"({labels(places)}); cocokkan dengan halaman aslinya.",
        f"{table.label_en}: {len(places)} cells hold numbers that were read from a picture and are "
        f"in doubt ({labels(places, english=True)}); compare them with the page.",
        table,
        others=tuple(places),
        unit=unit,
    )
