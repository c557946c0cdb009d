"""Rules on single targets: is there one, has it a unit, does it fit its scale.

A table in which a thing is wrong throughout (no unit anywhere, every second target
empty) gives one finding that counts, not one a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from rktdata.audit.case import Case, labels, short
from rktdata.audit.registry import Draft, rule
from rktdata.audit.vocabulary import (
    counted_kind,
    grade_band,
    has_any,
    parse_number_words,
    sakip_grade,
    scale_of,
)
from rktdata.reconcile.compare import target_difference, target_text
from rktdata.reconcile.direction import GRADES, OPINIONS, is_negative
from rktdata.reconcile.keys import fold, meant_words
from rktdata.schemas.findings import Place, Severity
from rktdata.schemas.reconciled import Entry, Listing, Member
from rktdata.schemas.records import IndikatorRow, Record

_SINGLY = 3  # findings of one kind in one table that are given one by one
_MOSTLY = 0.4  # share of empty targets from which the table, not the row, is the finding
_CEILING_ROWS = 6
_BASELINE_ROWS = 3
_WORDED = re.compile(r"(?<![\w.,])(\d{1,4})\s*\(\s*([a-z]+(?:\s[a-z]+){0,4})\s*\)", re.IGNORECASE)
_SCORE = re.compile(r"(?<![\w,.])(AA|A|BB|B|CC|C|D)\s*\(\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*\)")
_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?|-?\d+(?:[.,]\d+)?")

Said = Callable[[IndikatorRow], bool]


@rule(
    "R01", "galat", "D", "SMART (M), PermenPAN-RB 88/2021 AREN002.5",
    "Setiap indikator mempunyai target", "Every indicator has a target",
)  # fmt: skip
def empty_target(case: Case) -> Iterator[Draft]:
    """An empty target where the list gives targets; the twin's target beside it."""
    twins = {
        member.record.row.indikator_id: [m for m in group.members if m is not member]
        for group in case.reconciled.groups
        for member in group.members
    }
    for listing in case.listings:
        members = _members(listing)
        empty = [m for m in members if m.record.row.target_jenis == "kosong"]
        if not empty or len(empty) == len(members):
            continue
        programmes = [m for m in empty if _is_programme(m.record.row)]
        single = [m for m in empty if m not in programmes]
        if len(empty) >= _MOSTLY * len(members) and len(empty) > _SINGLY:
            single, programmes = [], empty
        yield from _together(
            case, programmes, len(members), "peringatan",
            "indikator tanpa target", "indicators without a target",
        )  # fmt: skip
        if len(single) > 2 * _SINGLY:
            yield from _together(
                case, single, len(members), "galat",
                "indikator tanpa target", "indicators without a target",
            )  # fmt: skip
            continue
        for member in single:
            yield _empty(case, member, twins[member.record.row.indikator_id])


def _empty(case: Case, member: Member, twins: list[Member]) -> Draft:
    place = case.target(member)
    name = short(member.record.row.indikator, 120)
    filled = [m for m in twins if m.record.row.target_jenis != "kosong"]
    if filled:
        twin = case.target(filled[0])
        return Draft(
            f'Target "{name}" kosong di {place.label_id}, padahal {twin.label_id} '
            f"mencantumkan {twin.value}.",
            f'The target of "{name}" is empty in {place.label_en}, while {twin.label_en} '
            f"gives {twin.value}.",
            place, twin, tuple(case.target(m) for m in filled[1:]), unit=member.listing.unit,
        )  # fmt: skip
    return Draft(
        f'Target "{name}" kosong di {place.label_id}.',
        f'The target of "{name}" is empty in {place.label_en}.',
        place, others=tuple(case.target(m) for m in twins), unit=member.listing.unit,
    )  # fmt: skip


def _is_programme(row: IndikatorRow) -> bool:
    """An outcome on a programme's own row, which many forms leave without a target."""
    return row.kegiatan is None and row.program is not None and row.sasaran is None


def _members(listing: Listing) -> list[Member]:
    return [Member(listing, entry, r) for entry in listing.entries for r in entry.records]


def _together(
    case: Case,
    members: list[Member],
    total: int,
    severity: Severity,
    what_id: str,
    what_en: str,
) -> Iterator[Draft]:
    """One finding for several rows of a listing."""
    if not members:
        return
    places = [case.target(m) for m in members]
    listing = members[0].listing
    names = "; ".join(f'"{short(m.record.row.indikator, 50)}"' for m in members[:3])
    more = ", \u2026" if len(members) > 3 else ""
    yield Draft(
        f"{listing.label_id}: {len(members)} dari {total} {what_id} ({names}{more}).",
        f"{listing.label_en}: {len(members)} of {total} {what_en} ({names}{more}).",
        places[0],
        others=tuple(places[1:]),
        unit=listing.unit,
        severity=severity,
    )


