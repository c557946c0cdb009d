"""README.md and README.id.md say the same; what they tell of the command is true."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from pathlib import Path

import pytest
from typer.main import get_command

from rktdata.commands import app

ROOT = Path(__file__).parents[2]
NAMES = ("README.md", "README.id.md")
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def outside_code(name: str) -> str:
    return re.sub(r"```.*?```|^    .*$", "", text(name), flags=re.DOTALL | re.MULTILINE)


def headings(name: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", outside_code(name), re.MULTILINE)]


def code_lines(name: str) -> list[str]:
    """Lines of code, comments left out."""
    fenced = "\n".join(re.findall(r"```\w*\n(.*?)```", text(name), re.DOTALL))
    indented = re.findall(
        r"^    (\S.*)$", re.sub(r"```.*?```", "", text(name), flags=re.DOTALL), re.M
    )
    lines = [*indented, *fenced.splitlines()]
    return [re.sub(r"\s+#.*", "", line).strip() for line in lines]


def spans(name: str) -> Counter[str]:
    return Counter(re.findall(r"`([^`\n]+)`", outside_code(name)))


def links(name: str) -> list[str]:
    found = re.findall(r"\]\(([^)]+)\)", outside_code(name))
    return [link for link in found if link not in NAMES]


def blocks(name: str) -> list[str]:
    """What kind each paragraph is: a table, a list, a quotation, a picture, text."""
    kinds = {"|": "table", "-": "list", ">": "quote", "!": "picture", "#": "heading"}
    found = re.split(r"\n\s*\n", outside_code(name).strip())
    return [
        f"{kinds.get(b.lstrip()[0], 'text')} {b.count(chr(10)) if b[0] in '|->' else ''}"
        for b in found
    ]


@pytest.mark.parametrize("part", [headings, code_lines, spans, links, blocks])
def test_both_languages_say_the_same(part: object) -> None:
    english, indonesian = (part(name) for name in NAMES)  # type: ignore[operator]
    assert indonesian == english


@pytest.mark.parametrize("name", NAMES)
def test_each_names_the_other_and_links_lead_somewhere(name: str) -> None:
    [other] = set(NAMES) - {name}
    assert f"({other})" in text(name)
    for link in links(name):
        assert link.startswith("https://") or (ROOT / link).is_file(), link


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_shown_and_can_be_given_so(name: str) -> None:
    lines = [shlex.split(line) for line in code_lines(name) if line.startswith("rkt ")]
    for _, command, *arguments in lines:
        COMMANDS[command].make_context(command, arguments)
    assert {command for _, command, *_ in lines} == set(COMMANDS)


@pytest.mark.parametrize("name", NAMES)
def test_options_that_are_named_are_there(name: str) -> None:
    known = {option for c in COMMANDS.values() for p in c.params for option in p.opts} | {"--help"}
    assert set(re.findall(r"`(?:[^`\n]* )?(--[a-z-]+)", text(name))) <= known
