"""The commands of `rkt`: arguments in, exit code out; the only module that prints.

Exit codes: 0 everything was read, 1 something was not, 2 the command could not be
carried out as given, 3 `rkt audit --fail-on` met such a finding. Results go to standard
output, everything else to standard error. What a command needs is imported when it runs,
so that `rkt --help` is there at once; annotations are evaluated where they stand, for typer
would compile each of them as text, of every command at each start.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from rktdata.examples import examples

if TYPE_CHECKING:
    from rktdata.batch import Summary
    from rktdata.progress import Teller
    from rktdata.review import Review
    from rktdata.schemas.limits import Limits
    from rktdata.schemas.options import Options
    from rktdata.schemas.panel import Panel

# Corrections that no longer apply, told one by one.
LAPSES_TOLD = 20
READ_ALL, SOME_FAILED, USAGE, FOUND, STOPPED = 0, 1, 2, 3, 130


app = typer.Typer(
    name="rkt",
    help="Read Indonesian planning PDFs (RKT, PK, Renja, IKU) into a dataset.",
    no_args_is_help=True,
    epilog=examples(""),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Reader = Annotated[str, typer.Option(help="Library that reads the PDF: pdfium or pdfplumber.")]
PdfFolder = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Where the PDFs are now; where rkt extract read them if left out.",
    ),
]
Password = Annotated[str | None, typer.Option(help="Password of locked PDFs.", metavar="TEXT")]
Vocabulary = Annotated[
    Path | None, typer.Option(help="TOML file with further words.", metavar="FILE")
]
Ocr = Annotated[
    str,
    typer.Option(
        metavar="auto|always|never", help="Pages to read from their pictures: scans, all, none."
    ),
]
Report = Annotated[bool, typer.Option("--report/--no-report", help="Write laporan.html.")]


def _version(wanted: bool) -> None:
    if wanted:
        import rktdata

        print(f"rktdata {rktdata.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Read Indonesian planning PDFs (RKT, PK, Renja, IKU) into a dataset."""


@app.command(short_help="Read PDFs into a dataset, and audit it.", epilog=examples("extract"))
def extract(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT...",
            help="PDF files, folders, zip files, patterns, URLs, or @FILE that lists such.",
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FOLDER", help="Dataset folder to write.")
    ] = Path("output"),
    reader: Reader = "pdfium",
    password: Password = None,
    vocabulary: Vocabulary = None,
    ocr: Ocr = "auto",
    searchable: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Also write scanned PDFs with their text into it."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes; all cores if left out.")
    ] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Tell of failures only.")] = False,
    report: Report = True,
    from_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="List of inputs, one a line.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Read again what is known.")] = False,
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=N", help="A document's limit: seconds=60, memory_mb=2000, ..."),
    ] = None,
    json_log: Annotated[
        bool, typer.Option("--json-log", help="Tell of each document as a line of JSON.")
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers read: tcp://..."),
    ] = None,
) -> None:
    """Read PDFs into a dataset folder, and audit it.

    A run that was stopped goes on where it was; files that did not change are not read
    again.
    """
    from rktdata import batch
    from rktdata.schemas.errors import DatasetError, InputError, OutputFolderError, WorkerError

    given = [*(inputs or ()), *([f"@{from_file}"] if from_file else ())]
    if not given:
        _refuse("name what to read: files, folders, ... (rkt extract --help)")
    options, limits = _options(reader, password, vocabulary, ocr), _limits(limit or ())
    with _teller(quiet, json_log) as teller:
        try:
            with _stopped_by_signal():
                summary = batch.extract(
                    given,
                    output,
                    jobs=jobs or _cores(),
                    on_outcome=teller.tell,
                    on_listed=teller.listed,
                    on_done=teller.advance,
                    report=report,
                    force=force,
                    limits=limits,
                    scheduler=scheduler,
                    searchable=searchable,
                    on_scan=teller.scanning,
                    **options.model_dump(exclude={"searchable"}),
                )
        except (OutputFolderError, DatasetError, InputError, WorkerError) as error:
            _refuse(str(error))
        except OSError as error:
            _refuse(f"{output} cannot be written ({error}); what it held before is unchanged")
        except KeyboardInterrupt:
            _say(_how_far(teller, output))
            _say("what was read is kept: the same command goes on from there")
            raise typer.Exit(STOPPED) from None
        teller.finished(summary)
    if not quiet:
        print("\n".join(_told(summary)))
    if summary.review is not None:
        _tell_of_corrections(summary.review)
    broken = summary.review is not None and _tell_of_defects(summary.review)
    raise typer.Exit(SOME_FAILED if summary.failed or broken else READ_ALL)


