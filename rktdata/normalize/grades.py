"""Grades, opinions and levels: "BB", "WTP", "Sangat Baik", "Level 3", "A (80-85)".

The trouble: a grade may carry an operator in words ("B ke atas"), the band it stands for,
its name in brackets, or a score; and one capital letter is a grade only where nothing
else stands in the cell.

Rules: the whole cell must be used up, or it is no grade.

Source: grades.toml; CONTRACT.md, "Indicators" (predikat); VALUES.md, "Conventions".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from rktdata.normalize.lexer import END, Token
from rktdata.normalize.numbers import read_numeral
from rktdata.normalize.units import Vocabulary

_LONGEST_CELL = 40  # tokens
_LEVEL_REMARK = 4  # tokens behind a level that say of what: "Level 3 dari 5"
_SHORTEST_ACRONYM = 3
_MINOR = ("dan", "dengan")


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade as read: its usual spelling, operator, band, and score where printed."""

    name: str
    operator: str = "="
    low: Decimal | None = None
    high: Decimal | None = None
    score: Decimal | None = None
    tanda: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Words:
    marks: frozenset[str]
    opinions: frozenset[str]
    roman: frozenset[str]
    bracketed: frozenset[str]
    words: dict[tuple[str, ...], str]
    longest: int
    capitals: frozenset[str]
    remarks: frozenset[str]
    levels: frozenset[str]
    dropped: frozenset[tuple[str, ...]]


@lru_cache(maxsize=8)
def _grade_words(vocabulary: Vocabulary) -> _Words:
    mark, word, level = (vocabulary.tables[name] for name in ("mark", "word", "level"))
    words = {tuple(w.split()): _title(w) for w in word["words"]}
    return _Words(
        marks=frozenset([*mark["grades"], *mark["opinions"]]),
        opinions=frozenset(mark["opinions"]),
        roman=frozenset(mark["roman"]),
        bracketed=frozenset(mark["bracketed"]),
        words=words,
        longest=max(map(len, words)),
        capitals=frozenset(mark["capitals"]),
        remarks=frozenset(word["remark"]),
        levels=frozenset(level["words"]),
        dropped=frozenset(tuple(w.split()) for w in level["dropped"]),
    )


def _title(words: str) -> str:
    return " ".join(w if w in _MINOR else w.capitalize() for w in words.split())


def parse_grade(tokens: list[Token], vocabulary: Vocabulary, labelled: bool = True) -> Grade | None:
    """Read a cell that is a grade and nothing else; None where it is not.

    Args:
        tokens: The cell.
        vocabulary: For the grades.
        labelled: An acronym may stand in front and say of what ("KLA Madya").

    >>> from rktdata.normalize.lexer import tokenise
    >>> from rktdata.normalize.units import load_vocabulary
    >>> v = load_vocabulary(None)
    >>> grade = parse_grade(tokenise("A (80-85)", v), v)
    >>> grade.name, grade.low, grade.high
    ('A', Decimal('80'), Decimal('85'))
    >>> parse_grade(tokenise("minimal B", v), v).operator
    '>='
    >>> parse_grade(tokenise("B3 dikelola", v), v) is None
    True
    """
    if not tokens or len(tokens) > _LONGEST_CELL:
        return None
    words = _grade_words(vocabulary)
    tokens = [t for t in tokens if t.kind not in ("bullet", "star", "other") and t.text != "'"]
    tokens = [_capitalised(t, words) for t in tokens]
    at, operator = _before(tokens, words, labelled)
    wrapped = _at(tokens, at).kind == "open" and len(tokens) > at + 1
    if wrapped:
        at += 1
    found = _name(tokens, at, words)
    if found is None:
        return None
    name, at = found
    grade = Grade(name, operator)
    if wrapped:
        if _at(tokens, at).kind != "close":
            return None
        at += 1
    return _rest(tokens, at, grade, words)


def _capitalised(token: Token, words: _Words) -> Token:
    """As in "bb", "Wtp": a grade of several letters in the wrong case."""
    printed = token.text.rstrip(".")
    capital = printed.upper()
    wrong = printed in (printed.lower(), printed.capitalize()) and printed != capital
    is_grade = capital in words.marks and capital not in words.capitals
    return replace(token, text=capital) if wrong and len(capital) > 1 and is_grade else token


