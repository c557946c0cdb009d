"""Printed copies of one indicator put together: `reconcile` is the stage."""

from rktdata.reconcile.groups import reconcile, with_group_ids

__all__ = ["reconcile", "with_group_ids"]
