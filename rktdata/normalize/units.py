"""Units: the many printed forms of a unit, and the one canonical word for each.

The trouble: abbreviations ("dok", "lap", "OH"), spelling variants ("prosen", "ijin"),
words broken by a narrow column ("Kab/Kot a", "pen- gaduan"), units joined by slashes,
and several units in one cell. The vocabulary is `units.toml` (with `words.toml` and
`grades.toml` for the rest of the grammar); a user's own file adds to it.

A unit nobody has seen keeps its words, in lower case: it is never dropped and never
forced into a known one.

Source: UNITS.md (404 printed forms); VALUES.md, "Conventions".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from rktdata.normalize.clean import clean_text

_LONGEST_UNIT = 200  # characters; the longest unit seen has 45
_UNIT_KEYS = {"name", "kind", "alias", "word", "part", "exact", "pure", "ocr", "range", "typo"}
_KINDS = {"persen", "rupiah", "nilai", "predikat", "poin", "ukur", "waktu", "hitung"}

_SHORTEST_MISSPELT, _LONGEST_MISSPELT = 4, 14
_LONG_WORD = 7  # letters; in a shorter word another letter may make another word
_LOOKALIKES = str.maketrans({**dict.fromkeys("i1|!tjf", "l"), "0": "o", "q": "g"})

_AROUND_SLASH = re.compile(r"\s*[/\\]\s*")
_HYPHEN_BREAK = re.compile(r"(?<=[^\W\d_])-\s?(?=[^\W\d_])")
_LEADING_JUNK = re.compile(r"^[\s.,;:)\]*\"'=_-]+")
_TRAILING_JUNK = re.compile(r"[\s.,;:(\[*\"=_/\\-]+$")
_PER = re.compile(
    r"^(?:per\b|/)\s*(?:(10{0,2}(?:[.,\s]000){1,2}|10{1,6})(?!\d)|(se(?:ratus\s)?ribu\b|sejuta\b))"
    r"\s*(?:(ribu|rb|juta|jt)\b)?\s*/?\s*",
    re.IGNORECASE,
)
_PER_WORDS = {"seribu": 3, "seratus ribu": 5, "sejuta": 6}


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit: its name, its kind, its legal range, whether it is a pure counter."""

    name: str
    kind: str = "hitung"
    pure: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """All words the value reader knows, as data.

    Attributes:
        units: Canonical units by name.
        keys: Folded spelling -> canonical name, for the whole unit.
        exact: Spellings that count only in this case -> canonical name.
        squeezed: Folded spelling without spaces -> canonical name, to mend broken words.
        words, parts: Aliases of words inside a longer unit, and between slashes.
        lexicon: Words that occur inside units, and `short` ones that stand alone.
        not_cells, not_headers: What is no unit in a unit cell and in header brackets.
        grammar: Words with a role, for mending broken ones.
        things: Names of what is counted that never begin a second unit in a cell.
        sturdy: Frequent long words by length, which a misspelling may be taken for.
        titles: Units that, capitalised, begin the name of a row rather than count.
        scales, money_scales: Words of scale -> power of ten; the latter only for money.
        roles: Phrase (its words) -> (role, value), see words.toml.
        longest_role: Words in the longest phrase.
        tables: The rest of words.toml and grades.toml as plain tables.
    """

    units: Mapping[str, Unit]
    keys: Mapping[str, str]
    exact: Mapping[str, str]
    squeezed: Mapping[str, str]
    words: Mapping[str, str]
    parts: Mapping[str, str]
    lexicon: frozenset[str]
    short: frozenset[str]
    not_cells: frozenset[str]
    not_headers: frozenset[str]
    titles: frozenset[str]
    grammar: frozenset[str]
    things: frozenset[str]
    sturdy: Mapping[str, str]
    scales: Mapping[str, int]
    money_scales: Mapping[str, int]
    tables: Mapping[str, Any] = field(repr=False)

    def kind(self, unit: str | None) -> str | None:
        """The kind of a canonical unit; of one we do not know, its last or first word's.

        >>> v = load_vocabulary(None)
        >>> v.kind("persen"), v.kind("balai psda"), v.kind("ribu gajah"), v.kind(None)
        ('persen', 'hitung', 'hitung', None)
        """
        if unit is None:
            return None
        known = self.units.get(unit)
        if known is not None:
            return known.kind
        if unit.startswith("per "):
            return "ukur"
        head = self.units.get(unit.split("/", 1)[0].split(" ", 1)[0])
        return head.kind if head is not None and head.kind in ("ukur", "waktu") else "hitung"

    def is_unit(self, text: str) -> bool:
        """Whether the text, as a whole, is a unit we know."""
        return text in self.exact or fold(text) in self.keys


