"""Two readings of one line made one, each character with what is thought of it.

The trouble: one engine glues words, the other reads "%" as "Yo" and 7 as 1 beside it. A
choice between two figures is a guess, and a wrong guess is an invented value.

Rules: figures and signs are those of the engine that reads signs, words those of the one
whose word is known; where they differ in a figure, the character is in doubt, whatever is
chosen. Both readings are printed ink: no character is taken from a word list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

if TYPE_CHECKING:  # whose module loads OpenCV, which may not be installed
    from rktdata.extract.ocr.engines import Reading

# Quotes and dashes are printed in many shapes that mean one thing.
_ALIKE = str.maketrans("‘’“”–—•·", "''\"\"----")
# What Tesseract, whose Indonesian model has no such sign, reads for "%".
_PERCENT = frozenset("YyoO0°KkVv9684Zazhc/,.'\"°lIi1*xXdD&Aesn")
# Specks that Tesseract reads at a line's ends.
_SPECKS = frozenset(".,'\"-_|:;`~ ")
# A sign read with less trust than this is in doubt, agreed upon or not.
LEAST_TRUST = 0.5
# With this much trust a sign outweighs what a reader of words makes of it.
SURE = 0.9
# A gap this wide (font sizes) is a space where the engines differ, and none is narrower.
GAP_EM = 0.2
_NO_GAP_EM = 0.04
# Letters that are taken for one another, and how long a word must be for that to tell.
_SHAPES = {
    "a": "gq", "b": "hp", "c": "eo", "e": "c", "f": "t", "g": "aq", "h": "bn", "i": "jl",
    "j": "i", "l": "it", "n": "hu", "o": "c", "p": "b", "q": "ag", "t": "fl", "u": "n",
    "v": "y", "y": "v",
}  # fmt: skip
_LEAST_LETTERS = 5
_IN_NUMBERS = frozenset("0123456789.,%-+/<>=≥≤±()")


@dataclass(frozen=True, slots=True)
class Character:
    """One character that is taken as read.

    Attributes:
        text: The character.
        spaced: A space stands before it.
        place: Its middle, columns of the line's picture.
        sure: Nothing speaks against it.
    """

    text: str
    spaced: bool
    place: float
    sure: bool


@cache
def known_words() -> frozenset[str]:
    """Words that planning documents use, in small letters."""
    return _words_of("words.txt")


@cache
def common_words() -> frozenset[str]:
    """Words of Indonesian at large, in small letters, and those of `known_words`."""
    return known_words() | _words_of("words-common.txt")


def _words_of(name: str) -> frozenset[str]:
    path = resources.files("rktdata.extract.ocr") / "data" / name
    return frozenset(path.read_text("utf-8").split())


@dataclass(frozen=True, slots=True)
class _Aligned:
    """The other reading beside each character of the first.

    Attributes:
        index: For each character, the place of the one that stands for it, or None.
        extra: What only the other read: before each character, and after the last.
    """

    index: tuple[int | None, ...]
    extra: tuple[str, ...]


def merge(signs: Reading, words: Reading, gaps: Sequence[float]) -> list[Character]:
    """One reading of two.

    Args:
        signs: By the engine that reads signs best.
        words: By the engine that knows words.
        gaps: For each character of `signs`, the widest white gap before it, in font
            sizes; decides where the two differ on a space.
    """
    if not signs.text:
        each = zip(words.text, words.spaced, words.place, strict=True)
        return [Character(char, space, place, False) for char, space, place in each]
    aligned = _align(signs.text, words.text)
    spaced = _spaces(signs, words, aligned, gaps)
    starts = [i for i, space in enumerate(spaced) if space or i == 0]
    characters: list[Character] = []
    for start, end in zip(starts, [*starts[1:], len(spaced)], strict=True):
        characters += _token(signs, words, aligned, spaced[start], start, end)
    return characters


def agreement(signs: Reading, words: Reading) -> float:
    """0-1: how much of a line both engines read alike, specks at its ends left out."""
    a, b = signs.text.translate(_ALIKE), words.text.translate(_ALIKE).strip("".join(_SPECKS))
    return float(Levenshtein.normalized_similarity(a.strip("".join(_SPECKS)), b))


def _align(a: str, b: str) -> _Aligned:
    index: list[int | None] = [None] * len(a)
    extra = [""] * (len(a) + 1)
    for op in Levenshtein.opcodes(a.translate(_ALIKE), b.translate(_ALIKE)):
        if op.tag == "insert":
            extra[op.src_start] += b[op.dest_start : op.dest_end]
        elif op.tag != "delete":
            for k in range(op.src_end - op.src_start):
                index[op.src_start + k] = op.dest_start + k
    extra[0] = extra[0].strip("".join(_SPECKS))
    extra[-1] = extra[-1].strip("".join(_SPECKS))
    return _Aligned(tuple(index), tuple(extra))


def _spaces(signs: Reading, words: Reading, aligned: _Aligned, gaps: Sequence[float]) -> list[bool]:
    """Before which characters a space stands: two of three say so."""
    spaced = []
    for i, first in enumerate(signs.spaced):
        j, before = aligned.index[i], aligned.index[i - 1] if i else None
        if i == 0:
            spaced.append(first)
        elif j is None or before is None or words.spaced[j] == first:
            spaced.append(first and gaps[i] > _NO_GAP_EM)
        else:
            spaced.append(gaps[i] > GAP_EM)
    return spaced


def _token(
    signs: Reading, words: Reading, aligned: _Aligned, spaced: bool, start: int, end: int
) -> list[Character]:
    """The characters between two spaces."""
    a = signs.text[start:end]
    index = aligned.index[start:end]
    b = "".join(
        aligned.extra[start + k] * (k > 0) + (words.text[j] if j is not None else "")
        for k, j in enumerate(index)
    )
    if any(c.isdigit() for c in a) or not any(c.isalpha() for c in a):
        sure = _sure_signs(signs, words, aligned, start, end)
        text = "".join(
            _likelier(signs, words, start + k, j) if not sure[k] else char
            for k, (char, j) in enumerate(zip(a, index, strict=True))
        )
    else:
        text, certain = _word(a, b, signs.trust[start:end], words, index)
        sure = [certain] * len(text)
    places = signs.place[start:end]
    if len(text) != len(a):
        step = (len(a) - 1) / max(len(text) - 1, 1)
        places = tuple(places[min(round(k * step), len(a) - 1)] for k in range(len(text)))
    return [Character(char, spaced and k == 0, places[k], sure[k]) for k, char in enumerate(text)]


def _likelier(signs: Reading, words: Reading, i: int, j: int | None) -> str:
    """Of two figures read for one, the one that is trusted, which stays in doubt."""
    weak = signs.trust[i] < LEAST_TRUST
    if weak and j is not None and words.trust[j] >= SURE and words.text[j].isdigit():
        return words.text[j]
    return signs.text[i]


def _sure_signs(
    signs: Reading, words: Reading, aligned: _Aligned, start: int, end: int
) -> list[bool]:
    """For each character of a number or sign whether nothing speaks against it."""
    sure = []
    for i in range(start, end):
        char, trust, j = signs.text[i], signs.trust[i], aligned.index[i]
        other = words.text[j] if j is not None else ""
        alike = other.translate(_ALIKE) == char.translate(_ALIKE)
        fine = trust >= (LEAST_TRUST if alike else 1.1)
        if not alike and trust >= SURE:
            # Signs that the other engine has no letter for, or takes for a speck.
            fine = char == "%" and set(other) <= _PERCENT
            fine |= char not in _IN_NUMBERS
            fine |= char in ".)" and i == len(signs.text) - 1 and not other.isdigit()
        lost = [aligned.extra[i] if i else "", aligned.extra[i + 1] if i + 1 < end else ""]
        if i + 1 == end:
            lost.append(aligned.extra[end])
        for extra in lost:
            after_percent = "%" in signs.text[max(start, i - 1) : i + 1] and set(extra) <= _PERCENT
            if any(c in _IN_NUMBERS for c in extra) and not after_percent:
                fine = False
        sure.append(fine)
    return sure


def _word(
    a: str, b: str, trust: Sequence[float], words: Reading, index: Sequence[int | None]
) -> tuple[str, bool]:
    """A word of two readings, and whether nothing speaks against it."""
    if a.translate(_ALIKE) == b.translate(_ALIKE):
        text = _told_apart(a)
        return text, min(trust) >= LEAST_TRUST / 2 and not _looks_like_another(_bare(text))
    plain_a, plain_b = _bare(a), _bare(b)
    if plain_a == plain_b:
        return _told_apart(a), True
    near = Levenshtein.distance(plain_a, plain_b) <= 2
    for known in (known_words(), common_words()):
        if plain_a in known:
            return _told_apart(a), not (near and plain_b in known)
        if plain_b in known and near:
            return _dressed(a, b), True
    others = [words.trust[j] for j in index if j is not None]
    believed = min(others, default=0.0)
    if min(trust) < LEAST_TRUST < SURE < believed and not any(c.isdigit() for c in b):
        return b, False
    return a, min(trust) >= SURE and not _looks_like_another(plain_a)


@cache
def _looks_like_another(word: str) -> bool:
    """Whether a word is unknown, and a known one but for letters of nearly its shape.

    A wall over a line's foot makes "Kineria" of "Kinerja" for every reader.

    >>> _looks_like_another("kineria"), _looks_like_another("kinerja"), _looks_like_another("bps")
    (True, False, False)
    """
    if len(word) < _LEAST_LETTERS or word in common_words():
        return False
    changed = {word}
    for _ in range(2 if len(word) >= 2 * _LEAST_LETTERS - 2 else 1):
        changed |= {
            other[:i] + letter + other[i + 1 :]
            for other in changed
            for i, char in enumerate(other)
            for letter in _SHAPES.get(char, "")
        }
    return not changed.isdisjoint(common_words())


def _told_apart(word: str) -> str:
    """A word with "I" and "l", one shape in many fonts, told apart by what is a word.

    >>> _told_apart("AWAI"), _told_apart("IKU"), _told_apart("dokumen")
    ('AWAl', 'IKU', 'dokumen')
    """
    if not ("I" in word or "l" in word) or _bare(word) in known_words():
        return word
    swapped = [
        word[:i] + ("l" if char == "I" else "I") + word[i + 1 :]
        for i, char in enumerate(word)
        if char in "Il"
    ]
    known = [other for other in swapped if _bare(other) in known_words()]
    return known[0] if len(known) == 1 else word


def _bare(word: str) -> str:
    """A word's letters, small."""
    return "".join(c for c in word if c.isalpha()).lower()


def _dressed(a: str, b: str) -> str:
    """The letters of `b` with the signs round them of `a`."""
    head = a[: len(a) - len(a.lstrip("".join(c for c in a if not c.isalpha())))]
    tail_length = len(a) - len(a.rstrip("".join(c for c in a if not c.isalpha())))
    letters = "".join(c for c in b if c.isalpha() or c in "-/'")
    return head + letters.strip("-/'") + (a[-tail_length:] if tail_length else "")
