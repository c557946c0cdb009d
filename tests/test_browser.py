"""The report in a real browser: Debian's chromium, driven by playwright.

Skipped where either is missing. RKT_SCREENSHOTS=folder keeps pictures to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rktdata.output.dataset import DatasetWriter, document_entry
from rktdata.review import find_pdfs, read_from, review
from tests.reviewed import HOSTILE, contradicting, write_pdfs

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install chromium"
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    plans = [contradicting("a", hostile=HOSTILE), contradicting("b", "Badan Lain")]
    with DatasetWriter(folder / "data") as writer:
        for one in plans:
            writer.add(document_entry(one))
    paths = find_pdfs(write_pdfs(folder / "pdf", "a", "b"), [one.row for one in plans])
    assert not review(folder / "data", read_from(paths)).failures
    return folder / "data" / "laporan.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, report: Path) -> Iterator[Any]:
    """The report opened; any complaint, or request beyond the file, fails the test."""
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.on("console", lambda message: wrong.append(f"console: {message.text}"))
    opened.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    opened.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
    opened.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("data:", report.as_uri()))
            else wrong.append(f"request: {request.url}")
        ),
    )
    opened.goto(report.as_uri())
    yield opened
    context.close()
    assert wrong == []


def picture(page: Any, name: str) -> None:
    folder = os.environ.get("RKT_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def kept(page: Any) -> Any:
    """The findings that the filters let through."""
    return page.locator("#list > .f:not([hidden])")


def wait_for(page: Any, count: int) -> None:
    playwright.expect(kept(page)).to_have_count(count)


def test_it_opens(page: Any) -> None:
    assert page.title() == "Laporan audit rencana kinerja"
    assert kept(page).count() == page.locator("#list > .f").count() > 4
    picture(page, "overview")


def having(page: Any, condition: str) -> int:
    count: int = page.locator(f"#list > .f{condition}").count()
    return count


def test_findings_are_filtered(page: Any) -> None:
    total = having(page, "")
    page.locator("[name=sev][value=galat]").uncheck()
    wait_for(page, total - having(page, ".galat"))
    page.locator("#filters [type=reset]").click()
    wait_for(page, total)

    page.locator("#rule").select_option("R09")
    wait_for(page, having(page, "[data-rule=R09]"))
    page.locator("#doc").select_option(index=2)
    wait_for(page, 1)
    assert page.locator("#shown").inner_text() == f"1 dari {total}"
    page.locator("#filters [type=reset]").click()
    wait_for(page, total)

    unit = page.locator("#unit option").nth(1).get_attribute("value")
    page.locator("#unit").select_option(unit)
    all_units = page.locator("#list > .f").evaluate_all("all => all.map(e => e.dataset.unit)")
    assert 0 < all_units.count(unit) < total
    wait_for(page, all_units.count(unit))


def test_findings_are_searched(page: Any) -> None:
    texts = [text.lower() for text in page.locator("#list > .f").all_text_contents()]
    page.keyboard.press("/")
    page.keyboard.type("INDEKS kepuasan 100%")
    fitting = [t for t in texts if all(w in t for w in ("indeks", "kepuasan", "100%"))]
    assert 0 < len(fitting) < len(texts)
    wait_for(page, len(fitting))
    page.locator("#q").fill("katayangtidakada")
    page.locator("#none").wait_for(state="visible")
    page.keyboard.press("Escape")
    wait_for(page, len(texts))


def test_crops_show_the_page_with_the_passage_marked(page: Any) -> None:
    finding = page.locator("#list > .f[data-rule=R09]").first
    finding.locator("summary").first.click()
    crops = finding.locator("svg.crop")
    assert crops.count() == 2
    left, right = crops.nth(0).bounding_box(), crops.nth(1).bounding_box()
    assert left["y"] == pytest.approx(right["y"], abs=2)
    assert left["x"] + left["width"] < right["x"]
    assert min(left["height"], right["height"]) > 50
    mark = crops.nth(0).locator(".mark").first.bounding_box()
    assert left["x"] <= mark["x"]
    assert mark["y"] + mark["height"] <= left["y"] + left["height"]
    shades = page.evaluate(
        """async () => {
          const image = new Image();
          image.src = document.querySelector('defs image').getAttribute('href');
          await image.decode();
          return [image.naturalWidth, image.naturalHeight];
        }"""
    )
    assert min(shades) > 50
    finding.scroll_into_view_if_needed()
    picture(page, "finding")


def test_the_language_is_switched(page: Any) -> None:
    page.locator("[data-set-lang=en]").click()
    assert page.title() == "Performance plan audit report"
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text() == "Performance plan audit report"
    assert page.locator("#q").get_attribute("placeholder").startswith("words")
    assert page.locator("#rule option").first.inner_text() == "all rules"
    assert page.locator(".l-id:visible").count() == 0
    picture(page, "english")
    page.locator("[data-set-lang=id]").click()
    assert page.locator(".l-en:visible").count() == 0


def test_it_is_used_by_keyboard(page: Any) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    at = "document.activeElement.closest('.f') === document.querySelectorAll('#list > .f')[%d]"
    assert page.evaluate(at % 1)
    page.keyboard.press("k")
    assert page.evaluate(at % 0)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(at % 1)
    page.keyboard.press("Enter")
    assert page.locator("#list > .f").nth(1).get_attribute("open") is not None
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_cell_of_the_matrix_leads_to_its_finding(page: Any) -> None:
    page.locator(".matrix a").first.click()
    finding = page.locator("#list > .f[open]")
    assert finding.count() == 1
    assert page.locator("#matrix-filter [value=cocok]").is_checked()
    page.locator("#matrix-filter [value=cocok]").uncheck()
    assert page.locator("tr.cocok:visible").count() == 0
    assert page.locator("tr.berbeda:visible").count() > 0


def test_the_overview_leads_to_findings(page: Any) -> None:
    page.locator(".rules button").first.click()
    rule = page.locator(".rules button").first.get_attribute("data-rule")
    wait_for(page, having(page, f"[data-rule={rule}]"))
    assert page.locator("#rule").input_value() == rule


def test_what_a_document_says_does_nothing(page: Any) -> None:
    assert page.locator("img").count() == 0
    assert page.evaluate("document.scripts.length") == 1
    assert "onerror" in page.locator("#list").text_content()


def test_it_prints_everything(page: Any) -> None:
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#list > .f:not([open])").count() == 0
    assert not page.locator("#filters").is_visible()
    assert page.pdf()[:5] == b"%PDF-"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#list > .f[open]").count() == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_the_screen(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture(page, f"dark-{width}")
