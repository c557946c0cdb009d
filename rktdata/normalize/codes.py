"""Codes of the budget: programmes, KRO and RO, accounts; never numbers, never dates.

Two families. Ministries: BA.unit.program > kegiatan (4 digits) > KRO (3 letters) > RO >
komponen > subkomponen > akun (6 digits). Regions: urusan.bidang.program.kegiatan
.subkegiatan and accounts, figures in groups of one to four.

Source: DOMAIN.md 3.3; PMK 62/2023; Permendagri 90/2019 and 13/2006.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST = 60
_MINISTRY = re.compile(
    r"(?:(?P<ba>\d{3})\.(?P<unit>\d{2})\.(?P<program>[A-Z]{2}|\d{2}))"
    r"|(?:(?:(?P<ba2>\d{3})\.(?P<unit2>\d{2})\.)?(?:(?P<program2>[A-Z]{2})\.)?"
    r"(?P<kegiatan>\d{4})\.(?P<kro>[A-Z]{3})(?:\.U?(?P<ro>[0-9A-Z]{3}))?"
    r"(?:\.(?P<komponen>\d{3}))?(?:\.(?P<sub>[0-9A-Z]{1,2}))?(?:\.(?P<akun>\d{6}))?)"
)
_MINISTRY_LEVELS = (
    ("akun", "akun"),
    ("sub", "subkomponen"),
    ("komponen", "komponen"),
    ("ro", "ro"),
    ("kro", "kro"),
    ("program", "program"),
    ("unit", "unit"),
)
_REGION = re.compile(r"\d{1,2}(?:\.\d{1,4}){2,8}\.?|\d{1,2}(?: \d{2}){2,6}")
_REGION_LEVELS = {2: "bidang", 3: "program", 4: "kegiatan", 5: "kegiatan", 6: "subkegiatan"}


@dataclass(frozen=True, slots=True)
class Code:
    """A code as printed, without spaces, and the level it names."""

    text: str
    level: str


def parse_code(text: str) -> Code | None:
    """Read a text that is nothing but a code; None where it is not certainly one.

    Figures with full stops are a code only where they cannot be a number: some group
    has one, two or four figures, and a group with a leading zero stands first among them.

    >>> parse_code("2886.EBA.962"), parse_code("054.01.GG")
    (Code(text='2886.EBA.962', level='ro'), Code(text='054.01.GG', level='program'))
    >>> parse_code("7.01.01.2.01.0001"), parse_code("5.1.02.01.01")
    (Code(text='7.01.01.2.01.0001', level='subkegiatan'), Code(text='5.1.02.01.01', level='akun'))
    >>> parse_code("1.234.567"), parse_code("12.34.5"), parse_code("184.300.000.00")
    (None, None, None)
    """
    text = text.strip()
    if not 3 < len(text) <= _LONGEST:
        return None
    match = _MINISTRY.fullmatch(text)
    if match is not None:
        groups = match.groupdict()
        for name, level in _MINISTRY_LEVELS:
            if groups.get(name):
                return Code(text, level)
    if _REGION.fullmatch(text) is None:
        return None
    groups_of_figures = [g for g in re.split(r"[.\s]+", text) if g]
    if not _is_regional(groups_of_figures):
        return None
    tight = ".".join(groups_of_figures)
    if groups_of_figures[0] in ("4", "5", "6") and len(groups_of_figures[1]) == 1:
        return Code(tight, "akun")
    return Code(tight, _REGION_LEVELS.get(len(groups_of_figures), "rekening"))


def _is_regional(groups: list[str]) -> bool:
    """Groups that no grouping of thousands gives, with a zero in front of one of them."""
    inner = groups[1:]
    if all(len(g) == 3 for g in inner[:-1]):
        return False
    if len(groups[0]) > 2 or any(len(g) == 3 for g in inner[:1]):
        return False
    return any(g.startswith("0") for g in inner) and all(
        len(g) in (1, 2, 4) or g[0] == "0" for g in inner
    )
