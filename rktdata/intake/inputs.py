"""Where documents are found: files, folders, patterns, lists, archives and URLs.

Nobody vetted what they are called or how they are packed: a name is never used as a path
or a pattern unless the user wrote it, a member of an archive is never unpacked to disk,
and nothing is read beyond the size that one document may have.
"""

from __future__ import annotations

import os
import stat
import threading
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from glob import has_magic, iglob
from pathlib import Path
from typing import Any

from rktdata.schemas.errors import (
    BombError,
    BrokenPdfError,
    DocumentError,
    InputError,
    LockedPdfError,
    UnreadablePathError,
)
from rktdata.schemas.limits import Limits

MB = 1 << 20
# A member that unpacks to more than this times its size, and is not small, is a bomb: PDFs
# are packed already and hardly shrink.
ARCHIVE_RATIO = 200
SMALL = 16 * MB
# Members of one archive, and characters of one line of a list.
MEMBERS = 1_000_000
LONGEST_LINE = 32_768


@dataclass(frozen=True, slots=True)
class Source:
    """Where one document is.

    Attributes:
        place: Path or URL of the file, or of the archive that it is in.
        member: Number of the archive's member; None for a file of its own.
        label: What to call it to the user: a path, "archive.zip!folder/name.pdf", a URL.
        name: The file's name.
    """

    place: str
    member: int | None
    label: str
    name: str

    @property
    def key(self) -> str:
        """By what it is known from one run to the next."""
        place = self.place if is_url(self.place) else os.path.abspath(self.place)  # noqa: PTH100
        return place if self.member is None else f"{place}!{self.member}"


def find_sources(
    inputs: Iterable[str | os.PathLike[str]], lists: frozenset[str] = frozenset()
) -> Iterator[Source]:
    """The documents that some inputs stand for, in order; one named twice comes twice.

    A folder stands for the PDFs in it and below it, by name, hidden ones left out; a zip
    file for the PDFs in it; a pattern ("2024/*.pdf", where no file is called that) for what
    it matches; "@list.txt" for what the list names, line by line; a URL for what fsspec
    finds there; any other file for itself, whatever its name. What leads to no document
    stands for itself, and fails when it is read.

    Args:
        inputs: What the user named.
        lists: The lists that these were named by.

    Raises:
        InputError: A list or URL cannot be read, or a list names itself.
    """
    for given in inputs:
        text = os.fspath(given)
        if text.startswith("@") and not os.path.lexists(text):
            place = os.path.realpath(text[1:])
            if place in lists:
                raise InputError(f"the list {text[1:]} names itself; take that line out")
            yield from find_sources(read_list(text[1:]), lists | {place})
        elif is_url(text):
            yield from _at_url(text)
        else:
            yield from _at_path(Path(text))


def read_list(file: str) -> list[str]:
    """The inputs that a file names, one a line; empty lines and "# ..." are left out.

    Raises:
        InputError: There is no such list.
    """
    try:
        lines = Path(file).read_text(encoding="utf-8-sig", errors="surrogateescape").splitlines()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the list {file} cannot be read ({reason})") from error
    if any(len(line) > LONGEST_LINE or "\0" in line for line in lines):
        raise InputError(f"{file} is no list of paths; give one path a line")
    names = (line.strip() for line in lines)
    return [name for name in names if name and not name.startswith("#")]


def _at_path(path: Path) -> Iterator[Source]:
    text = str(path)
    if _is_folder(path):
        found = False
        for pdf in _below(text):
            found = True
            yield _file(pdf)
        if not found:
            yield _file(text)
    elif has_magic(text) and not os.path.lexists(text):
        matches = sorted(
            iglob(text, recursive=True),  # noqa: PTH207 (any path, absolute ones too)
            key=lambda match: Path(match).parts,
        )
        if not matches:
            yield _file(text)
        for match in matches:
            yield from _at_path(Path(match))
    elif path.suffix.lower() == ".zip" and path.is_file():
        yield from _in_archive(text)
    else:
        yield _file(text)


def _file(path: str) -> Source:
    return Source(path, None, path, name_of(path))


def name_of(path: str) -> str:
    """The file's name as text, also where its bytes are no UTF-8."""
    name = path.rstrip("/").rsplit("/", 1)[-1] if is_url(path) else Path(path).name
    return os.fsencode(name or path).decode("utf-8", errors="replace")


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # not ours to open: that is told when it is read
        return False


def _below(folder: str) -> Iterator[str]:
    """The PDFs below, sorted by path; folders that may not be opened too."""
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in inside:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path)
        elif entry.name.lower().endswith(".pdf"):
            yield entry.path


def _in_archive(path: str) -> Iterator[Source]:
    """The PDFs in a zip file, by name; the archive itself if it cannot be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        yield _file(path)
        return
    pdfs = [
        (member.filename, number)
        for number, member in enumerate(members[:MEMBERS])
        if member.filename.lower().endswith(".pdf") and not _is_hidden(member.filename)
    ]
    if not pdfs or len(members) > MEMBERS:
        yield _file(path)
    for inside, number in sorted(pdfs):
        yield Source(path, number, f"{path}!{inside}", _member_name(inside))


def _is_hidden(inside: str) -> bool:
    parts = inside.replace("\\", "/").split("/")
    return parts[-1].startswith(".") or "__MACOSX" in parts


def _member_name(inside: str) -> str:
    """A member's own name, without the folders it claims to be in."""
    name = inside.replace("\\", "/").rsplit("/", 1)[-1]
    return name.encode("utf-8", errors="replace").decode("utf-8") or "tanpa-nama.pdf"


