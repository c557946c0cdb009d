"""What became of an agency's indicators from one plan to the next.

From year to year indicators are kept, reworded, split in two, merged, dropped and added.
Rules:
- What `align` finds is kept, but an indicator in which one thing was put in another's
  place ("Perempuan", "Disabilitas") is another indicator.
- A word weighs the more, the fewer indicators of the two lists have it: in a list in
  which every line begins "Persentase KPU Kabupaten/Kota yang ..." these words say little.
- A split needs two or more new indicators that, taken together, say again what one that
  is gone said, each a part of it or the whole with a qualifier; a merge is the mirror
  image. Both are looked for before a rewording, which would take one part for the whole.
- What fits two counterparts equally well is left undecided, neither dropped nor added; so
  is the second of two indicators with one text of which the other list has only one.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rktdata.reconcile.groups import align
from rktdata.reconcile.keys import content_words, fold, is_light, meant_words, root, word_difference
from rktdata.schemas.reconciled import (
    Entry,
    Listing,
    Match,
    Succession,
    Tie,
)

# Share of an indicator's words (by weight) that stand in another one of which it is a part.
_PART = 0.75
# Share of the words of what was split that stand in its parts.
_WHOLE = 0.8
# Both ways: not a part but the same.
_SAME = 0.9
_MOST_PARTS = 5
# Likeness (Dice, by weight) from which two leftovers are one indicator reworded, and how
# far the next best must lie behind.
_REWORDED = 0.6
_AHEAD = 0.08


def is_reworded(first: str, second: str) -> bool:
    """Whether more than spelling, order and small words differ.

    >>> is_reworded("Prosentase layanan dan data", "Persentase data, layanan")
    False
    >>> is_reworded("Persentase layanan", "Persentase layanan daring")
    True
    """
    difference = word_difference(first, second)
    return difference.critical or any(
        not is_light(word) for word in (*difference.only_a, *difference.only_b)
    )


def succession(first: Listing, second: Listing) -> Succession:
    """Lay the lists of two plans of one unit side by side, the earlier one first."""
    if not first.entries or not second.entries:
        return Succession(dropped=first.entries, added=second.entries)
    alignment = align(first, second, "antar-tahun")
    words = _Words((*first.entries, *second.entries))
    matches = _by_unit(m for m in alignment.matches if not words.is_substitute(m.first, m.second))
    kept = {m.first.id: m for m in matches}
    undecided, open_ = _tied(alignment.ties)
    taken = {m.second.id for m in kept.values()}
    for entry_id in (*kept, *taken):
        undecided.pop(entry_id, None)
        open_.pop(entry_id, None)

    splits, merges = _regrouped(first, second, kept, undecided, words)
    gone = {e.id for whole, _ in splits for e in (whole,)} | {
        e.id for parts, _ in merges for e in parts
    }
    new = {e.id for _, parts in splits for e in parts} | {whole.id for _, whole in merges}
    undecided |= {key: entry for key, entry in open_.items() if key not in gone | new}
    kept = {a: m for a, m in kept.items() if a not in gone and m.second.id not in new}
    taken = {m.second.id for m in kept.values()}
    left = [e for e in first.entries if e.id not in {*kept, *gone, *undecided}]
    right = [e for e in second.entries if e.id not in {*taken, *new, *undecided}]
    for match in _rewordings(left, right, words):
        kept[match.first.id] = match
        left.remove(match.first)
        right.remove(match.second)
    undecided |= {e.id: e for e in (*_also_in(left, second), *_also_in(right, first))}
    left = [e for e in left if e.id not in undecided]
    right = [e for e in right if e.id not in undecided]
    return Succession(
        tuple(sorted(kept.values(), key=lambda match: match.first.position)),
        tuple(splits),
        tuple(merges),
        tuple(left),
        tuple(right),
        tuple(undecided.values()),
    )


def _tied(ties: Iterable[Tie]) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """Entries with several equally good counterparts, by id.

    Returns:
        Those of one text with them; and those that differ from all of them by words, which
        can be the parts of a split or of a merge.
    """
    same: dict[str, Entry] = {}
    other: dict[str, Entry] = {}
    for tie in ties:
        alike = not all(is_reworded(tie.entry.text, e.text) for e in tie.candidates)
        found = same if alike else other
        found |= {entry.id: entry for entry in (tie.entry, *tie.candidates)}
    return same, {key: entry for key, entry in other.items() if key not in same}


def _also_in(left: Sequence[Entry], other: Listing) -> list[Entry]:
    """Leftovers that stand in the other list too, in the same words or forms of them."""
    texts = {_roots(e.text) for e in other.entries}
    return [e for e in left if _roots(e.text) in texts]


def _roots(text: str) -> tuple[str, ...]:
    return tuple(map(root, meant_words(text)))


def _by_unit(matches: Iterable[Match]) -> list[Match]:
    """Of entries with one text, those whose targets are in one unit belong together.

    "Jumlah kegiatan" can stand twice in a list, once in "kegiatan", once in "komunitas";
    the next plan may print them in the other order.
    """
    alike: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for match in matches:
        alike[fold(match.first.text), fold(match.second.text)].append(match)
    found = []
    for group in alike.values():
        left = [match.second for match in group]
        for match in sorted(group, key=lambda m: m.first.row.target_satuan is None):
            unit = match.first.row.target_satuan
            second = next((e for e in left if e.row.target_satuan == unit), None)
            if second is not None:
                left.remove(second)
                found.append(Match(match.first, second, match.similarity))
        paired = {match.first.id for match in found}
        rest = [match for match in group if match.first.id not in paired]
        found += [
            Match(match.first, second, match.similarity)
            for match, second in zip(rest, left, strict=True)
        ]
    return found


class _Words:
    """The words of the indicators of two lists, by their roots, with their weights."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._roots = {e.id: frozenset(map(root, content_words(e.text))) for e in entries}
        texts = {e.text: self._roots[e.id] for e in entries}
        found = Counter(word for roots in texts.values() for word in roots)
        self._weights = {word: math.log(1 + len(texts) / n) for word, n in found.items()}

    def of(self, entry: Entry) -> frozenset[str]:
        return self._roots[entry.id]

    def weight(self, words: Iterable[str]) -> float:
        return sum(self._weights[word] for word in sorted(words))

    def share(self, words: frozenset[str], within: frozenset[str]) -> float:
        """How much of some words stands in others, 0 to 1 by weight."""
        return self.weight(words & within) / self.weight(words) if words else 0.0

    def likeness(self, a: Entry, b: Entry) -> float:
        one, other = self.of(a), self.of(b)
        both = self.weight(one) + self.weight(other)
        return 2 * self.weight(one & other) / both if both else 0.0

    def is_substitute(self, a: Entry, b: Entry) -> bool:
        """Whether they differ by one word that was put in another's place."""
        if not is_reworded(a.text, b.text):
            return False
        one, other = self.of(a), self.of(b)
        return len(one - other) == 1 and len(other - one) == 1

    def is_part(self, part: Entry, whole: Entry) -> bool:
        """Whether one says a part of what the other says, or all of it and a qualifier."""
        some, all_ = self.of(part), self.of(whole)
        if len(some) < 2 or len(all_) < 2:
            return False
        inside, filled = self.share(some, all_), self.share(all_, some)
        if min(inside, filled) >= _SAME:
            return False
        return inside >= _PART or (filled >= _PART and len(some - all_) <= len(all_))


