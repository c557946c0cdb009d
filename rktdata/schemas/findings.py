"""What the audit says: findings, the places they point at, and what was accepted.

A report builder needs nothing else: a finding carries both printed values, both places
with page and boxes (for a crop of the page with the passage marked), one sentence in
Indonesian and one in English, the rule with its legal basis, and the records it rests
on. Agreement is never a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from rktdata.schemas.records import TemuanRow
from rktdata.schemas.values import Source

Severity: TypeAlias = Literal["galat", "peringatan", "catatan"]
Scope: TypeAlias = Literal["D", "P", "Y"]
SEVERITIES: tuple[Severity, ...] = ("galat", "peringatan", "catatan")


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """A rule as a reader sees it.

    Attributes:
        id: "R01" to "R44" as in DOMAIN.md 3.6; from "R45" on rules of our own.
        severity: galat (changes a target, a sum, a place), peringatan (structure,
            names), catatan (style); a finding may deviate.
        scope: D one document, P plans of one agency and year, Y across years.
        basis: Legal or professional basis, as in DOMAIN.md.
        title_id, title_en: The rule in one line.
    """

    id: str
    severity: Severity
    scope: Scope
    basis: str
    title_id: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands.

    Attributes:
        document_id: Its document.
        page: From 1; None for a whole document.
        label_id, label_en: "Tabel 5, baris 13" / "Table 5, row 13".
        value: As printed; None where the point is that nothing is printed.
        sources: Page and box of each piece; empty where only the page is known.
        records: Ids of the dataset rows (indikator_id, anggaran_id, tabel_id).
        key: The content it is known by over runs, part of the finding's id.
    """

    document_id: str
    page: int | None
    label_id: str
    label_en: str
    value: str | None = None
    sources: tuple[Source, ...] = ()
    records: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A line of temuan-diterima.csv: this finding is known and accepted, and why."""

    temuan_id: str
    alasan: str
    oleh: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One inconsistency.

    Attributes:
        id: Rule and a hash of what is said, the same in every run on the same content;
            a changed value makes another finding, so an acceptance lapses with it.
        rule: Its rule.
        severity: Of this finding.
        message_id, message_en: One sentence, both values in it.
        a, b: The two places side by side; b is None where one place is enough.
        others: Further places of the same finding (copies of either value, further rows).
        similarity: Of the two texts, 0 to 1, where one was used.
        unit: The unit concerned, for filters.
        acceptance: Set when a reviewer accepted it; such findings stay listed.
    """

    id: str
    rule: RuleInfo
    severity: Severity
    message_id: str
    message_en: str
    a: Place
    b: Place | None = None
    others: tuple[Place, ...] = ()
    similarity: float | None = None
    unit: str | None = None
    acceptance: Acceptance | None = None

    @property
    def document_id(self) -> str:
        """The document of the first place."""
        return self.a.document_id

    @property
    def places(self) -> tuple[Place, ...]:
        """All places, the two main ones first."""
        return (self.a, *((self.b,) if self.b else ()), *self.others)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Ids of the records it rests on, each once, first place first."""
        return tuple(dict.fromkeys(record for place in self.places for record in place.records))


def finding_row(finding: Finding) -> TemuanRow:
    """A finding as its row of temuan.csv."""
    return TemuanRow(
        temuan_id=finding.id,
        dokumen_id=finding.document_id,
        aturan=finding.rule.id,
        tingkat=finding.severity,
        pesan=finding.message_id,
        halaman=finding.a.page,
        nilai_a=finding.a.value,
        nilai_b=finding.b.value if finding.b else None,
        bukti=" ".join(finding.evidence) or None,
    )


def mark_accepted(
    findings: Sequence[Finding], accepted: Sequence[Acceptance]
) -> tuple[list[Finding], list[Acceptance]]:
    """Set `acceptance` on the findings that a reviewer accepted.

    Returns:
        All findings, in the order given, and the acceptances that fit no finding any
        more (the text was corrected, or a value changed).
    """
    by_id = {acceptance.temuan_id: acceptance for acceptance in accepted}
    marked = [replace(f, acceptance=by_id[f.id]) if f.id in by_id else f for f in findings]
    known = {finding.id for finding in findings}
    return marked, [a for a in accepted if a.temuan_id not in known]