def is_url(text: str) -> bool:
    """Whether it names a place for fsspec: "s3://...", not a path.

    >>> is_url("s3://bucket/a.pdf"), is_url("C:/a.pdf"), is_url("a/b.pdf")
    (True, False, False)
    """
    scheme, separator, _ = text.partition("://")
    return bool(separator) and scheme.replace("+", "").replace("::", "").isalnum()


def _at_url(url: str) -> Iterator[Source]:
    fsspec = _fsspec()
    try:
        system, path = fsspec.core.url_to_fs(url)
        if has_magic(path):
            found = sorted(system.glob(path))
        elif not path.lower().endswith(".pdf") and system.isdir(path):
            found = sorted(p for p in system.find(path) if p.lower().endswith(".pdf"))
        else:
            found = [path]
    except Exception as error:  # each system has its own kinds
        raise InputError(f"{url} cannot be listed: {type(error).__name__}: {error}") from error
    if not found:
        raise InputError(f"{url} holds no PDF")
    for each in found:
        full = system.unstrip_protocol(each)
        yield Source(full, None, full, name_of(full))


def _fsspec() -> Any:
    try:
        import fsspec
        import fsspec.core
    except ImportError as error:
        raise InputError(
            "URLs need a further package: pip install 'rktdata[url]' "
            "(and that of the place, such as s3fs)"
        ) from error
    return fsspec


def read_source(source: Source, limits: Limits | None = None) -> bytes:
    """The document's bytes.

    Raises:
        UnreadablePathError: There are none to be had.
        BombError: They are more than one document may have.
        LockedPdfError, BrokenPdfError: The archive does not give them.
    """
    most = (limits or Limits()).file_mb * MB
    if source.member is not None:
        return _read_member(source, most)
    if is_url(source.place):
        return _read_url(source.place, most)
    return _read_file(Path(source.place), most)


def size_of(source: Source) -> int:
    """Bytes of a file on this machine; 0 where only reading it would tell."""
    if source.member is not None or is_url(source.place):
        return 0
    try:
        return os.stat(source.place).st_size  # noqa: PTH116
    except (OSError, ValueError):
        return 0


def _read_file(path: Path, most: int) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            hint = "no PDF in this folder, or it may not be opened; name a folder with PDFs"
            raise UnreadablePathError(hint)
        if not stat.S_ISREG(mode):  # a device or pipe may never end
            raise UnreadablePathError("this is no regular file; copy it into one")
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > most:
                raise _too_big(most)
            return _bounded(file.read(), most)
    except FileNotFoundError as error:
        raise UnreadablePathError("no such file; check the path") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        message = f"the file cannot be opened ({reason}); check the path and its permissions"
        raise UnreadablePathError(message) from error


def _read_member(source: Source, most: int) -> bytes:
    try:
        archive = _archive(source.place)
        member = archive.infolist()[source.member or 0]
        if member.flag_bits & 1:
            raise LockedPdfError("the archive asks for a password; unpack it first")
        if member.file_size > most or (
            member.file_size > SMALL
            and member.file_size > ARCHIVE_RATIO * max(member.compress_size, 1)
        ):
            sizes = f"from {member.compress_size} bytes to {member.file_size}"
            raise BombError(f"it unpacks {sizes}")
        with archive.open(member) as file:
            return _bounded(file.read(most + 1), most)
    except DocumentError:
        raise
    except OSError as error:
        raise UnreadablePathError(f"the archive cannot be opened ({error.strerror})") from error
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, IndexError) as error:
        raise BrokenPdfError(f"the archive is damaged ({error}); ask for a new copy") from error
    except Exception as error:  # zlib.error, lzma.LZMAError: whatever packs a member
        raise BrokenPdfError(f"the archive is damaged ({type(error).__name__})") from error


_opened = threading.local()


def _archive(place: str) -> zipfile.ZipFile:
    """An archive, kept open until its thread reads another: its list of members can be long."""
    archive: zipfile.ZipFile | None = getattr(_opened, "archive", None)
    found = os.stat(place)  # noqa: PTH116 (raises when it has vanished)
    key = (place, found.st_ino, found.st_size, found.st_mtime_ns)
    if archive is None or _opened.key != key:
        if archive is not None:
            archive.close()
            _opened.archive = None
        archive = _opened.archive = zipfile.ZipFile(place)
        _opened.key = key
    return archive


def _read_url(url: str, most: int) -> bytes:
    fsspec = _fsspec()
    try:
        with fsspec.open(url, "rb") as file:
            return _bounded(file.read(most + 1), most)
    except BombError:
        raise
    except Exception as error:  # each system has its own kinds
        message = f"it cannot be fetched ({type(error).__name__}: {error})"
        raise UnreadablePathError(message) from error


def _bounded(content: bytes, most: int) -> bytes:
    if len(content) > most:
        raise _too_big(most)
    return content


def _too_big(most: int) -> BombError:
    return BombError(f"the file has more than {most // MB} MB; raise file_mb if it is honest")
