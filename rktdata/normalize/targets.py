"""The value reader: one printed cell, its column and context, to one typed `Value`.

The trouble: the same text means another thing in another place, and a wrong number is
worse than none. Rules: the printed text is kept; the grammar (`quantities`, `grades`,
`odd`) says what the cell is, the evidence (`evidence`, `headers`) what its number is;
what stays undecided has no `nilai`, and marks say so. Any string gives a `Value`.

Source: CONTRACT.md, "Indicators"; VALUES.md, "Conventions".
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cached_property, lru_cache

from rktdata.normalize.clean import clean_text, has_footnote_mark
from rktdata.normalize.evidence import decide, habit_of, is_full_amount
from rktdata.normalize.grades import Grade, parse_grade
from rktdata.normalize.headers import HeaderUnit, header_unit, money_power
from rktdata.normalize.items import Item
from rktdata.normalize.lexer import Token, tokenise
from rktdata.normalize.numbers import format_number, plain, read_numeral, scale
from rktdata.normalize.ocr import is_wreck, mend_safe, mend_scan
from rktdata.normalize.odd import is_empty, odd_text
from rktdata.normalize.quantities import parse_items
from rktdata.normalize.units import (
    Vocabulary,
    canonical_unit,
    fold,
    load_vocabulary,
    mend_text,
    respell,
    split_units,
)
from rktdata.schemas.value import Context, Value

LONGEST_CELL = 4000  # characters; the longest target cell seen has under 200
_CACHED_LENGTH = 200
_NO_CONTEXT = Context()
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)
_AMOUNT_LENGTH = 120
_STRAY_END = re.compile(r"(?<=[\d)\]%])\s?[.;,]{1,3}$|\s?;{1,3}$")
_SCANNED_ONE = re.compile(r"[Il|!] (?=[a-z]{3}|[A-Z][a-z]{2})")  # "I dokumen" on a scanned page
_PLAUSIBLE_RUPIAH = Decimal(10) ** 14  # a thirtieth of the state budget
_FULL_RUPIAH = Decimal(10) ** 7  # what is printed may be whole rupiah
_HALF_SURE = 0.5


def read_value(
    text: str,
    column: str = "target",
    context: Context | str | None = None,
    vocabulary: Vocabulary | None = None,
) -> Value:
    """Read a printed cell.

    Args:
        text: As printed; line breaks may be spaces or line breaks.
        column: The column's role: "target", "capaian", "rupiah" or "satuan".
        context: What stands round the cell, or its written form (see `Context.parse`).
        vocabulary: From `load_vocabulary`; the built-in one where None.

    Returns:
        Always a value; `jenis` "teks" where nothing better is certain.

    Source: CONTRACT.md, "Indicators"; VALUES.md.

    >>> value = read_value("77,5 %")
    >>> value.nilai, value.satuan, value.jenis, value.operator
    (Decimal('77.5'), 'persen', 'persen', '=')
    >>> read_value("Rp. 59.069.229.000,-", "rupiah").nilai
    Decimal('59069229000')
    >>> read_value("A (80-85)").predikat, read_value("2 Unit 3 Buah").jenis
    ('A', 'banyak')
    >>> read_value("3,000", context="Indikator: jumlah peserta | Baris: 2.000 Orang; 2500").nilai
    Decimal('3000')
    """
    words = load_vocabulary(None) if vocabulary is None else vocabulary
    if isinstance(context, str):
        context = Context.parse(context)
    around = _NO_CONTEXT if context is None else context
    if len(text) > _CACHED_LENGTH:
        return _read(text, column, around, words)
    return _read_cached(text, column, around, words)


@lru_cache(maxsize=8192)
def _plain_amount(text: str) -> Decimal | None:
    """An amount of a neighbouring cell, without the header's scale."""
    found = _AMOUNT.search(text[:_AMOUNT_LENGTH])
    if found is None:
        return None
    numeral = read_numeral(found.group())
    return numeral.grouped if numeral.ambiguous else numeral.value


@lru_cache(maxsize=1024)  # with their neighbours, equal cells stand near each other
def _read_cached(text: str, column: str, context: Context, words: Vocabulary) -> Value:
    return _read(text, column, context, words)