def fold(text: str) -> str:
    """Fold case, full stops, breaking hyphens and spaces round slashes.

    >>> fold("Kab./ Kota"), fold("Pen- gaduan"), fold("nilai-nilai")
    ('kab/kota', 'pengaduan', 'nilai-nilai')
    """
    text = _AROUND_SLASH.sub("/", text.lower().replace(".", " "))
    if "-" in text:
        text = _HYPHEN_BREAK.sub(_unbreak, text)
    return " ".join(text.split()).replace(" /", "/").replace("/ ", "/")


def _unbreak(match: re.Match[str]) -> str:
    """Drop a hyphen inside a word, unless the word is doubled."""
    text, at = match.string, match.start()
    before = text[max(0, at - 20) : at].rsplit(None, 1)[-1].rsplit("-", 1)[-1]
    after = text[match.end() : match.end() + len(before)]
    return "-" if before == after or len(before) == 1 else ""


@lru_cache(maxsize=1)
def _builtin_tables() -> dict[str, Any]:
    files = resources.files("rktdata.normalize")
    tables: dict[str, Any] = {}
    for name in ("units.toml", "words.toml", "grades.toml"):
        with files.joinpath(name).open("rb") as source:
            for key, table in tomllib.load(source).items():
                tables[key] = table
    return tables


@lru_cache(maxsize=8)
def load_vocabulary(own: str | None = None) -> Vocabulary:
    """The built-in vocabulary, with a user's added to it.

    Args:
        own: TOML text with any of the tables of units.toml, words.toml and grades.toml;
            entries are added, an entry of the same name is replaced.

    Raises:
        ValueError: The text has a table or a key that we do not know, or is no TOML.

    >>> load_vocabulary(None) is load_vocabulary(None)
    True
    """
    tables = _builtin_tables()
    if own is not None:
        try:
            added = tomllib.loads(own)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"the vocabulary is no TOML: {error}") from error
        tables = _merge(tables, added, "vocabulary")
    return _build(tables)


def _merge(base: Mapping[str, Any], own: Mapping[str, Any], where: str) -> dict[str, Any]:
    merged = dict(base)
    for key, table in own.items():
        if key not in base or not isinstance(table, dict):
            raise ValueError(f"{where}: tabel tidak dikenal: [{key}]")
        joined = dict(base[key])
        for name, entry in table.items():
            known = joined.get(name)
            joined[name] = [*known, *entry] if isinstance(known, list) else entry
        merged[key] = joined
    return merged


def _build(tables: Mapping[str, Any]) -> Vocabulary:
    units: dict[str, Unit] = {}
    keys: dict[str, str] = {}
    exact: dict[str, str] = {}
    words: dict[str, str] = {}
    parts: dict[str, str] = {}
    for entry_name, entry in tables["units"].items():
        unknown = set(entry) - _UNIT_KEYS
        if unknown or entry.get("kind", "hitung") not in _KINDS:
            raise ValueError(f"satuan {entry_name!r}: kunci atau jenis tidak dikenal: {entry}")
        name = entry.get("name", entry_name)
        low, high = entry.get("range", (None, None))
        units[name] = Unit(name, entry.get("kind", "hitung"), entry.get("pure", False), low, high)
        keys[fold(name)] = name
        for alias in (*entry.get("alias", ()), *entry.get("word", ())):
            keys.setdefault(fold(alias), name)
        for alias in (*entry.get("exact", ()), *entry.get("ocr", ())):
            exact[alias] = name
        for alias in entry.get("word", ()):
            words[alias.lower()] = name
        for alias in (*entry.get("part", ()), *entry.get("exact", ())):
            parts[alias.lower()] = name
    for name in tables["things"]["words"]:
        units.setdefault(name, Unit(name))
        keys.setdefault(fold(name), name)
    sturdy = {
        shape: name
        for name, entry in tables["units"].items()
        if entry.get("typo", False)
        for shape in (name, _skeleton(name))
    }
    squeezed: dict[str, str] = {}
    for key, name in keys.items():
        tight = key.replace(" ", "").replace("-", "")
        if len(tight) > 3:
            squeezed.setdefault(tight, name)
    lexicon = {word for key in keys for word in re.split(r"[ /]", key) if len(word) > 3}
    scales, money = _scales(tables["scales"])
    known = tables["known"]
    return Vocabulary(
        units=units,
        keys=keys,
        exact=exact,
        squeezed=squeezed,
        words=words,
        parts=parts,
        lexicon=frozenset(lexicon | set(known["words"])),
        short=frozenset(known["short"]),
        not_cells=frozenset(tables["not_units"]["cells"]),
        not_headers=frozenset(tables["not_units"]["headers"]),
        titles=frozenset(tables["not_units"]["titles"]),
        grammar=_grammar_words(tables),
        things=frozenset(tables["things"]["words"]),
        sturdy=sturdy,
        scales=scales,
        money_scales=money,
        tables=tables,
    )


