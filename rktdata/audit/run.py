"""The audit: every rule over the case, drafts made findings with stable ids."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import rktdata.audit.rules  # noqa: F401 - importing the rules registers them
from rktdata.audit.case import Case
from rktdata.audit.registry import Draft, Rule, registered
from rktdata.schemas.document import Document
from rktdata.schemas.findings import SEVERITIES, Finding, Place, RuleInfo
from rktdata.schemas.reconciled import Reconciled


def audit(documents: Sequence[Document], reconciled: Reconciled) -> list[Finding]:
    """Check every rule.

    Args:
        documents: The same that `reconciled` was made from.
        reconciled: What reconcile found in them.

    Returns:
        Findings by document (in the order given), severity, rule and page.
    """
    case = Case(documents, reconciled)
    order = {document_id: place for place, document_id in enumerate(case.documents)}
    seen: Counter[str] = Counter()
    findings = [_finding(rule, draft, seen) for rule in registered() for draft in rule.check(case)]
    return sorted(
        findings,
        key=lambda f: (
            order[f.document_id],
            SEVERITIES.index(f.severity),
            f.rule.id,
            f.a.page or 0,
            f.id,
        ),
    )


def rule_infos() -> tuple[RuleInfo, ...]:
    """The rules as a reader sees them, by id."""
    return tuple(rule.info for rule in registered())


def _finding(rule: Rule, draft: Draft, seen: Counter[str]) -> Finding:
    content = "\n".join((rule.info.id, _content(draft.a), _content(draft.b) if draft.b else ""))
    seen[content] += 1
    if seen[content] > 1:
        content += f"\n{seen[content]}"
    digest = hashlib.sha256(content.encode()).hexdigest()[:10]
    return Finding(
        f"{rule.info.id}-{digest}",
        rule.info,
        draft.severity or rule.info.severity,
        draft.message_id,
        draft.message_en,
        draft.a,
        draft.b,
        draft.others,
        draft.similarity,
        draft.unit,
    )


def _content(place: Place) -> str:
    return "\n".join((place.document_id, place.key or place.label_id, place.value or ""))
