"""Budgets and targets that are printed as lists and sentences instead of tables.

The trouble: "1. Program A dengan total anggaran Rp.46.753.396.000 yang terbagi :" is a
budget line with children; "Terwujudnya B dengan indikator Indeks C nilai 80, Nilai D
nilai B dan Persentase E sebesar 80%" is three indicators under one sasaran. The same
words tell of what was spent, of last year's results, of laws and of populations.

The rules, budgets: a list is a budget where its words, its introduction or its heading
speak of a budget and at least two amounts are rupiah; an item without an amount counts
as a heading if something under it has one; what was spent is left out with all that
hangs under it; an item with two amounts keeps its place but gets none of them. The
paragraph that introduces the list is its first line where it prints one total.

Targets: only after "dengan indikator" (in the sentence or over a list), or where a
sentence that begins with a measured thing says "ditargetkan". The indicator begins with
a measured noun, a cue stands between it and a value that reads as one, and the sentence
does not speak of results. Everything else is left alone: better none than a wrong one.

Words are data (`prose.toml`). Ids are local to the returned list ("a1", "i1"); the
caller numbers them and fills in `dokumen_id`.

Source: CONTRACT.md, "Budget lines" and "Indicators"; the KPU sample, parts E and G.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files

from rktdata.extract.text import join_lines, ocr_marks
from rktdata.normalize.numbers import read_numeral
from rktdata.normalize.targets import read_value
from rktdata.normalize.units import Vocabulary
from rktdata.schemas.document import DocumentInfo
from rktdata.schemas.records import AnggaranRow, IndikatorRow, Record
from rktdata.schemas.value import Context, Value
from rktdata.schemas.values import OCR_DOUBT, Block, Source

BUDGET_MARK = "naskah-daftar"
UNREAD_MARK = "jumlah-tidak-terbaca"
TARGET_MARK = "naskah"
_ENOUGH_AMOUNTS = 2
_DOUBTFUL = 0.5  # two readings of a picture do not agree
_TARGET_WORDS = 6  # of the longest target read ("3 dokumen", "Level 3", "Sangat Baik (A)")
_SCALES = {"ribu": 3, "juta": 6, "miliar": 9, "milyar": 9, "triliun": 12, "trilyun": 12}

# Figures and signs as printed, spaces slipped in; whether it is a number is read later.
_NUMERAL = r"\d+(?:\s?[.,]\d+|\.\s\d{3}(?!\d))*(?!\d)"
_AMOUNT = re.compile(
    rf"""(?:\bRp\s?\.?\s?(?P<rp>{_NUMERAL})|(?P<plain>\d{{1,3}}(?:\.\d{{3}}){{2,}}(?:,\d{{1,2}})?(?![.,]?\d)))
        \s?(?:,\s?-+|\.-+|-+)?
        (?:\s*(?P<scale>{"|".join(_SCALES)})\b(?:\s+rupiah)?)?""",
    re.VERBOSE | re.IGNORECASE,
)
_STOP = re.compile(r"[,;](?=\s|$)|\.(?=\s|$)|\s(?:dan|serta)\s(?=[^\d\s])|\s\((?=[A-Za-z])")
_YEAR_TAIL = re.compile(r"\s*(?:(?:pada|di|untuk|dalam)\s+)?tahun\s+(20\d\d)\b.*$", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;:])\s+(?=[A-Z])")
_SUBJECT = re.compile(r"^(?:pada\s+tahun\s+(?P<year>20\d\d)\s*,?\s*)?(?:target\s+)?", re.IGNORECASE)
_TARGETED = re.compile(
    r"\s+ditargetkan(?:\s+(?:sebesar|sebanyak|sejumlah|mencapai|menjadi|pada))?\s+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Words:
    connector: re.Pattern[str]
    cue_before: re.Pattern[str]
    counted: re.Pattern[str]
    introduces: re.Pattern[str]
    head: re.Pattern[str]
    context: re.Pattern[str]
    spent: re.Pattern[str]
    opener: re.Pattern[str]
    measure: re.Pattern[str]
    cue: re.Pattern[str]
    results: re.Pattern[str]


def _any_of(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)


@cache
def _vocabulary() -> _Words:
    text = files("rktdata.normalize").joinpath("prose.toml").read_text("utf-8")
    data = tomllib.loads(text)
    budget, indicator = data["budget"], data["indicator"]
    openers, nouns, cues = (_any_of(budget[key]) for key in ("openers", "nouns", "cues"))
    flags = re.IGNORECASE
    return _Words(
        connector=re.compile(
            rf"(?:[\s,.;]+|^)(?:(?:{openers})(?:\s+(?:{nouns}))+(?:\s+(?:{cues}))?"
            rf"|(?:alokasi|pagu|total|besaran)(?:\s+(?:{nouns}))+(?:\s+(?:{cues}))?"
            rf"|,?\s*yang\s+(?:dilaksanakan|dibiayai|didanai)"
            rf"|(?:dengan\s+)?(?:{cues})|[:=\-\u2013])\s*$",
            flags,
        ),
        counted=re.compile(rf"\s*(?!(?:{_any_of(budget['after_plain'])})\b)[a-z]"),
        cue_before=re.compile(rf"(?<!\w)(?:{cues})\s*:?\s*$", flags),
        introduces=re.compile(
            rf"[\s,]*(?<!\w)(?:{_any_of(budget['introduces'])})\s*[:;.]?\s*$", flags
        ),
        head=re.compile(rf"(?<!\w)(?:{_any_of(budget['heads'])})(?!\w)", flags),
        context=re.compile(rf"(?<!\w)(?:{_any_of(budget['context'])})(?!\w)", flags),
        spent=re.compile(rf"(?<!\w)(?:{_any_of(data['spent']['words'])})(?!\w)", flags),
        opener=re.compile(
            rf"[\s,;]*(?<!\w)(?:{_any_of(indicator['openers'])})(?:\s+(?:{_any_of(indicator['fillers'])}))*\s*:?\s*",
            flags,
        ),
        measure=re.compile(rf"(?:{_any_of(indicator['measures'])})(?!\w)", flags),
        cue=re.compile(rf"\s*(?<!\w)(?:{_any_of(indicator['cues'])})(?!\w)[\s:]*", flags),
        results=re.compile(rf"(?<!\w)(?:{_any_of(indicator['results'])})(?!\w)", flags),
    )


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of rupiah and its place in a text; None where it does not read for sure."""

    rupiah: int | None
    start: int
    end: int
    marks: tuple[str, ...] = ()


