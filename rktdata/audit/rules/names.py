"""Rules on names: one unit, programme, kegiatan or sasaran written two ways.

Names are collected from everywhere (tables, budget, lists in the running text); a text
counts as a name where it is close to one that a table gives.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from rktdata.audit.case import Case, labels
from rktdata.audit.registry import Draft, rule
from rktdata.audit.rules.structure import plain_name
from rktdata.audit.rules.twins import ROLES
from rktdata.reconcile.direction import MEASURES
from rktdata.reconcile.hierarchy import own_words, unit_kind, unit_level
from rktdata.reconcile.keys import (
    content_words,
    fold,
    is_critical,
    most_similar,
    similarity,
    word_difference,
)
from rktdata.schemas.document import Document
from rktdata.schemas.findings import Place
from rktdata.schemas.values import Block

_KIN = 0.85  # Jaro-Winkler likeness of two words of one origin
_NEAR = {"unit": 0.8, "program": 0.8, "kegiatan": 0.8, "sasaran": 0.7, "tujuan": 0.8}
_MIN_WORDS = 3  # of content, below which nearness says nothing
_ITEM_WORDS = 40
_SMALL_WORD = 3  # "dam" for "dan" loses nothing
_TAIL = re.compile(
    r"[;,]?\s*(?:dengan|yang memiliki|melalui)\s+(?:\w+\s+){0,2}indikator.*$", re.I | re.S
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as printed, what it is compared by, and where it stands."""

    printed: str
    key: str
    place: Place
    listing: str


@rule(
    "R31", "peringatan", "D", "rekonsiliasi",
    "Nama unit ditulis satu cara", "A unit's name is written one way",
)  # fmt: skip
def unit_names(case: Case) -> Iterator[Draft]:
    """Units named by tables and by the budget; punctuation alone is a note."""
    for document in case.documents.values():
        by_level: dict[tuple[int, str], list[Name]] = defaultdict(list)
        for view in case.tables:
            if view.document is document and view.row.unit_kerja:
                unit = view.row.unit_kerja
                _add_unit(by_level, unit, case.table(view, unit), view.row.tabel_id)
        for record in document.budget:
            if unit_kind(record.row.uraian) and record.row.tabel_id is None:
                text = record.row.uraian
                _add_unit(by_level, text, case.budget(record, text), "anggaran")
        for names in by_level.values():
            yield from _two_ways(names, "unit", "unit", "unit", punctuation=True)


def _add_unit(
    names: dict[tuple[int, str], list[Name]], text: str, place: Place, listing: str
) -> None:
    kind = unit_kind(text)
    if kind and unit_level(text) > 1:
        head = kind[0].split(" ")[0].replace("kepala", "")
        names[unit_level(text), head].append(Name(text, own_words(text), place, listing))


@rule(
    "R52", "peringatan", "D", "rekonsiliasi",
    "Nama program dan kegiatan ditulis satu cara", "Programme and kegiatan names agree",
)  # fmt: skip
def programme_names(case: Case) -> Iterator[Draft]:
    """Names in tables, budget lines and lists; a programme that loses a word is an error."""
    for document in case.documents.values():
        for role in ("program", "kegiatan"):
            names = _printed_names(case, document, role)
            known = {name.key for name in names}
            for record in document.budget:
                key = plain_name(record.row.uraian)
                is_programme = fold(record.row.uraian).startswith("program ")
                if is_programme == (role == "program") and _is_near(key, known, role):
                    place = case.budget(record, record.row.uraian)
                    names.append(Name(record.row.uraian, key, place, "anggaran"))
            for block in _list_items(document):
                text = _item_text(block)
                key = plain_name(text)
                if role == "kegiatan" and fold(text).startswith("program "):
                    continue
                if _is_near(key, known, role):
                    names.append(Name(text, key, case.block(document, block, text), "naskah"))
            yield from _two_ways(names, role, role, ROLES[role])