@app.command(short_help="Correct and audit a dataset again.", epilog=examples("audit"))
def audit(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="A dataset folder.")],
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="galat|peringatan|catatan",
            help="Exit with 3 if a finding as weighty, or weightier, is open.",
        ),
    ] = None,
    pdf: PdfFolder = None,
    password: Password = None,
    vocabulary: Vocabulary = None,
    report: Report = True,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes; all cores by default.")
    ] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Tell of failures only.")] = False,
) -> None:
    """Audit a dataset again, without its PDFs: kelompok, temuan, panel, laporan.html.

    Corrections in koreksi.csv are applied first. Findings listed in temuan-diterima.csv
    (temuan_id, alasan, oleh) stay listed, as accepted; --fail-on does not count them. Both
    files stand in the dataset or beside it.
    """
    from rktdata.review import pdf_reader, review
    from rktdata.schemas.errors import DatasetError, OutputFolderError
    from rktdata.schemas.findings import SEVERITIES
    from rktdata.state import alone

    severity = next((known for known in SEVERITIES if known == fail_on), None)
    if fail_on is not None and severity is None:
        _refuse(f"--fail-on: {fail_on!r} is none of {', '.join(SEVERITIES)}")
    if pdf is not None and not pdf.is_dir():
        _refuse(f"--pdf: {pdf} is no folder")
    options = _options("pdfium", password, vocabulary)
    try:
        with alone(dataset):
            found = review(
                dataset,
                pdf_reader(dataset, pdf) if report else None,
                report=report,
                password=password,
                jobs=_cores() if jobs is None else jobs,
                vocabulary=options.vocabulary,
            )
    except (DatasetError, OutputFolderError) as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{dataset} cannot be written ({error}); what it held before is unchanged")
    except KeyboardInterrupt:
        _say(f"stopped; {dataset} is as it was")
        raise typer.Exit(STOPPED) from None
    if not quiet:
        _show(found)
    _tell_of_corrections(found)
    if _tell_of_defects(found):
        raise typer.Exit(SOME_FAILED)
    raise typer.Exit(FOUND if severity and found.reaches(severity) else READ_ALL)


@app.command(short_help="Read single printed values.", epilog=examples("values"))
def values(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE.jsonl", help="Standard input if left out.")
    ] = None,
    vocabulary: Vocabulary = None,
) -> None:
    """Read printed values, one JSON object a line, and print what they mean.

    A line gives teks, kolom (target, satuan, rupiah or capaian) and konteks.
    """
    from rktdata.normalize.lines import read_lines
    from rktdata.normalize.units import load_vocabulary

    options = _options("pdfium", None, vocabulary)
    try:
        words = load_vocabulary(options.vocabulary)
        with sys.stdin if file is None else file.open(encoding="utf-8") as lines:
            for line in read_lines(lines, words):
                print(json.dumps(line, ensure_ascii=False))
    except (OSError, ValueError) as error:
        _refuse(f"{file or 'standard input'}: {error}")


