"""Copies of one indicator found again: listings, alignments, groups.

The same indicator stands in the medium-term table, the annual table, the prose, a
Bagian's table and its Sub Bagian's, in the Perjanjian Kinerja and in next year's plan.
Rules:
- Only listings that can hold copies are compared: one unit's, or a unit's and its
  superior's, of one agency. Two sibling units may well have the same indicator with
  other targets; that is no copy.
- One best assignment per pair of listings. First what is the same but for spelling,
  then the rest with more doubt: a text that differs needs the same parents and matched
  neighbours.
- Targets play no part in who is matched with whom, or a wrong target would hide itself.
- Two candidates that fit equally well are both left, and reported as a tie.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from rktdata.reconcile.compare import target_difference
from rktdata.reconcile.hierarchy import same_agency, same_unit, unit_level, unit_tree
from rktdata.reconcile.keys import (
    fold,
    is_light,
    meant_words,
    similarity,
    word_difference,
)
from rktdata.schemas.document import Document
from rktdata.schemas.reconciled import (
    Alignment,
    Entry,
    Group,
    Listing,
    Match,
    Member,
    Reconciled,
    Relation,
    Tie,
    UnitNode,
)
from rktdata.schemas.records import IndikatorRow, KelompokRow, Record

_SAME = 0.93  # the same text but for spelling, a small word, a suffix
_ADDED = 0.85  # words added on one side only
_REWORDED = 0.72  # words on both sides, with parents and neighbours agreeing
_CANDIDATE = 0.55  # letters alike, below which words are not compared
_PARENT = 0.8  # a parent's text taken for the same
_PARENT_SHARE = 0.05  # of the score: enough to break a tie, too little to overrule words
_ORDER_SHARE = 0.001
_TWIN = 0.6  # share of rows found in the other listing, from which it is a twin
_TWIN_ROWS = 2
_CITED = 0.93  # similarity for a copy in a superior's list that is no twin


def reconcile(documents: Sequence[Document]) -> Reconciled:
    """Put the printed copies of each indicator together, in and across documents.

    Args:
        documents: Any number, any agencies and years; failed ones hold no indicators.

    Returns:
        Listings, unit hierarchies, alignments and groups, in an order that depends on
        the documents' content and order only.
    """
    listings: list[Listing] = []
    units: dict[str, tuple[UnitNode, ...]] = {}
    for document in documents:
        own = read_listings(document)
        names = list(dict.fromkeys(t.unit_kerja for t in document.table_rows if t.unit_kerja))
        units[document.row.dokumen_id] = unit_tree(document, names, _coverage(own))
        listings += own
    partial = Reconciled({x.id: x for x in listings}, units)
    rows = {document.row.dokumen_id: document for document in documents}
    alignments = tuple(_all_alignments(listings, partial, rows))
    groups = _groups(listings, alignments, rows)
    return Reconciled(
        partial.listings,
        units,
        alignments,
        groups,
        {m.record.row.indikator_id: g.row.kelompok_id for g in groups for m in g.members},
    )


# Listings


def read_listings(document: Document) -> list[Listing]:
    """A document's indicators by table, and those of its running text as one listing."""
    by_table: dict[str | None, list[Record[IndikatorRow]]] = {}
    for record in document.indicators:
        by_table.setdefault(record.row.tabel_id, []).append(record)
    tables = {t.tabel_id: t for t in document.table_rows}
    order = {tabel_id: place for place, tabel_id in enumerate(tables)}
    read = dict(zip(tables, document.tables, strict=False))
    listings = []
    for table_id, records in sorted(
        by_table.items(), key=lambda item: (order.get(item[0] or "", len(order)), item[0] or "")
    ):
        row = tables.get(table_id) if table_id else None
        listing_id = table_id or f"{document.row.dokumen_id}-naskah"
        unit = row.unit_kerja if row else None
        label_id, label_en = _labels(document, table_id, records)
        listings.append(
            Listing(
                listing_id,
                document.row.dokumen_id,
                read.get(table_id) if table_id else None,
                table_id,
                label_id,
                label_en,
                unit,
                unit_level(unit),
                tuple(_entries(listing_id, records)),
            )
        )
    return listings