def _at(tokens: list[Token], index: int) -> Token:
    return tokens[index] if index < len(tokens) else END


def _before(tokens: list[Token], words: _Words, labelled: bool) -> tuple[int, str]:
    """Pass over "=", bullets and "Predikat"; read an operator in signs or words."""
    at, operator = 0, "="
    while True:
        token = _at(tokens, at)
        if token.kind in ("eq", "colon", "dash") or (token.kind == "sep" and at):
            at += 1
        elif token.kind == "op" and token.text != "~":
            operator, at = token.text, at + 1
        elif "operator" in token.roles:
            operator, size = token.roles["operator"]
            at += size
        elif (size := _dropped(tokens, at, words)) and _may_drop(tokens, at, size, words):
            at += size
        elif "lead" in token.roles and _name(tokens, at, words) is None:
            at += token.roles["lead"][1]
        elif labelled and _is_label(tokens, at, words):
            at += 1
        else:
            return at, operator


def _is_label(tokens: list[Token], at: int, words: _Words) -> bool:
    """As in "SAKIP : BB", "KLA Madya": an acronym says of what, the grade follows."""
    token = _at(tokens, at)
    if token.kind != "word" or not token.text.isupper() or len(token.text) < _SHORTEST_ACRONYM:
        return False
    if token.roles.keys() & {"time", "ordinal"}:
        return False  # "TRIWULAN I"
    ahead = at + (2 if _at(tokens, at + 1).kind in ("colon", "eq") else 1)
    return _name(tokens, at, words) is None and _name(tokens, ahead, words) is not None


def _may_drop(tokens: list[Token], at: int, size: int, words: _Words) -> bool:
    """As in "Terakreditasi" alone is a grade; before another ("Terakreditasi A") it is none."""
    return _name(tokens, at, words) is None or _name(tokens, at + size, words) is not None


def _dropped(tokens: list[Token], at: int, words: _Words) -> int:
    for size in (4, 3, 2, 1):
        folds = tuple(t.fold for t in tokens[at : at + size])
        if len(folds) == size and folds in words.dropped:
            return size
    return 0


def _name(tokens: list[Token], at: int, words: _Words) -> tuple[str, int] | None:
    """The grade that begins here, in its usual spelling, and where it ends."""
    token = _at(tokens, at)
    if token.kind != "word":
        return None
    plain = token.text.rstrip(".")
    follower = _at(tokens, at + 1)
    if plain in words.marks:
        if follower.kind == "op" or (follower.text in ("+", "-") and not follower.spaced):
            plus = plain + follower.text
            if plus in words.marks:
                return plus, at + 2
        if f"{plain} {follower.text}" in words.marks:
            return f"{plain} {follower.text}", at + 2
        return plain, at + 1
    if plain in words.roman:
        return plain, at + 1
    if token.fold in words.levels:
        return _level(tokens, at, words)
    for size in range(words.longest, 0, -1):
        folds = tuple(t.fold for t in tokens[at : at + size])
        if len(folds) == size and folds in words.words:
            return words.words[folds], at + size
    return None


def _level(tokens: list[Token], at: int, words: _Words) -> tuple[str, int] | None:
    head, token = tokens[at], _at(tokens, at + 1)
    skip = 1 if token.kind in ("dash", "colon") else 0
    token = _at(tokens, at + 1 + skip)
    name = head.text[:1].upper() + head.text[1:].lower()
    if token.kind == "num" and token.text.isdigit() and len(token.text) <= 2:
        return f"{name} {token.text}", at + 2 + skip
    plain = token.text.rstrip(".")
    if token.kind == "word" and (plain in words.roman or plain in words.marks):
        return f"{name} {plain}", at + 2 + skip
    if token.kind == "word" and (token.fold,) in words.words:
        return f"{name} {words.words[(token.fold,)]}", at + 2 + skip
    return None