@app.command(short_help="Draw a page with what was found on it.", epilog=examples("show"))
def show(
    pdf: Annotated[Path, typer.Argument(metavar="PDF", help="The document.")],
    page: Annotated[int, typer.Option(min=1, help="Page to draw, from 1.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="PICTURE", help="Default: PDF's name-pN.png."),
    ] = None,
    reader: Reader = "pdfium",
    password: Password = None,
    vocabulary: Vocabulary = None,
    ocr: Ocr = "auto",
) -> None:
    """Draw a page with what was found on it: tables, cells, joins, left-over glyphs."""
    from rktdata.output.draw import draw_page
    from rktdata.schemas.errors import DocumentError

    options = _options(reader, password, vocabulary, ocr)
    picture = output or Path(f"{pdf.stem}-p{page}.png")
    try:
        draw_page(pdf.read_bytes(), page, options).save(picture)
    except DocumentError as error:
        _say(f"{pdf}: {error}")
        raise typer.Exit(SOME_FAILED) from None
    except (OSError, ValueError, IndexError) as error:
        _refuse(str(error))
    print(picture)


@app.command(short_help="Tell where a record is printed, and why.", epilog=examples("explain"))
def explain(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="A dataset folder.")],
    record_id: Annotated[
        str, typer.Argument(metavar="ID", help="An id of indikator.csv, anggaran.csv, tabel.csv.")
    ],
) -> None:
    """Tell where a record is printed, how it was read, and why."""
    from rktdata.output.explain import UnknownRecordError
    from rktdata.output.explain import explain as explained

    try:
        print("\n".join(explained(dataset, record_id)))
    except UnknownRecordError as error:
        _refuse(str(error))


@app.command(short_help="Correct a value, or confirm a record.", epilog=examples("correct"))
def correct(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="A dataset folder.")],
    record_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="An id of indikator.csv, anggaran.csv or dokumen.csv."),
    ],
    field: Annotated[
        str, typer.Argument(metavar="FIELD", help="A column, or semua to confirm the record.")
    ],
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help='What it is to be; "" for nothing; benar.')
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why.")] = "",
    who: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who says so; your login name by default.")
    ] = None,
) -> None:
    """Correct a value, or confirm a record: add a line to koreksi.csv in the dataset.

    Every later rkt extract and rkt audit applies it, whatever reads the PDF again. To take
    it back, remove its line. A corrected target_teks is read anew into its number and unit.
    """
    from rktdata.output.correct import correct_record
    from rktdata.output.explain import UnknownRecordError
    from rktdata.schemas.corrections import WHOLE
    from rktdata.schemas.errors import DatasetError

    name = _login_name() if who is None else who
    try:
        done = correct_record(dataset, record_id, field, value, reason, name)
    except (UnknownRecordError, DatasetError, ValueError) as error:
        _refuse(str(error))
    made = done.correction
    if made.kolom == WHOLE:
        what = "confirmed" if made.confirms else "not confirmed any more"
        print(f"{done.path}: {record_id} is {what}: {made.teks_lama}")
    else:
        print(f"{done.path}: {field} of {record_id}: {made.teks_lama!r} is now {made.nilai_baru!r}")
    print(f"rkt audit {dataset} puts it into the dataset")


@app.command(short_help="Check records beside their page.", epilog=examples("review"))
def review(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="A dataset folder.")],
    pdf: PdfFolder = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; any that is free.")
    ] = 0,
    password: Password = None,
    who: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who corrects; your login name by default.")
    ] = None,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the page in your browser.")
    ] = False,
) -> None:
    """Look at records beside their page, and confirm or correct them, in a browser.

    The page is for this machine alone, at the address that is printed, until Ctrl-C. The
    most doubtful records come first. Corrections go to koreksi.csv in the dataset; rkt
    audit, and every later rkt extract, puts them into it.
    """
    from rktdata.schemas.errors import DatasetError, OutputFolderError

    try:
        from rktdata.reviewer.serve import serve
    except ImportError as error:
        _refuse(
            f'the review page needs starlette and uvicorn ({error}): pip install "rktdata[review]"'
        )
    if pdf is not None and not pdf.is_dir():
        _refuse(f"--pdf: {pdf} is no folder")

    def ready(address: str) -> None:
        print(address, flush=True)
        _say("Ctrl-C ends it")
        if open_browser:
            import webbrowser

            webbrowser.open(address)

    try:
        with _stopped_by_signal():
            serve(
                dataset,
                pdf=pdf,
                port=port,
                password=password,
                who=_login_name() if who is None else who,
                on_ready=ready,
            )
    except (DatasetError, OutputFolderError) as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"port {port} cannot be had ({error.strerror}); choose another with --port")
    except KeyboardInterrupt:
        pass
    _say(f"rkt audit {dataset} puts corrections into the dataset")


