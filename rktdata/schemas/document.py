"""One document, read: what the library hands to its users and to the writers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, overload

from rktdata.schemas.corrections import Correction, Lapse
from rktdata.schemas.records import (
    AnggaranRow,
    DatasetRow,
    DokumenRow,
    IndikatorRow,
    Record,
    TabelRow,
)
from rktdata.schemas.values import (
    Block,
    Box,
    Grid,
    Line,
    Page,
    PageInfo,
    PageLedger,
    Source,
    Table,
)

if TYPE_CHECKING:
    import pandas as pd
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What a document says of itself.

    Attributes:
        kind: RKT, PK, RENJA, IKU, LKIP or LAIN.
        agency: As printed, None where it is not found.
        year: The plan's year.
        marks: What was unsure about it.
    """

    kind: str
    agency: str | None
    year: int | None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caption:
    """What the lines above a table say of it; `lines` are those that say it.

    Attributes:
        number: As printed ("3", "II-1"), None where there is none.
        title: Joined over its lines, without "Tabel" and the number.
        unit: The unit (unit kerja, OPD, officer) whose table it is.
        lines: The caption's lines, the last ones above the table; those before are prose.
    """

    number: str | None = None
    title: str | None = None
    unit: str | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class PageLayout:
    """One page's grids, and its lines outside them, both in reading order.

    Attributes:
        page: From 1.
        width, height: Points.
        grids: Of a long document, each is made anew when it is asked for.
        lines: Those outside the grids.
        boxes: The grids' outer borders; taken from them where they are left out.
    """

    page: int
    width: float
    height: float
    grids: Sequence[Grid]
    lines: tuple[Line, ...]
    boxes: tuple[Box, ...] = ()

    def __post_init__(self) -> None:
        if len(self.boxes) != len(self.grids):
            object.__setattr__(self, "boxes", tuple(grid.box for grid in self.grids))


class PagesWithout(Sequence[PageLayout]):
    """Pages without some of their lines, each made when it is asked for."""

    def __init__(self, pages: Sequence[PageLayout], left_out: Sequence[Collection[int]]) -> None:
        """Leave lines out.

        Args:
            pages: All of a document.
            left_out: Of each page, places in its `lines`.
        """
        self._pages = pages
        self._left_out = left_out

    def __len__(self) -> int:
        return len(self._pages)

    @overload
    def __getitem__(self, index: int) -> PageLayout: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[PageLayout]: ...
    def __getitem__(self, index: int | slice) -> PageLayout | Sequence[PageLayout]:
        if isinstance(index, slice):
            return PagesWithout(self._pages[index], self._left_out[index])
        page, left_out = self._pages[index], self._left_out[index]
        if not left_out:
            return page
        lines = tuple(line for at, line in enumerate(page.lines) if at not in left_out)
        return PageLayout(page.page, page.width, page.height, page.grids, lines, page.boxes)


