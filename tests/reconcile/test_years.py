"""What became of a list's indicators: each case is two lists and what should be said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rktdata.reconcile import reconcile
from rktdata.reconcile.years import root, succession
from rktdata.schemas.reconciled import Listing
from tests.plans import plan, row, table

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "years.json").read_text("utf-8"))


def listing(texts: list[str], year: int) -> Listing:
    made = plan(table(*(row(text, "80 %") for text in texts)), key=f"d{year}", year=year)
    [found] = reconcile([made]).listings.values()
    return found


def told(before: list[str], after: list[str]) -> dict[str, Any]:
    """Everything but what is the same word for word."""
    found = succession(listing(before, 2023), listing(after, 2024))
    said = {
        "kept": [[m.first.text, m.second.text] for m in found.kept
                 if m.first.text != m.second.text],
        "splits": [[whole.text, sorted(e.text for e in parts)] for whole, parts in found.splits],
        "merges": [[sorted(e.text for e in parts), whole.text] for parts, whole in found.merges],
        "dropped": [e.text for e in found.dropped],
        "added": [e.text for e in found.added],
        "undecided": sorted(e.text for e in found.undecided),
    }  # fmt: skip
    return {key: value for key, value in said.items() if value}


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_succession(case: dict[str, Any]) -> None:
    around = case.get("both", [])
    assert told([*around, *case["before"]], [*around, *case["after"]]) == case["told"]


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_backwards_it_is_the_mirror_image(case: dict[str, Any]) -> None:
    around = case.get("both", [])
    found = told([*around, *case["after"]], [*around, *case["before"]])
    there = case["told"]
    mirror = {
        "kept": [[b, a] for a, b in there.get("kept", [])],
        "splits": [[whole, parts] for parts, whole in there.get("merges", [])],
        "merges": [[parts, whole] for whole, parts in there.get("splits", [])],
        "dropped": there.get("added", []),
        "added": there.get("dropped", []),
        "undecided": there.get("undecided", []),
    }
    assert found == {key: value for key, value in mirror.items() if value}


def test_roots() -> None:
    assert root("penyusunan") == root("menyusun") == root("susun") == root("disusun")
    assert root("dokumen") != root("laporan")
    assert root("dinas") == "dinas"  # nothing is taken off that leaves less than a word


def test_an_empty_list_has_lost_all() -> None:
    full = listing(["Jumlah rapat koordinasi"], 2023)
    empty = replace(full, entries=())
    assert succession(full, empty).dropped == succession(empty, full).added == full.entries


WORDS = st.sampled_from(["jumlah", "persentase", "jalan", "jembatan", "mantap", "rusak", "dan"])
TEXTS = st.lists(st.lists(WORDS, min_size=2, max_size=5).map(" ".join), min_size=1, max_size=6)


@given(TEXTS, TEXTS)
@settings(max_examples=60)
def test_every_indicator_is_told_of_once(before: list[str], after: list[str]) -> None:
    first, second = listing(before, 2023), listing(after, 2024)
    found = succession(first, second)
    told = [
        *(e.id for m in found.kept for e in (m.first, m.second)),
        *(e.id for whole, parts in found.splits for e in (whole, *parts)),
        *(e.id for parts, whole in found.merges for e in (*parts, whole)),
        *(e.id for e in (*found.dropped, *found.added, *found.undecided)),
    ]
    assert sorted(told) == sorted(e.id for e in (*first.entries, *second.entries))