@app.command(short_help="Write a dataset for other programs.", epilog=examples("export"))
def export(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="A dataset folder.")],
    to: Annotated[
        str, typer.Option(metavar="FORMAT,...", help="xlsx, parquet, sqlite, duckdb, jsonl, csv.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Default: ekspor in the dataset."),
    ] = None,
) -> None:
    """Write a dataset for other programs: Excel, Parquet, SQLite, DuckDB, JSON lines, CSV.

    In xlsx and csv, text that looks like a formula stays text.
    """
    from rktdata.output.export.run import export as exported
    from rktdata.schemas.errors import DatasetError, ExportError

    try:
        done = exported(dataset, [name.strip() for name in to.split(",")], output)
    except (DatasetError, ExportError) as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{output or dataset} cannot be written ({error})")
    for remark in done.remarks:
        _say(remark)
    for path in done.files:
        print(path)


@app.command(short_help="Lay plans of several years side by side.", epilog=examples("compare"))
def compare(
    datasets: Annotated[
        list[Path],
        typer.Argument(metavar="DATASET...", help="Dataset folders, of one year each or of many."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FOLDER", help="Default: the dataset, if it is one."
        ),
    ] = None,
    agency: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Show agencies with this in their name.")
    ] = None,
    indicator: Annotated[
        str | None,
        typer.Option(metavar="WORDS", help="Show the targets of indicators with these words."),
    ] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Show the files only.")] = False,
) -> None:
    """Lay plans of several years and agencies side by side: panel.csv, perubahan.csv."""
    from rktdata.compare import compare as compared
    from rktdata.schemas.errors import DatasetError, OutputFolderError

    try:
        found = compared(datasets, output)
    except (DatasetError, OutputFolderError) as error:
        _refuse(str(error))
    wanted = [
        panel
        for panel in found.panels
        if not quiet and (agency or "").casefold() in (panel.agency or "").casefold()
    ]
    if indicator is not None:
        _show_targets(wanted, indicator)
    else:
        for panel in wanted:
            _show_years(panel)
    for path in found.files:
        print(path)
    if not found.files and not quiet:
        _say("nothing was written; -o FOLDER says where to")


@app.command(short_help="Print what a dataset holds.", epilog=examples("schema"))
def schema(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="A file each, instead of one.")
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The data dictionary, docs/DATA.md, instead.")
    ] = False,
) -> None:
    """Print what a dataset holds: Table Schema of each CSV, JSON Schema of a document."""
    from rktdata.output.schema import data_dictionary, schema_files, schemas

    if markdown:
        print(data_dictionary(), end="")
    elif out is None:
        print(json.dumps(schemas(), ensure_ascii=False, indent=1))
    else:
        try:
            out.mkdir(parents=True, exist_ok=True)
            for name, content in schema_files().items():
                (out / name).write_bytes(content)
                print(out / name)
        except OSError as error:
            _refuse(f"{out} cannot be written ({error})")


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user, as in some containers
        return ""


def _options(
    reader: str, password: str | None, vocabulary: Path | None, ocr: str = "auto"
) -> "Options":
    from pydantic import ValidationError

    from rktdata.schemas.options import Options

    try:
        text = None if vocabulary is None else vocabulary.read_text("utf-8")
        return Options.model_validate(
            {"reader": reader, "password": password, "vocabulary": text, "ocr": ocr}, strict=True
        )
    except ValidationError as error:
        for problem in error.errors():
            _say(f"--{problem['loc'][0]}: {problem['msg']}")
        raise typer.Exit(USAGE) from None
    except (OSError, UnicodeDecodeError) as error:
        _refuse(f"--vocabulary: {error}")


