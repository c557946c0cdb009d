"""A value cell cut into tokens, each word with the parts it may play.

The trouble: no sign means one thing only. A comma is a decimal mark, a thousands mark
or a separator of values; a dash is a minus, a bullet or a range; "min" is an operator
or a minus. The lexer only says what each piece can be; `targets.py` decides.

Rules: one pass, no backtracking over the text; a numeral's broken pieces are joined
here (see `numbers.join_fragments`), so that a number is always one token.

Source: VALUES.md, "Conventions"; words.toml for the roles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rktdata.normalize.numbers import Fragment, join_fragments
from rktdata.normalize.units import Vocabulary

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    |(?P<money>(?:[Rr][Pp]|IDR)(?=[\s.,:;\d()<>-]|$)(?:\s?[.,:])*)
    |(?P<currency>(?:US\s?)?\$)
    |(?P<op><[/\s]?=|>[/\s]?=|=<|=>|[<>\u2264\u2265\u2266\u2267\u2a7d\u2a7e\u00b1]|\+/-|\+-)
    |(?P<permil>\u2030)
    |(?P<percent>%)
    |(?P<lookalike>(?<=[\d\s])(?:o/o|O/O|o/0|olo|0/0|Yo)(?![^\W_]))
    |(?P<range>[sS]\s?/\s?[dD](?![^\W_])\.?)
    |(?P<nought>(?<=\d\s)0(?=[A-Za-z]{3}))
    |(?P<num>\d)
    |(?P<degree>\u00b0\s?[CcFf]?(?![^\W_]))
    |(?P<times>(?<=\d)\s?[xX](?=\s?\d))
    |(?P<glued>[^\W\d_]{4,}(?=\d+(?:[.,]\d+)*\s+[^\W\d_]{3}))
    |(?P<word>[^\W\d_]\w*(?:(?:['.](?=[^\W\d_])|-(?=\w))\w+)*(?:\.(?!\d))?)
    |(?P<dash>-)
    |(?P<slash>[/\\])
    |(?P<colon>:)
    |(?P<eq>=)
    |(?P<open>[(\[])
    |(?P<close>[)\]])
    |(?P<sep>[,;&+|])
    |(?P<star>\*+\)?)
    |(?P<bullet>[\u2022\u00b7\u25cf\u25aa\uf0b7\uf0a7\u25a0\u25cb\u27a2\u2713\u2714\u221a])
    |(?P<other>.)
    """,
    re.VERBOSE,
)
_RUN = re.compile(r"\d(?:[\d.,\s](?!(?<=\s0)[A-Za-z]{3}))*", re.ASCII)
_PIECE = re.compile(r"\S+")
_POWER = re.compile(r"[eE]\+\d{1,2}(?!\d)")
_MONEY_TAIL = re.compile(r"\s?[.,]?\s?(?:-{1,2}|=)(?![\d\w])")
_CORE = re.compile(r"([.,]*)(\d+(?:[.,]{1,2}\d+)*)([.,]*)", re.ASCII)

