"""The rules, by subject; importing this package registers all of them."""

from rktdata.audit.rules import (
    budget,
    names,
    plans,
    scans,
    structure,
    targets,
    twins,
    wording,
    years,
)

__all__ = ["budget", "names", "plans", "scans", "structure", "targets", "twins", "wording", "years"]
