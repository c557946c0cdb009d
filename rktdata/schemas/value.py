"""What one printed cell means, and what stands round it and helps to read it.

A `Value` keeps the printed text beside every reading of it, the marks that say how it
was read, and sentences for a reader who asks why. Field names follow CONTRACT.md,
"Indicators" (`target_nilai` is `nilai` here, and so on).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_LABELS = {
    "kolom": "header",
    "satuan": "unit",
    "indikator": "indicator",
    "baris": "row",
    "lain": "column",
}
_SCAN = ("pindaian", "ocr")


@dataclass(frozen=True, slots=True)
class Context:
    """What stands round a cell and helps to read it.

    Attributes:
        header: Leaf header with its parents ("Target Kinerja > 2020", "Rp (juta)").
        unit: The row's unit cell.
        indicator: The row's indicator text.
        row: Other cells of the row, evidence for notation and size.
        column: Other cells of the column, likewise.
        ocr: The page was read by OCR, so look-alike letters may stand for digits.
    """

    header: str | None = None
    unit: str | None = None
    indicator: str | None = None
    row: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    ocr: bool = False

    @classmethod
    def parse(cls, konteks: str) -> Context:
        """Read the written form of VALUES.md, "Fields"; unknown parts are passed over.

        >>> Context.parse("Kolom: Target > 2016 | Satuan: % | Baris: 1,100; 2.483")
        ... # doctest: +NORMALIZE_WHITESPACE
        Context(header='Target > 2016', unit='%', indicator=None,
                row=('1,100', '2.483'), column=(), ocr=False)
        """
        found: dict[str, str] = {}
        for part in konteks.split(" | "):
            label, colon, rest = part.partition(":")
            name = _LABELS.get(label.strip().lower())
            if colon and name is not None and rest.strip():
                found[name] = rest.strip()
        header = found.get("header")
        return cls(
            header=header,
            unit=found.get("unit"),
            indicator=found.get("indicator"),
            row=_cells(found.get("row")),
            column=_cells(found.get("column")),
            ocr=header is not None and any(word in header.lower() for word in _SCAN),
        )


def _cells(text: str | None) -> tuple[str, ...]:
    return tuple(c for c in (part.strip() for part in (text or "").split(";")) if c)


@dataclass(frozen=True, slots=True)
class Value:
    """One printed cell and its reading; every field but `text` may be undecided.

    Attributes:
        text: As printed.
        nilai: The number, exact; None where there is none or it is not certain.
        bawah, atas: The ends of a range or of a grade's band, bawah <= atas.
        operator: "=", ">=", ">", "<=" or "<"; None without a single number or grade.
        satuan: Canonical unit, None where none is printed.
        jenis: persen, jumlah, nilai, rupiah, predikat, rentang, banyak, teks, kosong.
        predikat: A grade, opinion or level in its usual spelling.
        banyak: The values of a cell that holds several.
        tanda: How it was read, Indonesian kebab-case, in order.
        keyakinan: 0-1, lower where evidence is thin.
        alasan: Indonesian sentences that explain the reading.
    """

    text: str
    nilai: Decimal | None = None
    bawah: Decimal | None = None
    atas: Decimal | None = None
    operator: str | None = None
    satuan: str | None = None
    jenis: str = "teks"
    predikat: str | None = None
    banyak: tuple[Value, ...] = ()
    tanda: tuple[str, ...] = ()
    keyakinan: float = 1.0
    alasan: tuple[str, ...] = ()
