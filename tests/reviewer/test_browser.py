"""The review page in a real browser, served by the command on a sample."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rktdata
from tests.test_browser import CHROMIUM, FLAGS

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("uvicorn", reason="the extra review is not installed")
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install chromium"
)

SAMPLES = [
    Path(__file__).parents[2] / "samples" / f"{name}.pdf"
    for name in ("renja-pupr-angka-inggris", "rkt-disdik-sel-gabungan")
]


# What the browser says of a value that was refused, which the page tells its user.
REFUSED = "status of 422"


def rkt(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "rktdata", *map(str, arguments)]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review") / "data"
    rktdata.extract(SAMPLES, folder, report=False)
    return folder


@pytest.fixture(scope="module")
def address(dataset: Path) -> Iterator[str]:
    command = rkt("review", dataset, "--who", "Ani")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()
    assert server.returncode == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, address: str, dataset: Path) -> Iterator[Any]:
    """The page opened, nothing corrected yet; any complaint or foreign request fails."""
    (dataset / "koreksi.csv").unlink(missing_ok=True)
    wrong: list[str] = []
    home = address.partition("/api")[0]
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.on(
        "console",
        lambda message: wrong.append(message.text) if REFUSED not in message.text else None,
    )
    opened.on(
        "response",
        lambda answer: (
            answer.status < 400
            or answer.status == 422
            or wrong.append(f"{answer.status}: {answer.url}")
        ),
    )
    opened.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    opened.on(
        "request",
        lambda request: (
            None if request.url.startswith(home) else wrong.append(f"request: {request.url}")
        ),
    )
    opened.goto(address)
    opened.locator("#items button").first.wait_for()
    opened.locator("#boxes div").first.wait_for()
    yield opened
    context.close()
    assert wrong == []


def picture(page: Any, name: str) -> None:
    folder = os.environ.get("RKT_SCREENSHOTS")
    if folder:
        drawn(page)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def drawn(page: Any) -> None:
    """Wait until the picture of the page is there."""
    page.locator("#picture").evaluate("image => image.decode()")


def expect(locator: Any) -> Any:
    return playwright.expect(locator)


def lines(dataset: Path) -> list[dict[str, str]]:
    with (dataset / "koreksi.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def indicators(dataset: Path) -> dict[str, dict[str, str]]:
    with (dataset / "indikator.csv").open(encoding="utf-8", newline="") as file:
        return {row["indikator"] + row["tahun"]: row for row in csv.DictReader(file)}


def current(page: Any) -> Any:
    return page.locator("#items button[aria-current=true]")


def field(page: Any, name: str) -> Any:
    return page.locator(f"#record button.field[data-field={name}]")


def test_a_correction_is_in_the_dataset_and_outlives_another_reader(
    page: Any, dataset: Path
) -> None:
    title = page.locator("#record h2").inner_text()
    page.keyboard.press("e")
    page.keyboard.type("12,5 %")
    page.locator("form.edit [name=reason]").fill("salah baca")
    picture(page, "review-edit")
    page.keyboard.press("Enter")
    expect(field(page, "target_nilai").locator(".value")).to_have_text("12.5")
    expect(current(page).locator(".tag")).to_have_text("dikoreksi")
    picture(page, "review-corrected")
    [line] = lines(dataset)
    assert (line["kolom"], line["nilai_baru"]) == ("target_teks", "12,5 %")
    assert (line["alasan"], line["oleh"]) == ("salah baca", "Ani")

    def corrected() -> list[tuple[str, str]]:
        return [
            (row["indikator"], row["target_nilai"])
            for row in indicators(dataset).values()
            if "koreksi" in row["tanda"]
        ]

    assert corrected() == []
    subprocess.run(rkt("audit", dataset, "--no-report", "-q"), check=True)
    assert corrected() == [(title, "12.5")]
    rktdata.extract(SAMPLES, dataset, report=False, reader="pdfplumber")
    assert corrected() == [(title, "12.5")]
    page.reload()  # the page notices that the dataset was written anew
    expect(page.locator("#states [data-state=koreksi] b")).to_have_text("1")


def test_a_confirmed_record_leaves_the_list_and_stays_confirmed(page: Any, dataset: Path) -> None:
    total = int(page.locator("#states [data-state=belum] b").inner_text())
    first, second = (page.locator("#items button").nth(n).get_attribute("data-id") for n in (0, 1))
    page.keyboard.press("c")
    expect(current(page)).to_have_attribute("data-id", second)
    expect(page.locator("#states [data-state=belum] b")).to_have_text(str(total - 1))
    assert [(line["kolom"], line["nilai_baru"]) for line in lines(dataset)] == [("semua", "benar")]
    page.reload()
    expect(current(page)).to_have_attribute("data-id", second)
    page.locator("#states [data-state=dikonfirmasi]").click()
    expect(page.locator("#items button")).to_have_count(1)
    expect(current(page)).to_have_attribute("data-id", first)
    page.keyboard.press("u")
    expect(page.locator("#states [data-state=belum] b")).to_have_text(str(total))


def test_keys_pressed_quickly_are_done_in_turn(page: Any, dataset: Path) -> None:
    items = page.locator("#items button")
    wanted = [items.nth(n).get_attribute("data-id") for n in (1, 2, 4)]
    for key in "jccjc":
        page.keyboard.press(key)
    expect(page.locator("#states [data-state=dikonfirmasi] b")).to_have_text("3")
    page.locator("#states [data-state=dikonfirmasi]").click()
    expect(items).to_have_count(3)
    assert {items.nth(n).get_attribute("data-id") for n in range(3)} == set(wanted)


def test_the_most_doubtful_come_first(page: Any) -> None:
    weights = {"galat": 3, "peringatan": 2, "catatan": 1}
    worst = page.locator("#items button").evaluate_all(
        "all => all.map(b => [...b.querySelectorAll('.tag')].map(t => t.classList[1]))"
    )
    order = [max((weights.get(tag, 0) for tag in tags), default=0) for tags in worst]
    assert order == sorted(order, reverse=True)
    assert order[0] > order[-1]


def test_pointing_at_a_value_marks_its_place(page: Any) -> None:
    page.keyboard.press("j")
    expect(page.locator("#items button").nth(1)).to_have_attribute("aria-current", "true")
    page.locator("#boxes div[data-field=target_teks]").first.wait_for()
    field(page, "target_teks").hover()
    marked = page.locator("#boxes div.on")
    expect(marked).to_have_count(1)
    assert marked.get_attribute("data-field") == "target_teks"
    drawn(page)
    # Where the mark is, the picture is not blank.
    dark = page.evaluate(
        """() => {
          const image = document.getElementById('picture');
          const mark = document.querySelector('#boxes div.on').getBoundingClientRect();
          const all = image.getBoundingClientRect();
          const scale = image.naturalWidth / all.width;
          const canvas = document.createElement('canvas');
          canvas.width = mark.width * scale;
          canvas.height = mark.height * scale;
          const drawing = canvas.getContext('2d');
          drawing.drawImage(image, (mark.x - all.x) * scale, (mark.y - all.y) * scale,
            canvas.width, canvas.height, 0, 0, canvas.width, canvas.height);
          const data = drawing.getImageData(0, 0, canvas.width, canvas.height).data;
          return data.filter((value, at) => at % 4 === 0 && value < 128).length;
        }"""
    )
    assert dark > 10
    page.locator("#boxes div[data-field=indikator]").first.hover()
    expect(field(page, "indikator")).to_have_class("field on")


def test_a_value_that_does_not_fit_is_told_and_not_saved(page: Any, dataset: Path) -> None:
    field(page, "target_nilai").click()
    page.keyboard.type("banyak")
    page.keyboard.press("Enter")
    expect(page.locator("form.edit .error")).to_contain_text("bukan angka; tulis seperti 1234,5")
    page.keyboard.press("Escape")
    expect(page.locator("form.edit")).to_have_count(0)
    assert not (dataset / "koreksi.csv").exists()


def test_a_correction_is_taken_back(page: Any, dataset: Path) -> None:
    before = field(page, "target_teks").locator(".value").inner_text()
    page.keyboard.press("e")
    page.keyboard.type("1 <b>")
    page.keyboard.press("Enter")
    expect(field(page, "target_teks").locator(".value")).to_have_text("1 <b>")
    page.keyboard.press("u")
    expect(field(page, "target_teks").locator(".value")).to_have_text(before)
    assert [line["nilai_baru"] for line in lines(dataset)] == ["1 <b>", before]
    expect(current(page).locator(".tag.koreksi")).to_have_count(0)


def test_the_list_is_filtered_and_searched(page: Any) -> None:
    total = page.locator("#items button").count()
    page.locator("#kind").select_option("anggaran")
    expect(page.locator("#items button")).not_to_have_count(total)
    expect(field(page, "jumlah")).to_have_count(1)
    page.locator("#kind").select_option("")
    expect(page.locator("#items button")).to_have_count(total)
    word = "partisipasi"
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type(word)
    expect(page.locator("#items button")).not_to_have_count(total)
    texts = page.locator("#items button").all_inner_texts()
    assert all(word.lower() in text.lower() for text in texts)
    page.locator("#words").fill("katayangtidakada")
    expect(page.locator("#none")).to_be_visible()


def test_fields_are_walked_through_by_keyboard(page: Any) -> None:
    page.keyboard.press("ArrowDown")
    expect(field(page, "target_teks")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("form.edit")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    picture(page, "review-help")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("#items button").first).to_have_attribute("aria-current", "true")


def test_the_language_is_switched(page: Any) -> None:
    assert page.locator("html").get_attribute("lang") == "id"
    picture(page, "review-id")
    page.locator("[data-lang=en]").click()
    expect(page.locator("h1")).to_have_text("Review of the reading")
    expect(page.locator("[data-action=confirm]")).to_contain_text("Right")
    picture(page, "review-en")


@pytest.mark.parametrize("width", [390, 1440])
def test_it_fits_the_screen(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture(page, f"review-dark-{width}")
