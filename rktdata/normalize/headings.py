"""What a column's header says it holds.

The same column is called "Indikator Kinerja", "IKU", "Tolok Ukur" or "Indiktor", stands under
two or three levels of headers, is broken inside a word ("TARGE T") or is misspelt. Rules:

* Indonesian puts the noun first, so a header is read from the left and the first phrase of the
  vocabulary (`headings.toml`) decides; in a multi-level header the leaf decides, and what it
  leaves open is decided by the level above it.
* Words that are broken are joined, words run together are parted, and a misspelling counts
  as the word it is nearest to, where there is only one such word.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from rapidfuzz import fuzz, process

JOINER = " > "
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_OFFSET = re.compile(r"\bn\s*([+-])\s*(\d)\b", re.IGNORECASE)
_NTH = re.compile(r"\b(?:tahun|thn|th)\s*(?:ke)?[\s-]*([1-6]|i{1,3}|iv|vi?)\b", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_TOKEN = re.compile(r"[a-z]+|%|/|(?<!\d)\d{1,2}(?!\d)")
_BROKEN = re.compile(r"(?<=[a-z])\s*[-\u00ad\u2010\u2011]\s*(?=[a-z])")
# Below this likeness (0-100) two words are different words: "kegitatan"/"kegiatan" is 94,
# "taryet"/"target" 83, "sarana"/"sasaran" 77.
_LIKENESS = 83.0
_WEAK = frozenset({"", "uraian", "volume", "keluaran", "penilaian"})
_QUANTITIES = frozenset({"target", "volume", "anggaran", "realisasi", "capaian", "kondisi_awal"})


@dataclass(frozen=True, slots=True)
class Heading:
    """What one header, or one level of it, says.

    Attributes:
        role: A name of `headings.toml`'s [peran], "" where it tells nothing.
        levels: For a column of the hierarchy, the levels it names, top first.
        years: Printed years, in order.
        offset: Years from the plan's ("n+1" is 1), None where none is printed.
        nth: "Tahun 1", "Tahun ke-2": the year's place in the period.
        forward: Under "Prakiraan Maju".
    """

    role: str = ""
    levels: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    offset: int | None = None
    nth: int | None = None
    forward: bool = False


@dataclass(frozen=True, slots=True)
class ColumnRole:
    """What a column holds.

    Attributes:
        name: Role by `headings.toml` ("indikator", "target", "jenjang" for every
            column of the hierarchy, ...); "" is unknown.
        levels: For "jenjang": the levels it holds, top first ("program", "kegiatan").
        year: The year its header prints (a period's last), None where there is none.
        offset: Years from the plan's where the header tells only that ("n+1").
        nth: Its place in the period ("Tahun 2" is 2).
        forward: A forward estimate (Prakiraan Maju).
        header: As printed, levels joined by " > ".
        evidence: "judul" (header), "induk" (the level above), "isi" (cells), "" none.
        certainty: 0-1.
    """

    name: str
    levels: tuple[str, ...] = ()
    year: int | None = None
    offset: int | None = None
    nth: int | None = None
    forward: bool = False
    header: str = ""
    evidence: str = ""
    certainty: float = 1.0

    @property
    def path(self) -> tuple[str, ...]:
        """The header's levels, top first."""
        return tuple(self.header.split(JOINER))


@cache
def vocabulary() -> dict[str, Any]:
    """The vocabulary file, read once."""
    text = resources.files("rktdata.normalize").joinpath("headings.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """First word to the phrases that begin with it, longest first, each with its role."""
    by_word: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for role, forms in vocabulary()["peran"].items():
        for phrase in forms.get("kata", ()):
            words = tuple(phrase.split())
            by_word.setdefault(words[0], []).append((words, role))
    return {w: tuple(sorted(p, key=lambda x: -len(x[0]))) for w, p in by_word.items()}


@cache
def _whole_forms() -> dict[tuple[str, ...], str]:
    return {
        tuple(form.split()): role
        for role, forms in vocabulary()["peran"].items()
        for form in forms.get("utuh", ())
    }


@cache
def known_words() -> frozenset[str]:
    """Every word of the vocabulary."""
    words = {w for phrases in _phrases().values() for p, _ in phrases for w in p}
    words |= {w for form in _whole_forms() for w in form if len(w) > 2}
    words |= set(vocabulary()["kata_lain"]["kata"])
    return frozenset(words)


@cache
def _long_words() -> tuple[str, ...]:
    return tuple(sorted(w for w in known_words() if len(w) >= 5))


@lru_cache(1 << 12)
def words_of(text: str) -> tuple[str, ...]:
    """A header's words, lower case, mended; "dan", "&", "," and "/" are "/".

    >>> words_of("Satua n"), words_of("Program dan Kegitatan"), words_of("IndikatorKinerja")
    (('satuan',), ('program', '/', 'kegiatan'), ('indikator', 'kinerja'))
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = _BROKEN.sub("-", folded)
    pieces: list[str] = []
    for piece in re.split(r"(\w+(?:-\w+)+)", folded):
        joined = piece.replace("-", "")
        whole = "-" in piece and (joined in known_words())
        pieces.append(joined if whole else piece.replace("-", " "))
    folded = re.sub(r"[&,;+]|\bdan\b|\batau\b", " / ", "".join(pieces))
    raw = _TOKEN.findall(folded)
    tokens = [t for i, t in enumerate(raw) if t != "/" or (i and raw[i - 1] != "/")]
    return _mend([t for t in tokens[:-1]] + [t for t in tokens[-1:] if t != "/"])


def _mend(tokens: list[str]) -> tuple[str, ...]:
    """Join broken words, part joined ones, put misspelt ones right."""
    known, out, i = known_words(), list[str](), 0
    while i < len(tokens):
        token = tokens[i]
        joined = next(
            (
                (n, "".join(tokens[i : i + n]))
                for n in (3, 2)
                if i + n <= len(tokens)
                and "".join(tokens[i : i + n]) in known
                and not all(t in known for t in tokens[i : i + n])
            ),
            None,
        )
        if joined is not None:
            out.append(joined[1])
            i += joined[0]
            continue
        i += 1
        if token in known or not token.isalpha() or len(token) < 5:
            out.append(token)
        else:
            out.extend(_part(token) or (_nearest(token),))
    return tuple(out)


@lru_cache(1 << 12)
def _part(token: str) -> tuple[str, ...]:
    """Known words of four letters or more that make up the token, else nothing."""
    known = known_words()
    for cut in range(4, len(token) - 3):
        first, rest = token[:cut], token[cut:]
        if first in known:
            if rest in known:
                return (first, rest)
            if more := _part(rest):
                return (first, *more)
    return ()


@lru_cache(1 << 12)
def _nearest(token: str) -> str:
    """The one known word that the token is a misspelling of, else the token."""
    found = process.extract(
        token, _long_words(), scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=2
    )
    found = [f for f in found if abs(len(f[0]) - len(token)) <= 2]
    if not found or (len(found) > 1 and found[0][1] == found[1][1]):
        return token
    return str(found[0][0])


@lru_cache(1 << 12)
def read_segment(text: str) -> Heading:
    """What one level of a header says.

    >>> read_segment("Sasaran Program/Kegiatan").levels
    ('sasaran',)
    >>> read_segment("Program dan Kegiatan").levels
    ('program', 'kegiatan')
    >>> read_segment("Target 2016")
    Heading(role='target', levels=(), years=(2016,), offset=None, nth=None, forward=False)
    """
    tokens = words_of(text)
    years = tuple(int(y) for y in _YEAR.findall(text))
    offset, nth = _offset(text), _nth(text)
    forward = _contains(tokens, vocabulary()["tanda"]["maju"])
    role, start, size = _head(tokens)
    if role == "netral":
        role = ""
    order = vocabulary()["tingkat"]["urutan"]
    levels = _chain(tokens, start, size, role) if role in order else ()
    if levels == (role,) and size > 1 and tokens[start + size - 1] == "/":
        role, levels = "penanggung_jawab", ()
    return Heading("jenjang" if levels else role, levels, years, offset, nth, forward)


def _offset(text: str) -> int | None:
    found = _OFFSET.search(text)
    return int(found[1] + found[2]) if found else None


def _nth(text: str) -> int | None:
    found = _NTH.search(text)
    if found is None or _YEAR.search(text):
        return None
    return int(found[1]) if found[1].isdigit() else _ROMAN[found[1].lower()]


def _contains(tokens: tuple[str, ...], phrases: list[str]) -> bool:
    line = f" {' '.join(tokens)} "
    return any(f" {phrase} " in line for phrase in phrases)


def _head(tokens: tuple[str, ...]) -> tuple[str, int, int]:
    """The role of the first phrase from the left, its place and its length in words."""
    bare = tuple(t for t in tokens if not t.isdigit())
    for form in (tokens, bare):
        if form in _whole_forms():
            return _whole_forms()[form], 0, len(form)
    i = 0
    while i < len(tokens):
        found = _phrase_at(tokens, i)
        if found is None:
            i += 1
        elif found[1] == "lewat":
            i += len(found[0])
        else:
            return found[1], i, len(found[0])
    return "", 0, 0


def _phrase_at(tokens: tuple[str, ...], i: int) -> tuple[tuple[str, ...], str] | None:
    for phrase, role in _phrases().get(tokens[i], ()):
        if tokens[i : i + len(phrase)] == phrase:
            return phrase, role
    return None


def _chain(tokens: tuple[str, ...], start: int, size: int, head: str) -> tuple[str, ...]:
    """The levels that a composite header names: "Program/Kegiatan", "Tujuan dan Sasaran".

    A level's name right after another is its attribute ("Sasaran Program/Kegiatan" holds
    sasaran only), except "Program Kegiatan".
    """
    order: list[str] = vocabulary()["tingkat"]["urutan"]
    attributes = vocabulary()["tingkat"]["sifat"]
    levels, apart, i = [head], tokens[start + size - 1] == "/", start + size
    while i < len(tokens):
        found = _phrase_at(tokens, i)
        if tokens[i] == "/":
            apart, i = True, i + 1
        elif found is not None and found[1] in order:
            if not apart and (levels[-1], found[1]) not in (
                ("program", "kegiatan"),
                ("kegiatan", "subkegiatan"),
            ):
                break
            if found[1] not in levels:
                levels.append(found[1])
            apart, i = False, i + len(found[0])
        elif tokens[i] in attributes or tokens[i].isdigit():
            i += 1
        else:
            break
    return tuple(sorted(levels, key=order.index))


@lru_cache(1 << 12)
def read_heading(header: str) -> ColumnRole:
    """What a leaf header with the levels above it says of its column.

    >>> read_heading("Target Kinerja > 2020").name, read_heading("Target Kinerja > 2020").year
    ('target', 2020)
    >>> read_heading("Target Kinerja dan Kerangka Pendanaan > 2016 > Rp").name
    'anggaran'
    >>> read_heading("Realisasi > Anggaran").name
    'realisasi'
    """
    segments = [read_segment(s) for s in header.split(JOINER)]
    leaf, uppers = segments[-1], segments[-2::-1]
    above = next((s for s in uppers if s.role not in _WEAK), None)
    above = above or next((s for s in uppers if s.role == "keluaran"), None)
    role, levels, evidence = leaf.role, leaf.levels, "judul" if leaf.role else ""
    if role in _WEAK and above is not None and (role != "keluaran" or above.role != "jenjang"):
        role, levels, evidence = above.role, above.levels, "induk"
    elif above is not None:
        role, levels = _under(role, levels, above.role)
    if any(s.role == "periode" for s in uppers) and role in _QUANTITIES:
        role = "periode"
    years = next((s.years for s in (leaf, *uppers) if s.years), ())
    offset = next((s.offset for s in (leaf, *uppers) if s.offset is not None), None)
    nth = next((s.nth for s in (leaf, *uppers) if s.nth is not None), None)
    forward = any(s.forward for s in segments)
    year = years[-1] if years else None
    return ColumnRole(role, levels, year, offset, nth, forward, header, evidence)


def is_silent(header: str) -> bool:
    """Whether a header is missing or all its words name nothing ("Jumlah", "Nilai").

    >>> is_silent(""), is_silent("Jumlah (Rp)"), is_silent("Populasi Ternak > 2013")
    (True, True, False)
    """
    silent = {w for form in vocabulary()["peran"]["netral"]["utuh"] for w in form.split()}
    return {w for w in words_of(header) if w.isalpha()} <= silent | {"rp", "rupiah"}


def _under(role: str, levels: tuple[str, ...], above: str) -> tuple[str, tuple[str, ...]]:
    """The role of a leaf whose own words are clear, under a level that is clear as well."""
    if above == "anggaran" and role == "target":
        return "anggaran", ()
    if above in ("realisasi", "capaian") and role == "anggaran":
        return "realisasi", ()
    if above in ("kondisi_awal", "kondisi_akhir") and role in ("target", "anggaran"):
        return above, ()
    if above == "indikator" and role == "jenjang":
        return "indikator", ()
    return role, levels


@lru_cache(1 << 12)
def is_total(label: str) -> bool:
    """Whether a row's label names a sum of the rows above and nothing else.

    >>> is_total("JUMLAH"), is_total("Total Anggaran"), is_total("Jumlah laporan keuangan")
    (True, True, False)
    """
    opening, known = _total_words()
    found = opening.match(label.strip().lower())
    if found is None:
        return False
    rest = " ".join(re.findall(r"[a-z]+", label.lower()))[len(found.group()) :]
    return known.issuperset(rest.split())


@cache
def _total_words() -> tuple[re.Pattern[str], frozenset[str]]:
    """How a label of a sum begins, longest first, and the words it is made of."""
    words = vocabulary()["jumlah"]
    opening = "|".join(re.escape(w) for w in sorted(words["awal"], key=len, reverse=True))
    return re.compile(rf"(?:{opening})(?!\w)"), frozenset([*words["lanjut"], *words["awal"]])
