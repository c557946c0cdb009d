"""Whether a PDF file is whole and harmless, before a library is let loose on it.

PDF libraries repair what they meet without a word: a stream that breaks off is read as
far as it goes, a lost object is an empty page. For a dataset that is a loss that nobody
notices, so what a file says of itself is checked here: its streams unpack to their end
and fit their checksums, its cross-reference table points at objects, its pages' contents
are there, no text is left that no page shows. And what would unpack to far more than
memory holds is refused before it does.

Rules followed: ISO 32000-1, 7.3.8 (streams), 7.4 (filters), 7.5.4 and 7.5.8
(cross-reference tables and streams), 7.5.7 (object streams); RFC 1950 (checksums).
Encrypted files cannot be looked into without their key, and are not.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rktdata.schemas.errors import BombError
from rktdata.schemas.limits import Limits

MB = 1 << 20
# A stream's dictionary is no longer than this; what stands further ahead is not its own.
DICTIONARY = 1 << 14
# Deflate and LZW pack at most this well; more needs a filter in a filter.
RATIO = 1100
# ASCII85 is undone in Python, slowly: longer streams (pictures) are let through unseen.
ASCII_MAX = 1 << 20
# Streams, and cross-reference sections, that are looked at.
STREAMS = 200_000
SECTIONS = 200
CHUNK = 1 << 16
# A page's contents may be cut into streams anywhere; so short a piece may be all operands.
SNIPPET = 64

# A pattern that begins with its word is found at once; one that begins with \b is tried everywhere.
_STREAM = re.compile(rb"stream(?<!\wstream)(?:\r\n|\n|\r)")
_OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})[ \t\r\n\f\0]+(\d{1,5})[ \t\r\n\f\0]+obj\b")
_END_OBJECT = re.compile(rb"endobj(?<!\wendobj)\b")
_REFERENCE = re.compile(rb"(?<![0-9])(\d{1,10})\s+\d{1,5}\s+R\b")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/[^\s/<>\[\]()]+)")
_NAME = re.compile(rb"/([^\s/<>\[\]()]+)")
_NO_FILTER = re.compile(rb"[^\s\[\]\0]")
# An operator of a page's contents, by itself; every page that shows anything has one.
_OPERATOR = re.compile(
    rb"(?:^|[\s)>\]])(?:q|Q|cm|BT|ET|Do|gs|re|m|l|c|f\*?|S|s|n|W\*?|B\*?|b\*?|g|G|rg|RG|k|K|cs|CS"
    rb"|sc|scn|sh|BI|BMC|BDC|EMC|MP|DP|BX|EX|w|J|j|M|d|ri|i)(?=\s|$)"
)
_COMMENT = re.compile(rb"^%[^\r\n]*", re.MULTILINE)
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)")
_CONTENTS = re.compile(rb"/Contents\s*(?:\[([^\]]{0,65536})\]|(\d{1,10})\s+\d{1,5}\s+R\b)")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_TYPE3 = re.compile(rb"/Subtype\s*/Type3(?![A-Za-z0-9])")
_PAGES = re.compile(rb"/Type\s*/Pages(?![A-Za-z])")
_SHOWS_TEXT = re.compile(rb"[)>\]]\s*(?:Tj|TJ|['\"])(?![A-Za-z])")
_STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)", re.DOTALL)
_OPENING = re.compile(rb"<<\s*(?:%[^\r\n]*\s*)?/")
_ODD = re.compile(rb"[^\t\n\f\r -~]")
_STARTXREF = re.compile(rb"startxref\s+(\d+)")
_PACKED = frozenset({"FlateDecode", "Fl", "LZWDecode", "LZW", "RunLengthDecode", "RL"})
_FLATE = frozenset({"FlateDecode", "Fl"})
_KNOWN = _PACKED | {
    *("ASCII85Decode", "A85", "ASCIIHexDecode", "AHx", "DCTDecode", "DCT", "JPXDecode"),
    *("CCITTFaxDecode", "CCF", "JBIG2Decode", "Crypt"),
}


@dataclass(slots=True)
class _Stream:
    """A stream as found.

    Attributes:
        number: Of its object; -1 where that is not known.
        dictionary: Its bytes.
        damaged: Whether unpacking met an error.
        shows_text: Whether it holds operators that show text.
        senseless: Whether it holds much, but no operator at all.
        directory: Of an object stream, the numbers and places of the objects in it.
    """

    number: int
    dictionary: bytes
    damaged: bool = False
    shows_text: bool = False
    senseless: bool = False
    directory: bytes = b""

    def says(self, pattern: bytes) -> bool:
        return re.search(pattern, self.dictionary) is not None


@dataclass(slots=True)
class _File:
    """What is gathered of a file.

    Attributes:
        plain: All bytes that stand outside streams, and what object streams hold.
        streams: The streams.
        unpacked: Bytes that all of them came to.
    """

    plain: list[bytes] = field(default_factory=list)
    streams: list[_Stream] = field(default_factory=list)
    unpacked: int = 0


def check_file(pdf: bytes, limits: Limits) -> list[str]:
    """What is damaged in a file that may open nonetheless; a message for each kind.

    Raises:
        BombError: It unpacks to more than it may.
    """
    if b"/Encrypt" in pdf[-4096:] or re.search(rb"/Encrypt\s+\d+\s+\d+\s+R", pdf):
        return []
    file = _gather(pdf, limits)
    messages = []
    damaged = sum(stream.damaged for stream in file.streams)
    if damaged:
        messages.append(f"rusak: {damaged} streams of the file are damaged")
    free = set[int]()
    if wrong := _wrong_places(pdf, free):
        messages.append(f"rusak: {wrong}")
    messages += _lost(pdf, file, free)
    return [f"{message}; parts may be missing, ask for a new copy" for message in messages]


def _gather(pdf: bytes, limits: Limits) -> _File:
    file = _File()
    at = 0
    while (match := _STREAM.search(pdf, at)) is not None and len(file.streams) < STREAMS:
        start = match.end()
        if pdf[max(0, match.start() - 3) : match.start()] == b"end":  # an unpaired endstream
            file.plain.append(pdf[at:start])
            at = start
            continue
        ahead = pdf[max(at, match.start() - DICTIONARY) : match.start()]
        objects = list(_OBJECT.finditer(ahead))
        number = int(objects[-1][1]) if objects else -1
        dictionary = ahead[objects[-1].end() :] if objects else ahead
        end = _end(pdf, start, dictionary)
        stream = _Stream(number, dictionary)
        file.plain.append(pdf[at : match.start()])
        file.streams.append(stream)
        _unpack(stream, pdf[start:end], file, limits)
        at = end
    file.plain.append(pdf[at:])
    return file


def _end(pdf: bytes, start: int, dictionary: bytes) -> int:
    """Where a stream ends: where it says, if the keyword stands there, else at the keyword."""
    length = _LENGTH.search(dictionary)
    if length is not None:
        end = start + int(length[1])
        if pdf[end : end + 12].lstrip().startswith(b"endstream"):
            return end
    end = pdf.find(b"endstream", start)
    return len(pdf) if end < 0 else end


def _unpack(stream: _Stream, data: bytes, file: _File, limits: Limits) -> None:
    """Undo a stream's filters as far as they are understood, within bounds."""
    declared = _FILTER.search(stream.dictionary)
    names = [n.decode("latin-1") for n in _NAME.findall(declared[1])] if declared else []
    stream.damaged = not _KNOWN.issuperset(names) or not _is_dictionary(stream.dictionary)
    if declared is not None and _NO_FILTER.search(_NAME.sub(b"", declared[1])):
        stream.damaged = True
    if declared is None:  # a filter is named, but under no key that is one
        stream.damaged |= stream.says(rb"/(?:Flate|LZW|RunLength|ASCII85|ASCIIHex)Decode\b")
    packed = sum(name in _PACKED for name in names)
    picture = stream.says(rb"/Subtype\s*/Image")
    most = limits.stream_mb * MB
    if picture and packed <= 1:
        return  # it is unpacked when the page is drawn, if its size in pixels allows that
    if not data and stream.says(rb"/Length\s+0\b"):
        return  # an empty page's content, as some writers put it
    for name in names:
        if name in _FLATE:
            data, whole = _inflate(data, most)
            if len(data) > most:
                raise BombError(f"a stream of the file unpacks to more than {limits.stream_mb} MB")
            stream.damaged |= not whole
        elif name in ("ASCII85Decode", "A85"):
            if len(data) > ASCII_MAX:
                return
            try:
                data = _ascii85(data)
            except ValueError:
                stream.damaged = True
                return
        elif name in ("ASCIIHexDecode", "AHx"):
            try:
                data = binascii.unhexlify(re.sub(rb"\s|>.*", b"", data, flags=re.DOTALL))
            except binascii.Error:
                stream.damaged = True
                return
        else:
            if packed > 1:
                bound = len(data) * RATIO ** names[names.index(name) :].count(name)
                if bound > most:
                    raise BombError(f"a stream is packed {packed} times over")
            return
    if not stream.says(rb"/(?:Type|Subtype|Length1|N|FunctionType)\b"):  # else no page's contents
        bare = _OPERATOR.search(data) is None
        stream.senseless = bare and len(_COMMENT.sub(b"", data)) > SNIPPET
    file.unpacked += len(data)
    if file.unpacked > limits.total_mb * MB:
        raise BombError(f"the file's streams unpack to more than {limits.total_mb} MB")
    if stream.says(rb"/ObjStm"):
        first = re.search(rb"/First\s+(\d{1,9})", stream.dictionary)
        stream.directory = data[: int(first[1])] if first else b""
        file.plain.append(data)
    elif not picture and not stream.says(rb"/(?:Type|Length1|N|FunctionType)\b"):
        stream.shows_text = b"BT" in data and _SHOWS_TEXT.search(data) is not None


