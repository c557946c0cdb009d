"""Rules between plans of one agency and year (RKT, PK, Renja): what one has the other has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from rktdata.audit.case import Case, rupiah, short
from rktdata.audit.registry import Draft, rule
from rktdata.audit.rules.budget import Line, same_line
from rktdata.audit.rules.structure import is_total
from rktdata.reconcile.hierarchy import same_agency, same_unit
from rktdata.reconcile.keys import similarity
from rktdata.schemas.document import Document

_FOUND = 0.85
_SHARED = 0.5
_IKU = "(*)"
_FINAL = {"RKT", "PK"}
_AMOUNT = 1000  # rupiah; below it is a quantity or a column in thousands


def _pairs(case: Case) -> Iterator[tuple[Document, Document]]:
    """Documents of one agency and one year."""
    known = [d for d in case.documents.values() if d.row.instansi and d.row.tahun]
    for a, b in combinations(known, 2):
        if a.row.tahun == b.row.tahun and same_agency(a.row.instansi, b.row.instansi):
            yield a, b


@rule(
    "R33", "peringatan", "P", "PermenPAN-RB 88/2021 AREN002.8",
    "Sasaran sama di semua dokumen tahun itu", "Objectives agree between the year's plans",
)  # fmt: skip
def objectives_of_plans(case: Case) -> Iterator[Draft]:
    """A sasaran of one plan that the other does not have, where most are shared."""
    for alignment in case.reconciled.alignments:
        if alignment.relation != "antar-dokumen" or not alignment.twin:
            continue
        one, two = ({e.row.sasaran for e in x.entries if e.row.sasaran}
                    for x in (alignment.first, alignment.second))  # fmt: skip
        hanging = {(m.first.row.sasaran, m.second.row.sasaran) for m in alignment.matches}
        for own, other, listing, lack, side in (
            (one, two, alignment.first, alignment.second, 0),
            (two, one, alignment.second, alignment.first, 1),
        ):
            linked = {pair[side] for pair in hanging}
            gone = [
                text
                for text in own
                if text not in linked and not any(similarity(text, x) >= 0.7 for x in other)
            ]
            if not other or len(gone) > _SHARED * len(own):
                continue
            for text in sorted(gone):
                entry = next(e for e in listing.entries if e.row.sasaran == text)
                a = case.record(listing, entry.records[0], "sasaran")
                yield Draft(
                    f'Sasaran "{short(text, 130)}" ({a.label_id}) tidak ada di '
                    f"{case.many(lack)}{lack.label_id}.",
                    f'Objective "{short(text, 130)}" ({a.label_en}) is missing in '
                    f"{case.many(lack)}{lack.label_en}.",
                    a,
                    unit=listing.unit,
                )


@rule(
    "R36", "peringatan", "P", "PermenPAN-RB 88/2021 AREN002.6",
    "IKU termuat di RKT dan PK", "Key indicators stand in RKT and PK",
)  # fmt: skip
def key_indicators(case: Case) -> Iterator[Draft]:
    """An indicator marked (*) or listed in an IKU document that the year's plan lacks."""
    for a, b in _pairs(case):
        for one, other in ((a, b), (b, a)):
            listings = case.listings_of(one.row.dokumen_id)
            theirs = [e.text for x in case.listings_of(other.row.dokumen_id) for e in x.entries]
            if other.row.jenis not in ("RKT", "PK") or not theirs:
                continue
            keys = [
                (x, e) for x in listings for e in x.entries
                if one.row.jenis == "IKU" or e.text.rstrip().endswith(_IKU)
            ]  # fmt: skip
            gone = [
                (x, e) for x, e in keys
                if not any(similarity(e.text, text) >= _FOUND for text in theirs)
            ]  # fmt: skip
            if len(gone) > _SHARED * len(keys):
                continue
            for listing, entry in gone:
                place = case.record(listing, entry.records[0])
                yield Draft(
                    f'IKU "{short(entry.text, 130)}" ({place.label_id}) tidak ada di '
                    f"{other.row.berkas}.",
                    f'Key indicator "{short(entry.text, 130)}" ({place.label_en}) is missing in '
                    f"{other.row.berkas}.",
                    place,
                    unit=listing.unit,
                )


@rule(
    "R40", "galat", "P", "PermenPAN-RB 88/2021 AREN003.1; PMK 62/2023 hlm. 358",
    "Anggaran program sama di semua dokumen tahun itu",
    "A programme has one amount in the year's plans",
)  # fmt: skip
def amounts_of_plans(case: Case) -> Iterator[Draft]:
    """The same programme or total with two amounts: two documents, or two lists of one unit."""
    for a, b in _pairs(case):
        if not {a.row.jenis, b.row.jenis} <= _FINAL:
            continue  # a Renja also tells other years' and other stages' amounts
        yield from _amounts(case, _top(a), _top(b), {**_units(a), **_units(b)})
    for document in case.documents.values():
        if document.row.jenis not in _FINAL:
            continue
        tables = dict.fromkeys(r.row.tabel_id for r in document.budget)
        for one, two in combinations(tables, 2):
            first, second = (
                [r for r in _top(document) if r.row.tabel_id == table] for table in (one, two)
            )
            yield from _amounts(case, first, second, _units(document))


def _units(document: Document) -> dict[str | None, str | None]:
    return {row.tabel_id: row.unit_kerja for row in document.table_rows}


def _top(document: Document) -> list[Line]:
    """Programmes and totals: lines under nothing but a total."""
    lines = {r.row.anggaran_id: r for r in document.budget}
    return [
        r
        for r in document.budget
        if r.row.jumlah is not None
        and ((above := lines.get(r.row.induk_id or "")) is None or is_total(above.row.uraian))
    ]


def _amounts(
    case: Case, ours: list[Line], theirs: list[Line], units: dict[str | None, str | None]
) -> Iterator[Draft]:
    for mine in ours:
        same = [
            other
            for other in theirs
            if same_line(mine.row, other.row)
            and same_unit(
                mine.row.unit_kerja or units.get(mine.row.tabel_id),
                other.row.unit_kerja or units.get(other.row.tabel_id),
            )
        ]
        if len(same) != 1 or same[0].row.jumlah == mine.row.jumlah:
            continue
        if min(mine.row.jumlah or 0, same[0].row.jumlah or 0) < _AMOUNT:
            continue
        a, b = case.budget(mine), case.budget(same[0])
        yield Draft(
            f'Anggaran "{short(mine.row.uraian)}" berbeda: {rupiah(mine.row.jumlah)} '
            f"({a.label_id}) dan {rupiah(same[0].row.jumlah)} ({b.label_id}).",
            f'The budget of "{short(mine.row.uraian)}" differs: {rupiah(mine.row.jumlah)} '
            f"({a.label_en}) and {rupiah(same[0].row.jumlah)} ({b.label_en}).",
            a, b, unit=mine.row.unit_kerja,
        )  # fmt: skip
