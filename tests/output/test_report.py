from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rktdata.output.report.crops import render_crops, window_of
from rktdata.output.report.model import Crop, budget_lines, make_chapter
from rktdata.panel import make_panel
from rktdata.reconcile import reconcile
from rktdata.review import find_pdfs, read_from, review
from tests.plans import findings
from tests.reviewed import FIRST, HOSTILE, contradicting, pdf, write, write_pdfs


class Tags(HTMLParser):
    """Every tag with its attributes, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def report(tmp_path: Path, hostile: str = "", with_pdfs: bool = True) -> str:
    plans = [contradicting("a", hostile=hostile), contradicting("b", "Badan Lain" + hostile)]
    folder = write(tmp_path / "data", *plans)
    pdfs = write_pdfs(tmp_path / "pdf", "a", "b")
    paths = find_pdfs(pdfs, [one.row for one in plans]) if with_pdfs else {}
    assert not review(folder, read_from(paths)).failures
    return (folder / "laporan.html").read_text("utf-8")


def test_what_a_document_says_is_text(tmp_path: Path) -> None:
    html = report(tmp_path, HOSTILE)
    parsed = Tags(html)
    assert not parsed.named("img")
    assert len(parsed.named("script")) == 1
    assert "49" not in re.findall(r"&amp;(..)", html)
    assert "{{7*7}}" in html
    assert not {"\x07", "\u202e"} & set(html)
    for tag, attributes in parsed.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag


def test_nothing_is_fetched(tmp_path: Path) -> None:
    parsed = Tags(report(tmp_path, HOSTILE))
    for tag, attributes in parsed.tags:
        for name in ("src", "href", "srcset", "data", "action", "poster", "xlink:href"):
            value = attributes.get(name)
            assert value is None or value.startswith(("#", "data:image/webp;base64,")), (tag, value)
    assert not {"link", "iframe", "object", "embed", "base"} & {tag for tag, _ in parsed.tags}


def test_only_its_own_style_and_script_may_run(tmp_path: Path) -> None:
    html = report(tmp_path)
    [policy] = [
        str(meta["content"])
        for meta in Tags(html).named("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; ")
    assert "img-src data:;" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        [text] = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_both_languages_stand_in_it(tmp_path: Path) -> None:
    html = report(tmp_path)
    assert html.count('class="l-id"') == html.count('class="l-en"') > 100
    for text in ("Laporan audit rencana kinerja", "Performance plan audit report"):
        assert text in html
    assert 'data-set-lang="en"' in html


def test_each_finding_shows_both_places(tmp_path: Path) -> None:
    html = report(tmp_path)
    [finding] = re.findall(r'<details class="f galat" id="f-R09-[^>]*>.*?</details>', html, re.S)[
        :1
    ]
    assert FIRST in finding
    assert finding.count('<svg class="crop"') == 2
    assert finding.count('class="mark"') >= 2
    assert "80%" in finding
    assert "100%" in finding
    used = set(re.findall(r'<use href="#(p\d+)"', html))
    assert used == set(re.findall(r'<image id="(p\d+)"', html))


def test_a_pdf_that_is_gone_is_told(tmp_path: Path) -> None:
    html = report(tmp_path, with_pdfs=False)
    assert "<image" not in html
    assert "rkt audit --pdf" in html
    assert "PDF tidak ada; halaman 1 tidak dapat ditunjukkan." in html


def test_the_sections_show_indicators_budget_and_years(tmp_path: Path) -> None:
    html = report(tmp_path)
    assert '<tr class="berbeda">' in html
    assert "≠ −Rp\u00a0100" in html
    assert "<polyline" in html


def test_a_chapter_knows_what_differs() -> None:
    made = contradicting("a")
    reconciled = reconcile([made])
    chapter = make_chapter([made], reconciled, findings(made), make_panel([made], reconciled))
    [view] = chapter.documents
    assert view.matrix.counts == {"berbeda": 1, "cocok": 1}
    first = view.matrix.rows[0]
    assert (first.indicator, first.status) == (FIRST, "berbeda")
    assert [[copy.text for copy in cell] for cell in first.cells] == [["80%"], ["100%"]]
    assert [copy.variant for cell in first.cells for copy in cell] == [0, 1]
    assert first.finding is not None
    assert [(line.depth, line.difference) for line in budget_lines(made)] == [
        (0, -100), (1, None), (1, None),
    ]  # fmt: skip
    assert any(len(item.points) >= 3 and not item.constant for item in chapter.series)


# Crops

A, B = hashlib.sha256(pdf("a")).hexdigest()[:16], hashlib.sha256(pdf("b")).hexdigest()[:16]


def crop(document: str, page: int = 1, top: float = 0.0) -> Crop:
    window = (0.0, top, 300.0, top + 96.0)
    return Crop(document, page, window, ((10.0, top + 20, 90.0, top + 28),))


def test_a_window_is_rendered_once() -> None:
    crops = [crop(A), crop(A), crop(A, top=120.0)]
    pictures = render_crops(crops, {A: pdf("a")}.get)
    assert len(pictures.by_window) == 2
    for picture in pictures.by_window.values():
        assert picture.data[:4] == b"RIFF"


READERS = [
    ({}, "the file is gone"),
    ({A: pdf("b")}, "another file"),
    ({A: b"%PDF-1.4 broken"}, "no PDF"),
]


@pytest.mark.parametrize("files", [files for files, _ in READERS], ids=[why for _, why in READERS])
def test_a_pdf_that_is_not_the_one_gives_no_picture(files: dict[str, bytes]) -> None:
    pictures = render_crops([crop(A)], files.get)
    assert (pictures.by_window, pictures.gone) == ({}, {A})


def test_a_page_that_is_not_there_gives_no_picture() -> None:
    pictures = render_crops([crop(A), crop(A, page=9)], {A: pdf("a")}.get)
    assert list(pictures.by_window) == [window_of(crop(A))]


def test_pictures_stay_within_their_room() -> None:
    crops = [crop(A, top=12.0 * at) for at in range(10)] + [crop(B)]
    files = {A: pdf("a"), B: pdf("b")}
    whole = render_crops(crops, files.get)
    some = render_crops(crops, files.get, max_bytes=20_000)
    assert sum(len(p.data) for p in some.by_window.values()) <= 20_000
    assert len(some.by_window) + some.left_out == len(whole.by_window) == 11