def _read(text: str, column: str, context: Context, words: Vocabulary) -> Value:
    if len(text) > LONGEST_CELL:
        return Value(text, jenis="teks", tanda=("terlalu-panjang",), keyakinan=_HALF_SURE)
    cleaned = clean_text(text)
    if is_empty(cleaned, words) and not (column == "satuan" and canonical_unit(cleaned, words)):
        return Value(text, jenis="kosong", alasan=("Sel tidak berisi nilai.",))
    if column == "satuan":
        return _read_unit_cell(text, cleaned, words)
    value = _Reader(text, column, context, words).read(cleaned)
    if has_footnote_mark(text):
        value = replace(value, tanda=(*value.tanda, "angka-atas"))
    return value


def _read_unit_cell(text: str, cleaned: str, words: Vocabulary) -> Value:
    """A cell of a unit column: what a target with that unit becomes, without a number."""
    found = [(part, canonical_unit(part, words)) for part in split_units(cleaned, words)]
    units = [(part, unit) for part, unit in found if unit is not None]
    if not units:
        return Value(text, jenis="teks", tanda=("bukan-satuan",), keyakinan=_HALF_SURE)
    if len(units) == 1:
        unit = units[0][1]
        known = unit in words.units
        return Value(
            text,
            satuan=unit,
            jenis=kind_of(unit, words),
            tanda=() if known else ("satuan-baru",),
            keyakinan=1.0 if known else 0.9,
        )
    parts = tuple(Value(part, satuan=unit, jenis=kind_of(unit, words)) for part, unit in units)
    return Value(text, jenis="banyak", banyak=parts, keyakinan=0.9)


def kind_of(unit: str | None, words: Vocabulary) -> str:
    """The kind (`jenis`) of a single number with this unit."""
    kind = words.kind(unit)
    if kind is None or kind == "nilai":
        return "nilai"
    return kind if kind in ("persen", "rupiah", "predikat") else "jumlah"