def _rest(tokens: list[Token], at: int, grade: Grade, words: _Words) -> Grade | None:
    """What may follow a grade: an operator in words, its name, band or score, a full stop."""
    while at < len(tokens):
        token = tokens[at]
        if "operator_after" in token.roles:
            sign, size = token.roles["operator_after"]
            grade, at = replace(grade, operator=sign), at + size
        elif token.kind == "open":
            closing = _closing(tokens, at)
            grade = _with_bracket(tokens[at + 1 : closing], grade)
            at = closing + 1
        elif token.kind in ("sep", "slash", "eq", "colon", "dash") or token.fold in ("atau",):
            at += 1
            if at == len(tokens):
                return grade
            after = _after_separator(tokens, at, grade, words)
            if after is None:
                return None
            grade, at = after
        elif token.kind == "num":
            after = _after_separator(tokens, at, grade, words)
            if after is None:
                return None
            grade, at = after
        elif token.kind == "word" and _takes_remark(grade, token, words):
            return grade if len(tokens) - at <= _LEVEL_REMARK else None
        else:
            return None
    return grade


def _takes_remark(grade: Grade, token: Token, words: _Words) -> bool:
    """A level or an opinion may say of what: "Level 3 SPIP", "WTP dari BPK"; not "TW I"."""
    if token.text.rstrip(".") in words.roman:
        return False
    head = grade.name.split(" ", 1)[0]
    return head.lower() in words.levels or grade.name in words.opinions


def _after_separator(
    tokens: list[Token], at: int, grade: Grade, words: _Words
) -> tuple[Grade, int] | None:
    """As in "A / Memuaskan" names the grade again; "BB 70-80" and "BB, 72,5" give numbers."""
    named = _name(tokens, at, words)
    if named is not None and (named[0] in words.words.values()) != (
        grade.name in words.words.values()
    ):
        return grade, named[1]
    stop = at
    if grade.name.split(" ", 1)[0].lower() in words.levels:
        return None  # "Level 2 - 3" is a range
    while stop < len(tokens) and tokens[stop].kind in ("num", "dash", "range", "op"):
        stop += 1
    if stop == at:
        return None
    numbered = _with_bracket(tokens[at:stop], grade)
    return (numbered, stop) if numbered != grade else None


def _closing(tokens: list[Token], at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += {"open": 1, "close": -1}.get(tokens[index].kind, 0)
        if depth == 0:
            return index
    return len(tokens)


def _with_bracket(inside: list[Token], grade: Grade) -> Grade:
    """A band "80-85" or "> 80", or a score "72,5"; other remarks change nothing."""
    words = [
        t for t in inside if t.kind == "word" and "range" not in t.roles and "lead" not in t.roles
    ]
    numbers = [read_numeral(t.text) for t in inside if t.kind == "num"]
    values = [n.value if not n.ambiguous else n.decimal for n in numbers]
    if words or not values or any(v is None for v in values):
        return grade
    known = [v for v in values if v is not None]
    if len(known) == 2:
        return replace(grade, low=min(known), high=max(known))
    if len(known) > 2:
        return grade
    sign = next((t.text for t in inside if t.kind == "op"), None)
    if sign in (">", ">="):
        return replace(grade, low=known[0])
    if sign in ("<", "<="):
        return replace(grade, high=known[0])
    return replace(grade, score=known[0])


def bracket_grade(tokens: list[Token], vocabulary: Vocabulary) -> str | None:
    """The grade in brackets behind a number ("111,36 (SB)"), None where it is a remark.

    >>> from rktdata.normalize.lexer import tokenise
    >>> from rktdata.normalize.units import load_vocabulary
    >>> v = load_vocabulary(None)
    >>> [bracket_grade(tokenise(t, v), v) for t in ("SB", "Baik", "Hijau", "234 Temuan")]
    ['SB', 'Baik', None, None]
    """
    words = _grade_words(vocabulary)
    if len(tokens) == 1 and tokens[0].text in words.bracketed:
        return tokens[0].text
    if tokens and tokens[0].fold in words.remarks:
        return None
    if any(t.kind == "num" for t in tokens):
        return None
    grade = parse_grade(tokens, vocabulary)
    return grade.name if grade is not None and grade.operator == "=" else None