def _each(
    case: Case, listing: Listing, found: list[Member], text_id: str, text_en: str,
    severity: Severity, what_id: str, what_en: str,
) -> Iterator[Draft]:  # fmt: skip
    """A few rows one by one (`{name}`, `{value}`, `{place}` filled in), many together."""
    if len(found) > _SINGLY:
        yield from _together(case, found, len(_members(listing)), severity, what_id, what_en)
        return
    for member in found:
        place = case.target(member)
        name = short(member.record.row.indikator, 120)
        yield Draft(
            text_id.format(name=name, value=place.value, place=place.label_id),
            text_en.format(name=name, value=place.value, place=place.label_en),
            place,
            unit=listing.unit,
            severity=severity,
        )


def _first_year(listing: Listing) -> list[Member]:
    """One member per entry that has a target: units and forms repeat over the years."""
    found = []
    for entry in listing.entries:
        record = next((r for r in entry.records if r.row.target_jenis != "kosong"), None)
        if record:
            found.append(Member(listing, entry, record))
    return found


def _opens(row: IndikatorRow, *words: str) -> bool:
    tokens = meant_words(row.indikator)
    return bool(tokens) and tokens[0] in words


@rule(
    "R02", "peringatan", "D", "SMART (M)",
    "Setiap target mempunyai satuan", "Every target has a unit",
)  # fmt: skip
def target_without_unit(case: Case) -> Iterator[Draft]:
    """A bare number under "Jumlah ..." or "Persentase ..."; scores need no unit."""
    for listing in case.listings:
        found = [
            m
            for m in _first_year(listing)
            if m.record.row.target_jenis == "nilai"
            and m.record.row.target_satuan is None
            and _opens(m.record.row, "jumlah", "banyaknya", "persentase", "persen")
            and "(" not in m.record.row.indikator.removesuffix("(*)").rstrip()[-12:]
        ]
        yield from _each(
            case, listing, found,
            'Target "{value}" untuk "{name}" tidak mempunyai satuan ({place}).',
            'Target "{value}" of "{name}" has no unit ({place}).',
            "peringatan" if len(found) <= _SINGLY else "catatan",
            "target tanpa satuan", "targets without a unit",
        )  # fmt: skip


@rule(
    "R05", "galat", "D", "SMART (A)",
    "Persentase antara 0 dan 100", "A percentage lies between 0 and 100",
)  # fmt: skip
def percent_out_of_range(case: Case) -> Iterator[Draft]:
    """Above 100 or below 0, growth and absorption indicators excepted."""
    for listing in case.listings:
        for member in _members(listing):
            row = member.record.row
            values = [
                v for v in (row.target_nilai, row.target_bawah, row.target_atas) if v is not None
            ]
            by_words = row.target_satuan is None and _opens(row, "persentase", "persen")
            if row.target_satuan != "persen" and not by_words:
                continue
            if all(0 <= v <= 100 for v in values) or has_any(row.indikator, "unbounded_percent"):
                continue
            place = case.target(member)
            yield Draft(
                f'Target {place.value} untuk "{short(row.indikator, 120)}" di luar 0-100 persen '
                f"({place.label_id}).",
                f'Target {place.value} of "{short(row.indikator, 120)}" lies outside 0-100 '
                f"percent ({place.label_en}).",
                place,
                unit=listing.unit,
            )


