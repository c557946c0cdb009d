"""Words compared so that typing slips survive and meaning does not get lost.

Copies of one indicator differ by typos ("dimengkan"), spacing ("jumlahOPD"), spelling
("Prosentase"), punctuation and case; different indicators may differ by one word only
("... Perempuan ...", "... Disabilitas ..."), and one added letter changes a target's
sense ("minimal" / "minimal B"). So two questions are kept apart: how alike two texts
are (`similarity`, for finding the copies), and in what they differ
(`word_difference`, for saying so). Nothing here knows an agency's words; lists are in
words.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, TypeAlias

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

_WORDS = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))
_SYNONYMS: dict[str, tuple[str, ...]] = {
    word: tuple(meant.split()) for word, meant in _WORDS["synonyms"].items()
}
_LIGHT = frozenset(_WORDS["weights"]["light"])
_LIGHT_WEIGHT = float(_WORDS["weights"]["light_weight"])
_MEASURE = frozenset(_WORDS["weights"]["measure"])
_MEASURE_WEIGHT = float(_WORDS["weights"]["measure_weight"])
_CONDITIONS = frozenset(_WORDS["critical"]["conditions"])
_GRADES = frozenset(_WORDS["critical"]["grades"])
_AFFIXES: dict[str, Any] = _WORDS["affixes"]
_PREFIXES = frozenset(_WORDS["openings"]["prefixes"])
_CONDITION = re.compile(_WORDS["openings"]["condition_pattern"])

_VOWELS = frozenset("aeiou")
_MARKS = re.compile(r"\(\s*\*+\s*\)|\*+")
_LETTERS = re.compile(r"[^\W_]+|%", re.UNICODE)
_LABEL = re.compile(r"^\s*(\w+)\s*:\s*", re.UNICODE)

DifferenceKind: TypeAlias = Literal["sama", "ejaan", "urutan", "tambahan", "redaksi"]


@dataclass(frozen=True, slots=True)
class WordDifference:
    """In what two texts differ once case, spaces and punctuation are put aside.

    Attributes:
        kind: sama (nothing), ejaan (spelling only), urutan (the same words in another
            order), tambahan (words added on one side), redaksi (words on both sides).
        only_a, only_b: Words that stand on one side only, as folded, in order.
        spelled: Pairs taken for one word spelled two ways.
        critical: A number, a grade, a negation or a bound stands on one side only.
    """

    kind: DifferenceKind
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()
    spelled: tuple[tuple[str, str], ...] = ()
    critical: bool = False


@lru_cache(maxsize=100_000)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, lower case, without punctuation, footnote marks and labels.

    >>> words("Output: Jumlah  dok. (*)")
    ('jumlah', 'dok')
    """
    text = unicodedata.normalize("NFKC", _MARKS.sub(" ", text)).casefold()
    label = _LABEL.match(text)
    if label and label[1] in _PREFIXES:
        text = text[label.end() :]
    return tuple(_LETTERS.findall(text))


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """A text for exact comparison: case, spaces and punctuation put aside."""
    return " ".join(words(text))


@lru_cache(maxsize=100_000)
def meant_words(text: str) -> tuple[str, ...]:
    """Words with spelling variants and abbreviations written one way."""
    return tuple(meant for word in words(text) for meant in _SYNONYMS.get(word, (word,)))


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """A word without its affixes.

    >>> root("difasilitasi") == root("memfasilitasi") == root("fasilitasi")
    True
    """
    shortest = int(_AFFIXES["shortest_root"])
    for suffix in _AFFIXES["suffixes"]:
        if word.endswith(suffix) and len(word) - len(suffix) >= shortest:
            word = word.removesuffix(suffix)
            break
    for _ in range(2):
        for prefix in _AFFIXES["prefixes"]:
            if word.startswith(prefix) and len(word) - len(prefix) >= shortest:
                rest = word.removeprefix(prefix)
                if rest[0] in _VOWELS:
                    rest = _AFFIXES["swallowed"].get(prefix, "") + rest
                word = rest
                break
    return word


def is_critical(word: str) -> bool:
    """Whether a word carries a bound, a negation, a grade or a number."""
    return word in _CONDITIONS or word in _GRADES or any(sign.isdigit() for sign in word)


def is_light(word: str) -> bool:
    """Whether a word has no meaning of its own ("dan", "yang")."""
    return word in _LIGHT


@lru_cache(maxsize=50_000)
def content_words(text: str) -> frozenset[str]:
    """The words that say what is meant: no light words, no words of measuring."""
    return frozenset(
        w for w in meant_words(text) if w not in _LIGHT and w not in _MEASURE and len(w) > 1
    )


def weight(word: str) -> float:
    """How much a word counts in a similarity."""
    if word in _LIGHT:
        return _LIGHT_WEIGHT
    return _MEASURE_WEIGHT if word in _MEASURE else 1.0


