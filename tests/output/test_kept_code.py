from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from rktdata.output.report.kept_code import KeptCode


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "page.j2"
    path.write_text("{{ what }}!")
    return path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are compiled, in order."""
    sources: list[str] = []
    compile_ = Environment.compile

    def noted(self: Environment, source: str, *rest: object, **more: object) -> object:
        sources.append(source)
        return compile_(self, source, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", noted)
    return sources


def rendered(page: Path) -> str:
    environment = Environment(
        loader=FileSystemLoader(page.parent), bytecode_cache=KeptCode(page), autoescape=True
    )
    return environment.get_template(page.name).render(what="a")


def test_code_is_kept_until_its_source_changes(page: Path, compiled: list[str]) -> None:
    assert [rendered(page), rendered(page)] == ["a!", "a!"]
    page.write_text("{{ what }}?")
    assert [rendered(page), rendered(page)] == ["a?", "a?"]
    assert compiled == ["{{ what }}!", "{{ what }}?"]
    assert [path.suffix for path in (page.parent / "__pycache__").iterdir()] == [".pyc"]


def test_code_of_another_jinja_is_not_used(
    page: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered(page)
    monkeypatch.setattr("rktdata.output.report.kept_code.version", lambda _: "99.0")
    rendered(page)
    assert len(compiled) == 2


@pytest.mark.parametrize("size", [0, 3, 20, 60])
def test_damaged_code_is_made_anew(page: Path, compiled: list[str], size: int) -> None:
    rendered(page)
    [kept] = (page.parent / "__pycache__").iterdir()
    kept.write_bytes(kept.read_bytes()[:size])
    assert [rendered(page), rendered(page)] == ["a!", "a!"]
    assert len(compiled) == 2


def test_where_no_code_can_be_kept_there_is_a_report_too(page: Path) -> None:
    (page.parent / "__pycache__").write_text("no folder")
    assert rendered(page) == "a!"


def test_no_code_is_kept_where_python_keeps_none(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered(page) == "a!"
    assert not (page.parent / "__pycache__").exists()
