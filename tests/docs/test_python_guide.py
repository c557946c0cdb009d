"""The examples of docs/PYTHON.md, run from the root of the repository as it says."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_examples_do_what_they_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = doctest.testfile(
        str(ROOT / "docs" / "PYTHON.md"), module_relative=False,
        optionflags=doctest.NORMALIZE_WHITESPACE,
    )  # fmt: skip
    assert done.attempted > 20
    assert done.failed == 0