class _Reader:
    """The steps for one cell of values; holds what they share."""

    def __init__(self, text: str, column: str, context: Context, words: Vocabulary):
        self.text = text
        self.context = context
        self.words = words
        self.money_column = column == "rupiah"
        self.column = column
        header = context.header
        self.header = header_unit(header, words) if header else HeaderUnit()

    def read(self, cleaned: str) -> Value:
        marks: tuple[str, ...] = ()
        cleaned = _STRAY_END.sub("", cleaned)
        mended = self._mend(cleaned)
        if mended is not None:
            cleaned, marks = mended, ("angka-ocr",)
        elif self._scanned() and is_wreck(cleaned):
            return self._wreck()
        value = self._read_mended(cleaned)
        if marks:
            value = replace(value, tanda=(*marks, *value.tanda), keyakinan=value.keyakinan * 0.8)
        return value

    def _scanned(self) -> bool:
        return self.context.ocr

    def _mend(self, cleaned: str) -> str | None:
        if self._scanned():
            habit = habit_of(self.context.column + self.context.row)
            if any(not (c.isdigit() or c in ".,% ") for c in cleaned) or habit.percent:
                mended = mend_scan(cleaned, habit.decimals, habit.percent > 0)
                if mended is not None and mended != cleaned.replace(" ", ""):
                    return mended
            if _SCANNED_ONE.match(cleaned) is not None:
                cleaned = "1" + cleaned[1:]
                return mend_safe(cleaned) or cleaned
        return mend_safe(cleaned)

    def _wreck(self) -> Value:
        """A number that the scan has ruined: what it counts is known, its value is not."""
        habit = habit_of(self.context.column + self.context.row)
        unit = "persen" if habit.percent else self._outer_unit()[0]
        return Value(
            self.text,
            satuan=unit,
            jenis=self._jenis(unit),
            tanda=("angka-rusak",),
            keyakinan=0.2,
            alasan=("Angka rusak oleh OCR; tidak ditebak.",),
        )

    def _read_mended(self, cleaned: str) -> Value:
        """Read a cell; where words in it are broken, as they were before.

        Several values keep their printed pieces, and a whole that is a new unit is no
        better than the halves.
        """
        value = self._read_text(cleaned)
        whole = mend_text(cleaned, self.words) if len(cleaned) <= _CACHED_LENGTH else cleaned
        if whole == cleaned:
            return value
        again = self._read_text(whole)
        new_unit = "satuan-baru" in again.tanda and value.jenis != "teks"
        if again.jenis == "banyak" or (new_unit and "satuan-baru" not in value.tanda):
            return value
        kept = (value.nilai, value.bawah, value.satuan, value.jenis, value.predikat)
        if kept == (again.nilai, again.bawah, again.satuan, again.jenis, again.predikat):
            return value
        return replace(again, tanda=(*again.tanda, "kata-terbelah"))

    def _read_text(self, cleaned: str) -> Value:
        if cleaned[0] in ".," and cleaned[1:2].isdigit():  # the first figures are cut off
            unit = self._outer_unit()[0]
            return Value(
                self.text,
                satuan=unit,
                jenis=self._jenis(unit),
                tanda=("angka-rusak",),
                keyakinan=0.2,
            )
        tokens = tokenise(cleaned, self.words)
        inside = _in_brackets(cleaned, tokens)
        if inside:
            return self._read_text(inside)
        odd = odd_text(cleaned, tokens)
        if odd is not None and not (odd == "kode" and self.money_column):
            return Value(self.text, jenis="teks", tanda=(odd,), alasan=(f"Bukan nilai: {odd}.",))
        if not any(t.kind == "num" for t in tokens) or tokens[0].kind != "num":
            grade = parse_grade(tokens, self.words)
            if grade is not None:
                return self._graded(grade)
        money = self._is_money_cell()
        items = parse_items(cleaned, tokens, self.words, money, self._usual_decimals())
        if not items:
            return Value(self.text, jenis="teks", alasan=("Tidak ada nilai yang dapat dibaca.",))
        trailing = self._trailing_grade(items, tokens)
        if trailing is not None:
            return trailing
        if len(items) == 1:
            return self._single(items[0])
        return self._several(items, cleaned)

    def _usual_decimals(self) -> int | None:
        """The decimals of the column's other cells; two in a column of percentages."""
        usual = habit_of(self.context.column).decimals
        percent = self.header.leaf and self.header.unit == "persen"
        return 2 if usual is None and percent else usual

    def _is_money_cell(self) -> bool:
        if self.money_column or self.header.money:
            return True
        return self.context.unit is not None and self._row_unit == "rupiah"

    def _graded(self, grade: Grade) -> Value:
        jenis = "predikat"
        return Value(
            self.text,
            nilai=None if grade.score is None else plain(grade.score),
            bawah=grade.low,
            atas=grade.high,
            operator=grade.operator,
            jenis=jenis,
            predikat=grade.name,
            alasan=(f"Predikat {grade.name}.",),
        )

    def _trailing_grade(self, items: list[Item], tokens: list[Token]) -> Value | None:
        """As in "72,5 BB": a grade behind a bare number or range, without brackets."""
        item = items[0]
        if len(items) != 1 or not item.unit or item.canonical:
            return None
        behind = [t for t in tokens if t.start > item.start and t.kind == "word"]
        if item.second is not None:  # "60 BB - 70 BB"
            behind = tokenise(item.unit, self.words)
        elif len(tokens) > 4:
            return None
        grade = parse_grade(behind, self.words, False)
        opinion = grade is not None and grade.name in self.words.tables["mark"]["opinions"]
        remark = grade is not None and grade.name.lower() in self.words.tables["word"]["remark"]
        if grade is None or opinion or remark or self.words.is_unit(item.unit):
            return None
        item.unit, item.grade = "", grade.name
        return self._single(item)

    # -- one value --------------------------------------------------------------------

    def _single(self, item: Item) -> Value:
        unit, power, marks = self._unit_of(item)
        money = unit == "rupiah"
        first, sure, number_marks, why = self._number(
            item, item.numeral, unit, money, power, item.power
        )
        tanda = (*item.tanda, *number_marks, *marks)
        alasan = tuple(why)
        if item.second is not None:
            return self._ranged(item, first, unit, money, power, sure, tanda, alasan)
        if first is None:
            return Value(
                self.text,
                satuan=unit,
                jenis=self._jenis(unit),
                tanda=tanda,
                keyakinan=sure,
                alasan=alasan,
            )
        if item.times is not None:
            factor = read_numeral(item.times).value
            first = None if factor is None else plain(first * factor)
            if first is None:
                return Value(self.text, satuan=unit, jenis=self._jenis(unit), keyakinan=0.2)
        if item.negative:
            first = plain(first.copy_negate())
        return Value(
            self.text,
            nilai=first,
            operator=item.operator or "=",
            satuan=unit,
            jenis=self._jenis(unit),
            predikat=item.grade,
            tanda=tanda,
            keyakinan=sure * _trust(item.tanda),
            alasan=(*alasan, _sentence(first, unit)),
        )

    def _ranged(
        self,
        item: Item,
        first: Decimal | None,
        unit: str | None,
        money: bool,
        power: int,
        sure: float,
        tanda: tuple[str, ...],
        alasan: tuple[str, ...],
    ) -> Value:
        own = item.second_power if item.second_power is not None else item.power
        second, sure_too, more, _ = self._number(item, item.second or "", unit, money, power, own)
        if item.second_power is not None and not item.power and first is not None:
            first = scale(first, item.second_power)
        if first is None or second is None:
            return Value(
                self.text, satuan=unit, jenis="rentang", tanda=(*tanda, *more), keyakinan=0.2
            )
        first = plain(first.copy_negate()) if item.negative else first
        second = plain(second.copy_negate()) if item.second_negative else second
        if item.spread:
            first, second = plain(first - second), plain(first + second)
        if first > second:
            tanda = (*tanda, "rentang-terbalik")
        return Value(
            self.text,
            bawah=min(first, second),
            atas=max(first, second),
            satuan=unit,
            jenis="rentang",
            predikat=item.grade,
            tanda=tanda,
            keyakinan=min(sure, sure_too),
            alasan=(*alasan, "Dua angka sebagai batas bawah dan atas."),
        )

    def _number(
        self, item: Item, text: str, unit: str | None, money: bool, outer: int, own: int
    ) -> tuple[Decimal | None, float, tuple[str, ...], list[str]]:
        """A numeral's value with its scale; the cell's own word of scale beats the header's."""
        if "E" in text.upper():
            return plain(Decimal(text)), 0.9, ("notasi-ilmiah",), []
        numeral = read_numeral(text)
        kind = self.words.kind(unit)
        whole_money = money and own < 9
        decision = decide(
            numeral, None if money else kind, whole_money, self.context, self.words,
            unit is None or unit in self.words.units, own,
        )  # fmt: skip
        number, why = decision.number, [decision.alasan] if decision.alasan else []
        marks = decision.tanda
        if number is None:
            return None, decision.sure, marks, why
        if own:
            number = scale(number, own)
        elif outer:
            scaled = scale(number, outer)
            beyond = scaled >= _PLAUSIBLE_RUPIAH and number >= _FULL_RUPIAH
            if money and (beyond or self._is_full(number, outer)):
                marks += ("pengali-diabaikan",)
            else:
                number = scaled
                marks += (
                    {3: "ribuan-dari-kolom", 6: "jutaan-dari-kolom"}.get(
                        outer, "pengali-dari-kolom"
                    ),
                )
                why.append(f"Dikali 10^{outer} dari kepala kolom atau satuan.")
        return number, decision.sure, marks, why

    def _is_full(self, number: Decimal, power: int) -> bool:
        """Whether the column's amounts are whole rupiah whatever its header says."""
        beside = [n for cell in self.context.column if (n := _plain_amount(cell)) is not None]
        return is_full_amount([number, *beside], power)

    # -- its unit ---------------------------------------------------------------------

    def _unit_of(self, item: Item) -> tuple[str | None, int, tuple[str, ...]]:
        """The unit, the power of ten from outside the cell, and how they were found."""
        if item.canonical is not None:
            return item.canonical, 0, ()
        own = canonical_unit(item.unit, self.words) if item.unit else None
        if item.money or (own is not None and own.split(" ", 1)[0] == "rupiah"):
            return "rupiah", self._money_power(item), ()
        if own is not None:
            known = own in self.words.units or "/" in own or own.startswith("per ")
            if not known:
                return own, 0, ("satuan-baru",)
            mended = any(respell(word, self.words) for word in fold(item.unit).split())
            return own, 0, ("satuan-dieja-ulang",) if mended else ()
        if self.money_column:
            return "rupiah", self._money_power(item), ()
        unit, power, mark = self._outer_unit()
        return unit, power, (mark,) if mark else ()

    def _money_power(self, item: Item) -> int:
        if item.power:
            return 0
        of_row = self._row_power() if self.context.unit and self._row_unit == "rupiah" else 0
        if not self.context.header:
            return of_row
        if self.money_column:
            return money_power(self.context.header, self.words) or of_row
        return (self.header.power if self.header.money else 0) or of_row

    def _outer_unit(self) -> tuple[str | None, int, str | None]:
        header = self.header
        if header.leaf and header.unit == "persen" and self.column == "capaian":
            return "persen", 0, "satuan-dari-kolom"
        row_unit = self._row_unit
        if row_unit is not None:
            return row_unit, self._row_power(), "satuan-dari-baris"
        if self.money_column:
            return "rupiah", 0, None
        if header.unit is not None:
            return header.unit, header.power, "satuan-dari-kolom"
        indicator = (self.context.indicator or "").rstrip(" .:;").lower()
        if indicator.endswith(("(rp)", "(rp.)", "(rupiah)")):
            return "rupiah", 0, "satuan-dari-indikator"
        return None, 0, None

    @cached_property
    def _row_unit(self) -> str | None:
        if not self.context.unit:
            return None
        units = {canonical_unit(u, self.words) for u in split_units(self.context.unit, self.words)}
        if len(units) != 1:
            return None
        [unit] = units
        return None if self.words.kind(unit) == "predikat" else unit

    def _row_power(self) -> int:
        first = (self.context.unit or "").lower().replace("rp", " ").strip(" .(")
        word = first.split(None, 1)[0].strip("().") if first else ""
        return self.words.scales.get(word, 0)

    def _jenis(self, unit: str | None) -> str:
        return kind_of(unit, self.words)

    # -- several values ---------------------------------------------------------------

    def _several(self, items: list[Item], cleaned: str) -> Value:
        units = split_units(self.context.unit or "", self.words)
        paired = len(units) == len(items)
        parts = []
        for index, item in enumerate(items):
            if paired and not item.unit and item.canonical is None:
                item.unit = units[index]
            part = self._single(item)
            teks = item.teks or cleaned[item.start : item.end].strip(" ,;")
            parts.append(replace(part, text=teks))
        marks = tuple(dict.fromkeys(mark for part in parts for mark in part.tanda))
        sure = min(part.keyakinan for part in parts)
        return Value(
            self.text,
            jenis="banyak",
            banyak=tuple(parts),
            tanda=marks,
            keyakinan=sure * 0.95,
            alasan=(f"{len(parts)} nilai dalam satu sel.",),
        )