def _grammar_words(tables: Mapping[str, Any]) -> frozenset[str]:
    """All words of words.toml and grades.toml that have a part to play."""
    phrases: list[str] = [*tables["numeral"], *tables["multiplier"], *tables["month"]["names"]]
    for name in ("operator", "operator_after", "lead", "join", "stop", "word", "level"):
        for group in tables[name].values():
            phrases += group
    phrases += [*tables["denominator"], *tables["denominator"].values()]
    return frozenset(word for phrase in phrases for word in phrase.lower().split())


def _scales(table: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, int]]:
    scales: dict[str, int] = {}
    money: dict[str, int] = {}
    for name, entry in table.items():
        for word in (name, *entry.get("alias", ())):
            scales[word] = entry["power"]
        for word in entry.get("money", ()):
            money[word] = entry["power"]
    return scales, money


def canonical_unit(text: str, vocabulary: Vocabulary | None = None) -> str | None:
    """The canonical unit for a printed form; unknown ones in lower case.

    Args:
        text: The unit alone, without a number. A word of scale in front is passed over.
        vocabulary: The built-in one where None.

    Returns:
        None for an empty text, a number, a dash, and what is known to be no unit.

    Source: UNITS.md, rules at its head.

    >>> canonical_unit("Kab./Kot a"), canonical_unit("Jenis Dok"), canonical_unit("OH")
    ('kab/kota', 'jenis dokumen', 'orang/hari')
    >>> canonical_unit("balai PSDA"), canonical_unit("/100.000KH"), canonical_unit("12")
    ('balai psda', 'per 100.000 kelahiran hidup', None)
    """
    words = load_vocabulary(None) if vocabulary is None else vocabulary
    return _canonical(text[:_LONGEST_UNIT], words)


@lru_cache(maxsize=4096)
def _canonical(text: str, words: Vocabulary) -> str | None:
    text = clean_text(text)
    found = words.exact.get(text) or words.keys.get(fold(text))
    if found is not None:
        return found
    rate = _rate(text, words)
    if rate is not None:
        return rate
    text = _strip_brackets(_TRAILING_JUNK.sub("", _LEADING_JUNK.sub("", text)))
    folded = fold(text)
    if not folded or folded in words.not_cells or not any(c.isalpha() or c in "%‰°" for c in text):
        return None
    found = words.exact.get(text) or words.keys.get(folded)
    if found is not None:
        return found
    if _is_scaled_money(folded, words):
        return "rupiah"
    if folded.startswith(("% ", "%", "persen ", "prosen ")):
        return "persen"
    first, _, rest = folded.partition(" ")
    if rest and first in words.scales:
        return canonical_unit(text.split(None, 1)[1], words)
    return _compose(folded, words)


def _is_scaled_money(folded: str, words: Vocabulary) -> bool:
    """As in "Rp (juta)", "Juta Rupiah", "Rp.000": money, with or without a scale."""
    pieces = re.findall(r"[^\W\d_]+|\d+", folded)
    named = [p for p in pieces if p in ("rp", "rupiah", "idr")]
    others = [p for p in pieces if p not in ("rp", "rupiah", "idr", "dalam", "dlm")]
    return bool(named) and all(p in words.scales or p.strip("0") in ("", "1") for p in others)


def _strip_brackets(text: str) -> str:
    """Take off brackets that go round all, or have lost their other half."""
    while (text[:1], text[-1:]) in (("(", ")"), ("[", "]")):
        text = text[1:-1].strip()
    if text.endswith(")") and "(" not in text:
        text = text[:-1].rstrip()
    if text.startswith("(") and ")" not in text:
        text = text[1:].lstrip()
    return text