def _cores() -> int:
    import os

    # The cores that this process may use, which a container can make fewer than there are.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _limits(given: Iterable[str]) -> "Limits":
    from pydantic import ValidationError

    from rktdata.schemas.limits import Limits

    try:
        return Limits.model_validate(dict(one.partition("=")[::2] for one in given))
    except ValidationError as error:
        for problem in error.errors():
            _say(f"--limit {problem['loc'][0]}: {problem['msg']}")
        _refuse(f"limits are {', '.join(Limits.model_fields)}")


@contextmanager
def _teller(quiet: bool, json_log: bool) -> "Iterator[Teller]":
    """Who is told of each outcome: a bar in a terminal, lines elsewhere."""
    from rktdata import progress

    if json_log:
        yield progress.JsonLines(_say)
    elif quiet or not sys.stderr.isatty():
        yield progress.Lines(_say, quiet)
    else:
        with progress.bar(_say) as teller:
            yield teller


def _how_far(teller: "Teller", output: Path) -> str:
    """Where a run was stopped, and what that means for the dataset."""
    if teller.total and teller.done == teller.total:
        return f"stopped after all {teller.total} documents; {output} may be written in part"
    done = f"{teller.done} of {teller.total} documents" if teller.total else "no document"
    return f"stopped after {done}; {output} is as it was"


@contextmanager
def _stopped_by_signal() -> Iterator[None]:
    """Take a request to end (SIGTERM) as Ctrl-C: tidy up and say how to go on."""
    import signal

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _told(summary: "Summary") -> Iterable[str]:
    """What a run wrote, line by line."""
    yield f"{summary.folder}:"
    for name, count in summary.rows.items():
        yield f"  {name + '.csv':<18}{count:>8} rows"
    files = sum(summary.statuses.values()) - summary.failed
    yield f"  {'dokumen/*.json':<18}{files:>8} files"
    yield "  datapackage.json"
    if summary.review is not None:
        if summary.review.report:
            yield "  laporan.html"
        yield f"findings: {_findings(summary.review)}"
        if summary.review.corrected:
            yield f"corrections: {summary.review.corrected} applied"
    changes = summary.changes
    if summary.known or changes.changed or changes.removed:
        yield (
            f"inputs: {changes.new} new, {changes.changed} changed, "
            f"{changes.unchanged} unchanged, {changes.removed} removed; "
            f"{summary.known} not read again"
        )
    if summary.failures:
        classes = sorted(summary.failures.items())
        yield f"failures: {', '.join(f'{count} {name}' for name, count in classes)}"
    statuses = ", ".join(f"{count} {name}" for name, count in sorted(summary.statuses.items()))
    if summary.duplicates:
        statuses += f"; {summary.duplicates} left out as duplicates"
    if summary.pages_read:
        speed = summary.pages_read / max(summary.seconds, 0.001)
        yield f"read: {summary.pages_read} pages in {summary.seconds:.1f} s, {speed:.1f} pages/s"
    yield f"{summary.pages} pages; documents: {statuses or 'none'}"


def _findings(review: "Review") -> str:
    """Findings in one line: "2 galat, 1 peringatan, 0 catatan; 3 accepted"."""
    from rktdata.schemas.findings import SEVERITIES

    told = ", ".join(f"{review.open[severity]} {severity}" for severity in SEVERITIES)
    accepted = sum(review.accepted.values())
    return told + (f"; {accepted} accepted" if accepted else "")


def _tell_of_defects(review: "Review") -> bool:
    """Tell what could not be audited; whether there was any."""
    for failure in review.failures:
        _say(failure)
        _say("this is a defect of rktdata; please report it with the file")
    return bool(review.failures)


def _tell_of_corrections(review: "Review") -> None:
    """Tell which lines of koreksi.csv change nothing, and why."""
    here = [lapse for lapse in review.lapses if lapse.cause != "dokumen"]
    for lapse in here[:LAPSES_TOLD]:
        _say(f"{lapse.correction.place}: {lapse.correction.kolom}: {lapse.message_en}")
    if len(here) > LAPSES_TOLD:
        _say(f"{len(here) - LAPSES_TOLD} more corrections no longer apply")
    if elsewhere := len(review.lapses) - len(here):
        _say(f"corrections for documents that are not in this dataset: {elsewhere}")


