"""Rules on wording: activities instead of results, slips of spelling, years, leftovers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from rktdata.audit.case import Case, labels, short
from rktdata.audit.registry import Draft, rule
from rktdata.audit.vocabulary import has_any, is_condition, word_list
from rktdata.reconcile.keys import fold, words
from rktdata.schemas.document import Document
from rktdata.schemas.findings import Place
from rktdata.schemas.reconciled import Entry, Listing

_PREFIXES = re.compile(
    r"^(?:me(?:ng|ny|n|m)?|pe(?:ng|ny|n|m|r)?|di|ter|ber|be|ke|se|memper|diper)(?=\w{4})"
)
_SUFFIXES = ("annya", "kannya", "nya", "kan", "an", "i", "lah", "isasi", "asi", "s", "ku", "is")
_PERIOD = re.compile(r"(?<!\d)(20\d\d)\s*[-\u2013s/.d]{1,5}\s*(20\d\d)(?!\d)")
_ONE_YEAR = re.compile(
    r"(?:renstra|rencana strategis)\W*(?:\(\s*renstra\s*\)\W*)?(?:tahun\s*)(20\d\d)"
    r"(?!\d|\s*[-\u2013]\s*20)",
    re.IGNORECASE,
)
_NAMED_YEAR = re.compile(r"\b(?:tahun|thn|ta)\.?\s*(20[0-4]\d)(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_DOTS = re.compile(
    r"^\W{0,3}[.\u2026_]{4,}\s*\S.*?[.\u2026_]{4,}\W{0,2}$|\bNIP\W{0,3}[.\u2026]{4,}"
)
_FEW = 3
_OFTEN = 3  # times as often as a slip stands the word that was meant
_WORD = re.compile(r"[^\W\d_]{3,}", re.UNICODE)


Says = Callable[[Entry], bool]


@rule(
    "R23", "catatan", "D", "SMART (S); PermenPAN-RB 88/2021",
    "Sasaran adalah kondisi, indikator adalah ukuran",
    "An objective is a state, an indicator a measure",
)  # fmt: skip
def activity_as_result(case: Case) -> Iterator[Draft]:
    """Sasaran, indicators or kegiatan of the wrong form: one finding a document and form."""
    for document_id in case.documents:
        rows = [(x, e) for x in case.listings_of(document_id) for e in x.entries]
        kinds: tuple[tuple[str, str, str, Says], ...] = (
            ("sasaran", "sasaran berbunyi kegiatan", "objectives worded as activities",
             lambda e: _opens(e.row.sasaran, "activity_verbs", "activity_nouns")),
            ("indikator", "indikator berbunyi kegiatan", "indicators worded as activities",
             lambda e: _opens(e.text, "activity_verbs")),
            ("indikator", "indikator berbunyi sasaran", "indicators worded as objectives",
             lambda e: _is_state(e.text)),
            ("kegiatan", "kegiatan berbunyi sasaran", "kegiatan worded as objectives",
             lambda e: _is_state(e.row.kegiatan)),
        )  # fmt: skip
        for field, what_id, what_en, says in kinds:
            found = [(x, e) for x, e in rows if says(e)]
            yield from _per_document(case, field, what_id, what_en, found)


def _per_document(
    case: Case, field: str, what_id: str, what_en: str, found: list[tuple[Listing, Entry]]
) -> Iterator[Draft]:
    texts: dict[tuple[str, str], Place] = {}
    for listing, entry in found:
        text = getattr(entry.row, field)
        texts.setdefault((listing.id, text), case.record(listing, entry.records[0], field))
    if not texts:
        return
    places = list(texts.values())
    printed = list(dict.fromkeys(text for _, text in texts))
    names = "; ".join(f'"{short(text, 70)}"' for text in printed[:3])
    more = "; \u2026" if len(printed) > 3 else ""
    yield Draft(
        f"{len(printed)} {what_id}: {names}{more} ({labels(places)}).",
        f"{len(printed)} {what_en}: {names}{more} ({labels(places, english=True)}).",
        places[0],
        others=tuple(places[1:]),
        unit=found[0][0].unit,
    )


def _opens(text: str | None, *lists: str) -> bool:
    tokens = words(text or "")
    return bool(tokens) and any(tokens[0] in word_list(name) for name in lists)


def _is_state(text: str | None) -> bool:
    tokens = words(text or "")
    labelled = ":" in (text or "")[:12]  # "Outcome: Meningkatnya ..." is meant so
    return len(tokens) > 1 and not labelled and is_condition(tokens[0])


@rule(
    "R24", "peringatan", "D", "Perpres 29/2014 (hasil, keluaran)",
    "Program berhasil (outcome), kegiatan berkeluaran (output)",
    "A programme carries an outcome, a kegiatan an output",
)  # fmt: skip
def outcome_and_output(case: Case) -> Iterator[Draft]:
    """Such as "Output:" on a programme's row, "Outcome:" on a kegiatan's."""
    for listing in case.listings:
        labelled = [(e, o) for e in listing.entries if (o := _label(e.text))]
        wrong = [
            (e, o)
            for e, o in labelled
            if (o == "outcome" and e.row.kegiatan is not None)
            or (o == "output" and e.row.kegiatan is None and e.row.program is not None)
        ]
        if len(wrong) > _FEW or 4 * len(wrong) > len(labelled):
            continue  # this table names its levels in another way
        for entry, opening in wrong:
            on_kegiatan = entry.row.kegiatan is not None
            place = case.record(listing, entry.records[0])
            what = "kegiatan" if on_kegiatan else "program"
            yield Draft(
                f'Baris {what} memuat "{opening}": "{short(entry.text, 120)}" ({place.label_id}).',
                f'A {what} row carries an "{opening}": "{short(entry.text, 120)}" '
                f"({place.label_en}).",
                place,
                unit=listing.unit,
            )


def _label(text: str) -> str:
    """The "outcome" or "output" that a text begins with, "" without one."""
    opening = text.split(":")[0].strip().casefold().rstrip("s") if ":" in text[:10] else ""
    return opening if opening in ("outcome", "output") else ""


# Spelling


@rule(
    "R32", "catatan", "D", "kaidah penulisan",
    "Kata ditulis benar dan satu cara", "Words are spelled right and one way",
)  # fmt: skip
def spelling(case: Case) -> Iterator[Draft]:
    """Slips against the document's own words, and words printed twice: one per word.

    A slip is a rare word with a letter too few or too many beside a word that the
    document prints three times as often. A changed letter makes too many good words of
    other good words ("pengadaan", "pengaduan") and is left alone, as are prefixes and
    suffixes.
    """
    for document in case.documents.values():
        texts = _unique_texts(case, document)
        count: Counter[str] = Counter()
        where: dict[str, list[Place]] = defaultdict(list)
        for place, text in texts:
            for word in _WORD.findall(text):
                folded = word.casefold()
                if not word.isupper():
                    count[folded] += 1
                    where[folded].append(place)
        for word, main in _slips(count):
            places = where[word]
            yield Draft(
                f'"{word}" ({labels(places)}): biasanya ditulis "{main}" ({count[main]} kali) '
                f"dalam dokumen ini.",
                f'"{word}" ({labels(places, english=True)}): elsewhere "{main}" '
                f"({count[main]} times) in this document.",
                _quoted(places[0], word), _quoted(where[main][0], main), tuple(places[1:]),
            )  # fmt: skip
        yield from _doubled(texts)


def _unique_texts(case: Case, document: Document) -> list[tuple[Place, str]]:
    """Each text of each list once, budget lines, running text."""
    found: dict[tuple[str, str], Place] = {}
    for listing in case.listings_of(document.row.dokumen_id):
        for entry in listing.entries:
            for field in ("tujuan", "sasaran", "program", "kegiatan", "indikator"):
                text = getattr(entry.row, field)
                if text and (listing.id, text) not in found:
                    found[listing.id, text] = case.record(listing, entry.records[0], field)
    texts = [(place, text) for (_, text), place in found.items()]
    texts += [(case.budget(r, r.row.uraian), r.row.uraian) for r in document.budget]
    texts += [(case.block(document, b), b.text) for b in document.blocks if b.kind != "kepala-kaki"]
    return texts


def _quoted(place: Place, value: str) -> Place:
    return Place(
        place.document_id, place.page, place.label_id, place.label_en, value, place.sources,
        place.records, f"kata|{value}",
    )  # fmt: skip


def _slips(count: Counter[str]) -> Iterator[tuple[str, str]]:
    """Rare words with the frequent word that was meant."""
    long = sorted(word for word in count if len(word) >= 7)
    by_start: dict[str, list[str]] = defaultdict(list)
    for word in long:
        by_start[word[0]].append(word)
    for word in long:
        mains = [
            main
            for main in by_start[word[0]]
            if count[main] >= _OFTEN * count[word] and is_slip(word, main)
        ]
        if mains and not (
            _stem(word) != word and _stem(word) in count
        ):  # "pendataan" beside "data" is a word
            yield word, max(mains, key=lambda main: (count[main], main))


@lru_cache(maxsize=100_000)
def is_slip(word: str, main: str) -> bool:
    """Whether a word is another with a letter lost, doubled, added or two swapped.

    >>> is_slip("kabupate", "kabupaten"), is_slip("pengaduan", "pengadaan")
    (True, False)
    >>> is_slip("perencana", "perencanaan"), is_slip("dilaksanakan", "melaksanakan")
    (False, False)
    """
    if abs(len(word) - len(main)) > 2 or min(len(word), len(main)) < 7:
        return False
    allowed = 2 if len(main) >= 10 else 1
    if DamerauLevenshtein.distance(word, main, score_cutoff=allowed) > allowed:
        return False
    if len(word) == len(main):  # a swap of neighbours, no changed letter
        return sorted(word) == sorted(main) and DamerauLevenshtein.distance(word, main) == 1
    if _stem(word) == _stem(main):
        return False
    short_word, long_word = sorted((word, main), key=len)
    if long_word.startswith(short_word) and long_word[len(short_word) :] in _SUFFIXES:
        return False
    letters = iter(long_word)
    return all(letter in letters for letter in short_word)


def _stem(word: str) -> str:
    stem = _PREFIXES.sub("", word)
    for suffix in _SUFFIXES:
        if stem.endswith(suffix) and len(stem) - len(suffix) >= 4:
            return stem[: -len(suffix)]
    return stem


def _doubled(texts: list[tuple[Place, str]]) -> Iterator[Draft]:
    """Words printed twice in a row, one finding per words."""
    found: dict[str, list[Place]] = defaultdict(list)
    for place, text in texts:
        tokens = text.split()
        folded = [fold(token) for token in tokens]
        for size in (1, 2, 3):
            for i in range(len(folded) - 2 * size + 1):
                part = folded[i : i + size]
                if part == folded[i + size : i + 2 * size] and _is_doubling(
                    part, tokens[i : i + 2 * size]
                ):
                    found[" ".join(part * 2)].append(place)
    for said, places in found.items():
        yield Draft(
            f'Kata tercetak dua kali: "{said}" ({labels(places)}).',
            f'Words printed twice: "{said}" ({labels(places, english=True)}).',
            _quoted(places[0], said),
            others=tuple(places[1:]),
        )


def _is_doubling(part: list[str], tokens: list[str]) -> bool:
    if not all(part) or all(len(word) < 3 or any(c.isdigit() for c in word) for word in part):
        return False
    if any(token.endswith((",", ";", ":", ".", "-", "/")) for token in tokens[:-1]):
        return False
    return len(part) > 1 or part[0] not in word_list("reduplicated")


@rule(
    "R65", "catatan", "D", "kaidah penulisan",
    "Ejaan baku: persentase", "Standard spelling: persentase",
)  # fmt: skip
def nonstandard_percentage(case: Case) -> Iterator[Draft]:
    """Such as "Prosentase" and its kin, one finding per document and only beside "Persentase"."""
    for document in case.documents.values():
        found: dict[str, list[Place]] = defaultdict(list)
        for place, text in _unique_texts(case, document):
            for word in words(text):
                if word in ("prosentase", "persentase", "presentase", "prosentasi"):
                    found[word].append(place)
        standard = found.pop("persentase", [])
        for word, places in found.items():
            if standard:
                yield Draft(
                    f'"{word}" ({labels(places)}) di samping "persentase" '
                    f"({labels(standard[:1])}).",
                    f'"{word}" ({labels(places, english=True)}) beside "persentase" '
                    f"({labels(standard[:1], english=True)}).",
                    _quoted(places[0], word), _quoted(standard[0], "persentase"), tuple(places[1:]),
                )  # fmt: skip


# Years and leftovers


@rule(
    "R27", "catatan", "D", "kaidah penulisan",
    "Tahun di judul sama dengan tahun target", "The year of a title is that of its targets",
)  # fmt: skip
def years_in_titles(case: Case) -> Iterator[Draft]:
    """A table's title names one year and none of its targets is of it; stale kegiatan."""
    for view in case.tables:
        years = {int(y) for y in _YEAR.findall(view.row.judul or "")}
        listing = case.reconciled.listings.get(view.row.tabel_id)
        if len(years) == 1 and listing and listing.years and not years & listing.years:
            a = case.table(view)
            printed = ", ".join(str(y) for y in sorted(listing.years))
            yield Draft(
                f"Judul {view.label_id} menyebut tahun {min(years)}, targetnya tahun {printed}.",
                f"The title of {view.label_en} says {min(years)}, its targets are of {printed}.",
                a, case.record(listing, listing.entries[0].records[0], "target_teks"),
                unit=view.row.unit_kerja, severity="peringatan",
            )  # fmt: skip
    for document in case.documents.values():
        yield from _stale(case, document)


