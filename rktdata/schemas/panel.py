"""What the panel stage hands to the writers and the report: indicators through the years."""

from __future__ import annotations

from dataclasses import dataclass

from rktdata.schemas.records import PanelRow, PerubahanRow


@dataclass(frozen=True, slots=True)
class Change:
    """One change between two plans; `row.pesan` says it in Indonesian."""

    row: PerubahanRow
    message_en: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The indicators of an agency, year by year.

    Attributes:
        agency: Its name; None where it is not known, or where there are several.
        rows: By unit (the agency first), series and year.
        changes: By year, unit and series.
        remarks: What could not be compared and why, in Indonesian and English.
    """

    agency: str | None = None
    rows: tuple[PanelRow, ...] = ()
    changes: tuple[Change, ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
