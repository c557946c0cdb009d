"""The report as one HTML file: Jinja2, everything escaped, nothing fetched.

The file's own style and script are allowed by their hashes, pictures as data URIs, and
nothing else: what a document's text may hold is text. Charts are SVG whose numbers are
computed here. Every sentence stands there in Indonesian and in English, and one of them
is shown.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

import rktdata
from rktdata.output.report.crops import Pictures, window_of
from rktdata.output.report.kept_code import KeptCode
from rktdata.output.report.model import BudgetLine, Chapter, Crop, FindingView
from rktdata.output.report.problems import explained
from rktdata.output.report.years import Series, YearsView, find_shared
from rktdata.schemas.corrections import Lapse
from rktdata.schemas.findings import SEVERITIES, Acceptance, RuleInfo, Severity
from rktdata.schemas.plain import plain_decimal
from rktdata.schemas.records import DokumenRow

TEMPLATE = "laporan.html.j2"
WORDS: Mapping[str, tuple[str, str]] = {
    "galat": ("galat", "error"),
    "peringatan": ("peringatan", "warning"),
    "catatan": ("catatan", "note"),
    "cocok": ("cocok", "agree"),
    "berbeda": ("berbeda", "differ"),
    "tunggal": ("tunggal", "single"),
    "lengkap": ("lengkap", "complete"),
    "sebagian": ("sebagian", "partial"),
    "gagal": ("gagal", "failed"),
    "baru": ("baru", "new"),
    "dihapus": ("dihapus", "dropped"),
    "pecah": ("dipecah", "split"),
    "gabung": ("digabung", "merged"),
    "pindah": ("pindah unit", "moved"),
    "redaksi": ("redaksi", "reworded"),
    "satuan": ("ganti satuan", "other unit"),
    "mundur": ("mundur", "lowered"),
    "ubah": ("berubah", "changed"),
    "kosong": ("dikosongkan", "emptied"),
}
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
SERIES_SHOWN = 120
# Lines of panels, those with a change first; panel.csv holds all.
LINES_SHOWN = 1000
CHANGES_SHOWN = 500
SHARED_SHOWN = 150
RULES_SHOWN = 12
# Of one small multiple, in its own units.
PLOT_WIDTH, PLOT_HEIGHT, PLOT_MARGIN = 220.0, 84.0, 22.0


@dataclass(frozen=True, slots=True)
class Plot:
    """A series laid out: dots with their value, a line through each year's first value."""

    series: Series
    dots: tuple[tuple[float, float, str, bool], ...]
    line: str
    years: tuple[tuple[float, int], ...]


def render_report(
    rows: Sequence[DokumenRow],
    chapters: Sequence[Chapter],
    pictures: Pictures,
    still_open: Mapping[Severity, int],
    accepted: Mapping[Severity, int],
    stale: Sequence[Acceptance] = (),
    corrected: int = 0,
    lapses: Sequence[Lapse] = (),
) -> bytes:
    """The report's bytes, UTF-8.

    Args:
        rows: All documents, those that could not be read as well.
        chapters: What is shown of them.
        pictures: Rendered windows for the findings.
        still_open: All findings by severity that nobody accepted, shown or not.
        accepted: The others.
        stale: Acceptances that fit no finding.
        corrected: Lines of koreksi.csv that are in force.
        lapses: Those that change nothing.
    """
    style, script = _asset("laporan.css"), _asset("laporan.js")
    order = {row.dokumen_id: at for at, row in enumerate(rows)}
    views = sorted(
        (view for chapter in chapters for view in chapter.findings),
        key=lambda view: order.get(view.finding.document_id, len(order)),
    )
    documents = sorted(
        (document for chapter in chapters for document in chapter.documents),
        key=lambda document: order.get(document.row.dokumen_id, len(order)),
    )
    by_document: Counter[tuple[str, str]] = Counter(
        (view.finding.document_id, view.finding.severity)
        for view in views
        if view.finding.acceptance is None
    )
    series = [item for chapter in chapters for item in chapter.series]
    views_of_years = [chapter.years for chapter in chapters if chapter.years]
    shared = find_shared(views_of_years)
    varying = [item for item in series if not item.constant]
    rules = _rules(views)
    total = sum(still_open.values()) + sum(accepted.values())
    html = template().render(
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        version=rktdata.__version__,
        rows=rows,
        failed=[row for row in rows if row.status == "gagal"],
        documents=documents,
        findings=views,
        total=total,
        severities=SEVERITIES,
        open=still_open,
        accepted=accepted,
        by_document=by_document,
        open_bar=_shares([still_open.get(severity, 0) for severity in SEVERITIES]),
        rules=rules,
        rules_shown=rules[:RULES_SHOWN],
        most=max((count for _, count, _ in rules), default=1),
        units=sorted({view.finding.unit for view in views if view.finding.unit}),
        stale=stale,
        corrected=corrected,
        lapses=lapses,
        groups=sum((Counter(chapter.groups) for chapter in chapters), Counter()),
        plots=[_plot(item) for item in varying[:SERIES_SHOWN]],
        plots_left=max(0, len(varying) - SERIES_SHOWN),
        constant=[item for item in series if item.constant],
        spans=_shown([view for view in views_of_years if view.over_years]),
        shared=shared[:SHARED_SHOWN],
        shared_left=max(0, len(shared) - SHARED_SHOWN),
        pictures=pictures,
        agencies=sorted({row.instansi for row in rows if row.instansi}),
        years=sorted({row.tahun for row in rows if row.tahun}),
    )
    return html.encode("utf-8", errors="replace")


