"""Lines of text joined to one running text, as a reader would read them aloud.

The trouble: a line break inside a cell or a paragraph means nothing, but a hyphen in
front of it may be the typesetter's (the word goes on: "pen-" + "gaduan"), or the word's
own ("perundang-" + "undangan"; "e-" + "government"; "RAD-" + "PPK"). pdfium gives a
typesetter's hyphen as U+0002 or U+00AD, which is always joined. A printed "-" is
dropped only where the second half starts in lower case, and neither half shows that
the hyphen belongs to the word:

- reduplication (EYD, "tanda hubung" and "bentuk ulang"): the halves share a stem
  ("nilai-nilai", "perundang-undangan", "bermain-main") or rhyme ("sayur-mayur");
- a first half that is always written with a hyphen ("e-", "non-") or is an abbreviation
  ("RAD-PPK"); other prefixes are not listed, since "ke-" + "giatan" is far more common
  than a "ke-" of its own; before a digit ("ke-2", "2020-2024") it stays.

Source: CONTRACT.md, "Tables: what is printed, made whole"; the KPU sample, page 28
("perundang-undangan" broken after its hyphen).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rktdata.schemas.values import DOUBTFUL, OCR, OCR_DOUBT, OCR_WORDS_DOUBT, PRINTED, Line

_SOFT = "\u00ad\u0002\ufffe"
_HYPHENS = "-\u2010\u2011"
_LAST_PART = re.compile(rf"([^\W_]+)[{_HYPHENS}]$")
_FIRST_WORD = re.compile(r"[^\W_]+")
_HYPHEN_PREFIXES = frozenset(("e", "non"))
# Texts that are kept joined: a cell's is asked for when its header is looked for, and again
# when its table is put together.
KNOWN_TEXTS = 1 << 12
_WORD = 3  # letters of the shortest word that is doubled ("hal-hal")
_STEM = 4  # of the shortest stem inside a longer word; shorter ones are alike by chance


def join_lines(texts: Iterable[str]) -> str:
    """Join lines to one text: breaks become one space, words broken in two are healed.

    Args:
        texts: The lines, top to bottom; inner runs of spaces are folded as well.

    >>> join_lines(["Persentase  pen-", "gaduan yang"])
    'Persentase pengaduan yang'
    >>> join_lines(["peraturan perundang-", "undangan", "", "RAD-", "PPK"])
    'peraturan perundang-undangan RAD-PPK'
    >>> join_lines(["Pemilu/", "Pemilihan"])
    'Pemilu/ Pemilihan'
    """
    return _joined(tuple(texts))


@lru_cache(KNOWN_TEXTS)
def _joined(texts: tuple[str, ...]) -> str:
    pieces: list[str] = []
    for text in texts:
        line = " ".join(text.split())
        if not line:
            continue
        whole = _glued(pieces[-1], line) if pieces else None
        if whole is None:
            pieces.append(line)
        else:
            pieces[-1] = whole
    joined = " ".join(pieces)
    if any(ch in joined for ch in _SOFT):
        return "".join(ch for ch in joined if ch not in _SOFT)
    return joined


def _glued(before: str, after: str) -> str | None:
    """Two lines with nothing between them; None where a space parts them."""
    if before[-1] in _SOFT:
        return _soft_join(before.rstrip(_SOFT), after)
    if before[-1] not in _HYPHENS:
        return None
    part = _LAST_PART.search(before)
    follows = _FIRST_WORD.match(after)
    if part is None or follows is None:
        return None
    if _hyphen_stays(part[1], follows[0]):
        return before + after
    return before[:-1] + after


def _soft_join(before: str, after: str) -> str:
    """Across a hyphen that pdfium hides, the same question: whose hyphen was it?"""
    part = re.search(r"[^\W\d_]+$", before)
    follows = _FIRST_WORD.match(after)
    if part is not None and follows is not None and _hyphen_stays(part[0], follows[0]):
        return f"{before}-{after}"
    return before + after


def _hyphen_stays(first: str, second: str) -> bool:
    """Whether a hyphen between two halves of a line break belongs to the word."""
    if not (second[0].islower() and first[-1].isalpha()):
        return True
    if any(ch.isupper() for ch in first[1:]) or (len(first) == 1 and first.isupper()):
        return True
    return first.lower() in _HYPHEN_PREFIXES or is_reduplication(first.lower(), second.lower())


def is_reduplication(first: str, second: str) -> bool:
    """Whether two halves, in lower case, repeat one stem.

    >>> is_reduplication("perundang", "undangan"), is_reduplication("meng", "ganti")
    (True, False)
    >>> is_reduplication("sayur", "mayur"), is_reduplication("bermain", "main")
    (True, True)
    >>> is_reduplication("pen", "gaduan"), is_reduplication("se", "sekolah")
    (False, False)
    """
    if len(first) >= _WORD and second.startswith(first):
        return True
    if len(first) == len(second) >= _STEM and first[1:] == second[1:]:
        return True
    if len(second) >= _STEM and first.endswith(second):
        return True
    return any(second.startswith(first[i:]) for i in range(1, len(first) - _STEM + 1))


def ocr_marks(lines: Iterable[Line]) -> tuple[str, ...]:
    """Whether text was read from a picture, and a number or only words of it are in doubt."""
    words = [word for line in lines for word in line.words if word.ocr != PRINTED]
    doubtful = [word for word in words if word.ocr == DOUBTFUL]
    if any(not word.text.isalpha() for word in doubtful):
        return (OCR, OCR_DOUBT)
    return (OCR, OCR_WORDS_DOUBT) if doubtful else (OCR,) if words else ()