def _stale(case: Case, document: Document) -> Iterator[Draft]:
    """A kegiatan named for a year before the plan's that looks back at nothing."""
    told = set()
    for listing in case.listings_of(document.row.dokumen_id):
        for entry in listing.entries:
            text, year = entry.row.kegiatan, document.row.tahun
            if not text or not year or text in told or has_any(text, "backward_words"):
                continue
            years = [int(y) for y in _NAMED_YEAR.findall(text)]
            if len(years) == 1 and years[0] < year:
                told.add(text)
                a = case.record(listing, entry.records[0], "kegiatan")
                yield Draft(
                    f'Kegiatan "{short(text, 120)}" menyebut tahun {years[0]} dalam rencana '
                    f"{year} ({a.label_id}).",
                    f'Kegiatan "{short(text, 120)}" names {years[0]} in the plan of {year} '
                    f"({a.label_en}).",
                    a,
                    unit=listing.unit,
                )


@rule(
    "R61", "peringatan", "D", "UU 25/2004 (periode Renstra lima tahun)",
    "Renstra disebut dengan periodenya", "A Renstra is cited with its period",
)  # fmt: skip
def period_of_renstra(case: Case) -> Iterator[Draft]:
    """Such as "Renstra Tahun 2024" in a document that elsewhere gives the period 2020-2024."""
    for document in case.documents.values():
        period: tuple[str, Place] | None = None
        for block in document.blocks:
            found = _PERIOD.search(block.text)
            if found and int(found[2]) - int(found[1]) in (4, 5):
                period = (f"{found[1]}-{found[2]}", case.block(document, block, found[0]))
                break
        for view in case.tables:
            found = _PERIOD.search(view.row.judul or "")
            if not period and view.document is document and found:
                period = (f"{found[1]}-{found[2]}", case.table(view, found[0]))
        if period is None:
            continue
        for block in document.blocks:
            cited = _ONE_YEAR.search(block.text)
            if cited:
                a = case.block(document, block, cited[0])
                yield Draft(
                    f'"{cited[0]}" ({a.label_id}), sedangkan periodenya {period[0]} '
                    f"({period[1].label_id}).",
                    f'"{cited[0]}" ({a.label_en}), while its period is {period[0]} '
                    f"({period[1].label_en}).",
                    a, period[1],
                )  # fmt: skip


@rule(
    "R66", "catatan", "D", "kelengkapan pengesahan, PermenPAN-RB 88/2021 AREN002.1",
    "Tidak ada titik-titik isian yang tertinggal", "No blanks are left to be filled in",
)  # fmt: skip
def placeholder_left(case: Case) -> Iterator[Draft]:
    """A line of dots round a name, or behind "NIP"; contents pages end in a number."""
    for document in case.documents.values():
        for block in document.blocks:
            for line in block.lines:
                if _DOTS.search(line.text.strip()):
                    a = case.block(document, block, line.text)
                    yield Draft(
                        f'Isian belum dilengkapi: "{short(line.text)}" ({a.label_id}).',
                        f'A blank is left: "{short(line.text)}" ({a.label_en}).',
                        a,
                    )
