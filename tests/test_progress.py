"""What a run tells: lines of JSON for machines, a bar in a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import Fake, fake_pipeline
from tests.test_bad_input import plan, rkt

__all__ = ["fake_pipeline"]


def test_the_json_log_tells_of_each_document_and_of_all(
    tmp_path: Path, fake_pipeline: Fake
) -> None:
    for name, content in (("a", b"%PDF-1"), ("b", b"no"), ("c", b"%PDF-1")):
        (tmp_path / f"{name}.pdf").write_bytes(content)
    code, _, err = rkt("extract", tmp_path, "-o", tmp_path / "out", "--json-log")
    assert code == 1
    first, *documents, last = (json.loads(line) for line in err.splitlines())
    assert first == {"event": "listed", "documents": 3}
    assert [Path(d["input"]).name for d in documents] == ["a.pdf", "b.pdf", "c.pdf"]
    assert [d.get("status") for d in documents] == ["lengkap", "gagal", None]
    assert documents[0]["rows"] == {"dokumen": 1, "tabel": 1, "indikator": 2, "anggaran": 2}
    assert documents[1]["galat"].startswith("bukan_pdf: ")
    assert documents[2]["duplicate"]
    assert last["event"] == "finished"
    assert last["documents"] == {"lengkap": 1, "gagal": 1}
    assert (last["duplicates"], last["failures"]) == (1, {"bukan_pdf": 1})
    assert last["rows"]["indikator"] == 2


THREADS = """
import threading
from rktdata.commands import _say
from rktdata.progress import JsonLines

log = JsonLines(_say)
threads = [
    threading.Thread(target=lambda: [log.scanning("a.pdf", n) for n in range(500)])
    for _ in range(4)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_lines_of_several_threads_stay_apart() -> None:
    command = [sys.executable, "-c", THREADS]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert len([json.loads(line) for line in run.stderr.splitlines()]) == 2000


@pytest.mark.skipif(sys.platform == "win32", reason="terminals")
def test_a_terminal_shows_a_bar_and_what_goes_wrong(tmp_path: Path) -> None:
    import pty

    (tmp_path / "a.pdf").write_bytes(plan())
    (tmp_path / "b.pdf").write_bytes(b"no")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "rktdata", "extract", str(tmp_path), "--jobs", "1"]
    process = subprocess.Popen(
        [*command, "-o", str(tmp_path / "out")],
        stderr=theirs,
        stdout=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 1 << 16)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        seen += part
    out = process.communicate()[0].decode()
    os.close(ours)
    assert process.returncode == 1
    shown = seen.decode()
    assert "pages/s" in shown and "1 failed" in shown and "2/2" in shown
    assert "b.pdf: gagal, bukan_pdf: " in shown
    assert "a.pdf" not in shown
    assert "failures: 1 bukan_pdf" in out
    assert "pages/s" in out
