"""The grammar of cells that hold numbers: one quantity, a range, or several.

    cell      := [lead] item (separator item)*
    item      := [label] quantity remark*
    quantity  := [operator] ["Rp"] ["-"] number [double] [scale] [range] [unit]
    unit      := "%" | "/" denominator noun | word+ , up to a separator, a preposition,
                 a bracket or the next number

The trouble: a comma, "dan" or "/" may separate two values or belong to one unit ("15
koperasi dan UMKM", "27 Set/Unit"); words before a number may be a label ("Jalan Nasional
= 10 Km") or make the cell a sentence in which the number is no target.

Rules: what follows a separator is a value only if it begins with a number; a sentence is
text; a remark in brackets is no second value.

Source: VALUES.md, "Conventions"; CONTRACT.md, "Indicators".
"""

from __future__ import annotations

import re

from rktdata.normalize.grades import bracket_grade
from rktdata.normalize.items import Item, join_bounds, join_split, pair_up
from rktdata.normalize.lexer import END, Token
from rktdata.normalize.numbers import read_numeral
from rktdata.normalize.spelled import number_words
from rktdata.normalize.units import Vocabulary, canonical_unit, respell

_LABEL_WORDS = 5  # a longer run of words before a number is a sentence
_UNIT_TOKENS = 14
_NOMINALISED = re.compile(r"(?:ter|me|ber|pe|ke)\w+nya|me(?:ng|ny|m|n)\w{4,}")
_RATE_WORDS = frozenset(("seribu", "seratus", "sejuta"))  # "per seratus ribu penduduk"
_RATE_POWERS = frozenset(("100", "1000", "10000", "100000", "1000000"))
_ROMANS = frozenset(("I", "II", "III", "IV"))
_YEAR = re.compile(r"(?:19|20)\d\d")
_GROUPED = re.compile(r"[.,]\d{3}(?!\d)")
_SEPARATORS = frozenset(("sep", "slash", "bullet"))


class NotAQuantityError(Exception):
    """The cell is text; raised and caught inside this module's one entry."""


def parse_items(
    text: str,
    tokens: list[Token],
    vocabulary: Vocabulary,
    money: bool = False,
    decimals: int | None = None,
) -> list[Item] | None:
    """The quantities of a cell in reading order; None where the cell is text.

    Args:
        text: The cleaned cell.
        tokens: From `lexer.tokenise`.
        vocabulary: For the units.
        money: The column holds amounts, so that "3 M" is 3 miliar.
        decimals: What all numbers around have, as in a column of percentages.

    >>> from rktdata.normalize.lexer import tokenise
    >>> from rktdata.normalize.units import load_vocabulary
    >>> v = load_vocabulary(None)
    >>> text = "7 DAS, 1 waduk"
    >>> [(i.numeral, i.unit) for i in parse_items(text, tokenise(text, v), v)]
    [('7', 'DAS'), ('1', 'waduk')]
    """
    try:
        return _Parser(text, tokens, vocabulary, money, decimals).items()
    except NotAQuantityError:
        return None