_TRUST = {
    "angka-terbelah": 0.9,
    "angka-kata-beda": 0.5,
    "minus-berspasi": 0.8,
    "butir": 0.9,
    "ocr": 0.9,
    "angka-ragu": 0.5,
    "kurung-negatif": 0.9,
}


def _in_brackets(text: str, tokens: list[Token]) -> str:
    """What brackets round a whole cell hold ("(12 bulan)"); "" where there are none.

    A lone number in brackets is a negative one, and a lone word may be a grade.
    """
    kinds = [t.kind for t in tokens]
    if len(kinds) < 4 or kinds[0] != "open" or kinds[-1] != "close" or "open" in kinds[1:]:
        return ""
    if "close" in kinds[:-1] or kinds[1] == "money" or kinds[1:3] == ["num", "percent"]:
        return ""
    return text[tokens[1].start : tokens[-2].end]


def _trust(marks: list[str]) -> float:
    trust = 1.0
    for mark in marks:
        trust *= _TRUST.get(mark, 1.0)
    return trust


def _sentence(number: Decimal, unit: str | None) -> str:
    return f"Angka {format_number(number)}" + (f" {unit}." if unit else ", tanpa satuan.")


def canonical_text(value: Value) -> str:
    """Write a value so that it reads back as the same value.

    >>> canonical_text(read_value(">= 1,250.5 Ha")), canonical_text(read_value("85 - 80%"))
    ('>= 1.250,5 ha', '80 - 85 persen')
    """
    if value.jenis == "kosong":
        return ""
    if value.jenis == "banyak":
        return "; ".join(canonical_text(part) for part in value.banyak)
    sign = "" if value.operator in (None, "=") else f"{value.operator} "
    unit = f" {value.satuan}" if value.satuan and value.satuan != "rupiah" else ""
    money = "Rp " if value.satuan == "rupiah" else ""
    if value.jenis == "predikat" and value.predikat is not None:
        band = ""
        if value.bawah is not None and value.atas is not None:
            band = f" ({format_number(value.bawah)} - {format_number(value.atas)})"
        return sign + value.predikat + band
    if value.bawah is not None and value.atas is not None:
        return f"{money}{format_number(value.bawah)} - {format_number(value.atas)}{unit}"
    if value.nilai is None:
        return value.text
    grade = f" ({value.predikat})" if value.predikat else ""
    return f"{sign}{money}{format_number(value.nilai)}{unit}{grade}"