@rule(
    "R06", "peringatan", "D", "SMART (M)",
    "Satuan sesuai dengan bunyi indikator", "The unit fits the indicator's words",
)  # fmt: skip
def unit_against_words(case: Case) -> Iterator[Draft]:
    """Such as "Persentase" in a count, "Jumlah" or "Indeks" in percent, people counted in offices.

    Copies of one indicator give one finding, and so do many rows of one document.
    """
    kinds: tuple[tuple[Said, Severity, str, str], ...] = (
        (_percent_as_count, "peringatan", "indikator persentase dengan satuan lain",
         "percentage indicators with another unit"),
        (_count_as_percent, "peringatan", "indikator jumlah dengan target persen",
         "count indicators with a target in percent"),
        (_score_as_percent, "catatan", "indikator nilai/indeks dengan target persen",
         "score indicators with a target in percent"),
        (_other_kind, "peringatan", "target dengan satuan yang tidak menghitung objek indikator",
         "targets whose unit does not count the indicator's object"),
        (_other_word, "catatan", "target dengan satuan lain daripada objek indikator",
         "targets with another unit than the indicator's object"),
    )  # fmt: skip
    mixed = {
        m.record.row.indikator_id
        for g in case.reconciled.groups
        if len({m.record.row.target_satuan for m in g.members}) > 1
        for m in g.members
    }
    for document_id in case.documents:
        members = [m for x in case.listings_of(document_id) for m in _first_year(x)]
        for said, severity, what_id, what_en in kinds:
            copies: dict[str, list[Member]] = {}
            for m in members:
                if said(m.record.row) and m.record.row.indikator_id not in mixed:
                    copies.setdefault(fold(m.record.row.indikator), []).append(m)
            if len(copies) > _SINGLY:
                found = [m for same in copies.values() for m in same]
                yield from _together(case, found, len(members), severity, what_id, what_en)
                continue
            for same in copies.values():
                places = [case.target(m) for m in same]
                name = short(same[0].record.row.indikator, 120)
                yield Draft(
                    f'"{name}": target "{places[0].value}" - {what_id} ({labels(places)}).',
                    f'"{name}": target "{places[0].value}" - {what_en} '
                    f"({labels(places, english=True)}).",
                    places[0], others=tuple(places[1:]), unit=same[0].listing.unit,
                    severity=severity,
                )  # fmt: skip


def _percent_as_count(row: IndikatorRow) -> bool:
    return (
        _opens(row, "persentase", "persen")
        and row.target_jenis == "jumlah"
        and row.target_satuan not in (None, "persen", "permil", "poin")
    )


def _count_as_percent(row: IndikatorRow) -> bool:
    return _opens(row, "jumlah", "banyaknya") and row.target_satuan == "persen"


def _score_as_percent(row: IndikatorRow) -> bool:
    return _opens(row, "nilai", "indeks", "skor", "level") and row.target_satuan == "persen"


def _counted_noun(row: IndikatorRow) -> str | None:
    tokens = meant_words(row.indikator)
    return tokens[1] if len(tokens) > 1 and tokens[0] in ("jumlah", "banyaknya") else None


def _other_kind(row: IndikatorRow) -> bool:
    noun = _counted_noun(row)
    if noun is None or row.target_satuan is None or row.target_jenis != "jumlah":
        return False
    first, second = counted_kind(noun), counted_kind(row.target_satuan)
    return first is not None and second is not None and first != second and second != "waktu"


def _other_word(row: IndikatorRow) -> bool:
    noun = _counted_noun(row)
    if noun is None or row.target_satuan is None or row.target_jenis != "jumlah":
        return False
    kind = counted_kind(noun)
    return (
        kind == "naskah"
        and kind == counted_kind(row.target_satuan)
        and {noun, row.target_satuan.split()[0]} == {"laporan", "dokumen"}
    )


@rule(
    "R07", "peringatan", "D", "skala SAKIP, opini BPK, level SPIP/APIP",
    "Nilai sesuai dengan skalanya", "The value fits its scale",
)  # fmt: skip
def value_off_scale(case: Case) -> Iterator[Draft]:
    """An opinion that is a grade, a SAKIP grade that is an opinion, a level above five."""
    for listing in case.listings:
        for member in _members(listing):
            row = member.record.row
            if _opens(row, "persentase", "persen", "jumlah", "banyaknya"):
                continue
            scale, grade = scale_of(row.indikator), fold(row.target_predikat or "")
            if row.target_satuan or (row.target_predikat is None and row.target_jenis != "nilai"):
                continue
            wrong = (
                (scale == "opini" and grade in GRADES)
                or (scale == "sakip" and grade in OPINIONS)
                or (
                    scale == "sakip"
                    and grade in GRADES
                    and row.tahun is not None
                    and not grade_band(grade, row.tahun)
                )
                or (
                    scale == "level"
                    and has_any(row.indikator, "scales.level")
                    and _opens(row, "level", "tingkat")
                    and row.target_nilai is not None
                    and row.target_nilai > 5
                )
            )
            if wrong:
                place = case.target(member)
                yield Draft(
                    f'Target "{place.value}" tidak ada dalam skala "{short(row.indikator, 120)}" '
                    f"({place.label_id}).",
                    f'Target "{place.value}" is not on the scale of "{short(row.indikator, 120)}" '
                    f"({place.label_en}).",
                    place,
                    unit=listing.unit,
                )