_SIGNS = {
    "<=": "<=", "=<": "<=", "\u2264": "<=", "\u2266": "<=", "\u2a7d": "<=",
    ">=": ">=", "=>": ">=", "\u2265": ">=", "\u2267": ">=", "\u2a7e": ">=",
    "<": "<", ">": ">", "\u00b1": "~", "+/-": "~", "+-": "~",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a cell.

    Attributes:
        kind: num, word, money, op, percent, permil, range, dash, slash, colon, eq,
            open, close, sep, star, bullet, other, end.
        text: For num, figures and signs without spaces; else as printed.
        start, end: Place in the cleaned text.
        spaced: A space stands in front.
        fold: Lower case without the last full stop.
        roles: Role -> (value, number of tokens), for words.
        marks: For num, how it was put together.
    """

    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False
    fold: str = ""
    roles: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    marks: tuple[str, ...] = ()


END = Token("end", "", 0, 0, True)


def tokenise(text: str, vocabulary: Vocabulary) -> list[Token]:
    """Cut a cleaned text into tokens.

    >>> from rktdata.normalize.units import load_vocabulary
    >>> [(t.kind, t.text) for t in tokenise("2000 ekor ,2500kg", load_vocabulary(None))]
    [('num', '2000'), ('word', 'ekor'), ('sep', ','), ('num', '2500'), ('word', 'kg')]
    """
    tokens: list[Token] = []
    at, spaced = 0, False
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:  # cannot be: "other" takes any character
            break
        kind = match.lastgroup or "other"
        if kind == "space":
            at, spaced = match.end(), True
            continue
        if kind == "nought":
            at = _nought_word(text, at, tokens)
        elif kind == "num":
            at = _numerals(text, at, spaced, tokens)
        else:
            tokens.append(_token(kind, match, spaced))
            at = match.end()
        spaced = False
    return _with_roles(tokens, vocabulary)


def _token(kind: str, match: re.Match[str], spaced: bool) -> Token:
    text = match[0]
    if kind == "degree":
        return Token("word", text, match.start(), match.end(), spaced, text.lower())
    if kind == "times":  # "3x24 jam"; the space before it was taken along
        return Token("word", "x", match.end() - 1, match.end(), spaced or len(text) > 1, "x")
    if kind == "glued":
        kind = "word"  # "1.00 Laporan1.00 Laporan"
    if kind == "op":
        return Token(
            "op",
            _SIGNS[text.replace(" ", "").replace("/", "") if "=" in text else text],
            match.start(),
            match.end(),
            spaced,
            text,
        )
    if kind == "currency":
        return Token("word", text, match.start(), match.end(), spaced, "usd")
    if kind == "lookalike":
        return Token("percent", text, match.start(), match.end(), spaced, marks=("ocr",))
    fold = text.lower().rstrip(".") if kind in ("word", "range") else text
    return Token(kind, text, match.start(), match.end(), spaced, fold)


def _nought_word(text: str, at: int, tokens: list[Token]) -> int:
    """As in "150 0rang": a nought typed for the letter O at the head of a word."""
    match = _TOKEN.match(text, at + 1)
    end = match.end() if match is not None else at + 1
    word = "o" + text[at + 1 : end]
    tokens.append(Token("word", word, at, end, True, word.lower().rstrip(".")))
    return end


def _numerals(text: str, at: int, spaced: bool, tokens: list[Token]) -> int:
    """Read a run of figures, signs and spaces that begins at a figure."""
    run = _RUN.match(text, at)
    if run is None:
        return at + 1
    fragments = [Fragment(m[0], m.start(), m.end()) for m in _PIECE.finditer(text, at, run.end())]
    last = len(fragments) - 1
    end = run.end()
    percent = text.startswith("%", end)
    for index, fragment in enumerate(join_fragments(fragments, percent)):
        core = _CORE.search(fragment.text)
        if core is None:
            tokens.append(Token("sep", ",", fragment.start, fragment.end, True, ","))
            continue
        before = spaced if index == 0 else True
        if core[1]:
            tokens.append(Token("sep", ",", fragment.start, fragment.start + 1, before, ","))
        marks = ("angka-terbelah",) if fragment.broken else ()
        stop = fragment.end - len(core[3])
        tokens.append(Token("num", core[2], fragment.start, stop, before, core[2], marks=marks))
        if fragment.end == fragments[last].end:
            return _after_numeral(text, tokens, stop)
        if core[3]:
            tokens.append(Token("sep", core[3][0], stop, fragment.end, False, core[3][0]))
    return end


def _after_numeral(text: str, tokens: list[Token], stop: int) -> int:
    """What is glued behind a number: a power ("E+06") or the dash for no sen (",-")."""
    number = tokens[-1]
    power = _POWER.match(text, stop)
    if power is not None and number.text.count(".") + number.text.count(",") <= 1:
        joined = number.text.replace(",", ".") + power[0]
        tokens[-1] = Token("num", joined, number.start, power.end(), number.spaced, joined)
        return power.end()
    tail = _MONEY_TAIL.match(text, stop)
    if tail is not None and tail[0].strip()[0] in ".,":
        tokens[-1] = Token(
            "num", number.text, number.start, tail.end(), number.spaced, number.fold,
            marks=(*number.marks, "tanpa-sen"),
        )  # fmt: skip
        return tail.end()
    if text[stop : stop + 1] in (".", ","):
        tokens.append(Token("sep", text[stop], stop, stop + 1, False, text[stop]))
        return stop + 1
    return stop


def _with_roles(tokens: list[Token], vocabulary: Vocabulary) -> list[Token]:
    phrases = _phrases(vocabulary)
    folds = [t.fold for t in tokens]
    done: list[Token] = []
    for index, token in enumerate(tokens):
        if token.kind == "range":
            done.append(replace(token, roles={"range": ("-", 1)}))
            continue
        found = phrases.get(token.fold) if token.kind == "word" else None
        if not found:
            done.append(token)
            continue
        roles: dict[str, tuple[str, int]] = {}
        for words, role, value in found:
            size = len(words)
            if role not in roles and (size == 1 or tuple(folds[index : index + size]) == words):
                roles[role] = (value, size)
        done.append(replace(token, roles=roles))
    return done


@lru_cache(maxsize=8)
def _phrases(vocabulary: Vocabulary) -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """Every phrase with a role, by its first word, the longest first."""
    table = vocabulary.tables
    listed: list[tuple[str, str, str]] = []
    for role in ("operator", "operator_after"):
        listed += [(p, role, sign) for sign, ps in table[role].items() for p in ps]
    listed += [(p, "range", "-") for p in table["range"]["words"]]
    for name in ("words", "quantity", "unit", "approximate", "negative"):
        role = {"words": "lead"}.get(name, name)
        listed += [(p, role, p) for p in table["lead"][name]]
    for role in ("stop", "join", "ordinal"):
        listed += [(p, role, p) for p in table[role]["words"]]
    listed += [(p, "inside", p) for p in table["ordinal"]["inside"]]
    listed += [(p, "month", p) for p in table["month"]["names"]]
    listed += [(p, "time", p) for p in table["month"]["time"]]
    listed += [(p, "scale", str(power)) for p, power in vocabulary.scales.items()]
    phrases: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for phrase, role, value in listed:
        words = tuple(w.rstrip(".") for w in re.findall(r"/|[^\s/]+", phrase))
        phrases.setdefault(words[0], []).append((words, role, value))
    for entries in phrases.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return phrases