@dataclass(frozen=True, slots=True)
class PageReading:
    """What reading one page came to.

    Attributes:
        number: From 1.
        page, layout: None where it is left out.
        error: Why it is: the error's code and message.
        unread: Why it was not read from its picture where it should have been.
    """

    number: int
    page: Page | None = None
    layout: PageLayout | None = None
    error: tuple[str, str] | None = None
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A page of a document: what is told of it, and its picture.

    Attributes:
        number: From 1.
        info: Size, rotation, reader, notes.
        file: The PDF; None where it is not known.
    """

    number: int
    info: PageInfo
    file: str | None = None

    def image(
        self, marks: Sequence[Source] = (), *, scale: float = 1.6, password: str | None = None
    ) -> Image:
        """The page as a picture, the given places framed in red.

        Args:
            marks: Places: `record["target_teks"].sources`; those of other pages are left out.
            scale: Pixels per point.
            password: Of a locked PDF.

        Raises:
            FileNotFoundError: The PDF is not known, or is no longer there.
        """
        from rktdata.output.draw import page_image

        if self.file is None:
            raise FileNotFoundError(
                "the PDF is not known: read it with rktdata.read(path), or say where the PDFs of "
                "a dataset are with rktdata.open_dataset(folder, pdf=...)"
            )
        return page_image(self.file, self.number, marks, scale=scale, password=password)


@dataclass(frozen=True, slots=True)
class Document:
    """Everything read from one PDF.

    Attributes:
        row: Its row of dokumen.csv.
        tables: Logical tables, reading order; `table_rows` are their rows of tabel.csv.
        indicators: One record per printed indicator and year, reading order.
        budget: Budget lines, reading order.
        blocks: Text outside the tables.
        pages, ledgers: One per page.
        messages: What is incomplete, in plain words.
        as_read: Fields of `row` that a correction changed, as they were read.
        corrections: Those that were applied to `row`.
        file: The PDF it was read from, for pictures; never written to a dataset.
    """

    row: DokumenRow
    tables: tuple[Table, ...]
    table_rows: tuple[TabelRow, ...]
    indicators: tuple[Record[IndikatorRow], ...]
    budget: tuple[Record[AnggaranRow], ...]
    blocks: tuple[Block, ...] = ()
    pages: tuple[PageInfo, ...] = ()
    ledgers: tuple[PageLedger, ...] = ()
    messages: tuple[str, ...] = ()
    as_read: dict[str, Any] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    file: str | None = field(default=None, compare=False, repr=False)

    def page(self, number: int) -> DocumentPage:
        """A page by its number, from 1.

        Raises:
            IndexError: There is no such page.
        """
        for info in self.pages:
            if info.halaman == number:
                return DocumentPage(number, info, self.file)
        raise IndexError(f"there is no page {number}; pages count from 1 to {len(self.pages)}")

    def rows(self, name: str) -> tuple[DatasetRow, ...]:
        """The document's rows of one file of the dataset: "indikator", "tabel", ..."""
        rows: dict[str, tuple[DatasetRow, ...]] = {
            "dokumen": (self.row,),
            "tabel": self.table_rows,
            "indikator": tuple(record.row for record in self.indicators),
            "anggaran": tuple(record.row for record in self.budget),
        }
        if name not in rows:
            raise KeyError(f"no rows named {name!r}; there are {', '.join(rows)}")
        return rows[name]

    def to_frame(self, name: str = "indikator") -> pd.DataFrame:
        """One file's rows as a data frame, columns as in the CSV."""
        from rktdata.output.frames import rows_to_frame

        return rows_to_frame(name, self.rows(name))

    @property
    def amended(self) -> bool:
        """Whether corrections changed or confirmed anything in it."""
        records: tuple[Record[Any], ...] = (*self.indicators, *self.budget)
        return bool(self.as_read or self.corrections) or any(
            record.as_read or record.corrections for record in records
        )


@dataclass(frozen=True, slots=True)
class Corrected:
    """A document with corrections in it.

    Attributes:
        document: With corrected rows.
        applied: Lines that are in force, those that confirm what was read among them.
        lapses: Lines that change nothing, and why.
    """

    document: Document
    applied: tuple[Correction, ...] = ()
    lapses: tuple[Lapse, ...] = ()


@dataclass(frozen=True, slots=True)
class TableReading:
    """A table with what is read from it.

    Attributes:
        table, row: None after the last table, for the rest of what running text says.
        indicators, budget: Numbered; to be taken in this order before the next table is asked
            for. What running text above the table says comes before what the table says.
    """

    table: Table | None
    row: TabelRow | None
    indicators: Iterable[Record[IndikatorRow]]
    budget: Iterable[Record[AnggaranRow]]


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """A document of which each table is read when it is asked for, and can then be let go.

    Attributes:
        told: All that is told of it besides tables, records and blocks.
        blocks: Text outside the tables, reading order.
        tables: In reading order, once.
    """

    told: Document
    blocks: Sequence[Block]
    tables: Iterator[TableReading]

    @classmethod
    def of(cls, document: Document) -> DocumentReading:
        """A document that is read already."""
        read = [
            *(
                TableReading(table, row, (), ())
                for table, row in zip(document.tables, document.table_rows, strict=True)
            ),
            TableReading(None, None, document.indicators, document.budget),
        ]
        return cls(document, document.blocks, iter(read))

    def whole(self) -> Document:
        """The document with all its tables."""
        tables: list[Table] = []
        rows: list[TabelRow] = []
        indicators: list[Record[IndikatorRow]] = []
        budget: list[Record[AnggaranRow]] = []
        for found in self.tables:
            if found.table is not None and found.row is not None:
                tables.append(found.table)
                rows.append(found.row)
            indicators.extend(found.indicators)
            budget.extend(found.budget)
        return replace(
            self.told,
            tables=tuple(tables),
            table_rows=tuple(rows),
            indicators=tuple(indicators),
            budget=tuple(budget),
            blocks=tuple(self.blocks),
        )
