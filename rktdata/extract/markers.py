"""List markers and section numbers at the head of a line, and what follows what.

"1.", "1.1.", "a.", "a)", "(1)", "IV.", "-", a bullet: each is a style; a list's items
share one. "i." is the ninth letter or the Roman one, which only its neighbours tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BULLETS = (
    "-\u2013\u2014\u2212*\u00b7\u2022\u203a\u2023\u25cf\u25aa\u25a0\u25cb\u25e6\u27a2\u2713\u2714"
    "\u00fc\u00d8"  # Wingdings' tick and arrow, read as Latin letters
)
_MARKER = re.compile(
    rf"""(?P<marker>
        (?P<levels>\d{{1,2}}(?:\.\d{{1,2}})+)(?P<stop>[.)]?)(?!\d)(?=\s|[^\W\d])
      | \(?(?P<number>\d{{1,2}})[.)](?![\d.])
      | \(?(?P<letter>[A-Za-z])[.)](?=\s|$)
      | \(?(?P<roman>[IVX]{{2,5}}|[ivx]{{2,5}})[.)](?=\s|$)
      | (?P<bullet>[{re.escape(BULLETS)}\ue000-\uf8ff])(?=\s|[^\W\d_])
    )\s*(?P<text>.*)$""",
    re.VERBOSE | re.DOTALL,
)
_ROMANS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker at the head of a line.

    Attributes:
        text: As printed: "1.1.", "a)", "-".
        style: What its siblings share: "1.", "1.1", "a)", "(1)", "I.", "-".
        value: Its place in the list, None for bullets.
        rest: What stands behind it.
        either: For "i", "v", "x": the style and value if it is Roman.
    """

    text: str
    style: str
    value: int | None
    rest: str
    either: tuple[str, int] | None = None

    def follows(self, other: Marker) -> bool:
        """Whether this is the next item of the other's list."""
        if self.style != other.style:
            return False
        if self.value is None or other.value is None:
            return self.text == other.text
        return self.value == other.value + 1

    def as_roman(self) -> Marker:
        """The same marker, read as a Roman number where it can be one."""
        if self.either is None:
            return self
        return Marker(self.text, self.either[0], self.either[1], self.rest)


def parse_marker(text: str) -> Marker | None:
    """The marker a line begins with; None for text, dates, amounts and lone numbers.

    >>> [m.style if (m := parse_marker(t)) else None
    ...  for t in ("1. Program", "1.1. Bagian", "a) x", "(2) y", "- z", "15.537 ribu", "PT. A")]
    ['1.', '1.1', 'a)', '(1)', '-', None, None]
    """
    found = _MARKER.match(text)
    if found is None:
        return None
    marker, rest = found["marker"].strip(), found["text"]
    if found["bullet"]:
        if not rest or rest[0].isdigit():
            return None
        return Marker(marker, found["bullet"], None, rest)
    if found["levels"]:
        numbers = [int(part) for part in found["levels"].split(".")]
        style = ".".join("1" for _ in numbers)
        return Marker(marker, style, numbers[-1], rest)
    around = ("(" if marker.startswith("(") else "", marker[-1])
    if found["number"]:
        return Marker(marker, f"{around[0]}1{around[1]}", int(found["number"]), rest)
    if found["roman"]:
        roman = found["roman"].lower()
        if roman not in _ROMANS:
            return None
        style = "I" if found["roman"].isupper() else "i"
        return Marker(marker, f"{around[0]}{style}{around[1]}", _ROMANS.index(roman), rest)
    letter = found["letter"]
    first = "A" if letter.isupper() else "a"
    either = None
    if letter.lower() in _ROMANS:
        one = "I" if letter.isupper() else "i"
        either = (f"{around[0]}{one}{around[1]}", _ROMANS.index(letter.lower()))
    value = ord(letter.lower()) - ord("a") + 1
    return Marker(marker, f"{around[0]}{first}{around[1]}", value, rest, either)