@rule(
    "R08", "peringatan", "D", "PermenPAN-RB 88/2021, 12/2015",
    "Predikat sesuai dengan nilai yang tercetak", "The grade agrees with the printed score",
)  # fmt: skip
def grade_against_score(case: Case) -> Iterator[Draft]:
    """Such as "BB (68,5)" is B since 2015."""
    for listing in case.listings:
        for member in _members(listing):
            row = member.record.row
            found = _SCORE.search(row.target_teks or "")
            if not found or scale_of(row.indikator) != "sakip":
                continue
            right = sakip_grade(float(found[2].replace(",", ".")), row.tahun)
            if right != found[1]:
                place = case.target(member)
                yield Draft(
                    f"Nilai {found[2]} berpredikat {right} pada skala {row.tahun}, tercetak "
                    f"{found[1]} ({place.label_id}).",
                    f"A score of {found[2]} is {right} on the scale of {row.tahun}, printed is "
                    f"{found[1]} ({place.label_en}).",
                    place,
                    unit=listing.unit,
                )


@rule(
    "R25", "peringatan", "D", "kaidah penulisan",
    "Angka sama dengan bilangan dalam kurung", "A number equals the words in brackets",
)  # fmt: skip
def number_against_words(case: Case) -> Iterator[Draft]:
    """Such as "2 (tiga)" in indicators, targets, budget lines and running text."""
    for place, text in _texts(case):
        for found in _WORDED.finditer(text):
            value = parse_number_words(found[2])
            if value is not None and value != int(found[1]):
                yield Draft(
                    f'"{found[0]}": angka dan huruf tidak sama ({place.label_id}).',
                    f'"{found[0]}": number and words differ ({place.label_en}).',
                    place,
                )


def _texts(case: Case) -> Iterator[tuple[Place, str]]:
    seen: set[tuple[str, str]] = set()
    for listing, entry in case.entries():
        for record in entry.records:
            for field in ("indikator", "target_teks", "sasaran", "kegiatan"):
                text = getattr(record.row, field)
                if text and (listing.id, text) not in seen:
                    seen.add((listing.id, text))
                    yield case.record(listing, record, field), text
    for document in case.documents.values():
        for budget in document.budget:
            yield case.budget(budget, budget.row.uraian), budget.row.uraian
        for block in document.blocks:
            yield case.block(document, block), block.text


@rule(
    "R26", "peringatan", "D", "kaidah penulisan",
    "Rentang naik dan operator searah", "A range rises and an operator fits the direction",
)  # fmt: skip
def range_and_operator(case: Case) -> Iterator[Draft]:
    """Such as "85-80"; "maksimal 90 %" for an indicator where more is better."""
    for listing in case.listings:
        for member in _members(listing):
            row, place = member.record.row, case.target(member)
            low, high = row.target_bawah, row.target_atas
            if low is not None and high is not None and low > high:
                yield Draft(
                    f"Rentang {place.value} menurun ({place.label_id}).",
                    f"The range {place.value} falls ({place.label_en}).",
                    place,
                    unit=listing.unit,
                )
            negative = is_negative(row.indikator)
            limited = row.target_operator in ("<", "<=")
            floored = row.target_operator in (">", ">=")
            worded = _opens(row, "persentase", "indeks", "nilai", "tingkat", "cakupan")
            if worded and ((limited and negative is False) or (floored and negative is True)):
                yield Draft(
                    f'Batas "{place.value}" berlawanan dengan arah indikator '
                    f'"{short(row.indikator, 120)}" ({place.label_id}).',
                    f'The bound "{place.value}" runs against the direction of '
                    f'"{short(row.indikator, 120)}" ({place.label_en}).',
                    place,
                    unit=listing.unit,
                    severity="catatan",
                )


