from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import rktdata
from rktdata.cli import _worker_ahead
from rktdata.commands import app
from rktdata.examples import EXAMPLES
from rktdata.schemas.dataset import ALL_BY_NAME
from rktdata.workers import launch
from tests.documents import Fake, document, fake_pipeline
from tests.plans import plan, row, table
from tests.reviewed import contradicting, write, write_pdfs
from tests.test_bad_input import files

__all__ = ["fake_pipeline"]

KEY = document(b"%PDF-1").row.dokumen_id


def rkt(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF-1")
    return folder


def test_help_names_the_commands() -> None:
    code, out, _ = rkt("--help")
    assert code == 0
    assert all(
        name in out
        for name in ("extract", "audit", "values", "show", "explain", "export", "compare")
    )


COMMANDS = get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help_with_examples(command: str) -> None:
    code, out, _ = rkt(*([command] if command else []), "--help")
    assert code == 0
    for line, does in EXAMPLES[command]:
        assert f"\n    # {does}\n    {line}\n" in out


EXAMPLE_LINES = [line for lines in EXAMPLES.values() for line, _ in lines]


@pytest.mark.parametrize("line", EXAMPLE_LINES)
def test_an_example_can_be_given_so(line: str) -> None:
    program, name, *arguments = shlex.split(line.rpartition("| ")[2])
    assert program == "rkt"
    COMMANDS[name].make_context(name, arguments)


@pytest.mark.parametrize(
    "command", ["extract", "audit", "values", "show", "explain", "export", "compare"]
)
def test_every_command_has_help(command: str) -> None:
    assert rkt(command, "--help")[0] == 0


def test_version() -> None:
    assert rkt("--version")[:2] == (0, f"rktdata {rktdata.__version__}\n")


def loaded(code: str, *names: str) -> list[str]:
    """Which of some modules are there after some code has run."""
    told = f"\nimport sys\nprint(*(m for m in {names!r} if m in sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code + told], capture_output=True, text=True, check=True
    )
    return run.stdout.split()


def test_help_loads_nothing_heavy() -> None:
    heavy = ("numpy", "pandas", "pydantic", "rich", "pypdfium2", "camelot")
    assert loaded("import rktdata.commands", *heavy) == []


def test_a_worker_loads_nothing_that_only_scans_or_its_parent_need() -> None:
    code = "from rktdata.workers.child import serve\nimport io\nserve(io.BytesIO(), io.BytesIO())"
    for_scans = ("cv2", "onnxruntime", "rapidocr", "tesserocr", "PIL")
    for_its_parent = ("typer", "rich", "jinja2", "pandas", "scipy", "sqlite3", "rktdata.audit")
    assert loaded(code, *for_scans, *for_its_parent) == []
    assert loaded(code, "rktdata.pipeline", "numpy") == ["rktdata.pipeline", "numpy"]
    to_draw = "import rktdata.output.report.crops"
    assert loaded(to_draw, "rktdata.output.report.model", "rktdata.reconcile", "jinja2") == []


def test_what_hands_documents_to_workers_loads_nothing_that_reads_them() -> None:
    code = "import rktdata.batch, rktdata.review, rktdata.output.report.render"
    readers = ("numpy", "pypdfium2", "rktdata.pipeline", "rktdata.extract")
    for_corrections = ("rktdata.corrections.apply", "rktdata.normalize.records")
    for_many_documents = ("multiprocessing", "concurrent.futures.process")
    assert loaded(code, *readers, *for_corrections, *for_many_documents) == []


AHEAD = [
    ("extract a.pdf -o out", ["start", "commands", "end"]),
    ("extract --help", ["commands"]),
    ("extract a.pdf --scheduler=tcp://10.0.0.1:8786", ["commands"]),
    ("audit out", ["commands"]),
    ("--help", ["commands"]),
    ("", ["commands"]),
]