def find_amounts(text: str) -> list[Amount]:
    """The amounts of rupiah in a text, in order.

    A number without "Rp" is one if it has at least seven figures and a cue before it,
    or the text ends with it.

    >>> [a.rupiah for a in find_amounts("sebesar Rp. 59.069.229.000,- dan Rp 12,5 miliar")]
    [59069229000, 12500000000]
    >>> find_amounts("sebanyak 1.250 orang dari 46.709.569 jiwa, Nomor 53 Tahun 2014")
    []
    """
    amounts: list[Amount] = []
    for found in _AMOUNT.finditer(text):
        if found["plain"] and not (
            (_vocabulary().cue_before.search(text, 0, found.start()))
            and not _vocabulary().counted.match(text, found.end())
            or not text[found.end() :].strip(" .,;:-")
        ):
            continue
        read = read_numeral(re.sub(r"\s", "", found["rp"] or found["plain"]))
        value = read.value
        if value is None:  # one sign with three figures: rupiah have no thousandths
            value = read.decimal if found["scale"] else read.grouped
        if value is not None and found["scale"]:
            value = value * Decimal(10) ** _SCALES[found["scale"].lower()]
        whole = int(value) if value is not None and value == value.to_integral_value() else None
        amounts.append(Amount(whole, found.start(), found.end(), read.tanda))
    return amounts


# Budgets ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Node:
    """A list item (or the paragraph over the list) that may be a budget line."""

    block: Block
    level: int  # -1 for the introducing paragraph
    text: str
    amount: Amount | None
    spent: bool
    parent: _Node | None = None
    children: list[_Node] = field(default_factory=list)

    def carries(self) -> bool:
        """Whether it or something under it has an amount that is a budget."""
        if self.spent:
            return False
        return self.amount is not None or any(child.carries() for child in self.children)