def _compose(folded: str, words: Vocabulary) -> str:
    """Build the canonical form of a unit of several words from its words."""
    tight = folded.replace(" ", "").replace("-", "")
    if tight != folded and tight in words.squeezed:
        return words.squeezed[tight]
    if "/" in folded:
        pieces = [p for p in (piece.strip() for piece in folded.split("/")) if p]
        joined = "/".join(
            words.parts.get(p) or words.keys.get(p) or _phrase(p, words) for p in pieces
        )
        return words.keys.get(joined, joined)
    return _phrase(folded, words)


def _phrase(folded: str, words: Vocabulary) -> str:
    mended = mend_words(folded.split(), words)
    if len(mended) > 1 and len(mended[0]) == 1 and " ".join(mended[1:]) in words.keys:
        mended = mended[1:]  # "g Keg": the last letter of a word that was cut off
    phrase = " ".join(mended)
    if phrase in words.keys:
        return words.keys[phrase]
    phrase = " ".join(words.words.get(word) or respell(word, words) or word for word in mended)
    if phrase.startswith("persen "):
        return "persen"
    return words.keys.get(phrase, phrase)


def respell(word: str, words: Vocabulary) -> str | None:
    """The frequent unit that a misspelt or misread word is sure to mean; None where none is.

    A letter left out (not the first), doubled, or swapped with the next; in a long word
    one letter another; or letters that a scan takes for each other. Only words with
    `typo` in units.toml, which no other word is that near to.

    >>> v = load_vocabulary(None)
    >>> respell("kegaitan", v), respell("dokurnen", v), respell("oragn", v), respell("borang", v)
    ('kegiatan', 'dokumen', 'orang', None)
    """
    if not _SHORTEST_MISSPELT <= len(word) <= _LONGEST_MISSPELT or not word[0].isalpha():
        return None
    if word in words.keys or word in words.lexicon or word in words.short:
        return None
    known = words.sturdy.get(word) or words.sturdy.get(_skeleton(word))
    if known is not None:
        return known
    near = {name for name in words.sturdy.values() if _is_near(word, name)}
    return near.pop() if len(near) == 1 else None


def _skeleton(word: str) -> str:
    """The word with letters that scans take for each other made one; "*" keeps it apart."""
    return "*" + word.replace("rn", "m").translate(_LOOKALIKES)


def _is_near(word: str, name: str) -> bool:
    if word[0] != name[0] or abs(len(word) - len(name)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), None)
    if at is None:
        at = min(len(word), len(name))
    if len(word) < len(name):
        return word[at:] == name[at + 1 :]
    if len(word) > len(name):
        return word[at + 1 :] == name[at:] and word[at] == word[at - 1]
    if word[at + 1 :] == name[at + 1 :]:
        return len(name) >= _LONG_WORD
    return word[at : at + 2] == name[at : at + 2][::-1] and word[at + 2 :] == name[at + 2 :]


def mend_words(pieces: list[str], words: Vocabulary) -> list[str]:
    """Join words that a narrow column has broken.

    Two pieces are one word where together they are a word we know and the second alone
    is none; or where the second is a single letter, which no Indonesian word is.

    >>> mend_words("sanksi administrati f".split(), load_vocabulary(None))
    ['sanksi', 'administratif']
    >>> mend_words("titik sung ai".split(), load_vocabulary(None))
    ['titik', 'sungai']
    """
    mended: list[str] = []
    for piece in pieces:
        if mended and piece.isalpha() and _is_tail(mended[-1], piece, words):
            mended[-1] += piece
        else:
            mended.append(piece)
    return mended


def _is_tail(before: str, piece: str, words: Vocabulary) -> bool:
    if not before[-1:].isalpha() or before in words.short:
        return False
    joined = before + piece
    if joined in words.lexicon or joined in words.keys:
        return not (before in words.keys and piece in words.keys)
    if len(piece) == 1:
        return len(before) > 3 and before not in words.keys
    whole = before in words.lexicon or before in words.keys
    return len(piece) == 2 and piece not in words.short and not whole


_PAIR = re.compile(r"([^\W\d_]+)(-? )([^\W\d_]+)(?![\w-])")


