"""Which unit stands under which: Bagian above Sub Bagian, Sekretariat, the agency.

A plan prints a Bagian's table and then its Sub Bagian's, often without saying who
belongs to whom. The evidence, strongest first: the budget nests them; the lower unit's
rows stand in the higher one's table; its words stand in the higher one's name ("Sub
Bagian Perencanaan", "Bagian Perencanaan, Data dan Informasi"). Only the kinds of units
and their rank come from a list, units.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import resources

from rktdata.reconcile.keys import content_words, fold, meant_words, similarity
from rktdata.schemas.document import Document
from rktdata.schemas.reconciled import UnitNode

_DATA = tomllib.loads(resources.files(__package__).joinpath("units.toml").read_text("utf-8"))
_LEVELS: tuple[tuple[str, int], ...] = tuple(
    sorted(_DATA["levels"].items(), key=lambda item: (-len(item[0]), item[0]))
)
_ABOVE: Mapping[str, str] = _DATA["above"]
_SAME_NAME = 0.85
_ENOUGH = 0.5
AGENCY = 1

Coverage = Callable[[str, str], float]


@lru_cache(maxsize=10_000)
def unit_kind(name: str) -> tuple[str, int] | None:
    """The kind word that a unit's name begins with, and its level.

    >>> unit_kind("Sub Bagian Keuangan"), unit_kind("Bag. Umum")
    (('sub bagian', 4), ('bagian', 3))
    """
    for text in (fold(name), " ".join(meant_words(name))):
        for kind, level in _LEVELS:
            if re.match(rf"{kind}\b", text):
                return kind, level
    return None


def unit_level(name: str | None) -> int:
    """A unit's level; what begins with no known kind, or is not named, is the agency."""
    found = unit_kind(name) if name else None
    return found[1] if found else AGENCY


@lru_cache(maxsize=10_000)
def own_words(name: str) -> str:
    """A unit's name without the word of its kind."""
    text = " ".join(meant_words(name))
    for kind, _ in _LEVELS:
        if re.match(rf"{kind}\b", text):
            return text[len(kind) :].strip()
    return text


def same_unit(first: str | None, second: str | None) -> bool:
    """Whether two names mean one unit; two names of agencies need only be related.

    >>> same_unit("Sub Bag Hukum", "Sub Bagian Hukum"), same_unit("Bagian Umum", "Bagian Hukum")
    (True, False)
    """
    if unit_level(first) != unit_level(second):
        return False
    if unit_level(first) == AGENCY:
        return same_agency(first, second)
    if first is None or second is None:
        return first == second
    return similarity(own_words(first), own_words(second)) >= _SAME_NAME


def same_agency(first: str | None, second: str | None) -> bool:
    """Whether two agency names can be one agency: alike, one within the other, initials."""
    if not first or not second:
        return True
    a, b = meant_words(first), meant_words(second)
    small, large = sorted((frozenset(a), frozenset(b)), key=len)
    if small <= large or similarity(first, second) >= _SAME_NAME:
        return True
    for short, long in ((a, b), (b, a)):
        initials = "".join(word[0] for word in long)
        if short and len(short[0]) > 2 and initials.startswith(short[0]):
            return True
    return False


def unit_tree(document: Document, units: Sequence[str], coverage: Coverage) -> tuple[UnitNode, ...]:
    """Find for each unit named by a document's tables the unit it belongs to.

    Args:
        document: Its budget lines show which unit is nested in which.
        units: Names as printed, reading order, each once.
        coverage: Share of the first unit's rows that stand in the second unit's table.

    Returns:
        One node per unit, in the order given; the agency first where it is not listed.
    """
    agency = next((u for u in units if unit_level(u) == AGENCY), document.row.instansi)
    nested = _budget_parents(document, units)
    nodes: list[UnitNode] = []
    if agency and agency not in units:
        nodes.append(UnitNode(agency, AGENCY))
    for unit in units:
        level = unit_level(unit)
        if level == AGENCY:
            nodes.append(UnitNode(unit, level))
            continue
        higher = [other for other in units if unit_level(other) < level]
        parent, evidence = _best_parent(unit, higher, nested, coverage)
        nodes.append(UnitNode(unit, level, parent or agency, evidence or ("jenjang",)))
    return tuple(nodes)


def _best_parent(
    unit: str, higher: Sequence[str], nested: Mapping[str, str], coverage: Coverage
) -> tuple[str | None, tuple[str, ...]]:
    """The higher unit with most evidence; by rank alone only where that is listed."""
    best: tuple[float, int, str, tuple[str, ...]] | None = None
    for other in higher:
        evidence: list[str] = []
        score = 0.0
        if nested.get(unit) == other:
            score += 3
            evidence.append("anggaran")
        rows = coverage(unit, other)
        if rows >= _ENOUGH:
            score += 2 * rows
            evidence.append("isi")
        shared = _contained(own_words(unit), own_words(other))
        if shared >= _ENOUGH and unit_level(other) > AGENCY:
            score += shared
            evidence.append("nama")
        rank = (score, unit_level(other), other, tuple(evidence))
        if score > 0 and (best is None or rank[:2] > best[:2]):
            best = rank
    if best:
        return best[2], best[3]
    kind = unit_kind(unit)
    above = _ABOVE.get(kind[0]) if kind else None
    for other in higher:
        other_kind = unit_kind(other)
        if above and other_kind and other_kind[0] == above:
            return other, ("jenjang",)
    between = [other for other in higher if unit_level(other) > AGENCY]
    return (between[0], ("jenjang",)) if len(between) == 1 else (None, ())


def _contained(small: str, large: str) -> float:
    """Share of a name's words that stand in another name."""
    words = content_words(small)
    return len(words & content_words(large)) / len(words) if words else 0.0


def _budget_parents(document: Document, units: Sequence[str]) -> dict[str, str]:
    """Unit to the unit above it, where the budget's nesting names both."""
    lines = {record.row.anggaran_id: record.row for record in document.budget}
    found: dict[str, str] = {}
    for row in lines.values():
        unit = _named(row.uraian, units)
        above = lines.get(row.induk_id) if row.induk_id else None
        while unit and above:
            parent = _named(above.uraian, units)
            if parent and unit_level(parent) < unit_level(unit):
                found.setdefault(unit, parent)
                break
            above = lines.get(above.induk_id) if above.induk_id else None
    return found


def _named(text: str, units: Sequence[str]) -> str | None:
    if unit_level(text) == AGENCY:
        return None
    return next((unit for unit in units if same_unit(unit, text)), None)