def read_prose_budget(blocks: Sequence[Block], info: DocumentInfo) -> list[Record[AnggaranRow]]:
    """Budget lines printed as nested lists.

    Args:
        blocks: The document's text outside the tables, in reading order.
        info: What the document says of itself.

    Returns:
        Reading order, parents before children; ids "a1", "a2", ... and `induk_id` are
        local to the list, `dokumen_id` is empty. No sums: `jumlah_dihitung` is None.
    """
    records: list[Record[AnggaranRow]] = []
    ids: dict[int, str] = {}
    for root, nodes in _lists(blocks):
        for node in [*([root] if root is not None else []), *nodes]:
            if not node.carries() or _is_under_spent(node):
                continue
            uraian = _name_of(node)
            if not uraian:
                continue
            ids[id(node)] = f"a{len(records) + 1}"
            parent = ids.get(id(node.parent)) if node.parent is not None else None
            records.append(_budget_record(node, uraian, ids[id(node)], parent))
    return records


def _lists(blocks: Sequence[Block]) -> Iterator[tuple[_Node | None, list[_Node]]]:
    """Each list that is a budget, with the node of its introduction where that has a sum."""
    heading = ""
    i = 0
    while i < len(blocks):
        block = blocks[i]
        if block.kind != "butir":
            heading = block.text if block.kind == "judul" else heading
            i += 1
            continue
        end = i
        while end < len(blocks) and blocks[end].kind == "butir":
            end += 1
        intro = blocks[i - 1] if i and blocks[i - 1].kind in ("prosa", "judul") else None
        nodes = _tree(blocks[i:end])
        root = _introduction(intro) if intro is not None else None
        if _is_budget(nodes, root, intro.text if intro else "", heading):
            if root is not None:
                for node in nodes:
                    if node.parent is None:
                        node.parent = root
                        root.children.append(node)
            yield root, nodes
        i = end


def _tree(items: Sequence[Block]) -> list[_Node]:
    nodes: list[_Node] = []
    open_nodes: list[_Node] = []
    for item in items:
        amount = _single_amount(item.text)
        before = item.text[: amount.start] if amount else item.text
        spent = _vocabulary().spent.search(before) is not None
        node = _Node(item, item.level, before, amount, spent)
        while open_nodes and open_nodes[-1].level >= item.level:
            open_nodes.pop()
        if open_nodes:
            node.parent = open_nodes[-1]
            open_nodes[-1].children.append(node)
        open_nodes.append(node)
        nodes.append(node)
    return nodes


def _single_amount(text: str) -> Amount | None:
    """The item's budget: its only amount, or the only one before what was spent of it."""
    kept: list[Amount] = []
    end = 0
    for amount in find_amounts(text):
        if kept and _vocabulary().spent.search(text, end, amount.start):
            break
        kept.append(amount)
        end = amount.end
    return kept[0] if len(kept) == 1 else None


def _introduction(block: Block) -> _Node | None:
    """The paragraph over a list as a budget line: "... Total anggaran ... sebesar Rp. X"."""
    words = _vocabulary()
    if not words.introduces.search(block.text):
        return None
    sentence = _SENTENCE.split(block.text.strip())[-1]
    offset = len(block.text.strip()) - len(sentence)
    found = [a for a in find_amounts(block.text) if a.start >= offset]
    if len(found) != 1:
        return None
    amount = found[0]
    before = block.text[offset : amount.start]
    if words.spent.search(before):
        return None
    clause = re.split(r"\s(?:dengan|yaitu|yakni|adalah)\s|[,;:]\s", before.rstrip(" ,:;"))
    name = next((part for part in reversed(clause) if words.head.search(part)), None)
    if name is None:
        return None
    head = words.head.search(name)
    text = name[head.start() :] if head is not None else name
    return _Node(block, -1, text, amount, False)


def _is_budget(nodes: Sequence[_Node], root: _Node | None, introduction: str, heading: str) -> bool:
    amounts = [node for node in nodes if node.amount is not None and not _is_under_spent(node)]
    enough = _ENOUGH_AMOUNTS if root is None else 1
    if len(amounts) < enough:
        return False
    said = [introduction, heading, *(node.block.text for node in nodes)]
    return any(_vocabulary().context.search(text) for text in said)


def _is_under_spent(node: _Node | None) -> bool:
    while node is not None:
        if node.spent:
            return True
        node = node.parent
    return False


