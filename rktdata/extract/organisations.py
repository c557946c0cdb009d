"""Names of government units in titles and on form lines.

The trouble: one and the same office is written "DINAS KESEHATAN KABUPATEN BOGOR" on a
cover, "Nama OPD : Dinas Kesehatan" over a table, and "KEPALA BIDANG ..." over an
officer's page; a title runs on behind the name ("... Tahun 2016 dan Prakiraan Maju").
The words are data (`organisations.toml`): what a name begins with and how small such a
unit is, what ends it, labels of form lines.

Names in capitals are written as names ("Dinas Kesehatan Kabupaten Bogor"), since the
same unit is printed both ways; abbreviations stay.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rktdata.schemas.values import Line, Word

OFFICE = 2  # levels up to here are an office of its own; larger ones are its parts
_LEVEL_IN_NAME = 3  # from here on a label is part of the name: "BIDANG : LISTRIK"
_JABATAN = 5
_SPACED_SHARE = 0.6  # of single letters, from which a line is letter-spaced
_MIN_SPACED = 6
_WORD_GAP = 1.6  # times the usual gap between letters, in letter-spaced text
_LABEL = re.compile(r"^\s*(?:\d{1,2}\s*[.)]\s*)?([^\W\d_][\w ./]{0,40}?)\s*[:=]\s*(\S.*)?$")
_SHEET = re.compile(r"\s*\(?\b(?:lembar|halaman|hal)\b\.?\s*:?\s*[\d.…]+.*$", re.IGNORECASE)
_YEARS = re.compile(r"[\s,(-]*\b(?:19|20)\d\d\b(?:\s*[-\u2013/]\s*(?:19|20)\d\d\b)?.*$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's name as printed (capitals made a name's), and how small a unit it is."""

    name: str
    level: int


@dataclass(frozen=True, slots=True)
class Label:
    """A form line "label : value"; `level` is None where it names no unit."""

    label: str
    value: str
    level: int | None


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: dict[str, int]
    kind: re.Pattern[str]
    end: re.Pattern[str]
    not_unit: re.Pattern[str]
    officer: re.Pattern[str]
    abbreviations: frozenset[str]
    small: frozenset[str]
    labels: dict[str, int]
    other_labels: frozenset[str]


def _any_of(words: Sequence[str]) -> str:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)


@cache
def _vocabulary() -> _Words:
    text = files("rktdata.extract").joinpath("organisations.toml").read_text("utf-8")
    data = tomllib.loads(text)
    kinds = {str(k): int(v) for k, v in data["kinds"].items()}
    flags = re.IGNORECASE
    return _Words(
        kinds=kinds,
        kind=re.compile(rf"(?<![\w-])(?:{_any_of(list(kinds))})(?![\w-])", flags),
        end=re.compile(rf"[\s,(-]+(?:{_any_of(data['ends']['words'])})(?!\w).*$", flags),
        not_unit=re.compile(rf"(?<!\w)(?:{_any_of(data['not_units']['words'])})(?!\w)", flags),
        officer=re.compile(rf"^(?:(?:{_any_of(data['officers']['words'])})\s+)+", flags),
        abbreviations=frozenset(data["abbreviations"]["words"]),
        small=frozenset(data["small"]["words"]),
        labels={str(k): int(v) for k, v in data["labels"].items()},
        other_labels=frozenset(data["other_labels"]["words"]),
    )


def parse_label(text: str) -> Label | None:
    """Read a form line ("Nama OPD : Dinas Kesehatan  Lembar : 1 dari 3").

    Returns:
        None where the words before the colon are no known label.

    >>> parse_label("Nama OPD : Dinas Kesehatan Lembar : 1 dari 3")
    Label(label='nama opd', value='Dinas Kesehatan', level=1)
    >>> parse_label("Pengukuran Kinerja dari Sasaran : Padi") is None
    True
    """
    found = _LABEL.match(text)
    if found is None:
        return None
    label = " ".join(found[1].lower().split())
    words = _vocabulary()
    level = words.labels.get(label)
    if level is None and label not in words.other_labels:
        return None
    value = found[2] or ""
    if label not in ("lembar", "halaman"):
        value = _SHEET.sub("", value)
    return Label(label, value.strip(" :."), level)


def label_unit(label: Label) -> Unit | None:
    """The unit that a form line names, None where it names none.

    >>> label_unit(Label("bidang", "LISTRIK DAN PEMANFAATAN ENERGI", 3)).name
    'Bidang Listrik dan Pemanfaatan Energi'
    >>> label_unit(Label("jabatan", "Kepala Sub Bagian Umum", 5)).name
    'Sub Bagian Umum'
    """
    if label.level is None or not any(ch.isalpha() for ch in label.value):
        return None
    value = _cut(label.value)
    within = find_unit(value)
    if label.level == _JABATAN:
        return within or Unit(as_name(value), _JABATAN)
    if label.level >= _LEVEL_IN_NAME and not value.lower().startswith(label.label):
        return Unit(as_name(f"{label.label.title()} {value}"), label.level)
    return Unit(as_name(value), max(label.level, within.level if within else 0))


