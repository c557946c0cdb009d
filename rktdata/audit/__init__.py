"""What in a plan contradicts itself, other plans, or the rules: `audit` is the stage."""

from rktdata.audit.run import audit, rule_infos
from rktdata.schemas.findings import finding_row, mark_accepted

__all__ = ["audit", "finding_row", "mark_accepted", "rule_infos"]
