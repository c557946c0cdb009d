"""One indicator in the plans of several agencies: known by its words alone.

Agencies are gone through one after the other, so that no list of all indicators is ever
held; an id made of the words is the same wherever they stand. Spelling variants, affixes,
small words and their order do not count, nor does the agency's own name ("Nilai SAKIP
Dinas Kesehatan"); any other word does.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from rktdata.reconcile.keys import fold, is_light, meant_words, root

# An agency's initials of fewer letters can be another word.
_SHORTEST_INITIALS = 4


def common_id(indicator: str, agency: str | None) -> str:
    """An id that the same indicator has in any agency's plan.

    >>> one = common_id("Persentase pengaduan yang diselesaikan Dinas Sosial", "Dinas Sosial")
    >>> one == common_id("Prosentase penyelesaian pengaduan", "Dinas Kesehatan Kota Satu")
    True
    >>> one == common_id("Persentase pengaduan yang ditangani", "Dinas Kesehatan Kota Satu")
    False
    """
    text = fold(indicator)
    for name in _names(agency or ""):
        text = re.sub(rf"\b{re.escape(name)}\b", " ", text)
    # A text that is nothing but the agency's name keeps it.
    words = {root(w) for w in meant_words(text) if not is_light(w)} or set(meant_words(indicator))
    return "s-" + hashlib.sha256(" ".join(sorted(words)).encode()).hexdigest()[:12]


@lru_cache(maxsize=1000)
def _names(agency: str) -> tuple[str, ...]:
    """How an agency is named in its own plans, longest first: in full, shortened, initials.

    >>> _names("Dinas Sosial Kota Satu")
    ('dinas sosial kota satu', 'dinas sosial kota', 'dinas sosial', 'dsks')
    """
    words = fold(agency).split()
    names = [" ".join(words[:length]) for length in range(len(words), 1, -1)]
    initials = "".join(word[0] for word in words)
    if len(initials) >= _SHORTEST_INITIALS:
        names.append(initials)
    return tuple(names)
