"""Numbers in words: "dua puluh lima", "satu juta lima ratus ribu".

The trouble: cells repeat a number in words ("1 (satu) dokumen") or have it in words only.

Source: KBBI for the words; words.toml, "numeral" and "multiplier".
"""

from __future__ import annotations

from collections.abc import Mapping

from rktdata.normalize.lexer import Token

_LONGEST = 12  # tokens


def number_words(
    tokens: list[Token], at: int, tables: Mapping[str, Mapping[str, int]]
) -> tuple[str, int] | None:
    """A number in words, as figures, and how many tokens it takes.

    >>> from rktdata.normalize.lexer import tokenise
    >>> from rktdata.normalize.units import load_vocabulary
    >>> v = load_vocabulary(None)
    >>> number_words(tokenise("dua puluh lima dokumen", v), 0, v.tables)
    ('25', 3)
    """
    numerals, multipliers = tables["numeral"], tables["multiplier"]
    total, part, size = 0, 0, 0
    while at + size < len(tokens) and size < _LONGEST:
        fold = tokens[at + size].fold
        if fold in numerals and tokens[at + size].kind == "word":
            part += numerals[fold]
        elif fold == "belas" and part % 10 > 1:
            part += 10
        elif fold in multipliers and fold != "belas" and part:
            factor = multipliers[fold]
            if factor >= 1000:
                total, part = (total + part) * factor, 0
            else:
                part = part - part % 10 + (part % 10) * factor if part % 10 else part * factor
        else:
            break
        size += 1
    if not size:
        return None
    return str(total + part), size