@rule(
    "R63", "peringatan", "D", "konsistensi",
    "Tujuan dan sasaran di naskah sama dengan di tabel",
    "Goals and objectives in the text are those of the tables",
)  # fmt: skip
def objectives_in_text(case: Case) -> Iterator[Draft]:
    """List items of the running text that are a table's tujuan or sasaran in other words."""
    for document in case.documents.values():
        for role in ("tujuan", "sasaran"):
            names = _printed_names(case, document, role)
            for block in _list_items(document):
                text = _item_text(block)
                other = fold(text).startswith(("program ", "kegiatan "))
                if len(text.split()) > _ITEM_WORDS or other:
                    continue
                draft = _item_draft(case, document, block, text, names, role)
                if draft:
                    yield draft


def _item_draft(
    case: Case, document: Document, block: Block, text: str, names: Sequence[Name], role: str
) -> Draft | None:
    keys = {name.key for name in names}
    key = plain_name(text)
    if not names or key in keys or len(content_words(key)) < _MIN_WORDS + 1:
        return None
    opening = key.split(" ")[0]
    if opening in MEASURES or opening in ("jumlah", "prosentase"):
        return None  # an indicator
    found = most_similar(key, list(dict.fromkeys(name.key for name in names)))
    if found is None:
        return None
    best, likeness = next(name for name in names if name.key == found[0]), found[1]
    difference = word_difference(best.key, key)
    if likeness < _NEAR[role] or difference.kind in ("sama", "ejaan"):
        return None
    a, b = case.block(document, block, text), best.place
    same = [n.place for n in names if n.key == best.key]
    return Draft(
        f'{role.capitalize()} di naskah "{text}" ({a.label_id}) berbunyi lain di tabel: '
        f'"{best.printed}" ({labels(same)}).',
        f'The {ROLES[role]} in the text "{text}" ({a.label_en}) is worded otherwise in the '
        f'tables: "{best.printed}" ({labels(same, english=True)}).',
        a, b, tuple(same[1:]), likeness,
    )  # fmt: skip


def _printed_names(case: Case, document: Document, role: str) -> list[Name]:
    """Each name once per list."""
    names: dict[tuple[str, str], Name] = {}
    for listing in case.listings_of(document.row.dokumen_id):
        for entry in listing.entries:
            text = getattr(entry.row, role)
            if text:
                place = case.record(listing, entry.records[0], role)
                names.setdefault(
                    (listing.id, text), Name(text, plain_name(text), place, listing.id)
                )
    return list(names.values())


def _list_items(document: Document) -> Iterator[Block]:
    for block in document.blocks:
        if block.kind == "butir":
            yield block


def _item_text(block: Block) -> str:
    text = block.text.strip()
    if block.marker and text.startswith(block.marker):
        text = text[len(block.marker) :]
    text = _TAIL.sub("", text.strip())
    return re.sub(r"[;.,:]?\s*(?:dan|serta)?\s*$", "", text)


def _is_near(key: str, known: set[str], role: str) -> bool:
    if len(content_words(key)) < 2:
        return False
    return key in known or most_similar(key, sorted(known), _NEAR[role]) is not None


def _two_ways(
    names: Sequence[Name], role: str, role_id: str, role_en: str, punctuation: bool = False
) -> Iterator[Draft]:
    """Each variant of a name against the variant printed most."""
    by_key: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        by_key[name.key].append(name)
    keys = sorted(by_key, key=lambda k: -len(by_key[k]))
    nearest = {key: _nearest(key, keys, by_key) for key in keys}
    done: set[str] = set()
    for i, key in enumerate(keys):
        for other in keys[i + 1 :]:
            best = nearest[other] == key and (nearest[key] == other or _is_spelling(key, other))
            if other in done or not best or not _one_name(key, other, by_key, role):
                continue
            done.add(other)
            yield _name_draft(by_key[key], by_key[other], role_id, role_en)
        if punctuation:
            yield from _punctuation(by_key[key], role_id, role_en)