@pytest.mark.parametrize(("line", "order"), AHEAD)
def test_a_worker_starts_ahead_of_the_commands_that_read(
    monkeypatch: pytest.MonkeyPatch, line: str, order: list[str]
) -> None:
    done: list[str] = []
    monkeypatch.setattr(launch, "prepare", lambda: done.append("start"))
    monkeypatch.setattr(launch, "discard", lambda: done.append("end"))
    with _worker_ahead(line.split()):
        done.append("commands")
    assert done == order


def test_nothing_is_loaded_before_a_worker_starts() -> None:
    code = (
        "import sys\n"
        "from rktdata import cli\n"
        "from rktdata.workers import launch\n"
        "def prepare():\n"
        "    print(*(m for m in ('typer', 'pydantic', 'rktdata.commands') if m in sys.modules))\n"
        "launch.prepare = prepare\n"
        "sys.argv = ['rkt', 'extract']\n"
        "cli.main()\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (2, "\n")


def test_extract_tells_what_it_wrote(tmp_path: Path, plans: Path, fake_pipeline: Fake) -> None:
    code, out, err = rkt("extract", plans, "-o", tmp_path / "out")
    assert code == 0
    assert "  indikator.csv            2 rows\n" in out
    assert out.endswith("2 pages; documents: 1 lengkap\n")
    assert err == f"{plans / 'a.pdf'}: 2 halaman, 1 tabel, 2 indikator, 2 anggaran\n"


def test_extract_quietly_says_nothing(tmp_path: Path, plans: Path, fake_pipeline: Fake) -> None:
    assert rkt("extract", plans, "-q", "-o", tmp_path / "out") == (0, "", "")


def test_one_line_for_each_failure(tmp_path: Path, plans: Path, fake_pipeline: Fake) -> None:
    (plans / "b.pdf").write_bytes(b"no")
    code, _, err = rkt(
        "extract", "--jobs", "1", plans, "x\n\x1b[31m.pdf", "-q", "-o", tmp_path / "out"
    )
    assert code == 1
    assert err.splitlines() == [
        f"{plans / 'b.pdf'}: gagal, bukan_pdf: the file is no PDF; convert it",
        "x\ufffd\ufffd[31m.pdf: gagal, tak_terbaca: no such file; check the path",
    ]


def test_a_defect_is_shown_whole(tmp_path: Path, plans: Path, fake_pipeline: Fake) -> None:
    (plans / "b.pdf").write_bytes(b"%PDF-defect")
    code, _, err = rkt("extract", plans, "-o", tmp_path / "out", "--jobs", "1")
    assert code == 1
    assert "Traceback" in err
    assert "please report it" in err


def test_a_duplicate_is_told(tmp_path: Path, plans: Path, fake_pipeline: Fake) -> None:
    (plans / "b.pdf").write_bytes(b"%PDF-1")
    code, out, err = rkt("extract", plans, "-o", tmp_path / "out", "--jobs", "1")
    assert code == 0
    assert "b.pdf: left out, its content is that of an earlier file" in err
    assert "1 left out as duplicates" in out


USAGE = [
    ["extract"],
    ["extract", "a.pdf", "--reader", "paper"],
    ["extract", "a.pdf", "--jobs", "0"],
    ["extract", "a.pdf", "--vocabulary", "missing.toml"],
    ["extract", "a.pdf", "--colour", "red"],
    ["values", "missing.jsonl"],
    ["show", "missing.pdf", "--page", "1"],
    ["show", "missing.pdf"],
    ["explain", "missing", "0000000000000000-i1"],
    ["audit", "missing"],
    ["audit", "missing", "--fail-on", "semua"],
    ["audit", "missing", "--pdf", "missing"],
    ["dance"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_what_cannot_be_done_is_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = rkt(*arguments)
    assert code == 2
    assert err
    assert out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_vocabulary_that_is_no_toml_is_2(tmp_path: Path, plans: Path) -> None:
    (tmp_path / "words.toml").write_text("no = = TOML")
    code, _, err = rkt("extract", plans, "--vocabulary", tmp_path / "words.toml")
    assert code == 2
    assert err.startswith("--vocabulary: ")


def test_a_folder_of_other_files_is_left_alone(plans: Path, fake_pipeline: Fake) -> None:
    code, _, err = rkt("extract", plans, "-o", plans)
    assert code == 2
    assert "name a new or empty folder" in err
    assert [path.name for path in plans.iterdir()] == ["a.pdf"]


def test_a_full_disk_is_told(
    tmp_path: Path, plans: Path, fake_pipeline: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    code, _, err = rkt("extract", plans, "-q", "-o", tmp_path / "out")
    assert code == 2
    assert "No space left on device" in err
    assert "Traceback" not in err


def test_explain_prints_a_record(tmp_path: Path, plans: Path, fake_pipeline: Fake) -> None:
    rkt("extract", plans, "-q", "-o", tmp_path / "out")
    code, out, _ = rkt("explain", tmp_path / "out", f"{KEY}-i1")
    assert code == 0
    assert "77,5 %" in out


def test_values_prints_a_line_for_each(tmp_path: Path) -> None:
    lines = ['{"teks": "77,5 %", "kolom": "target"}', '{"teks": "WTP", "kolom": "target"}']
    (tmp_path / "values.jsonl").write_text("\n".join(lines))
    code, out, _ = rkt("values", tmp_path / "values.jsonl")
    assert code == 0
    first, second = map(json.loads, out.splitlines())
    assert (first["nilai"], first["satuan"]) == (77.5, "persen")
    assert second["predikat"] == "WTP"


def test_audit_tells_what_it_found(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", contradicting("a"))
    code, out, err = rkt("audit", folder)
    assert (code, err) == (0, "")
    assert "R09" in out
    assert "--pdf" in out
    pdfs = write_pdfs(tmp_path / "pdf", "a")
    assert "--pdf" not in rkt("audit", folder, "--pdf", pdfs)[1]
    assert rkt("audit", folder, "--no-report", "-q") == (0, "", "")
    assert not (folder / "laporan.html").exists()


@pytest.mark.parametrize("severity", ["galat", "peringatan", "catatan"])
def test_audit_fails_on_what_is_as_weighty(tmp_path: Path, severity: str) -> None:
    folder = write(tmp_path / "data", contradicting("a"))
    assert rkt("audit", folder, "--fail-on", severity, "-q") == (3, "", "")


def test_audit_does_not_fail_on_what_is_accepted(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", contradicting("a"))
    rkt("audit", folder, "-q")
    ids = [line.split(",")[0] for line in (folder / "temuan.csv").read_text("utf-8").splitlines()]
    (folder / "temuan-diterima.csv").write_text("temuan_id\n" + "\n".join(ids[1:]))
    code, out, _ = rkt("audit", folder, "--fail-on", "catatan")
    assert code == 0
    assert "accepted" in out


def test_audit_leaves_a_damaged_dataset_alone(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", contradicting("a"))
    (folder / "temuan-diterima.csv").write_text("x;y\n1;2\n")
    before = {name: (folder / name).read_bytes() for name in files(folder)}
    code, out, err = rkt("audit", folder)
    assert (code, out) == (2, "")
    assert "the first line must name the columns" in err
    assert {name: (folder / name).read_bytes() for name in files(folder)} == before


def test_export_names_the_files_it_wrote(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", contradicting("a"))
    code, out, err = rkt("export", folder, "--to", "jsonl, sqlite", "-o", tmp_path / "out")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == str(tmp_path / "out" / "rktdata.sqlite")
    assert rkt("export", folder, "--to", "pdf")[0] == 2
    assert rkt("export", tmp_path, "--to", "jsonl")[0] == 2


def years(folder: Path) -> list[Path]:
    """Three plans of one agency, a dataset each; the second asks for less."""
    rows = [row("Persentase jalan mantap", "80 %"), row("Jumlah jembatan dibangun", "4 unit")]
    less = [row("Persentase jalan mantap", "75 %"), rows[1]]
    return [
        write(folder / str(year), plan(table(*made), year=year, key=f"{year}" * 4))
        for year, made in ((2023, rows), (2024, less), (2025, less))
    ]


def test_compare_puts_the_panel_into_the_dataset(tmp_path: Path) -> None:
    [first, *_] = years(tmp_path)
    before = (first / "indikator.csv").read_bytes()
    code, out, err = rkt("compare", first)
    assert (code, err) == (0, "")
    assert "Dinas Contoh Provinsi Misal: 2 indicators, 2023" in out
    assert out.splitlines()[-2:] == [str(first / "panel.csv"), str(first / "perubahan.csv")]
    assert (first / "indikator.csv").read_bytes() == before
    assert {"panel", "perubahan", "indikator"} <= {
        resource["name"]
        for resource in json.loads((first / "datapackage.json").read_text("utf-8"))["resources"]
    }
    assert len(rktdata.open_dataset(first).panel) == 2


def test_compare_lays_datasets_side_by_side(tmp_path: Path) -> None:
    folders = years(tmp_path)
    code, out, err = rkt("compare", *folders)
    assert code == 0
    assert '2024  mundur  The target of "Persentase jalan mantap" asks for less' in out
    assert "-o FOLDER" in err
    assert not (folders[0] / "panel.csv").exists()
    assert rkt("compare", *folders, "-o", tmp_path / "out", "-q")[1].count("\n") == 2
    assert len((tmp_path / "out" / "panel.csv").read_text("utf-8").splitlines()) == 7
    assert "mundur" not in rkt("compare", *folders, "--agency", "lain")[1]
    shown = rkt("compare", *folders, "--indicator", "jalan mantap")[1].splitlines()
    assert shown[0].split()[-3:] == ["2023", "2024", "2025"]
    assert "80 %" in " ".join(shown) and "jembatan" not in " ".join(shown)


def test_a_correction_reaches_the_panel(tmp_path: Path) -> None:
    rows = [row("Persentase jalan mantap", "80 %"), row("Jumlah jembatan dibangun", "4 unit")]
    less = [row("Persentase jalan mantap", "75 %"), rows[1]]
    plans = [
        plan(table(*made), year=year, key=f"{year}" * 4)
        for year, made in ((2023, rows), (2024, less))
    ]
    folder = write(tmp_path / "set", *plans)
    assert rkt("audit", folder, "--no-report", "-q")[0] == 0
    assert [change.jenis for change in rktdata.open_dataset(folder).changes] == ["mundur"]
    assert rkt("correct", folder, f"{'2024' * 4}-i1", "target_teks", "85 %")[0] == 0
    assert rkt("audit", folder, "--no-report", "-q")[0] == 0
    audited = (folder / "panel.csv").read_bytes()
    assert rktdata.open_dataset(folder).changes == ()
    assert rkt("compare", folder)[0] == 0
    assert (folder / "panel.csv").read_bytes() == audited


def test_compare_refuses_what_is_no_dataset(tmp_path: Path) -> None:
    [first, second, _] = years(tmp_path)
    assert rkt("compare", tmp_path / "none")[0] == 2
    code, _, err = rkt("compare", first, "-o", second)
    assert code == 2
    assert "holds a dataset" in err
    other = tmp_path / "other"
    other.mkdir()
    (other / "surat.txt").write_text("x")
    assert rkt("compare", first, "-o", other)[0] == 2


def test_schema_prints_or_writes(tmp_path: Path) -> None:
    code, out, _ = rkt("schema")
    assert code == 0
    assert "indikator.csv" in json.loads(out)["tabel"]
    assert rkt("schema", "--out", tmp_path / "s")[0] == 0
    assert len(list((tmp_path / "s").iterdir())) == len(ALL_BY_NAME) + 1