@cache
def template() -> Template:
    """The report's template; where its code was not kept, it takes a while to make."""
    environment = Environment(
        loader=PackageLoader("rktdata.output.report"),
        bytecode_cache=KeptCode(Path(__file__).parent / "templates" / TEMPLATE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.globals.update(words=WORDS, bars=_bars)
    environment.filters.update(
        rupiah=_rupiah,
        number=_grouped,
        picture=lambda crop, pictures: pictures.by_window.get(window_of(crop)),
        data_uri=lambda data: "data:image/webp;base64," + base64.b64encode(data).decode("ascii"),
        view_box=_view_box,
        explained=explained,
        letter=lambda number: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[min(number, 25)],
    )
    return environment.get_template(TEMPLATE)


def _asset(name: str) -> str:
    return (files("rktdata.output.report") / "templates" / name).read_text("utf-8")


def _hash(text: str) -> str:
    """The hash by which a browser lets a style or script pass (CSP 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


def _printable(value: Any) -> Any:
    """What goes into the page.

    Control characters, which HTML does not allow, and those that turn the direction of
    all text that follows are shown as unknown characters.
    """
    if value is None:
        return ""
    if isinstance(value, Markup):
        return value
    return _HIDDEN.sub("\ufffd", str(value))


def _rules(views: Sequence[FindingView]) -> list[tuple[RuleInfo, int, Severity]]:
    """The rules of the findings shown, most findings first, with the worst severity."""
    found: dict[RuleInfo, list[Severity]] = defaultdict(list)
    for view in views:
        found[view.finding.rule].append(view.finding.severity)
    rules = [(rule, len(s), min(s, key=SEVERITIES.index)) for rule, s in found.items()]
    return sorted(rules, key=lambda item: (-item[1], item[0].id))


def _shares(counts: Sequence[int]) -> list[tuple[float, float]]:
    """Start and width of each part of a bar of 100."""
    whole = sum(counts) or 1
    starts = [100 * sum(counts[:at]) / whole for at in range(len(counts))]
    return [
        (round(start, 2), round(100 * n / whole, 2))
        for start, n in zip(starts, counts, strict=True)
    ]


def _bars(lines: Sequence[BudgetLine]) -> list[tuple[BudgetLine, float, float | None]]:
    """Budget lines with the lengths of their bars: stated and computed, of 100."""
    sums = [x for n in lines for x in (n.row.jumlah, n.row.jumlah_dihitung) if x is not None]
    whole = max((abs(amount) for amount in sums), default=0) or 1

    def length(amount: int) -> float:
        return round(100 * abs(amount) / whole, 2)

    return [
        (
            line,
            length(line.row.jumlah or 0),
            None if line.row.jumlah_dihitung is None else length(line.row.jumlah_dihitung),
        )
        for line in lines
    ]


def _shown(spans: Sequence[YearsView]) -> list[YearsView]:
    """The panels cut to what a report can show: what changed first, in the panel's order."""
    shown, lines, changes = [], LINES_SHOWN, CHANGES_SHOWN
    for span in spans:
        ranked = sorted(range(len(span.lines)), key=lambda at: (not span.lines[at].changed, at))
        kept = [span.lines[at] for at in sorted(ranked[:lines])]
        left = len(span.lines) - len(kept)
        shown.append(replace(span, lines=tuple(kept), changes=span.changes[:changes], left=left))
        lines, changes = lines - len(kept), max(0, changes - len(span.changes))
    return shown


def _plot(series: Series) -> Plot:
    years = [year for year, _, _ in series.points]
    values = [float(value) for _, value, _ in series.points]
    low, high = min(values), max(values)
    first, last = years[0], years[-1]

    def x(year: int) -> float:
        width = PLOT_WIDTH - 2 * PLOT_MARGIN
        return round(PLOT_MARGIN + width * (year - first) / (last - first), 1)

    def y(value: Decimal) -> float:
        share = (float(value) - low) / (high - low) if high > low else 0.5
        return round(PLOT_HEIGHT - 26 - (PLOT_HEIGHT - 46) * share, 1)

    dots = tuple(
        (x(year), y(value), plain_decimal(value), differs) for year, value, differs in series.points
    )
    line = " ".join(f"{x(year)},{y(value)}" for year, value, _ in series.points)
    return Plot(series, dots, line, tuple((x(year), year) for year in years))


def _view_box(crop: Crop) -> str:
    x0, top, x1, bottom = crop.window
    return f"{x0:g} {top:g} {x1 - x0:g} {bottom - top:g}"


def _rupiah(amount: int | None) -> str:
    """An amount as documents print it; a difference may be negative."""
    if amount is None:
        return ""
    sign = "\u2212" if amount < 0 else ""
    return f"{sign}Rp\u00a0{_grouped(abs(amount))}"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