def find_unit(text: str) -> Unit | None:
    """The first unit that a line of a title names, to the end of its name.

    >>> find_unit("Rencana Kinerja Sub Bagian Keuangan")
    Unit(name='Sub Bagian Keuangan', level=4)
    >>> find_unit("RENCANA KINERJA TAHUNAN DINAS KESEHATAN KOTA BOGOR TAHUN 2024").name
    'Dinas Kesehatan Kota Bogor'
    >>> find_unit("Rekapitulasi Perjalanan Dinas")
    """
    words = _vocabulary()
    for found in words.kind.finditer(text):
        start = found.start()
        if not text[start].isupper() or words.not_unit.search(text, max(0, start - 20), start + 30):
            continue
        name = _cut(text[start:])
        kind = " ".join(found[0].lower().split())
        if len(name.split()) > len(kind.split()) or kind == "inspektorat":
            return Unit(as_name(name), words.kinds[kind])
    return None


def is_office(text: str) -> bool:
    """Whether a line is the name of a unit from its first word on.

    >>> is_office("DINAS PERHUBUNGAN PROVINSI JAWA BARAT"), is_office("Rencana Dinas X")
    (True, False)
    """
    words = _vocabulary()
    return words.kind.match(words.officer.sub("", text.strip())) is not None


def _cut(name: str) -> str:
    """A name without the officer before it and the title's words behind it."""
    return end_name(_vocabulary().officer.sub("", name.strip()))


def end_name(name: str) -> str:
    """A name without what follows it in a title or a sentence.

    >>> end_name("Dinas Kesehatan Tahun 2016"), end_name("Badan Kepegawaian telah menyusun")
    ('Dinas Kesehatan', 'Badan Kepegawaian')
    """
    words = _vocabulary()
    name = _YEARS.sub("", words.end.sub("", name))
    kept: list[str] = []
    for i, word in enumerate(name.split()):
        if i > 1 and word[0].islower() and word not in words.small:
            break  # a sentence goes on; the kind's second word may be lower case
        kept.append(word)
    while len(kept) > 1 and kept[-1] in words.small:
        kept.pop()
    name = " ".join(kept)
    if name.count("(") > name.count(")"):
        name = name[: name.rfind("(")]
    return name.strip(" .,;:-\u2013\u201c\u201d\"'")


def as_name(text: str) -> str:
    """A name in capitals written as a name; mixed case stays as printed.

    >>> as_name("DINAS ENERGI DAN SUMBER DAYA MINERAL PROVINSI JAWA BARAT")
    'Dinas Energi dan Sumber Daya Mineral Provinsi Jawa Barat'
    >>> as_name("RSUD CIAWI"), as_name("KPU Provinsi NTT")
    ('RSUD Ciawi', 'KPU Provinsi NTT')
    """
    words = _vocabulary()
    text = " ".join(text.split())
    shouted = [w for w in text.split() if len(w) > 1 and w.isupper()]
    if 2 * len(shouted) <= len(text.split()) or (all(w in words.abbreviations for w in shouted)):
        return text
    named = []
    for i, word in enumerate(text.split()):
        bare = word.strip("()/,.-")
        if bare in words.abbreviations or not any(ch in "AEIOUaeiou" for ch in bare):
            named.append(word)
        elif i and bare.lower() in words.small:
            named.append(word.lower())
        else:
            named.append(re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), word))
    return " ".join(named)


def plain_text(line: Line) -> str:
    """A line's text, letter-spaced words ("D I N A S   K E S E H A T A N") closed up.

    A gap clearly wider than the gaps between letters is a space; where a line's gaps
    are all alike nothing tells the words apart, and the text stays as it is.
    """
    single = [word for word in line.words if len(word.text) == 1]
    if len(single) < max(_MIN_SPACED, _SPACED_SHARE * len(line.words)):
        return line.text
    gaps = [b.box[0] - a.box[2] for a, b in zip(line.words, line.words[1:], strict=False)]
    usual = sorted(gaps)[len(gaps) // 2]
    words: list[list[Word]] = [[line.words[0]]]
    for gap, word in zip(gaps, line.words[1:], strict=True):
        if gap > _WORD_GAP * usual:
            words.append([])
        words[-1].append(word)
    return " ".join("".join(word.text for word in group) for group in words)