def _show(review: "Review") -> None:
    """The findings by rule, as a table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from rktdata.schemas.findings import SEVERITIES

    styles = {"galat": "bold red", "peringatan": "yellow", "catatan": "blue"}
    table = Table(title=Text(_findings(review)), title_justify="left", box=None, pad_edge=False)
    table.add_column("rule", no_wrap=True)
    for severity in SEVERITIES:
        table.add_column(severity, justify="right", no_wrap=True, style=styles[severity])
    table.add_column("accepted", justify="right", no_wrap=True)
    table.add_column("what it asks for", overflow="fold")
    for info, still_open, accepted in sorted(
        review.rules, key=lambda entry: [-entry[1][severity] for severity in SEVERITIES]
    ):
        counts = [str(still_open[severity] or "") for severity in SEVERITIES]
        table.add_row(info.id, *counts, str(accepted or ""), Text(info.title_en))
    console = Console(highlight=False, emoji=False, markup=False)
    console.print(table)
    if review.corrected:
        console.print(f"{review.corrected} corrections applied")
    if review.stale:
        console.print(f"{len(review.stale)} accepted findings are no longer there")
    if review.without_pictures:
        console.print(
            f"the PDFs of {len(review.without_pictures)} documents are not there, so the report "
            "shows text only; --pdf FOLDER says where they are"
        )
    if review.report:
        console.print(str(review.folder / "laporan.html"), soft_wrap=True)


def _show_years(panel: "Panel") -> None:
    """What changed in an agency's plans, as a table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    years = sorted({row.tahun for row in panel.rows})
    series = len({row.deret_id for row in panel.rows})
    title = f"{panel.agency or '(agency not known)'}: {series} indicators"
    if len(years) > 1:
        title += f", {years[0]}-{years[-1]}, {len(panel.changes)} changes"
    elif years:
        title += f", {years[0]}"
    styles = {"mundur": "red", "dihapus": "red", "kosong": "red", "baru": "green"}
    table = Table(box=None, pad_edge=False)
    for column in ("year", "change"):
        table.add_column(column, no_wrap=True)
    table.add_column("what changed", overflow="fold")
    for change in panel.changes:
        row = change.row
        kind = Text(row.jenis, style=styles.get(row.jenis, "yellow"))
        table.add_row(str(row.tahun), kind, Text(change.message_en))
    console = Console(highlight=False, emoji=False, markup=False)
    console.print(title, soft_wrap=True)
    if panel.changes:
        console.print(table)
    for _, remark in panel.remarks:
        _say(remark)


def _show_targets(panels: "Iterable[Panel]", words: str) -> None:
    """The targets of the indicators that hold some words, a line for each agency and unit."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    sought = words.casefold().split()
    rows = [
        row
        for panel in panels
        for row in panel.rows
        if all(word in row.indikator.casefold() for word in sought)
    ]
    years = sorted({row.tahun for row in rows})
    lines: dict[str, dict[int, str]] = {}
    names: dict[str, str] = {}
    for row in rows:
        names[row.deret_id] = " / ".join(
            dict.fromkeys(filter(None, (row.instansi, row.unit_kerja, row.indikator)))
        )
        lines.setdefault(row.deret_id, {})[row.tahun] = row.target_teks or "-"
    table = Table(box=None, pad_edge=False)
    table.add_column("agency / unit / indicator", overflow="fold")
    for year in years:
        table.add_column(str(year), justify="right", overflow="fold")
    for key, targets in lines.items():
        table.add_row(Text(names[key]), *(Text(targets.get(year, "")) for year in years))
    Console(highlight=False, emoji=False, markup=False).print(table)


def _say(message: str) -> None:
    """One line on standard error; control characters of a file name are not passed on.

    Written in one piece: several threads tell of pages.
    """
    sys.stderr.write("".join(c if c.isprintable() else "\ufffd" for c in message) + "\n")


def _refuse(message: str) -> NoReturn:
    _say(message)
    raise typer.Exit(USAGE)
