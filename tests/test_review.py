from __future__ import annotations

import csv
import os
import signal
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import rktdata.review
from rktdata.review import find_pdfs, group_by_agency, read_from, review
from rktdata.schemas.errors import DatasetError
from rktdata.schemas.records import DokumenRow
from tests.documents import document
from tests.reviewed import contradicting, write, write_pdfs


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_review_writes_groups_findings_and_the_report(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", contradicting("a"), failed=True)
    found = review(folder)
    assert found.open["galat"] > 0
    findings = rows(folder / "temuan.csv")
    assert len(findings) == found.open.total() == found.rows["temuan"]
    assert "R09" in {row["aturan"] for row in findings}
    groups = {row["kelompok_id"]: row for row in rows(folder / "kelompok.csv")}
    of = [row["kelompok_id"] for row in rows(folder / "indikator.csv")]
    assert set(of) == set(groups)
    assert groups[of[0]]["status"] == "berbeda"
    assert (folder / "laporan.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert [row["status"] for row in rows(folder / "dokumen.csv")] == ["lengkap", "gagal"]
    assert found.without_pictures == (contradicting("a").row.dokumen_id,)


def test_frictionless_finds_it_valid(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    folder = write(tmp_path / "data", contradicting("a"), contradicting("b", ""), failed=True)
    review(folder)
    package = frictionless.Package(str(folder / "datapackage.json"))
    assert {resource.name for resource in package.resources} >= {"kelompok", "temuan"}
    assert package.validate().flatten(["type", "message"]) == []


def test_again_is_the_same_bytes(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", contradicting("a"), contradicting("b", "Badan Lain"))
    paths = find_pdfs(
        write_pdfs(tmp_path / "pdf", "a", "b"), [contradicting(n).row for n in ("a", "b")]
    )
    review(folder, read_from(paths))
    before = contents(folder)
    assert not review(folder, read_from(paths)).without_pictures
    assert contents(folder) == before


def test_one_process_and_two_write_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = [contradicting(name, f"Dinas {name * 4}") for name in "abc"]
    monkeypatch.setattr(rktdata.review, "MANY_DOCUMENTS", 2)
    review(write(tmp_path / "one", *plans))
    review(write(tmp_path / "two", *plans), jobs=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def dying(deaths: Path, times: int, *given: Any) -> Any:
    """Goes through a group, or ends its process: so many do, each leaving a file."""
    for number in range(times):
        with suppress(FileExistsError):
            (deaths / str(number)).touch(exist_ok=False)
            os.kill(os.getpid(), signal.SIGKILL)
    return KEPT(*given)


KEPT = rktdata.review._kept


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("times", [2, 99])
def test_a_process_that_dies_costs_one_agency_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    plans = [contradicting(name, f"Dinas {name * 4}") for name in "abc"]
    whole = write(tmp_path / "whole", *plans)
    review(whole, report=False)
    folder = write(tmp_path / "data", *plans)
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    monkeypatch.setattr(rktdata.review, "MANY_DOCUMENTS", 2)
    monkeypatch.setattr(rktdata.review, "_kept", partial(dying, deaths, times))
    found = review(folder, report=False, jobs=2)
    if times == 99:
        assert len(found.failures) == len(plans)
        assert "not audited, the process dies 3 times" in found.failures[0]
        assert found.rows["dokumen"] == len(plans)
    else:
        assert not found.failures
        assert contents(folder) == contents(whole)


def test_accepted_findings_stay_listed_and_do_not_count(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", contradicting("a"))
    first = review(folder, report=False)
    ids = [row["temuan_id"] for row in rows(folder / "temuan.csv") if row["tingkat"] == "galat"]
    lines = "".join(f"{key};dibahas;Ani\r\n" for key in ids)
    file = folder / "temuan-diterima.csv"
    file.write_text("\ufefftemuan_id;alasan;oleh\r\n" + lines + "R01-gone;lama;Budi\r\n", "utf-8")
    before = file.read_bytes()
    found = review(folder)
    assert found.accepted["galat"] == len(ids) == first.open["galat"]
    assert not found.reaches("galat")
    assert [a.temuan_id for a in found.stale] == ["R01-gone"]
    assert len(rows(folder / "temuan.csv")) == first.open.total()
    assert file.read_bytes() == before
    html = (folder / "laporan.html").read_text("utf-8")
    assert html.count('class="f galat accepted"') == len(ids)
    assert "dibahas" in html
    assert "R01-gone" in html


def test_without_a_report_an_old_one_goes(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", contradicting("a"))
    review(folder)
    assert not review(folder, report=False).report
    assert not (folder / "laporan.html").exists()
    review(folder)
    write(folder, contradicting("b"))  # read again: what was said of the old documents goes
    assert not {"laporan.html", "temuan.csv", "kelompok.csv"} & set(contents(folder))


def test_a_rule_that_fails_costs_one_agency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rktdata.review.audit

    def failing(documents, reconciled):  # type: ignore[no-untyped-def]
        if documents[0].row.berkas == "a.pdf":
            raise ZeroDivisionError("defect")
        return whole(documents, reconciled)

    monkeypatch.setattr(rktdata.review, "audit", failing)
    folder = write(tmp_path / "data", contradicting("a"), contradicting("b", "Badan Lain"))
    found = review(folder)
    assert found.failures == ("a.pdf: not audited, ZeroDivisionError: defect",)
    assert {row["dokumen_id"] for row in rows(folder / "temuan.csv")} == {
        contradicting("b").row.dokumen_id
    }
    assert len(rows(folder / "dokumen.csv")) == 2


def test_a_damaged_dataset_is_left_alone(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", contradicting("a"))
    [path] = (folder / "dokumen").iterdir()
    path.write_text("{")
    before = contents(folder)
    with pytest.raises(DatasetError):
        review(folder)
    assert contents(folder) == before


def test_documents_are_compared_within_an_agency() -> None:
    names = ["Dinas Kesehatan", None, "Dinas Sosial", "DINAS KESEHATAN", None]
    made = [
        DokumenRow(dokumen_id=str(at), berkas="x", instansi=name, status="lengkap")
        for at, name in enumerate(names)
    ]
    groups = [[row.dokumen_id for row in group] for group in group_by_agency(made)]
    assert groups == [["0", "3"], ["1"], ["2"], ["4"]]


def test_documents_of_no_agency_have_groups_of_their_own(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", contradicting("a", ""), contradicting("b", ""))
    review(folder)
    ids = [row["kelompok_id"] for row in rows(folder / "kelompok.csv")]
    assert len(set(ids)) == len(ids)


def test_a_pdf_is_known_by_its_content(tmp_path: Path) -> None:
    folder = write_pdfs(tmp_path / "pdf", "a", "b")
    (folder / "a.pdf").rename(folder / "renamed.PDF")
    (folder / "b.pdf").write_bytes(b"%PDF- another")
    wanted = [contradicting(name).row for name in ("a", "b")]
    assert find_pdfs(folder, wanted) == {wanted[0].dokumen_id: folder / "renamed.PDF"}
    assert read_from({"x": tmp_path / "gone.pdf"})("x") is None


def test_a_document_of_other_making_is_reviewed(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", document())
    assert not review(folder).failures