def _nearest(key: str, keys: Sequence[str], by_key: dict[str, list[Name]]) -> str | None:
    """The most similar name that stands in none of the same lists."""
    own = {name.listing for name in by_key[key]} - {"anggaran"}
    others = [
        k for k in keys if k != key and not own & {name.listing for name in by_key[k]}
    ]  # fmt: skip
    found = most_similar(key, others)
    return found[0] if found else None


def _is_spelling(key: str, other: str) -> bool:
    return word_difference(key, other).kind in ("ejaan", "urutan")


def _one_name(key: str, other: str, by_key: dict[str, list[Name]], role: str) -> bool:
    """Whether two names mean one thing: near, not side by side in one list, no number."""
    if similarity(key, other) < _NEAR[role]:
        return False
    lists = {n.listing for n in by_key[key]} & {n.listing for n in by_key[other]}
    difference = word_difference(key, other)
    if difference.kind == "sama" or (lists - {"anggaran"}):
        return False
    if any(map(is_critical, (*difference.only_a, *difference.only_b))):
        return False
    if role == "kegiatan" and difference.kind == "tambahan" and _only_in_budget(by_key, key, other):
        return False  # a rincian output may be named more shortly than its kegiatan
    only_a = content_words(" ".join(difference.only_a))
    only_b = content_words(" ".join(difference.only_b))
    if only_a and only_b:  # one word for another: another thing, unless the words are kin
        kin = all(max(JaroWinkler.similarity(a, b) for b in only_b) >= _KIN for a in only_a)
        return kin and len(content_words(key)) > _MIN_WORDS
    return True


def _only_in_budget(by_key: dict[str, list[Name]], *keys: str) -> bool:
    return any(all(name.listing == "anggaran" for name in by_key[key]) for key in keys)


def _name_draft(ours: Sequence[Name], theirs: Sequence[Name], role_id: str, role_en: str) -> Draft:
    a, b = ours[0], theirs[0]
    difference = word_difference(a.key, b.key)
    differing = content_words(" ".join((*difference.only_a, *difference.only_b)))
    lost = any(len(word) > _SMALL_WORD for word in differing)
    spelled = difference.kind == "ejaan"
    severity = "galat" if role_id == "program" and lost else "peringatan"
    places, others = [n.place for n in ours], [n.place for n in theirs]
    return Draft(
        f'Nama {role_id} ditulis dua cara: "{a.printed}" ({labels(places)}) dan "{b.printed}" '
        f"({labels(others)}).",
        f'The name of a {role_en} is written two ways: "{a.printed}" '
        f'({labels(places, english=True)}) and "{b.printed}" ({labels(others, english=True)}).',
        a.place, b.place, (*places[1:], *others[1:]), similarity(a.key, b.key), None,
        "catatan" if spelled else ("galat" if severity == "galat" else "peringatan"),
    )  # fmt: skip


def _punctuation(names: Sequence[Name], role_id: str, role_en: str) -> Iterator[Draft]:
    """Commas in one of two prints of a name."""
    forms: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        forms[re.sub(r"\s+", " ", name.printed.casefold().replace(".", ""))].append(name)
    ordered = sorted(forms.values(), key=len, reverse=True)
    for other in ordered[1:]:
        a, b = ordered[0][0], other[0]
        if fold(a.printed) != fold(b.printed):
            continue  # "Sub Bag" and "Sub Bagian"
        yield Draft(
            f'Nama {role_id} ditulis dengan tanda baca lain: "{a.printed}" '
            f'({labels([n.place for n in ordered[0]])}) dan "{b.printed}" '
            f"({labels([n.place for n in other])}).",
            f'The name of a {role_en} has other punctuation: "{a.printed}" '
            f'({labels([n.place for n in ordered[0]], english=True)}) and "{b.printed}" '
            f"({labels([n.place for n in other], english=True)}).",
            a.place, b.place, similarity=1.0, severity="catatan",
        )  # fmt: skip