def _is_dictionary(text: bytes) -> bool:
    """Whether it looks like a stream's dictionary: bracketed, with a length, of plain signs."""
    inside = _STRING.sub(b"", text.strip())
    return (
        _OPENING.match(inside) is not None
        and inside.endswith(b">>")
        and b"/Length" in inside
        and inside.count(b"[") == inside.count(b"]")
        and _ODD.search(inside) is None
    )


def _inflate(data: bytes, most: int) -> tuple[bytes, bool]:
    """Unpacked as far as it goes, a little more than `most` at most; whether it is whole."""
    unpacker = zlib.decompressobj()
    parts: list[bytes] = []
    size = 0
    try:
        while data and not unpacker.eof:
            part = unpacker.decompress(data, CHUNK if size == 0 else MB)
            parts.append(part)
            size += len(part)
            if size > most:
                break
            data = unpacker.unconsumed_tail
    except zlib.error:
        return b"".join(parts), False
    return b"".join(parts), unpacker.eof or size > most


def _ascii85(data: bytes) -> bytes:
    if b"\0" in data:  # white space by the letter, but no writer's, and libraries stop at it
        raise ValueError("NUL")
    body = data.strip()
    body = body[: body.find(b"~")] if b"~" in body else body
    return base64.a85decode(body.removeprefix(b"<~"), ignorechars=b" \t\r\n\f\0\v")