def _labels(
    document: Document, table_id: str | None, records: Sequence[Record[IndikatorRow]]
) -> tuple[str, str]:
    """How a listing is called; tables of one number are told apart by their page."""
    rows = [t for t in document.table_rows if t.tabel_id == table_id]
    if not rows:
        page = min(record.row.halaman for record in records)
        heading = None
        for block in document.blocks:
            if block.kind == "judul" and block.page <= page:
                heading = block
        if heading is None:
            return f"naskah hlm. {page}", f"text on p. {page}"
        title = heading.text
        if heading.marker and not title.startswith(heading.marker):
            title = f"{heading.marker} {title}"
        return f'naskah "{_short(title)}"', f'text "{_short(title)}"'
    row = rows[0]
    if row.nomor is None:
        name = row.judul or row.unit_kerja or row.tabel_id.rpartition("-")[2]
        name_id = name_en = f'"{_short(name)}"'
        return f"tabel {name_id}", f"table {name_en}"
    same = [t for t in document.table_rows if t.nomor == row.nomor]
    page_id = f" (hlm. {row.halaman_awal})" if len(same) > 1 else ""
    page_en = f" (p. {row.halaman_awal})" if len(same) > 1 else ""
    return f"Tabel {row.nomor}{page_id}", f"Table {row.nomor}{page_en}"


def _short(text: str, length: int = 45) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "\u2026"


def _entries(listing: str, records: Sequence[Record[IndikatorRow]]) -> list[Entry]:
    """Records of one row and different years are one entry."""
    entries: list[list[Record[IndikatorRow]]] = []
    for record in records:
        if entries and _continues(entries[-1], record.row):
            entries[-1].append(record)
        else:
            entries.append([record])
    return [
        Entry(
            found[0].row.indikator_id,
            listing,
            position,
            tuple(sorted(found, key=lambda r: r.row.tahun or 0)),
        )
        for position, found in enumerate(entries)
    ]


def _continues(found: Sequence[Record[IndikatorRow]], row: IndikatorRow) -> bool:
    last = found[-1].row
    return (
        last.indikator == row.indikator
        and last.baris == row.baris
        and (last.sasaran, last.program, last.kegiatan, last.tujuan)
        == (row.sasaran, row.program, row.kegiatan, row.tujuan)
        and row.tahun is not None
        and row.tahun not in {r.row.tahun for r in found}
    )


