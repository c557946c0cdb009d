from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rktdata.output.explain import UnknownRecordError
from rktdata.review import find_pdfs, read_from, review
from rktdata.reviewer.desk import Desk, Wanted, fields_of
from rktdata.reviewer.ranking import indicator_item, ranked
from rktdata.schemas.records import IndikatorRow
from tests.reviewed import FIRST, SECOND, contradicting, write, write_pdfs

KEYS = {name: contradicting(name).row.dokumen_id for name in ("a", "b")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    plans = [contradicting("a"), contradicting("b", "Badan Lain")]
    made = write(tmp_path / "data", *plans, failed=True)
    review(made, report=False)
    return made


@pytest.fixture
def open_desk(tmp_path: Path, folder: Path) -> Iterator[Callable[[], Desk]]:
    paths = find_pdfs(
        write_pdfs(tmp_path / "pdf", "a", "b"), [contradicting(name).row for name in KEYS]
    )
    opened: list[Desk] = []

    def make() -> Desk:
        opened.append(Desk(folder, read_from(paths)))
        return opened[-1]

    yield make
    for desk in opened:
        desk.close()


def ids(desk: Desk, **wanted: str) -> list[str]:
    return [item.id for item in desk.listing(Wanted(**wanted)).items]


def item(confidence: float = 1.0, severities: Any = (), **fields: Any) -> Any:
    given = {"target_teks": "80", "target_nilai": 80, "target_jenis": "nilai", **fields}
    row = IndikatorRow(
        indikator_id="i", dokumen_id="d", halaman=1, indikator="x", keyakinan=confidence, **given
    )
    return indicator_item(row, severities)


def test_what_is_in_most_doubt_comes_first() -> None:
    in_order = [
        item(0.4, ["galat"]),
        item(severities=["galat", "catatan"]),
        item(0.5),
        item(severities=["peringatan"]),
        item(target_nilai=None, target_jenis="teks"),
        item(severities=["catatan"]),
        item(tanda="sel-terbelah"),
        item(),
    ]
    assert ranked(in_order[::-1]) == in_order
    assert [one.reasons for one in in_order] == [
        ("galat", "ragu"), ("galat", "catatan"), ("ragu",), ("peringatan",),
        ("tanpa-nilai",), ("catatan",), ("bertanda",), (),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"target_teks": None, "target_nilai": None, "target_jenis": "kosong"},
        {"target_nilai": None, "target_bawah": 1, "target_atas": 2, "target_jenis": "rentang"},
        {"target_nilai": None, "target_predikat": "WTP", "target_jenis": "predikat"},
        {"target_nilai": None, "target_jenis": "banyak"},
        {"tanda": "koreksi dikonfirmasi"},
    ],
)
def test_what_gives_no_reason_to_look(fields: dict[str, Any]) -> None:
    assert item(**fields).reasons == ()


def test_records_are_listed_and_filtered(open_desk: Callable[[], Desk]) -> None:
    desk = open_desk()
    everything = ids(desk)
    assert len(everything) == len(set(everything)) == 2 * (7 + 3)
    assert set(ids(desk, document_id=KEYS["b"])) == {i for i in everything if KEYS["b"] in i}
    assert len(ids(desk, kind="anggaran")) == 6
    assert ids(desk, words=f"{FIRST} 100%".lower()) != []
    assert ids(desk, words="katayangtidakada") == []
    galat = ids(desk, reason="galat")
    assert galat == everything[: len(galat)]
    assert desk.listing(Wanted(), offset=3, limit=2).items == desk.listing(Wanted()).items[3:5]


def test_what_is_written_is_shown_at_once_and_to_the_next(
    open_desk: Callable[[], Desk], folder: Path
) -> None:
    desk = open_desk()
    record_id = f"{KEYS['a']}-i1"
    before = (folder / "indikator.csv").read_bytes()
    detail = desk.write(record_id, "target_teks", "85 %", "salah baca", "Ani")
    assert (detail.item.state, detail.item.value) == ("koreksi", "85 %")
    desk.write(f"{KEYS['b']}-a1", "semua", "benar", "", "Ani")
    for one in (desk, open_desk()):
        assert one.listing(Wanted()).by_state == {"belum": 18, "koreksi": 1, "dikonfirmasi": 1}
        assert ids(one, state="koreksi") == [record_id]
        fields = {field["name"]: field for field in fields_of(one.detail(record_id).record)}
        assert (fields["target_nilai"]["value"], fields["target_nilai"]["read"]) == ("85", "80")
    assert (folder / "indikator.csv").read_bytes() == before


def test_a_line_that_is_removed_is_forgotten(open_desk: Callable[[], Desk], folder: Path) -> None:
    desk = open_desk()
    record_id = f"{KEYS['a']}-i1"
    desk.write(record_id, "target_teks", "85 %", "", "")
    review(folder, report=False)
    (folder / "koreksi.csv").unlink()
    for one in (desk, open_desk()):
        assert one.detail(record_id).item.state == "belum"
        assert ids(one, state="koreksi") == []


def test_lapses_are_told_with_their_record(open_desk: Callable[[], Desk], folder: Path) -> None:
    desk = open_desk()
    record_id = f"{KEYS['a']}-i1"
    desk.write(record_id, "target_teks", "85 %", "", "")
    path = folder / "koreksi.csv"
    path.write_text(path.read_text("utf-8").replace("80%", "70%"), "utf-8")
    assert [lapse.cause for lapse in desk.lapses()] == ["berubah"]
    assert [lapse.now for lapse in desk.detail(record_id).lapses] == ["80%"]
    assert desk.detail(f"{KEYS['a']}-i2").lapses == ()


def test_findings_that_were_accepted_are_no_reason(
    open_desk: Callable[[], Desk], folder: Path
) -> None:
    desk = open_desk()
    shown = ids(desk, reason="galat")
    findings = [f for one in shown for f, _ in desk.detail(one).findings]
    assert findings
    accepted = "".join(f"{f.temuan_id}\n" for f in findings)
    (folder / "temuan-diterima.csv").write_text("temuan_id\n" + accepted)
    assert ids(desk, reason="galat") == []


def test_pages_are_drawn_and_kept(open_desk: Callable[[], Desk]) -> None:
    desk = open_desk()
    drawn = desk.page(KEYS["a"], 1)
    assert drawn is not None
    assert drawn[8:12] == b"WEBP"
    assert desk.page(KEYS["a"], 1) is drawn
    assert desk.page(KEYS["a"], 2) is None
    assert desk.page("x", 1) is None


def test_a_pdf_that_is_gone_or_another_is_not_drawn(folder: Path) -> None:
    for answer in (None, b"%PDF-another"):
        desk = Desk(folder, lambda _, answer=answer: answer)
        assert desk.page(KEYS["a"], 1) is None
        desk.close()


def test_an_unknown_record_is_told(open_desk: Callable[[], Desk]) -> None:
    desk = open_desk()
    with pytest.raises(UnknownRecordError):
        desk.detail("x")
    with pytest.raises(UnknownRecordError):
        desk.write("x", "semua", "benar", "", "")


def test_every_record_of_the_second_indicator_can_be_shown(open_desk: Callable[[], Desk]) -> None:
    desk = open_desk()
    for record_id in ids(desk, words=SECOND):
        assert SECOND in desk.detail(record_id).record.row.indikator