def _wrong_places(pdf: bytes, free: set[int]) -> str | None:
    """What is wrong with the cross-reference sections; None where nothing is seen to be.

    Numbers of objects that classic tables call free are added to `free`.
    """
    starts = _STARTXREF.findall(pdf[-2048:])
    if not starts:
        return "the end of the file, with its table of contents, is missing"
    offset = pdf.find(b"%PDF-")
    pending, done = [int(starts[-1])], set[int]()
    while pending and len(done) < SECTIONS:
        place = pending.pop()
        if place in done or place == 0:
            continue
        done.add(place)
        section = pdf[place + offset : place + offset + 24].lstrip()
        if section.startswith(b"xref"):
            if not _table_fits(pdf, place + offset, offset, pending, free):
                return "its table of contents points at the wrong places"
        elif _OBJECT.match(section) is None:
            return "its table of contents is not where it should be"
    return None


_SUBSECTION = re.compile(rb"\s*(\d{1,10})[ \t]+(\d{1,10})[ \t]*(?:\r\n|\n|\r)")
# Entries have 20 bytes; of the last one the line end may be cut short.
_ENTRIES = re.compile(rb"(?:\d{10} \d{5} [nf].{2})*", re.DOTALL)
_KIND_AT, _IN_USE, _FREE = 17, ord("n"), ord("f")
ENTRIES = 1_000_000


def _table_fits(pdf: bytes, at: int, offset: int, pending: list[int], free: set[int]) -> bool:
    """Whether a classic table's entries point at the objects of their numbers."""
    start = pdf.find(b"xref", at) + 4
    while (head := _SUBSECTION.match(pdf, start)) is not None:
        first, count = int(head[1]), int(head[2])
        start = head.end()
        count = min(count, ENTRIES)
        entries = pdf[start : start + 20 * count - 2] + b"\r\n" if count else b""
        if len(entries) != 20 * count or _ENTRIES.fullmatch(entries) is None:
            return False
        for number, kind in enumerate(entries[_KIND_AT::20]):
            place = int(entries[20 * number : 20 * number + 10]) if kind == _IN_USE else 0
            if kind == _FREE:
                free.add(first + number)
            if place:
                place += offset
                found = _OBJECT.match(pdf, place) or _OBJECT.match(pdf[place : place + 40].lstrip())
                if found is None or int(found[1]) != first + number:
                    return False
        start += 20 * count
    trailer = pdf[start : start + 4096]
    if not trailer.lstrip().startswith(b"trailer"):
        return False
    for pattern in (rb"/Prev\s+(\d{1,10})", rb"/XRefStm\s+(\d{1,10})"):
        if further := re.search(pattern, trailer.partition(b"startxref")[0]):
            pending.append(int(further[1]))
    return True