@dataclass(frozen=True, slots=True)
class _Cut:
    """A split, or with `backwards` a merge: the whole, its parts, how well they fill it."""

    whole: Entry
    parts: tuple[Entry, ...]
    filled: float
    backwards: bool


def _regrouped(
    first: Listing,
    second: Listing,
    kept: Mapping[str, Match],
    undecided: Mapping[str, Entry],
    words: _Words,
) -> tuple[list[tuple[Entry, tuple[Entry, ...]]], list[tuple[tuple[Entry, ...], Entry]]]:
    """Splits and merges, the best first; an indicator is in one of them at most.

    What was kept with other words can be a part, or the whole, of one.
    """
    loose = {
        m.first.id: m.second for m in kept.values() if is_reworded(m.first.text, m.second.text)
    }
    back = {second.id: first for first, second in
            ((m.first, m.second) for m in kept.values() if m.first.id in loose)}  # fmt: skip
    held = {*undecided, *kept, *(m.second.id for m in kept.values())}
    left = [e for e in first.entries if e.id not in held]
    right = [e for e in second.entries if e.id not in held]
    cuts = [
        *_cuts([*left, *back.values()], right, loose, words, backwards=False),
        *_cuts([*right, *loose.values()], left, back, words, backwards=True),
    ]
    splits, merges, used = [], [], set[str]()
    for cut in sorted(cuts, key=lambda c: (-c.filled, c.backwards, c.whole.position)):
        ids = {cut.whole.id, *(e.id for e in cut.parts)}
        if ids & used:
            continue
        used |= ids
        if cut.backwards:
            merges.append((cut.parts, cut.whole))
        else:
            splits.append((cut.whole, cut.parts))
    splits.sort(key=lambda split: split[0].position)
    merges.sort(key=lambda merge: merge[1].position)
    return splits, merges


def _cuts(
    wholes: Sequence[Entry],
    free: Sequence[Entry],
    partner: Mapping[str, Entry],
    words: _Words,
    backwards: bool,
) -> Iterator[_Cut]:
    """The wholes that can be put together from free entries and their own counterpart."""
    for whole in wholes:
        own = [partner[whole.id]] if whole.id in partner else []
        parts = [e for e in [*own, *free] if words.is_part(e, whole)]
        if own and own[0] not in parts:
            continue
        parts = _different(parts, words)
        if not 2 <= len(parts) <= _MOST_PARTS or (own and own[0] not in parts):
            continue
        said = frozenset(word for part in parts for word in words.of(part))
        filled = words.share(words.of(whole), said)
        if filled >= _WHOLE:
            ordered = tuple(sorted(parts, key=lambda e: e.position))
            yield _Cut(whole, ordered, filled, backwards)


def _different(parts: Sequence[Entry], words: _Words) -> list[Entry]:
    """Those that say something which none of the others says."""
    return [
        part
        for part in parts
        if words.of(part) - {w for other in parts if other is not part for w in words.of(other)}
    ]


def _rewordings(left: Sequence[Entry], right: Sequence[Entry], words: _Words) -> list[Match]:
    """Pairs of leftovers each of which is the other's best, clearly."""
    scores: dict[str, list[tuple[float, str]]] = {e.id: [] for e in (*left, *right)}
    for a in left:
        for b in right:
            score = 0.0 if words.is_substitute(a, b) else words.likeness(a, b)
            scores[a.id].append((score, b.id))
            scores[b.id].append((score, a.id))
    best = {key: _clearly_best(found) for key, found in scores.items()}
    return [
        Match(a, b, round(max(scores[a.id])[0], 6))
        for a in left
        for b in right
        if best[a.id] == b.id and best[b.id] == a.id
    ]


def _clearly_best(scores: Sequence[tuple[float, str]]) -> str | None:
    """The one with the highest score, if that is enough and the next is well behind."""
    (score, key), *rest = sorted(scores, reverse=True) or [(0.0, "")]
    ahead = score - rest[0][0] if rest else score
    return key if score >= _REWORDED and ahead >= _AHEAD else None