def mend_text(text: str, words: Vocabulary) -> str:
    """Join the halves of known words anywhere in a cell, grammar words too.

    For reading only. Two halves are joined where they make a word we know and are not
    both words themselves.

    >>> v = load_vocabulary(None)
    >>> mend_text("Kateg ori Baik", v), mend_text("27 per 1.000 pen- duduk", v)
    ('Kategori Baik', '27 per 1.000 penduduk')
    >>> mend_text("bank sampah", v)
    'bank sampah'
    """
    at, mended = 0, text
    while (pair := _PAIR.search(mended, at)) is not None:
        first, second = pair[1].lower(), pair[3].lower()
        if _is_word(first + second, words) and not (
            _is_word(first, words) and _is_word(second, words)
        ):
            mended = mended[: pair.end(1)] + mended[pair.start(3) :]
            at = pair.start(1)
        else:
            at = pair.start(3)
    return mended


def _is_word(word: str, words: Vocabulary) -> bool:
    return word in words.grammar or word in words.lexicon or word in words.keys


def _rate(text: str, words: Vocabulary) -> str | None:
    """As in "/100.000 KH" -> "per 100.000 kelahiran hidup"; None where there is no such rate."""
    match = _PER.match(text)
    if match is None:
        return None
    if match[1] is None:
        power = _PER_WORDS.get(" ".join(match[2].lower().split()), 0)
    else:
        power = match[1].count("0")
    power += words.scales.get((match[3] or "").lower(), 0)
    if not power:
        return None
    noun = fold(_TRAILING_JUNK.sub("", text[match.end() :]))
    table: Mapping[str, str] = words.tables["denominator"]
    known = table.get(noun) or table.get(noun.replace(" ", ""))
    name = known or (canonical_unit(noun, words) if noun else None)
    grouped = f"{10**power:,}".replace(",", ".")
    return f"per {grouped} {name}" if name else f"per {grouped}"


def split_units(text: str, vocabulary: Vocabulary | None = None) -> list[str]:
    """Split a unit cell into its units, each as printed; mostly there is one.

    A word begins a new unit where it is a pure counter ("Set lembar"), where it repeats
    the word before it ("Ha Ha"), or where it is a known unit behind a pure counter
    ("% Kasus"). Otherwise it is an attribute ("Jenis Pelatihan").

    >>> split_units("Set lembar"), split_units("Jenis Pelatihan"), split_units("% % %")
    (['Set', 'lembar'], ['Jenis Pelatihan'], ['%', '%', '%'])
    """
    words = load_vocabulary(None) if vocabulary is None else vocabulary
    text = clean_text(text[:_LONGEST_UNIT])
    if not text:
        return []
    if text in words.exact or words.is_unit(_strip_brackets(text)):
        return [text]
    return list(_groups(_AROUND_SLASH.sub("/", text), words))


def _groups(text: str, words: Vocabulary) -> Iterator[str]:
    for part in re.split(r"\s*[;,&]\s*|\s+dan\s+(?=%)", text):
        group: list[str] = []
        listed = False  # a word has been repeated: these are the units of several rows
        for word in _mended_words(part.split(), words):
            repeated = bool(group) and word.lower() == group[-1].lower()
            if group and (repeated or _begins_unit(group, word, words, listed)):
                yield " ".join(group)
                group = []
            listed |= repeated
            group.append(word)
        if group:
            yield " ".join(group)


def _mended_words(pieces: list[str], words: Vocabulary) -> list[str]:
    """As printed, but a broken word's pieces stay together, the space between them kept."""
    mended: list[str] = []
    for piece in pieces:
        before = mended[-1].lower().rsplit("/", 1)[-1].replace(" ", "") if mended else ""
        if before and piece.isalpha() and _is_tail(before, piece.lower(), words):
            mended[-1] += " " + piece
        else:
            mended.append(piece)
    return mended


def _begins_unit(group: list[str], word: str, words: Vocabulary, listed: bool) -> bool:
    tight = fold(word).replace(" ", "")
    here = words.exact.get(word) or words.keys.get(tight) or respell(tight, words)
    if here is None and "/" in word:
        here = words.keys.get(fold(word).split("/", 1)[0])
    if here is None or (
        not listed and words.is_unit(" ".join(w.replace(" ", "") for w in [*group, word]))
    ):
        return False
    if here in words.things and not listed:
        return False
    before = canonical_unit(" ".join(group), words)
    if words.scales.get(fold(group[-1])) is not None:
        return False
    if here in words.units and words.units[here].pure:
        return before is not None
    if listed and before in words.units and here in words.units:
        return True
    if " " in here and fold(word) != here:  # "wp" stands for a whole unit of its own
        return before is not None
    return before is not None and before in words.units and words.units[before].pure