def _objects(marked: Iterable[int], file: _File) -> set[int]:
    """Numbers of all objects, those inside object streams too."""
    objects = set(marked)
    for stream in file.streams:
        names = stream.directory.split()[::2]
        objects.update(int(n) for n in names if n.isdigit() and len(n) < 11)
    return objects


def _marked(plain: bytes) -> Iterator[int]:
    """Numbers of the objects that begin in a text, as `_OBJECT` finds them.

    It begins with a number, of which a file is full; so the word is looked for first.
    """
    at = plain.find(b"obj")
    while at >= 0:
        if plain[at - 1 : at].isspace() or plain[at - 1 : at] == b"\0":
            for reach in (32, DICTIONARY):
                found = list(_OBJECT.finditer(plain, max(0, at - reach), at + 4))
                if found and found[-1].end() == at + 3:
                    yield int(found[-1][1])
                    break
        at = plain.find(b"obj", at + 3)


def _lost(pdf: bytes, file: _File, free: set[int]) -> Iterator[str]:
    """Contents that pages ask for and do not get, and text that no page asks for."""
    plain = b"\n".join(file.plain)
    if plain.count(b"endstream") != len(file.streams):
        yield "rusak: beginnings and ends of streams do not match"
    marked = list(_marked(plain))
    if len(marked) > len(_END_OBJECT.findall(plain)):
        yield "rusak: an object of the file does not end"
    numbers = {stream.number for stream in file.streams}
    absent, shown = set[tuple[int, bool]](), set[int]()
    indirect = False
    for inside, single in _CONTENTS.findall(plain):
        wanted = [int(single)] if single else [int(n) for n in _REFERENCE.findall(inside)]
        shown.update(wanted)
        indirect |= bool(single) and wanted[0] not in numbers
        absent.update((n, bool(single)) for n in wanted if n not in numbers)
    # Contents that are no stream may be a list of streams, wherever that stands; and number 0
    # is free in every table.
    objects = _objects(marked, file) if absent or len(free) > 1 else set()
    if any(not single or n not in objects for n, single in absent):
        yield "rusak: contents of pages are missing from the file"
    if not all(map(_is_balanced, _around(plain, _PAGE))):
        yield "rusak: a page's dictionary is torn"
    if any(b"/CharProcs" not in font for font in _around(plain, _TYPE3)):
        yield "rusak: a font has no letters"
    bare = any(b"/Contents" in o and b"/Resources" not in o for o in _around(plain, _PAGE))
    if bare and not any(b"/Resources" in tree for tree in _around(plain, _PAGES)):
        yield "rusak: a page names no fonts for its contents"
    if any(stream.senseless and stream.number in shown for stream in file.streams):
        yield "rusak: contents of pages are none"
    if pdf.count(b"%%EOF") > 1 or len(file.streams) >= STREAMS:
        return  # of several revisions, the older ones' contents may rightly be shown no more
    if len(set(marked)) < len(marked):
        yield "rusak: an object stands twice in the file"
    if not free.isdisjoint(objects):
        yield "rusak: its table of contents leaves out objects that are there"
    # Of a form or a pattern any mention will do; a page's contents must be a page's.
    unseen = [s for s in file.streams if s.shows_text and s.number not in shown]
    used = {int(number) for number in _REFERENCE.findall(plain)} if unseen else set()
    if any(
        stream.number not in used
        or not (indirect or stream.says(rb"/(?:Subtype|PatternType|BBox)\b"))
        for stream in unseen
    ):
        yield "rusak: the file holds text that no page shows"


def _around(plain: bytes, pattern: re.Pattern[bytes]) -> Iterator[bytes]:
    """The objects in which something stands, or what is near it where no object is marked."""
    for match in pattern.finditer(plain):
        first, last = max(0, match.start() - DICTIONARY), match.end() + DICTIONARY
        begin = plain.rfind(b"obj", first, match.start())
        end = plain.find(b"endobj", match.end(), last)
        yield plain[max(begin, first) : end if end >= 0 else last]


def _is_balanced(text: bytes) -> bool:
    """Whether an object's brackets match; what is not seen whole is not judged."""
    if not text.startswith(b"obj") or len(text) > DICTIONARY:
        return True
    inside = _STRING.sub(b"", text)
    return inside.count(b"[") == inside.count(b"]") and inside.count(b"<<") == inside.count(b">>")