@rule(
    "R29", "peringatan", "D", "PermenPAN-RB 88/2021 AREN002.7",
    "Target melampaui kondisi awal", "A target goes beyond its baseline",
)  # fmt: skip
def target_at_baseline(case: Case) -> Iterator[Draft]:
    """Targets equal to the baseline (one finding a list), and targets worse than it."""
    for listing in case.listings:
        equal = []
        for member in _first_year(listing):
            row = member.record.row
            if row.kondisi_awal_teks is None:
                continue
            if fold(row.kondisi_awal_teks) == fold(row.target_teks or ""):
                equal.append(member)
                continue
            before, after = plain_number(row.kondisi_awal_teks), row.target_nilai
            if before is None or after is None or _other_unit(row):
                continue
            negative = is_negative(row.indikator)
            if (negative is False and after < before) or (negative is True and after > before):
                place = case.target(member)
                start = case.record(listing, member.record, "kondisi_awal_teks")
                yield Draft(
                    f'Target {place.value} untuk "{short(row.indikator, 120)}" lebih rendah '
                    f"mutunya daripada kondisi awal {start.value} ({place.label_id}).",
                    f'Target {place.value} of "{short(row.indikator, 120)}" is worse than the '
                    f"baseline {start.value} ({place.label_en}).",
                    place, start, unit=listing.unit,
                )  # fmt: skip
        if len(equal) >= _BASELINE_ROWS:
            yield from _together(
                case, equal, len(listing.entries), "catatan",
                "target sama dengan kondisi awal", "targets equal the baseline",
            )  # fmt: skip


def _other_unit(row: IndikatorRow) -> bool:
    """Whether baseline and target visibly count different things."""
    return ("%" in (row.kondisi_awal_teks or "")) != ("%" in (row.target_teks or ""))


def plain_number(text: str) -> Decimal | None:
    """The one number of a text in Indonesian notation; None with none or several.

    >>> plain_number("1.234,5 km"), plain_number("4 dari 5")
    (Decimal('1234.5'), None)
    """
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    digits = found[0]
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", digits):
        digits = digits.replace(".", "")
    return Decimal(digits.replace(",", "."))


@rule(
    "R30", "catatan", "D", "PermenPAN-RB 88/2021 AREN002.7",
    "Target menantang, tidak semuanya 100 persen", "Targets challenge: not all at the ceiling",
)  # fmt: skip
def all_at_ceiling(case: Case) -> Iterator[Draft]:
    """Every target of a list is 100 percent: one finding for the list."""
    for listing in case.listings:
        rows = [m.record.row for m in _first_year(listing)]
        full = [r for r in rows if r.target_satuan == "persen" and r.target_nilai == 100]
        if len(rows) >= _CEILING_ROWS and len(full) == len(rows):
            yield from _together(
                case, _first_year(listing), len(rows), "catatan",
                "target sudah 100 persen", "targets are at 100 percent",
            )  # fmt: skip


@rule(
    "R50", "peringatan", "D", "konsistensi",
    "Satu indikator satu target dalam satu tabel", "One indicator, one target in one table",
)  # fmt: skip
def two_targets_in_one_table(case: Case) -> Iterator[Draft]:
    """The same indicator under the same parents twice in a list, with other targets."""
    for listing in case.listings:
        found = list(_twice(case, listing))
        if len(found) <= _SINGLY:
            yield from found
            continue
        rest = dict.fromkeys(place for draft in found[1:] for place in draft.places)
        yield replace(
            found[0],
            message_id=f"{listing.label_id}: {len(found)} indikator tercetak dua kali dengan "
            f"target berbeda, misalnya {found[0].message_id}",
            message_en=f"{listing.label_en}: {len(found)} indicators are printed twice with "
            f"other targets, for instance {found[0].message_en}",
            others=tuple(rest),
            severity="catatan",
        )


def _twice(case: Case, listing: Listing) -> Iterator[Draft]:
    known: dict[tuple[str, ...], Entry] = {}
    for entry in listing.entries:
        row = entry.row
        parents = (row.kegiatan, row.sasaran, row.program, row.tujuan)
        key = (fold(row.indikator), *(fold(p or "") for p in parents))
        first = known.setdefault(key, entry)
        if first is entry:
            continue
        for record in entry.records:
            if not any(parents) or (row.baris and row.baris == first.row.baris):
                continue  # several values of one row are no second printing
            twin = _record_of_year(first, record.row.tahun)
            if twin is None or target_difference(twin.row, record.row) in (None, "kosong"):
                continue
            a = case.record(listing, twin, "target_teks")
            b = case.record(listing, record, "target_teks")
            yield Draft(
                f'"{short(row.indikator, 120)}" tercetak dua kali dengan target '
                f"{target_text(twin.row)} dan {target_text(record.row)} "
                f"({labels((a, b))}).",
                f'"{short(row.indikator, 120)}" is printed twice with targets '
                f"{target_text(twin.row)} and {target_text(record.row)} "
                f"({labels((a, b), english=True)}).",
                a, b, unit=listing.unit, severity="peringatan",
            )  # fmt: skip


def _record_of_year(entry: Entry, year: int | None) -> Record[IndikatorRow] | None:
    return next((r for r in entry.records if r.row.tahun == year), None)