class _Parser:
    """Reads tokens from left to right, looking ahead but never going back far."""

    def __init__(
        self,
        text: str,
        tokens: list[Token],
        vocabulary: Vocabulary,
        money: bool,
        decimals: int | None,
    ):
        self.text = text
        self.tokens = tokens
        self.words = vocabulary
        self.money = money
        self.decimals = decimals
        # all in capitals: then a capital word is no acronym
        self.shouts = text.isupper() and any(len(t.text) > 4 and t.kind == "word" for t in tokens)
        self.at = 0
        self.done: list[Item] = []
        self.numbered = 0  # of the list marks "1." "2." passed so far

    def peek(self, ahead: int = 0) -> Token:
        index = self.at + ahead
        return self.tokens[index] if index < len(self.tokens) else END

    # -- the cell ---------------------------------------------------------------

    def items(self) -> list[Item]:
        while self.peek().kind != "end":
            before = self.at
            if self._skip_separators():
                continue
            if self._skip_enumerator():
                continue
            if not self.done and self._is_numbered_text():
                raise NotAQuantityError
            lead_unit = self._lead()
            if self._begins_quantity():
                item = self._quantity()
                if lead_unit and item.canonical is None and not self._is_known(item.unit):
                    item.unit = lead_unit
                self.done.append(item)
                self._remarks(item)
            elif self.peek().kind == "word" and self._label():
                continue
            elif self.done:
                self._skip_remark()
            elif self.at == before or self.peek().kind not in ("end", "word", "open"):
                raise NotAQuantityError
            if self.at == before:
                raise NotAQuantityError
        if not self.done or self._only_names_a_year():
            raise NotAQuantityError
        items = join_bounds(join_split(self.done, self.money, self.decimals))
        return pair_up(items, self.text, self.words)

    def _only_names_a_year(self) -> bool:
        """As in "Target 2016", "Buku Agenda 2015": words and a year, no quantity."""
        [item, *more] = self.done
        first = self.tokens[0]
        plain = not item.unit and item.second is None and item.operator is None
        named = first.kind == "word" and first.start < item.start
        return not more and plain and named and _YEAR.fullmatch(item.numeral) is not None

    def _skip_separators(self) -> bool:
        token = self.peek()
        if token.kind in _SEPARATORS or (token.kind in ("eq", "colon", "star", "close")):
            self.at += 1
            return True
        if token.kind == "dash" and self.done and not self._is_minus():
            self.at += 1
            return True
        if "join" in token.roles and (self.done or "lead" in token.roles):
            self.at += token.roles["join"][1]
            return True
        if token.kind == "other":
            self.at += 1
            return True
        return False

    def _skip_enumerator(self) -> bool:
        """As in "a. 5 dokumen", "1) 80%", "1. 5 dokumen 2. ...": a mark before a quantity."""
        token, then = self.peek(), self.peek(1)
        if self._is_numbered(token, then):
            self.numbered += 1
            self.at += 2
            return True
        closed = then.kind == "close" and not then.spaced
        short = token.kind == "num" and len(token.text) <= 2
        letter = token.kind == "word" and re.fullmatch(r"[a-h]\.?|[A-H]", token.text) is not None
        if not ((short or letter) and closed) and not (letter and token.text.endswith(".")):
            return False
        after = 2 if closed else 1
        if self.peek(after).kind not in ("num", "op", "money", "word"):
            return False
        self.at += after
        return True

    def _is_numbered_text(self) -> bool:
        """As in "4. Meningkatnya luas", "4.1 Meningkatnya mutu": a row number, then words."""
        token, then, after = self.peek(), self.peek(1), self.peek(2)
        if token.kind != "num":
            return False
        if then.kind == "word":
            return "." in token.text and _NOMINALISED.fullmatch(then.fold) is not None
        return (
            then.text == "."
            and not then.spaced
            and after.kind == "word"
            and after.text[0].isupper()
            and not after.text.isupper()
            and after.fold not in self.words.keys
        ) or (then.text == "." and after.fold in self.words.titles and after.spaced)

    def _is_numbered(self, token: Token, then: Token) -> bool:
        """As in "2." behind a first "1.": the next number of a list."""
        after = self.peek(2)
        return (
            token.kind == "num"
            and token.text == str(self.numbered + 1)
            and then.text == "."
            and not then.spaced
            and after.spaced
            and after.kind in ("num", "op", "money", "word")
        )

    def _lead(self) -> str | None:
        """Pass over words such as "sebanyak"; "Indeks" and the like give the unit."""
        unit: str | None = None
        while True:
            token = self.peek()
            if token.kind != "word" or "operator" in token.roles:
                return unit
            if "unit" in token.roles and self._quantity_at(self._past_colon(1)):
                unit = token.text
                self.at += 1
                self.at = self.at + (1 if self.peek().kind in ("eq", "colon") else 0)
            elif "lead" in token.roles and self._lead_leads(token.roles["lead"][1]):
                self.at += token.roles["lead"][1]
                while self.peek().kind in ("colon", "eq", "sep"):
                    self.at += 1
            else:
                return unit

    def _past_colon(self, ahead: int) -> int:
        return ahead + (1 if self.peek(ahead).kind in ("eq", "colon") else 0)

    def _lead_leads(self, size: int) -> bool:
        """Whether behind the lead comes a quantity, or another lead or operator."""
        ahead = size
        while self.peek(ahead).kind in ("colon", "eq", "sep"):
            ahead += 1
        token = self.peek(ahead)
        return self._quantity_at(ahead) or bool(
            token.roles.keys() & {"lead", "operator", "unit", "negative", "approximate"}
        )

    def _quantity_at(self, ahead: int) -> bool:
        self.at += ahead
        try:
            return self._begins_quantity()
        finally:
            self.at -= ahead

    def _begins_quantity(self) -> bool:
        token = self.peek()
        if token.kind in ("num", "op"):
            return True
        if token.fold == "antara":
            return self.peek(1).kind in ("num", "money")
        if "range" in token.roles and not self.done:
            number = self.peek(token.roles["range"][1])
            return number.kind in ("num", "money") and not _is_year(number)
        if token.kind == "money":
            return self._money_follows()
        if token.kind == "dash":
            return self.peek(1).kind in ("num", "money")
        if "operator" in token.roles or "negative" in token.roles:
            role = "operator" if "operator" in token.roles else "negative"
            return self._number_near(token.roles[role][1])
        if token.kind == "open":
            return self._is_accounting()
        return number_words(self.tokens, self.at, self.words.tables) is not None

    def _money_follows(self) -> bool:
        ahead = 1
        while self.peek(ahead).kind in ("sep", "dash", "op", "colon", "eq", "open"):
            ahead += 1
        return self.peek(ahead).kind == "num"

    def _number_near(self, ahead: int) -> bool:
        for _ in range(4):
            token = self.peek(ahead)
            if token.kind in ("num", "money"):
                return True
            if token.kind not in ("op", "colon", "eq", "sep") and not token.roles.keys() & {
                "operator",
                "lead",
            }:
                return False
            ahead += 1
        return False

    def _is_accounting(self) -> bool:
        """As in "(47,05)", "(2,5%)": brackets round the whole cell mean a negative number."""
        if self.done or self.at:
            return False
        inside = self.tokens[1:-1]
        return (
            len(self.tokens) >= 3
            and self.tokens[-1].kind == "close"
            and [t.kind for t in inside if t.kind != "percent"] in (["num"], ["money", "num"])
        )

    # -- one quantity -----------------------------------------------------------

    def _quantity(self) -> Item:
        start = self.peek()
        item = Item("", start.start, start.end)
        if start.kind == "open":
            self.at += 1
            item.negative = True
            item.tanda.append("kurung-negatif")
            if self.peek().text.isdigit() and len(self.peek().text) < 3:
                item.tanda.append("angka-ragu")  # "(1)" may be a column's number
        self._before_number(item)
        token = self.peek()
        spelled = number_words(self.tokens, self.at, self.words.tables)
        if token.kind == "num":
            item.numeral = token.text
            item.tanda += token.marks
            self.at += 1
        elif spelled is not None:
            item.numeral, size = spelled
            item.tanda.append("angka-kata")
            self.at += size
        else:
            raise NotAQuantityError
        item.end = self.tokens[self.at - 1].end
        self._after_number(item)
        return item

    def _before_number(self, item: Item) -> None:
        while True:
            token = self.peek()
            if token.kind == "op":
                if token.text == "~":
                    item.tanda.append("kira-kira")
                else:
                    item.operator = token.text
                self.at += 1
            elif "operator" in token.roles:
                item.operator, size = token.roles["operator"]
                self.at += size
            elif "range" in token.roles:
                item.operator = "<="
                self.at += token.roles["range"][1]
            elif token.fold == "antara":
                item.tanda.append("antara")
                self.at += 1
            elif "negative" in token.roles:
                item.negative = True
                self.at += 1
            elif "lead" in token.roles:
                self.at += token.roles["lead"][1]
            elif token.kind == "money":
                item.money = True
                self.at += 1
            elif token.kind == "dash":
                if self._is_minus():
                    item.negative = True
                    if self.peek(1).spaced:
                        item.tanda.append("minus-berspasi")
                else:
                    item.tanda.append("butir")
                    item.start = self.peek(1).start
                self.at += 1
            elif token.kind == "open" and item.money:
                item.negative = self.peek(1).kind == "num" and self.peek(2).kind == "close"
                item.tanda += ["kurung-negatif"] if item.negative else []
                self.at += 1
            elif token.kind in ("colon", "eq", "sep"):
                self.at += 1
            else:
                return

    def _is_minus(self) -> bool:
        """Glued to its number a dash is a minus; with a space only before decimals.

        VALUES.md: "- 1,57%" is negative; "- 100%" and "- 1 dokumen" are bullets.
        """
        number, before = self.peek(1), self.tokens[self.at - 1] if self.at else END
        if number.kind == "money":
            return not self.done
        if number.kind != "num":
            return False
        if before.kind in ("word", "percent", "close") and self.done:
            return not number.spaced and self.peek().spaced and not self.done
        if not number.spaced:
            return True
        after = self.peek(2)
        decimals = re.search(r"[.,]\d{1,2}$", number.text) is not None
        return decimals and after.kind in ("end", "percent") and not self.done

    def _after_number(self, item: Item) -> None:
        self._double(item)
        self._scale(item)
        if self._range(item):
            self._double(item)
            self._scale(item)
        self._hours(item)
        self._unit(item)
        if item.second is None and self._same_unit_behind(item) and self._range(item):
            self._scale(item)
            behind = self.peek()
            if behind.kind in ("percent", "permil") or self._is_known(behind.fold):
                item.unit = ""
                self._unit(item)
        self._after_unit(item)

    def _same_unit_behind(self, item: Item) -> bool:
        """As in "5 dokumen - 3 laporan" are two values, "3 bulan - 6 bulan" is a range."""
        if "butir" in item.tanda:
            return False
        ahead = 1
        while self.peek(ahead).kind in ("money", "op", "dash"):
            ahead += 1
        ahead = max(ahead, self.peek().roles.get("range", ("", 1))[1])
        unit = self.peek(ahead + 1)
        if unit.kind == "percent":
            return item.canonical == "persen" or not item.unit
        if unit.kind != "word" or unit.roles or item.canonical is not None or not item.unit:
            return True
        return canonical_unit(unit.text, self.words) == canonical_unit(
            item.unit.split()[0], self.words
        )

    def _double(self, item: Item) -> None:
        """As in "1 (satu) dokumen": the same number again in words."""
        if self.peek().kind != "open":
            return
        closing = self._closing()
        inside = self.tokens[self.at + 1 : closing]
        spelled = number_words(inside, 0, self.words.tables)
        if spelled is not None and spelled[1] == len(inside):
            same = read_numeral(item.numeral).value == int(spelled[0])
            item.tanda.append("angka-dan-kata" if same else "angka-kata-beda")
            self.at = closing + 1
        elif "angka-kata" in item.tanda and [t.kind for t in inside] == ["num"]:
            self.at = closing + 1

    def _scale(self, item: Item) -> None:
        while True:
            token = self.peek()
            power: int | None = None
            if "scale" in token.roles:
                power = int(token.roles["scale"][0])
            elif token.kind == "word" and (item.money or self.money):
                power = self.words.money_scales.get(token.text.rstrip("."))
            if power is None:
                return
            if item.second is not None and item.second_power is None:
                item.second_power = power
            else:
                item.power += power
            item.tanda.append("kata-pengali")
            item.end = token.end
            self.at += 1

    def _range(self, item: Item) -> bool:
        """The other end of a range, if it stands here."""
        token, ahead = self.peek(), 1
        if token.kind == "dash":
            then = self.peek(1)
            if then.kind == "dash" and self.peek(2).kind == "num" or then.kind == "op":
                ahead = 2
            if not token.spaced and then.spaced and then.kind == "num" and item.unit:
                return False
            if token.spaced and then.spaced and self._in_bare_list(item):
                return False  # "76,18 - 1,60 - 100,00": an empty value among others
        elif "range" in token.roles:
            ahead = token.roles["range"][1]
        elif item.tanda and "antara" in item.tanda and "join" in token.roles:
            ahead = 1
        elif token.text == "~" and token.kind == "other":
            ahead = 1  # "90~95"
        elif token.kind == "op" and token.text == "~":
            item.spread = self.peek(1).kind == "num"
        elif token.fold == "atau" and not item.unit and self._chooses(item):
            item.tanda.append("pilihan")
        elif token.kind == "op" and self.peek(1).kind == "word" and self.peek(2).kind == "op":
            ahead = 3  # "75 < x <= 80"
            item.operator = None
        else:
            return False
        second_money = self.peek(ahead).kind == "money"
        number = self.peek(ahead + 1) if second_money else self.peek(ahead)
        if number.kind != "num":
            return False
        item.second = number.text
        item.second_negative = ahead == 2 and token.kind == "dash" and self.peek(1).kind == "dash"
        item.money |= second_money
        self.at += ahead + (2 if second_money else 1)
        item.end = number.end
        return True

    def _in_bare_list(self, item: Item) -> bool:
        """Whether the number stands in a row of numbers with nothing but spaces between."""
        if not self.done or item.unit or self.done[-1].second is not None:
            return False
        before = self.done[-1]
        return before.unit in ("", "%") and self.text[before.end : item.start].strip(" -") == ""

    def _chooses(self, item: Item) -> bool:
        """As in "2 atau 3 kali": the next whole number, and one unit for both."""
        other, unit = self.peek(1), self.peek(2)
        return (
            item.numeral.isdigit()
            and other.text.isdigit()
            and len(other.text) <= len(item.numeral) + 1 < 5
            and int(other.text) == int(item.numeral) + 1
            and unit.kind == "word"
            and self._is_known(unit.fold)
        )

    def _hours(self, item: Item) -> None:
        """As in "2 x 24 jam": so many days, counted in hours."""
        number, unit = self.peek(1), self.peek(2)
        if self.peek().fold == "x" and number.kind == "num" and unit.fold == "jam":
            item.times = number.text
            self.at += 2
            item.end = number.end

    # -- its unit -----------------------------------------------------------------

    def _unit(self, item: Item) -> None:
        token = self.peek()
        if token.kind in ("percent", "permil"):
            item.unit, item.canonical = (
                token.text,
                "persen" if token.kind == "percent" else "permil",
            )
            item.end = token.end
            item.tanda += token.marks
            self.at += 1
            return
        if self._rate(item):
            return
        if token.kind == "dash" and self.peek(1).kind == "word" and not self.peek(1).spaced:
            self.at += 1  # "70.00 -prosen": a stray hyphen
            item.tanda.append("tanda-hubung-tersesat")
        if token.fold != "rupiah" and (item.money or "tanpa-sen" in item.tanda):
            return  # an amount has its unit; words behind it are remarks
        start = self.at
        stop = self._unit_stop()
        if stop == start:
            return
        stop = self._cut_before_number(start, stop, item.start)
        printed = self.text[self.tokens[start].start : self.tokens[stop - 1].end]
        item.unit = printed
        item.end = self.tokens[stop - 1].end
        self.at = stop
        self._unit_rate(item)

    def _unit_rate(self, item: Item) -> None:
        """As in "10 kasus per 100.000 penduduk": a rate behind the thing that is counted."""
        token, noun = self.peek(), self.peek(2)
        people = self.words.tables["denominator"]
        if token.fold != "per" and noun.fold not in people and noun.fold not in people.values():
            return
        counted = item.unit
        if noun.kind == "word" and self._rate(item) and item.canonical is not None:
            head = canonical_unit(counted, self.words)
            item.unit, item.canonical = f"{counted} {item.unit}", f"{head} {item.canonical}"

    def _rate(self, item: Item) -> bool:
        """As in "/1000 KH", "per 100.000 penduduk"."""
        token = self.peek()
        if token.kind != "slash" and token.fold != "per":
            return False
        number = self.peek(1)
        figures = re.sub(r"[.,]", "", number.text)
        scaled = "scale" in self.peek(2).roles
        in_words = number.fold in _RATE_WORDS
        if not in_words and (
            number.kind != "num" or not (figures in _RATE_POWERS or (scaled and figures == "1"))
        ):
            return False
        stop = self.at + (3 if scaled else 2)
        while stop < len(self.tokens) and stop - self.at < 6:
            here = self.tokens[stop]
            if here.kind != "word" or here.roles.keys() & {"stop", "join"}:
                break
            stop += 1
        if (
            stop == self.at + 2
            and token.kind == "slash"
            and re.sub(r"[.,]", "", number.text) == "100"
        ):
            return False
        end = self.tokens[stop - 1].end
        printed = self.text[token.start : end]
        item.unit, item.canonical = printed, canonical_unit(printed, self.words)
        item.end, self.at = end, stop
        return True

    def _unit_stop(self) -> int:
        """The index behind the last token of the unit that begins here."""
        stop = self.at
        while stop < len(self.tokens) and stop - self.at < _UNIT_TOKENS:
            token = self.tokens[stop]
            then = self.tokens[stop + 1] if stop + 1 < len(self.tokens) else END
            if token.kind == "word":
                if self._ends_unit(token, then, stop):
                    break
                stop += 2 if "inside" in token.roles and then.kind == "num" else 1
            elif (
                token.kind == "slash"
                and then.kind == "word"
                and stop > self.at
                or (
                    token.kind == "dash"
                    and stop > self.at
                    and then.kind == "word"
                    and not token.spaced
                )
            ):
                stop += 2
            else:
                break
        return stop

    def _ends_unit(self, token: Token, then: Token, index: int) -> bool:
        first = index == self.at
        if token.fold == "per" and (then.kind == "num" or then.fold in _RATE_WORDS):
            return True
        if not first and (
            (then.kind in ("num", "money") and token.fold == "x")
            or (then.kind == "num" and re.fullmatch(r"[a-h]\.", token.text))
        ):
            return True
        marker = len(token.text) == 1 and token.fold in "abcdefgh" and not first
        if marker and then.kind == "close" and not then.spaced:
            return True  # "3 unit b) 4 paket"
        if "operator_after" in token.roles and self._ends_part(index, token):
            return True
        if "ordinal" in token.roles and then.kind == "num" and not first:
            return True
        if "range" in token.roles and then.kind in ("num", "money", "op", "dash"):
            return True
        if "stop" in token.roles and not (first and self._is_whole_unit(token)):
            return self.shouts or not (token.text.isupper() and self._is_whole_unit(token))
        if "join" in token.roles:
            return first or self._number_before_separator(index + 1)
        if "quantity" in token.roles:
            return True
        return "operator" in token.roles

    def _ends_part(self, index: int, token: Token) -> bool:
        """Whether an operator behind a value ("dokumen atau lebih") is the last of its part."""
        behind = index + token.roles["operator_after"][1]
        return behind >= len(self.tokens) or self.tokens[behind].kind in ("close", "sep")

    def _is_known(self, unit: str) -> bool:
        return bool(unit) and self.words.is_unit(unit)

    def _is_whole_unit(self, token: Token) -> bool:
        return token.fold in self.words.keys

    def _number_before_separator(self, index: int) -> bool:
        """Whether a number comes before the next separator: then "dan" separates values."""
        for token in self.tokens[index : index + _UNIT_TOKENS]:
            if token.kind in ("num", "money", "op"):
                return True
            if token.kind in ("sep", "open", "end", "percent"):
                return False
        at = index
        return number_words(self.tokens, at, self.words.tables) is not None

    def _cut_before_number(self, start: int, stop: int, item_start: int) -> int:
        """As in "10 Km Jalan Provinsi 4,5 km": a pure counter ends the unit, a label follows."""
        follower = self.tokens[stop] if stop < len(self.tokens) else END
        if follower.kind not in ("num", "eq", "colon"):
            return stop
        labelled = self.text[:item_start].rstrip()[-1:] == ":"
        if stop - start < 2 and labelled and follower.kind == "colon":
            return start  # "Laki-laki: 68,5 Perempuan: 72,3": the next label
        if stop - start < 2:
            is_unit = self.tokens[start].fold in self.words.keys
            return stop if is_unit or follower.kind == "num" else start
        for index in range(stop - 1, start, -1):
            printed = self.text[self.tokens[start].start : self.tokens[index - 1].end]
            known = canonical_unit(printed, self.words)
            unit = self.words.units.get(known or "")
            if unit is not None and (unit.pure or follower.kind != "num"):
                return index
        return stop if follower.kind == "num" else start

    # -- behind it ------------------------------------------------------------------

    def _after_unit(self, item: Item) -> None:
        token = self.peek()
        if self._operator_behind():
            item.operator, size = token.roles["operator_after"]
            self.at += size
        if item.canonical == "persen" and self.peek().kind == "word":
            self._skip_words()

    def _operator_behind(self) -> bool:
        """As in "5 minimal"; in "minimal 5 maksimal 10" it belongs to the next number."""
        role = self.peek().roles.get("operator_after")
        return role is not None and self.peek(role[1]).kind not in ("num", "money")

    def _skip_words(self) -> None:
        """Words behind a percent sign say of what; they are no unit."""
        while self.peek().kind in ("word", "slash"):
            token = self.peek()
            if "stop" in token.roles and "join" not in token.roles:
                return  # a remark follows: "85 % dari target 100 %"
            if self.peek().kind == "slash" and self.peek(1).kind != "word":
                return
            if "join" in token.roles and self._number_before_separator(self.at + 1):
                return
            if "range" in token.roles or "operator_after" in token.roles:
                return
            if self.peek(1).kind in ("eq", "colon", "num", "percent"):
                if "ordinal" not in token.roles:
                    return
                self.at += 1
            self.at += 1

    def _closing(self) -> int:
        depth = 0
        for index in range(self.at, len(self.tokens)):
            depth += {"open": 1, "close": -1}.get(self.tokens[index].kind, 0)
            if depth == 0:
                return index
        return len(self.tokens)

    def _remarks(self, item: Item) -> None:
        """What hangs on a value: brackets, footnote stars, words behind a preposition."""
        while True:
            token = self.peek()
            if token.kind == "open":
                closing = self._closing()
                grade = bracket_grade(self.tokens[self.at + 1 : closing], self.words)
                if grade is not None:
                    item.grade = grade
                elif self._unit_in_brackets(item, closing):
                    pass
                else:
                    item.tanda.append("keterangan-dalam-kurung")
                self.at = closing + 1
            elif token.kind in ("slash", "sep", "eq", "dash") and self._grade_behind(item):
                return
            elif token.kind == "star":
                item.end = token.end
                item.tanda.append("tanda-catatan")
                self.at += 1
            elif token.kind == "close":
                self.at += 1
            elif self._is_footnote():
                item.tanda.append("tanda-catatan")
                self.at += 2
            elif self._operator_behind():
                item.operator, size = token.roles["operator_after"]
                self.at += size
            elif self.peek(1).kind in ("colon", "eq") and self._quantity_at(2):
                return  # "APBD : 500 APBN : 300": a label of the next value
            elif token.roles.keys() & {"stop", "ordinal"} and "join" not in token.roles:
                item.tanda.append("keterangan")
                self._skip_remark()
                return
            elif token.kind == "dash" and self.peek(1).kind in ("end", "sep", "close"):
                self.at += 1
            elif item.unit and (size := self._years()):
                item.tanda.append("keterangan")
                self.at += size
            else:
                return

    def _is_footnote(self) -> bool:
        """As in "12,5 %1)": a figure and a closing bracket, glued to what is in front."""
        mark, then = self.peek(), self.peek(1)
        small = mark.kind == "num" and len(mark.text) == 1 and not mark.spaced
        return small and then.kind == "close" and not then.spaced

    def _years(self) -> int:
        """As in "1 Dokumen RKPD 2018", "1 Renstra 2016-2021": how many tokens say of when."""
        size = 1
        if self.peek(1).kind in ("dash", "slash", "range") and _is_year(self.peek(2)):
            size = 3
        behind = self.peek(size)
        ends = behind.kind in ("end", "sep", "close", "open") or "join" in behind.roles
        return size if ends and _is_year(self.peek()) and self.peek().spaced else 0

    def _unit_in_brackets(self, item: Item, closing: int) -> bool:
        """As in "95 (%)", "50 (orang)": a unit we know, and none before the bracket."""
        inside = self.text[self.peek().end : self.tokens[closing - 1].end].strip()
        if item.unit or item.canonical is not None or not self._is_known(inside):
            return False
        item.unit = inside
        return True

    def _grade_behind(self, item: Item) -> bool:
        """As in "75,5 / BB": a bare score, then its grade, and nothing else."""
        rest = self.tokens[self.at + 1 :]
        if self.done[:-1] or item.unit not in ("", "%") or not 0 < len(rest) <= 3:
            return False
        grade = bracket_grade(rest, self.words)
        if grade is None:
            return False
        item.grade, self.at = grade, len(self.tokens)
        return True

    def _skip_remark(self) -> None:
        """Go on to a separator that a quantity follows, or to the end."""
        self.at += 1
        while self.peek().kind != "end":
            token = self.peek()
            if token.kind == "open":
                self.at = self._closing() + 1
                continue
            separates = token.kind in ("sep", "bullet") or "join" in token.roles
            if separates and self._quantity_behind():
                return
            self.at += 1

    def _quantity_behind(self) -> bool:
        ahead = 1
        while self.peek(ahead).kind == "sep" or self.peek(ahead).roles.keys() & {"join", "lead"}:
            ahead += 1
        return self.peek(ahead).kind in ("num", "money")

    def _label(self) -> bool:
        """Words in front of a number: a label is passed over, a sentence is text."""
        ahead, first = 0, self.peek()
        while ahead < 3 * _LABEL_WORDS and self.peek(ahead).kind in ("word", "slash", "dash"):
            if ahead and self._quantity_at(ahead):
                break
            ahead += 1
        token = self.peek(ahead)
        labelled = token.kind in ("eq", "colon")
        target = ahead + 1 if labelled else ahead
        if not self._quantity_at(target):
            if self.done:
                return False
            raise NotAQuantityError
        words = [t for t in self.tokens[self.at : self.at + ahead] if t.kind == "word"]
        if not self._may_label(words, first, labelled, target):
            if self.done:
                return False
            raise NotAQuantityError
        self.at += target
        return True

    def _may_label(self, words: list[Token], first: Token, labelled: bool, target: int) -> bool:
        quarter = labelled and len(words) == 2 and words[1].text in _ROMANS
        if not quarter and any(
            "month" in w.roles and len(w.fold) > 3 or "time" in w.roles for w in words
        ):
            return False
        if words and "quantity" in words[-1].roles:
            return True
        if labelled:
            return len(words) <= 2 * _LABEL_WORDS
        if "ordinal" in words[-1].roles:
            return False
        if len(words) > _LABEL_WORDS:
            return False
        if self.peek(target).kind == "money":
            return True
        if any("stop" in w.roles and (self.shouts or not w.text.isupper()) for w in words):
            return False
        if _NOMINALISED.fullmatch(first.fold) and len(words) > 1:
            return False
        return self._is_complete(target)

    def _is_complete(self, ahead: int) -> bool:
        """Whether the number behind a label has a unit we know, or ends its part."""
        while self.peek(ahead).kind not in ("num", "end"):
            ahead += 1
        then = self.peek(ahead + 1)
        if self.money and _GROUPED.search(self.peek(ahead).text) is not None:
            return True
        if then.kind in ("end", "percent", "sep", "permil", "open", "slash", "dash", "range"):
            return True
        if then.fold == "per" or then.roles.keys() & {"scale", "range", "operator_after"}:
            return True
        return then.kind == "word" and (
            then.fold in self.words.keys or respell(then.fold, self.words) is not None
        )


def _is_year(token: Token) -> bool:
    return token.kind == "num" and _YEAR.fullmatch(token.text) is not None