def _name_of(node: _Node) -> str:
    """The line's own words: without the amount and what leads up to it."""
    words = _vocabulary()
    text = node.text.strip()
    if node.amount is None:
        text = words.introduces.sub("", text)
    while (shorter := words.connector.sub("", text)) not in (text, ""):
        text = shorter
    return join_lines([text.strip(" ,.;:")])


def _budget_record(
    node: _Node, uraian: str, own_id: str, parent: str | None
) -> Record[AnggaranRow]:
    block = node.block
    kode = (block.marker or "").strip("().: ") or None
    row = AnggaranRow(
        anggaran_id=own_id,
        dokumen_id="",
        halaman=block.page if node.level >= 0 else block.lines[-1].page,
        induk_id=parent,
        kode=kode if node.level >= 0 else None,
        uraian=uraian,
        jumlah=node.amount.rupiah if node.amount else None,
    )
    sources = {"uraian": block.sources}
    if node.level < 0:
        at = block.text.find(node.text)
        sources["uraian"] = _sources(block, at, at + len(node.text))
    elif kode:
        sources["kode"] = block.sources[:1]
    if node.amount is not None:
        sources["jumlah"] = _sources(block, node.amount.start, node.amount.end)
    notes = [BUDGET_MARK]
    if node.amount is not None:
        notes += [*node.amount.marks, *([UNREAD_MARK] if node.amount.rupiah is None else [])]
    return Record(row, sources, notes=tuple(notes))


def _sources(block: Block, start: int, end: int) -> tuple[Source, ...]:
    """Where a stretch of a block's text stands."""
    return tuple(block.sources[i] for i in _lines(block, start, end))


def _lines(block: Block, start: int, end: int) -> list[int]:
    """Which of a block's lines a stretch of its text stands on."""
    texts = [line.text for line in block.lines]
    if block.marker is not None:
        texts[0] = texts[0].lstrip()[len(block.marker) :]
    found: list[int] = []
    begin = 0
    for i in range(len(block.lines)):
        stop = len(join_lines(texts[: i + 1]))
        if begin < end and stop > start:
            found.append(i)
        begin = stop
    return found


# Indicators ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Statement:
    """One indicator with its target, at its place in a block's text."""

    indicator: str
    target: str
    value: Value
    start: int
    middle: int
    end: int
    year: int | None


def read_prose_indicators(
    blocks: Sequence[Block], info: DocumentInfo, vocabulary: Vocabulary | None = None
) -> list[Record[IndikatorRow]]:
    """Indicators whose targets are stated in sentences and lists.

    Args:
        blocks: The document's text outside the tables, in reading order.
        info: Gives the year where the sentence names none.
        vocabulary: Units and grades; the built-in ones where None.

    Returns:
        Reading order; ids "i1", "i2", ... are local, `dokumen_id` is empty.
    """
    words = _vocabulary()
    records: list[Record[IndikatorRow]] = []
    over: tuple[str | None, int] | None = None  # a sasaran whose indicators are a list
    for block in blocks:
        if block.kind not in ("prosa", "butir"):
            over = None
            continue
        opener = words.opener.search(block.text)
        if opener is not None:
            sasaran = _sasaran(block.text[: opener.start()])
            rest = block.text[opener.end() :]
            over = (sasaran, block.level) if not rest.strip() else None
            found = _statements(rest, opener.end(), vocabulary)
        elif over is not None and block.kind == "butir" and block.level > over[1]:
            sasaran, found = over[0], _statements(block.text, 0, vocabulary)
        else:
            if over is not None and (block.kind == "prosa" or block.level <= over[1]):
                over = None
            sasaran, found = None, _targeted(block.text, vocabulary)
        for statement in found:
            own_id = f"i{len(records) + 1}"
            records.append(_indicator_record(block, statement, sasaran, info, own_id))
    return records


def _sasaran(before: str) -> str | None:
    """The objective that a sentence names before its indicators.

    A condition ("Meningkatnya ...") begins it where the sentence has words before it.
    """
    before = _SENTENCE.split(before.strip())[-1]
    condition = re.search(r"(?<!\w)[A-Z][a-z]+nya(?!\w)", before)
    if condition is None:
        return None
    return before[condition.start() :].strip(" ,;:.") or None


