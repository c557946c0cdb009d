from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from rktdata.intake.inputs import find_sources, read_source
from rktdata.schemas.errors import (
    BombError,
    BrokenPdfError,
    DocumentError,
    InputError,
    UnreadablePathError,
)
from rktdata.schemas.limits import Limits


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())


def labels(*inputs: str | Path) -> list[str]:
    return [source.label for source in find_sources(inputs)]


def test_a_pattern_stands_for_what_it_matches(tmp_path: Path) -> None:
    put(tmp_path, "2023/b.pdf", "2023/a.pdf", "2024/a.pdf", "2024/a.txt")
    found = labels(f"{tmp_path}/*/a.pdf")
    assert found == [f"{tmp_path}/2023/a.pdf", f"{tmp_path}/2024/a.pdf"]
    assert labels(f"{tmp_path}/**/b.pdf") == [f"{tmp_path}/2023/b.pdf"]
    assert labels(f"{tmp_path}/20?5/*.pdf") == [f"{tmp_path}/20?5/*.pdf"]


def test_a_file_that_looks_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    put(tmp_path, "rkt[2024].pdf", "rkt2.pdf", "@a.pdf")
    assert labels(f"{tmp_path}/rkt[2024].pdf") == [f"{tmp_path}/rkt[2024].pdf"]


def test_a_list_names_inputs(tmp_path: Path) -> None:
    put(tmp_path, "a.pdf", "x/b.pdf")
    (tmp_path / "list.txt").write_text(f"\ufeff# plans\n{tmp_path}/x\n\n {tmp_path}/a.pdf \n")
    assert labels(f"@{tmp_path}/list.txt") == [f"{tmp_path}/x/b.pdf", f"{tmp_path}/a.pdf"]


def test_a_list_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-\0\0")
    for name in ("missing.txt", "a.pdf"):
        with pytest.raises(InputError, match=name):
            labels(f"@{tmp_path}/{name}")


def test_a_list_that_names_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"@{tmp_path}/b.txt\n")
    (tmp_path / "b.txt").write_text(f"{tmp_path}/x.pdf\n@{tmp_path}/a.txt\n")
    with pytest.raises(InputError, match="names itself"):
        labels(f"@{tmp_path}/a.txt")


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name.replace("__", "/"), content)
    return path


def test_members_of_an_archive_are_documents(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", x__b=b"no", **{"x/b.pdf": b"two", "a.PDF": b"one"})
    sources = list(find_sources([path]))
    assert [source.label for source in sources] == [f"{path}!a.PDF", f"{path}!x/b.pdf"]
    assert [source.name for source in sources] == ["a.PDF", "b.pdf"]
    assert [read_source(source) for source in sources] == [b"one", b"two"]


def test_a_member_cannot_leave_its_archive(tmp_path: Path) -> None:
    names = {"../../etc/evil.pdf": b"1", "/abs/evil2.pdf": b"2", "..\\..\\evil3.pdf": b"3"}
    path = archive(
        tmp_path / "in" / "a.zip" if (tmp_path / "in").mkdir() else tmp_path / "in/a.zip", **names
    )
    sources = list(find_sources([path]))
    assert sorted(source.name for source in sources) == ["evil.pdf", "evil2.pdf", "evil3.pdf"]
    assert sorted(read_source(source) for source in sources) == [b"1", b"2", b"3"]
    assert [p.name for p in tmp_path.rglob("*")] == ["in", "a.zip"]


def test_an_archive_that_is_replaced_is_opened_anew(tmp_path: Path) -> None:
    for content in (b"one", b"other"):
        path = archive(tmp_path / "new.zip", **{"a.pdf": content})
        path.replace(tmp_path / "a.zip")
        [source] = find_sources([tmp_path / "a.zip"])
        assert read_source(source) == content
    (tmp_path / "a.zip").unlink()
    with pytest.raises(UnreadablePathError):
        read_source(source)


def test_an_archive_of_many_members_is_listed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "a.zip", **{f"{n}.pdf": b"%d" % n for n in range(50)})
    sources = list(find_sources([path]))
    opened: list[object] = []
    whole = zipfile.ZipFile.__init__

    def count(self: zipfile.ZipFile, *given: object) -> None:
        opened.append(given)
        whole(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(zipfile.ZipFile, "__init__", count)
    assert {read_source(source) for source in sources} == {b"%d" % n for n in range(50)}
    assert len(opened) == 1


def test_a_bomb_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", **{"a.pdf": bytes(40 << 20)})
    [source] = find_sources([path])
    with pytest.raises(BombError):
        read_source(source)


def test_a_damaged_archive_is_a_failure(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", **{"a.pdf": b"content" * 99})
    whole = path.read_bytes()
    path.write_bytes(whole[:45] + b"\xff\xff\xff\xff" + whole[49:])
    [source] = find_sources([path])
    with pytest.raises(BrokenPdfError):
        read_source(source)
    path.write_bytes(whole[:100])
    assert labels(path) == [str(path)]


def test_a_file_that_is_too_big_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(bytes(3 << 20))
    [source] = find_sources([tmp_path])
    with pytest.raises(BombError, match="file_mb"):
        read_source(source, Limits(file_mb=2))


def test_urls_go_through_fsspec() -> None:
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    for name in ("b", "a"):
        memory.pipe(f"/plans/{name}.pdf", name.encode())
    memory.pipe("/plans/a.txt", b"no")
    sources = list(find_sources(["memory://plans"]))
    assert [source.name for source in sources] == ["a.pdf", "b.pdf"]
    assert [read_source(source) for source in sources] == [b"a", b"b"]
    assert labels("memory://plans/*.txt") == ["memory:///plans/a.txt"]
    with pytest.raises(UnreadablePathError):
        read_source(next(find_sources(["memory://plans/missing.pdf"])))


def test_a_url_of_a_folder_on_this_machine(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    put(tmp_path, "b/c.pdf", "a.pdf")
    sources = list(find_sources([f"file://{tmp_path}"]))
    assert [source.name for source in sources] == ["a.pdf", "c.pdf"]
    assert [read_source(source) for source in sources] == [b"a.pdf", b"b/c.pdf"]


@pytest.mark.parametrize("url", ["nowhere://a/b.pdf", "memory://empty/*.pdf"])
def test_a_url_that_leads_nowhere_is_told(url: str) -> None:
    pytest.importorskip("fsspec")
    with pytest.raises((InputError, DocumentError)):
        list(find_sources([url]))