@lru_cache(maxsize=200_000)
def is_misspelling(first: str, second: str) -> bool:
    """Whether two words are one word but for a typing slip.

    At most two letters, and at most a quarter of the longer word; words under five
    letters and words with digits never.

    >>> is_misspelling("dimenangkan", "dimengkan"), is_misspelling("laki", "kaki")
    (True, False)
    """
    longest = max(len(first), len(second))
    if min(len(first), len(second)) < 5 or is_critical(first) or is_critical(second):
        return False
    allowed = min(2, longest // 4)
    return DamerauLevenshtein.distance(first, second, score_cutoff=allowed) <= allowed


@dataclass(frozen=True, slots=True)
class _Pairing:
    """Two word lists laid against each other."""

    common: float
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    spelled: tuple[tuple[str, str], ...]


def _pair_words(first: tuple[str, ...], second: tuple[str, ...]) -> _Pairing:
    """Match equal words, then words broken by spaces, then typing slips."""
    left: list[str | None] = list(first)
    right: list[str | None] = list(second)
    common = 0.0
    places: dict[str, list[int]] = {}
    for place, word in enumerate(second):
        places.setdefault(word, []).append(place)
    for i, word in enumerate(first):
        if places.get(word):
            right[places[word].pop(0)] = None
            left[i] = None
            common += weight(word)
    common += _join_broken(left, right) + _join_broken(right, left)
    spelled = []
    for i, a in enumerate(left):
        if a is None:
            continue
        for j, b in enumerate(right):
            if b is not None and is_misspelling(a, b):
                spelled.append((a, b))
                common += weight(a)
                left[i] = right[j] = None
                break
    return _Pairing(
        common,
        tuple(w for w in left if w is not None),
        tuple(w for w in right if w is not None),
        tuple(spelled),
    )


def _join_broken(parts: list[str | None], wholes: list[str | None]) -> float:
    """Take "jumlah opd" for "jumlahopd"; both lists lose what was matched."""
    found = 0.0
    for i in range(len(parts) - 1):
        a, b = parts[i], parts[i + 1]
        if a is not None and b is not None and a + b in wholes:
            wholes[wholes.index(a + b)] = None
            parts[i] = parts[i + 1] = None
            found += (weight(a) + weight(b) + 1) / 2
    return found


def _without_opening(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out a condition verb before the measured thing ("Meningkatnya level ...")."""
    return tokens[1:] if len(tokens) > 3 and _CONDITION.match(tokens[0]) else tokens


@lru_cache(maxsize=500_000)
def similarity(first: str, second: str) -> float:
    """How alike two texts are, 0 to 1, by words and by letters.

    Words count 2/3 (Dice coefficient with typing slips forgiven, small words light),
    letters without spaces 1/3. An opening verb ("Meningkatnya ...") on one side only
    does not count. 1.0 is the same text but for case, punctuation and spelling variants.

    >>> similarity("Prosentase jumlah OPD", "persentase jumlahOPD")
    1.0
    """
    if fold(first) == fold(second):
        return 1.0
    a, b = meant_words(first), meant_words(second)
    best = _similarity(a, b)
    short_a, short_b = _without_opening(a), _without_opening(b)
    if (short_a == a) != (short_b == b):
        best = max(best, 0.98 * _similarity(short_a, short_b))
    return best


def most_similar(text: str, texts: Sequence[str], floor: float = 0.5) -> tuple[str, float] | None:
    """The text that is most like another, and how much; None where none comes near.

    Letters choose a few candidates quickly, words decide between them.
    """
    found = process.extract(
        fold(text), [fold(x) for x in texts], scorer=fuzz.ratio, limit=8, score_cutoff=45
    )
    scored = [(similarity(text, texts[place]), -place) for _, _, place in found]
    best = max(scored, default=None)
    if best is None or best[0] < floor:
        return None
    return texts[-best[1]], best[0]


def _similarity(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    if not a or not b:
        return 0.0
    joined_a, joined_b = "".join(a), "".join(b)
    if joined_a == joined_b:
        return 1.0
    letters = fuzz.ratio(joined_a, joined_b) / 100
    if letters < 0.3:
        return letters / 3
    pairing = _pair_words(a, b)
    total = sum(map(weight, a)) + sum(map(weight, b))
    tokens = min(1.0, 2 * pairing.common / total)
    return round((2 * tokens + letters) / 3, 6)


@lru_cache(maxsize=200_000)
def word_difference(first: str, second: str) -> WordDifference:
    """In what two texts differ; "Prosentase" and "Persentase" differ in spelling.

    >>> word_difference("nilai minimal", "nilai minimal B").critical
    True
    """
    if fold(first) == fold(second):
        return WordDifference("sama")
    a, b = words(first), words(second)
    if "".join(a) == "".join(b):
        return WordDifference("ejaan", spelled=((fold(first), fold(second)),))
    pairing = _pair_words(a, b)
    only_a, only_b, spelled = pairing.only_a, pairing.only_b, list(pairing.spelled)
    left_a, left_b = list(only_a), list(only_b)
    for word in only_a:
        meant = _SYNONYMS.get(word, (word,))
        for other in left_b:
            if _SYNONYMS.get(other, (other,)) == meant:
                spelled.append((word, other))
                left_a.remove(word)
                left_b.remove(other)
                break
    only_a, only_b = tuple(left_a), tuple(left_b)
    critical = any(map(is_critical, only_a)) or any(map(is_critical, only_b))
    kind: DifferenceKind = "redaksi"
    if not only_a and not only_b:
        kind = "ejaan" if spelled else "urutan"
    elif not only_a or not only_b:
        kind = "tambahan"
    return WordDifference(kind, only_a, only_b, tuple(spelled), critical)