def _statements(text: str, offset: int, vocabulary: Vocabulary | None) -> list[_Statement]:
    """Indicators and targets that follow one another: "A sebesar 5%, B nilai 80 dan C ..."."""
    words = _vocabulary()
    found: list[_Statement] = []
    begin = 0
    for cue in words.cue.finditer(text):
        if cue.start() < begin:
            continue
        lead = re.match(r"[\s,;.]*(?:(?:dan|serta)\s+)?", text[begin:])
        start = begin + (lead.end() if lead else 0)
        indicator = text[start : cue.start()]
        if not words.measure.match(indicator) or len(indicator.split()) < 2:
            continue
        stop = _STOP.search(text, cue.end())
        end = stop.start() if stop else len(text)
        target, value, year = _target(text[cue.end() : end], indicator, vocabulary)
        if value is None:
            continue
        if words.results.search(indicator):
            begin = end
            continue
        found.append(
            _Statement(
                indicator.strip(" ,"),
                target,
                value,
                offset + start,
                offset + cue.end(),
                offset + end,
                year,
            )
        )
        begin = end
    return found


def _targeted(text: str, vocabulary: Vocabulary | None) -> list[_Statement]:
    """Sentences that begin with a measured thing and say "ditargetkan" and a value."""
    words = _vocabulary()
    found: list[_Statement] = []
    offset = 0
    for sentence in _SENTENCE.split(text):
        at = text.find(sentence, offset)
        offset = at + len(sentence)
        cue = _TARGETED.search(sentence)
        subject = _SUBJECT.match(sentence)
        if cue is None or subject is None or words.results.search(sentence):
            continue
        indicator = sentence[subject.end() : cue.start()]
        named = _YEAR_TAIL.search(indicator)
        bare = indicator[: named.start()] if named else indicator
        if not words.measure.match(bare) or len(bare.split()) < 2:
            continue
        stop = _STOP.search(sentence, cue.end())
        end = stop.start() if stop else len(sentence)
        target, value, year = _target(sentence[cue.end() : end], bare, vocabulary)
        if value is None:
            continue
        year = year or (int(named[1]) if named else None)
        if subject["year"]:
            year = year or int(subject["year"])
        found.append(
            _Statement(
                bare.strip(" ,"), target, value, at + subject.end(), at + cue.end(), at + end, year
            )
        )
    return found


def _target(
    text: str, indicator: str, vocabulary: Vocabulary | None
) -> tuple[str, Value | None, int | None]:
    """What stands behind a cue, if it is a value and nothing else."""
    tail = _YEAR_TAIL.search(text)
    year = int(tail[1]) if tail else None
    target = (text[: tail.start()] if tail else text).strip(" \u201c\u201d\"'")
    if not target or len(target.split()) > _TARGET_WORDS:
        return target, None, None
    value = read_value(target, "target", Context(indicator=indicator), vocabulary)
    if value.jenis in ("teks", "kosong"):
        return target, None, None
    return target, value, year


def _indicator_record(
    block: Block, said: _Statement, sasaran: str | None, info: DocumentInfo, own_id: str
) -> Record[IndikatorRow]:
    value = said.value
    indicator = _sources(block, said.start, said.middle)
    scan = ocr_marks(block.lines[i] for i in _lines(block, said.start, said.end))
    doubt = _DOUBTFUL if OCR_DOUBT in scan else 1.0
    row = IndikatorRow(
        indikator_id=own_id,
        dokumen_id="",
        halaman=indicator[0].page if indicator else block.page,
        sasaran=sasaran,
        indikator=said.indicator,
        tahun=said.year or info.year,
        target_teks=said.target,
        target_nilai=value.nilai,
        target_bawah=value.bawah,
        target_atas=value.atas,
        target_operator=value.operator,
        target_satuan=value.satuan,
        target_jenis=value.jenis,
        target_predikat=value.predikat,
        keyakinan=value.keyakinan * doubt,
        tanda=" ".join((TARGET_MARK, *scan, *value.tanda)),
    )
    target = _sources(block, said.middle, said.end)
    sources = {"indikator": indicator, "target_teks": target}
    if sasaran is not None:
        at = block.text.find(sasaran)
        if at >= 0:
            sources["sasaran"] = _sources(block, at, at + len(sasaran))
    return Record(row=row, sources=sources, notes=value.alasan)