class _coverage:  # noqa: N801 - used as the function of hierarchy.Coverage
    """Share of a unit's indicators whose text stands in another unit's tables."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        self._texts: dict[str, list[str]] = defaultdict(list)
        for listing in listings:
            if listing.unit:
                self._texts[listing.unit] += [entry.text for entry in listing.entries]

    def __call__(self, unit: str, other: str) -> float:
        texts, pool = self._texts[unit], self._texts[other]
        known = {fold(text) for text in pool}
        found = sum(
            fold(text) in known or any(similarity(text, one) >= _SAME for one in pool)
            for text in texts
        )
        return found / len(texts) if texts else 0.0


# Which listings are compared


def _all_alignments(
    listings: Sequence[Listing],
    reconciled: Reconciled,
    documents: Mapping[str, Document],
) -> Iterable[Alignment]:
    """Alignments of every pair that can hold copies, those that share nothing left out."""
    for a, b in _candidate_pairs(listings, documents):
        relation = _relation(a, b, reconciled, documents)
        if relation is None:
            continue
        first, second = (b, a) if _is_reversed(a, b, relation, reconciled, documents) else (a, b)
        found = align(first, second, relation)
        if found.matches or found.ties:
            yield found


def _candidate_pairs(
    listings: Sequence[Listing], documents: Mapping[str, Document]
) -> Iterable[tuple[Listing, Listing]]:
    """Pairs in one document, and pairs of documents that can be of one agency."""
    by_document: dict[str, list[Listing]] = {}
    for listing in listings:
        by_document.setdefault(listing.document_id, []).append(listing)
    for own in by_document.values():
        yield from combinations(own, 2)
    named = {d: documents[d].row.instansi for d in by_document if documents[d].row.instansi}
    for one, other in combinations(named, 2):
        if same_agency(named[one], named[other]):
            yield from ((a, b) for a in by_document[one] for b in by_document[other])


def _relation(
    a: Listing, b: Listing, reconciled: Reconciled, documents: Mapping[str, Document]
) -> Relation | None:
    """How two listings stand to each other; None where they cannot hold copies."""
    if a.document_id != b.document_id:
        if not same_unit(a.unit, b.unit):
            return None
        if a.years & b.years or not (a.years and b.years):
            return "antar-dokumen"
        return "antar-tahun"
    if a.years and b.years and not a.years & b.years:
        return "antar-tahun" if same_unit(a.unit, b.unit) else None
    nodes = reconciled.units.get(a.document_id, ())
    if (a.unit is None or b.unit is None) and any(node.level > 1 for node in nodes):
        in_text = a.table_id is None or b.table_id is None
        level = max(a.level, b.level)
        return "sama" if in_text and level == 1 else ("atasan" if in_text else "tak-tentu")
    if same_unit(a.unit, b.unit):
        return "sama"
    for x, y in ((a, b), (b, a)):
        above = reconciled.ancestors(a.document_id, x.unit)
        if any(same_unit(name, y.unit) for name in above):
            return "atasan"
    return None


def _is_reversed(
    a: Listing,
    b: Listing,
    relation: Relation,
    reconciled: Reconciled,
    documents: Mapping[str, Document],
) -> bool:
    """Whether b comes first: the superior, or the earlier year."""
    if relation == "antar-tahun":
        years_a = min(a.years, default=documents[a.document_id].row.tahun or 0)
        years_b = min(b.years, default=documents[b.document_id].row.tahun or 0)
        return years_b < years_a
    if relation == "atasan":
        return b.level < a.level
    return False


# One pair


@dataclass(frozen=True, slots=True)
class _Cell:
    """A candidate pair of entries: likeness of words, and the score with parents."""

    similarity: float
    score: float


def align(first: Listing, second: Listing, relation: Relation) -> Alignment:
    """Lay two listings side by side: one best assignment, ties left apart."""
    cells = _candidates(first, second)
    ties_first, ties_second = _ties(first, second, cells)
    sure = {
        at: cell
        for at, cell in cells.items()
        if at[0] not in ties_first
        and at[1] not in ties_second
        and _is_same(first.entries[at[0]].text, second.entries[at[1]].text, cell.similarity)
    }
    pairs = _assign(sure, first, second)
    share = len(pairs) / min(len(first.entries), len(second.entries))
    if share >= _TWIN / 2:
        taken = {i for i, _ in pairs}, {j for _, j in pairs}
        rest = {
            (i, j): cell
            for (i, j), cell in cells.items()
            if i not in taken[0] | ties_first.keys()
            and j not in taken[1] | ties_second
            and cell.similarity >= _REWORDED
            and _parents_alike(first.entries[i].row, second.entries[j].row)
            and _neighbours_match(i, j, pairs, len(first.entries), len(second.entries))
        }
        pairs |= _assign(rest, first, second)
    matches = tuple(
        Match(first.entries[i], second.entries[j], cells[i, j].similarity) for i, j in sorted(pairs)
    )
    ties = tuple(
        Tie(
            first.entries[i], tuple(second.entries[j] for j in found), cells[i, found[0]].similarity
        )
        for i, found in sorted(ties_first.items())
    )
    cover_first = len(matches) / len(first.entries)
    cover_second = len(matches) / len(second.entries)
    reach = cover_second if relation == "atasan" else max(cover_first, cover_second)
    twin = reach >= _TWIN and len(matches) >= min(_TWIN_ROWS, len(second.entries))
    return Alignment(first, second, relation, matches, ties, cover_first, cover_second, twin)


def _candidates(first: Listing, second: Listing) -> dict[tuple[int, int], _Cell]:
    """Pairs of entries alike enough to be looked at, by their positions."""
    from rapidfuzz import fuzz, process

    texts = [[fold(e.text) for e in listing.entries] for listing in (first, second)]
    letters = process.cdist(*texts, scorer=fuzz.ratio, score_cutoff=100 * _CANDIDATE)
    found: dict[tuple[int, int], _Cell] = {}
    for i, j in zip(*letters.nonzero(), strict=True):
        a, b = first.entries[int(i)], second.entries[int(j)]
        likeness = similarity(a.text, b.text)
        if likeness >= _REWORDED:
            found[int(i), int(j)] = _Cell(
                likeness, likeness + _PARENT_SHARE * _parent_similarity(a.row, b.row)
            )
    return found


def _assign(
    cells: Mapping[tuple[int, int], _Cell], first: Listing, second: Listing
) -> set[tuple[int, int]]:
    """The assignment with the highest sum of scores; among equal ones, the printed order."""
    if not cells:
        return set()
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    rows = sorted({i for i, _ in cells})
    columns = sorted({j for _, j in cells})
    row_at = {i: place for place, i in enumerate(rows)}
    column_at = {j: place for place, j in enumerate(columns)}
    gain = np.zeros((len(rows), len(columns)))
    for (i, j), cell in cells.items():
        apart = abs(i / len(first.entries) - j / len(second.entries))
        gain[row_at[i], column_at[j]] = cell.score - _ORDER_SHARE * apart
    chosen = zip(*linear_sum_assignment(gain, maximize=True), strict=True)
    pairs = {(rows[int(r)], columns[int(c)]) for r, c in chosen}
    return {pair for pair in pairs if pair in cells}


def _is_same(first: str, second: str, likeness: float) -> bool:
    """Whether likeness of the words alone is enough.

    One content word replaced by another ("Perempuan", "Disabilitas") is another
    indicator however long the text is, unless it is a slip.
    """
    if likeness < _ADDED:
        return False
    difference = word_difference(first, second)
    only_a = [w for w in difference.only_a if not is_light(w)]
    only_b = [w for w in difference.only_b if not is_light(w)]
    if only_a and only_b:
        return likeness >= _SAME and len(only_a) + len(only_b) > 2
    return True


def _parents(row: IndikatorRow) -> tuple[str | None, ...]:
    return (row.kegiatan, row.sasaran, row.tujuan, row.program)


def _parent_similarity(first: IndikatorRow, second: IndikatorRow) -> float:
    """Likeness of what two rows hang under, the nearest parents that both have."""
    found = [
        similarity(a, b) for a, b in zip(_parents(first), _parents(second), strict=True) if a and b
    ]
    return sum(found) / len(found) if found else 0.5


def _parents_alike(first: IndikatorRow, second: IndikatorRow) -> bool:
    """Whether kegiatan or sasaran is the same."""
    found = [
        similarity(a, b) >= _PARENT
        for a, b in ((first.kegiatan, second.kegiatan), (first.sasaran, second.sasaran))
        if a and b
    ]
    return any(found)


def _neighbours_match(
    i: int, j: int, pairs: Iterable[tuple[int, int]], rows: int, columns: int
) -> bool:
    """Whether the entries before and after (or the listings' ends) belong together."""
    known = set(pairs)
    before = (i - 1, j - 1) in known or (i == 0 and j == 0)
    after = (i + 1, j + 1) in known or (i == rows - 1 and j == columns - 1)
    return before and after


def _ties(
    first: Listing, second: Listing, cells: Mapping[tuple[int, int], _Cell]
) -> tuple[dict[int, list[int]], set[int]]:
    """Entries whose best candidates are equally good.

    As many equal entries on the one side as on the other, with the same targets in the
    same order, hide no difference: they are no tie and are paired as printed.
    """
    by_first: dict[int, list[int]] = defaultdict(list)
    by_second: dict[int, list[int]] = defaultdict(list)
    for (i, j), cell in cells.items():
        if _is_same(first.entries[i].text, second.entries[j].text, cell.similarity):
            by_first[i].append(j)
            by_second[j].append(i)
    ties: dict[int, list[int]] = {}
    tied_second: set[int] = set()
    for i, found in sorted(by_first.items()):
        best = max(cells[i, j].score for j in found)
        equal = sorted(j for j in found if best - cells[i, j].score < 1e-6)
        rivals = {k for j in equal for k in by_second[j] if abs(cells[k, j].score - best) < 1e-6}
        if len(equal) < 2 and len(rivals) < 2:
            continue
        if len(equal) == len(rivals) and _same_targets(
            [first.entries[k] for k in sorted(rivals)], [second.entries[j] for j in equal]
        ):
            continue
        ties[i] = equal
        tied_second.update(equal)
    return ties, tied_second


def _same_targets(first: Sequence[Entry], second: Sequence[Entry]) -> bool:
    for a, b in zip(first, second, strict=True):
        for record in a.records:
            twin = b.record_of(record.row.tahun)
            if twin is not None and target_difference(record.row, twin.row) is not None:
                return False
    return True


# Groups


def _groups(
    listings: Sequence[Listing],
    alignments: Sequence[Alignment],
    documents: Mapping[str, Document],
) -> tuple[Group, ...]:
    """Join matched records of one year; best matches first, one record per listing."""
    members: dict[str, Member] = {
        record.row.indikator_id: Member(listing, entry, record)
        for listing in listings
        for entry in listing.entries
        for record in entry.records
    }
    place = {key: at for at, key in enumerate(members)}
    parent = {key: key for key in members}
    held: dict[str, set[str]] = {key: {m.listing.id} for key, m in members.items()}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for _, a, b in sorted(_edges(alignments), key=lambda e: (-e[0], place[e[1]], place[e[2]])):
        one, other = root(a), root(b)
        if one == other or held[one] & held[other]:
            continue
        keep, drop = sorted((one, other), key=place.__getitem__)
        parent[drop] = keep
        held[keep] |= held.pop(drop)

    found: dict[str, list[Member]] = {}
    for key, member in members.items():
        found.setdefault(root(key), []).append(member)
    seen: Counter[str] = Counter()
    return tuple(_group(tuple(group), documents, seen) for group in found.values())


def _edges(alignments: Sequence[Alignment]) -> Iterable[tuple[float, str, str]]:
    """Pairs of record ids that are copies, with their similarity."""
    for alignment in alignments:
        if alignment.relation == "antar-tahun" or (
            alignment.relation == "tak-tentu" and not alignment.twin
        ):
            continue
        for match in alignment.matches:
            if not alignment.twin and match.similarity < _CITED:
                continue
            if not _is_same(match.first.text, match.second.text, match.similarity):
                continue  # a counterpart by its place only: shown as such, never compared
            for record in match.first.records:
                other = match.second.record_of(record.row.tahun)
                if other is not None:
                    yield match.similarity, record.row.indikator_id, other.row.indikator_id


def _group(
    members: tuple[Member, ...], documents: Mapping[str, Document], seen: Counter[str]
) -> Group:
    """A group's row: the wording printed most, the value where the copies agree."""
    rows = [member.record.row for member in members]
    wording = Counter(fold(row.indikator) for row in rows)
    most = max(wording.values())
    chosen = next(row for row in rows if wording[fold(row.indikator)] == most)
    agree = all(target_difference(rows[0], row) is None for row in rows[1:])
    agency = documents[members[0].listing.document_id].row.instansi or ""
    unit = members[0].listing.unit or ""
    content = "|".join(
        (fold(agency), fold(unit), " ".join(meant_words(chosen.indikator)), str(chosen.tahun))
    )
    seen[content] += 1
    if seen[content] > 1:
        content += f"|{seen[content]}"
    status = "tunggal" if len(rows) == 1 else ("cocok" if agree else "berbeda")
    row = KelompokRow(
        kelompok_id="k-" + hashlib.sha256(content.encode()).hexdigest()[:12],
        indikator=chosen.indikator,
        tahun=chosen.tahun,
        target_nilai=rows[0].target_nilai if agree else None,
        target_satuan=rows[0].target_satuan if agree else None,
        status=status,
        anggota=len(rows),
    )
    return Group(row, members)


def with_group_ids(document: Document, reconciled: Reconciled) -> Document:
    """The document with `kelompok_id` filled in its indicators."""
    indicators = tuple(
        replace(
            record,
            row=record.row.model_copy(
                update={"kelompok_id": reconciled.group_of.get(record.row.indikator_id)}
            ),
        )
        for record in document.indicators
    )
    return replace(document, indicators=indicators)
