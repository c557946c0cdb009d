"""Which records a person should look at first, and why.

Doubt adds up: what the reader was not sure of, what a finding speaks of, what had to be
repaired, and a printed target that gave no value. Records of equal doubt stand in reading
order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rktdata.schemas.corrections import CONFIRMED, CORRECTED
from rktdata.schemas.findings import SEVERITIES, Severity
from rktdata.schemas.plain import plain
from rktdata.schemas.records import AnggaranRow, IndikatorRow

# How much each reason weighs, beside 1 - keyakinan: a finding that changes a target or a
# sum is worth a look before a reading of which half is in doubt.
_BY_SEVERITY: Mapping[Severity, float] = {"galat": 0.6, "peringatan": 0.3, "catatan": 0.1}
_WITHOUT_VALUE, _REPAIRED = 0.25, 0.05
# Confidence from which on a reading is not called doubtful.
_SURE = 0.9
# Reasons, in the order in which they are shown.
REASONS = (*SEVERITIES, "ragu", "tanpa-nilai", "bertanda")
# What a person did with a record.
STATES = ("belum", CORRECTED, CONFIRMED)


@dataclass(frozen=True, slots=True)
class Item:
    """A record in the list.

    Attributes:
        id: Its indikator_id or anggaran_id.
        document_id: Its document's.
        kind: "indikator" or "anggaran".
        page: From 1.
        title: Its text.
        year: Target year; None for a budget line.
        value: The target or amount, as printed.
        confidence: 0-1.
        reasons: Of `REASONS`, in that order.
        weight: The more, the sooner it is shown.
        state: Of `STATES`.
    """

    id: str
    document_id: str
    kind: str
    page: int
    title: str
    year: int | None
    value: str
    confidence: float
    reasons: tuple[str, ...]
    weight: float
    state: str


def state_of(marks: str | None) -> str:
    """What a person did with a record, by its `tanda`.

    >>> state_of("sel-terbelah koreksi dikonfirmasi"), state_of(None)
    ('koreksi', 'belum')
    """
    found = (marks or "").split()
    return next((state for state in STATES[1:] if state in found), STATES[0])


def indicator_item(row: IndikatorRow, severities: Iterable[Severity]) -> Item:
    """An indicator as an item; `severities` of the open findings that rest on it."""
    read = (row.target_nilai, row.target_bawah, row.target_predikat)
    without = (
        bool(row.target_teks)
        and row.target_jenis != "banyak"
        and not any(value is not None for value in read)
    )
    return Item(
        row.indikator_id,
        row.dokumen_id,
        "indikator",
        row.halaman,
        row.indikator,
        row.tahun,
        row.target_teks or "",
        row.keyakinan,
        *_doubt(set(severities), row.keyakinan, without, row.tanda),
        state_of(row.tanda),
    )


def budget_item(row: AnggaranRow, severities: Iterable[Severity]) -> Item:
    """A budget line as an item."""
    title = f"{row.kode} {row.uraian}" if row.kode else row.uraian
    return Item(
        row.anggaran_id,
        row.dokumen_id,
        "anggaran",
        row.halaman,
        title,
        None,
        plain(row.jumlah),
        1.0,
        *_doubt(set(severities), 1.0, False, row.tanda),
        state_of(row.tanda),
    )


def ranked(items: Sequence[Item]) -> list[Item]:
    """Items, those in most doubt first, else as given."""
    return sorted(items, key=lambda item: -item.weight)


def _doubt(
    severities: set[Severity], confidence: float, without_value: bool, marks: str | None
) -> tuple[tuple[str, ...], float]:
    """The reasons to look at a record, and how much they weigh."""
    repaired = bool(set((marks or "").split()) - set(STATES))
    holds: dict[str, bool] = {
        **{severity: severity in severities for severity in SEVERITIES},
        "ragu": confidence < _SURE,
        "tanpa-nilai": without_value,
        "bertanda": repaired,
    }
    worst = max((_BY_SEVERITY[severity] for severity in severities), default=0.0)
    weight = 1 - confidence + worst + _WITHOUT_VALUE * without_value + _REPAIRED * repaired
    return tuple(reason for reason in REASONS if holds[reason]), round(weight, 6)
