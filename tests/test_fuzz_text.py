"""The checks that `make fuzz` runs on texts that it finds, run on texts that are known."""

from __future__ import annotations

import random

import pytest

from tests.fuzz_text import CELL, CHECKS, ROW, seeds, timed

# Found by atheris, or feared: each once did harm to some reader of numbers or names.
NASTY = [
    "",
    "\0",
    "\ufffd" * 4000,
    "1" * 4000,
    "1." * 2000,
    "9e999999999",
    "-" * 4000,
    "(" * 4000,
    "1 " * 2000,
    "1-" * 2000,
    "100 %" * 800,
    "\u0661\u0662\u0663 persen",
    "\u00bd\u2155 \u2460\u2474 IV",
    "\u202e000.1 pR",
    "NaN Infinity -0",
    "Rp " * 1300,
    ">" * 4000,
    "Target > " * 450,
    (CELL * 11 + ROW) * 12,
    CELL.join(["(1)", "(2)", "(3)"]) + ROW + CELL.join(["1", "2", "3"]),
]


@pytest.mark.parametrize("kind", CHECKS)
def test_nasty_texts_have_an_answer(kind: str) -> None:
    for text in NASTY:
        timed(CHECKS[kind], text)


@pytest.mark.parametrize("kind", CHECKS)
def test_known_texts_mixed_at_random_have_an_answer(kind: str) -> None:
    chance = random.Random(6)
    known = seeds(kind)
    assert len(known) > 30
    for _ in range(300):
        first, second = chance.choice(known), chance.choice(known)
        cut = chance.randrange(len(first) + 1)
        timed(CHECKS[kind], first[:cut] + second[cut // 2 :] + chance.choice(["", "\0", ROW, "%"]))
