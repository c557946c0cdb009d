"""The rules by id: each is one function over a `Case`, declared where it is written.

    @rule("R01", "galat", "D", "SMART (M)", "Setiap indikator bertarget", "Every ...")
    def empty_target(case: Case) -> Iterator[Draft]: ...

A rule yields drafts; the runner makes findings of them, with ids from their content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rktdata.audit.case import Case
from rktdata.schemas.findings import Place, RuleInfo, Scope, Severity


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule found, before it has an id; see `Finding` for the fields."""

    message_id: str
    message_en: str
    a: Place
    b: Place | None = None
    others: tuple[Place, ...] = ()
    similarity: float | None = None
    unit: str | None = None
    severity: Severity | None = None

    @property
    def places(self) -> tuple[Place, ...]:
        """All places, the two main ones first."""
        return (self.a, *((self.b,) if self.b else ()), *self.others)


Check = Callable[[Case], Iterable[Draft]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and the function that checks it."""

    info: RuleInfo
    check: Check


_RULES: dict[str, Rule] = {}


def rule(
    rule_id: str, severity: Severity, scope: Scope, basis: str, title_id: str, title_en: str
) -> Callable[[Check], Check]:
    """Register a function as the check of a rule; an id can be taken once."""

    def register(check: Check) -> Check:
        if rule_id in _RULES:
            raise ValueError(f"rule {rule_id} is registered twice")
        _RULES[rule_id] = Rule(RuleInfo(rule_id, severity, scope, basis, title_id, title_en), check)
        return check

    return register


def registered() -> tuple[Rule, ...]:
    """All rules, by id."""
    return tuple(_RULES[rule_id] for rule_id in sorted(_RULES))
