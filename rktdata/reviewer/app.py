"""The review page's answers: the page itself, the list, a record, a page's picture.

Everything goes out as JSON and is put into the page as text, never as HTML.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rktdata.corrections.fields import FieldValueError
from rktdata.output.explain import UnknownRecordError
from rktdata.reviewer.desk import SCALE, Desk, Detail, Wanted, fields_of
from rktdata.reviewer.guard import App, Guard
from rktdata.reviewer.ranking import REASONS, STATES, Item
from rktdata.schemas.corrections import WHOLE, Lapse
from rktdata.schemas.errors import DatasetError

_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FILES = ("index.html", "icon.svg", "review.css", "review.js", "texts.js")
# Items sent at once.
MOST = 200


def make_app(desk: Desk, token: str, hosts: Iterable[str], who: str = "") -> App:
    """The application, guarded.

    Args:
        desk: The dataset.
        token: The secret first part of every path.
        hosts: As a browser names them, with the port.
        who: Name that the page proposes for `oleh`.
    """

    def static(request: Request) -> Response:
        name = request.path_params.get("name") or "index.html"
        if name not in _FILES:
            return Response("", 404)
        content = (files("rktdata.reviewer") / "static" / name).read_bytes()
        return Response(content, media_type=_TYPES[name.rpartition(".")[2]])

    def summary(_: Request) -> Response:
        listing = desk.listing(Wanted(), limit=0)
        lapses = desk.lapses()
        documents = [
            {
                "id": row.dokumen_id,
                "name": row.berkas,
                "agency": row.instansi,
                "year": row.tahun,
                "pages": row.halaman,
            }
            for row in desk.rows.values()
        ]
        return JSONResponse(
            {
                "dataset": desk.folder.resolve().name,
                "documents": documents,
                "states": listing.by_state,
                "reasons": REASONS,
                "who": who,
                "lapses": [_lapse(lapse) for lapse in lapses],
            }
        )

    def records(request: Request) -> Response:
        given = request.query_params
        wanted = Wanted(
            *(given.get(name, "") for name in ("state", "reason", "kind", "document", "words"))
        )
        offset, limit = _number(given.get("offset")), min(_number(given.get("limit"), MOST), MOST)
        listing = desk.listing(wanted, offset, limit)
        return JSONResponse(
            {
                "total": listing.total,
                "states": listing.by_state,
                "items": [_item(item) for item in listing.items],
            }
        )

    def record(request: Request) -> Response:
        return JSONResponse(_detail(desk.detail(request.path_params["record"])))

    async def write(request: Request) -> Response:
        try:
            said = json.loads(await request.body())
            names = ("field", "value", "reason", "who")
            texts = [said[name] for name in names]
            if not all(isinstance(text, str) for text in texts):
                raise TypeError("texts only")
        except (ValueError, KeyError, TypeError) as error:
            return _problem(400, f"cannot be understood: {error}")
        detail = await run_in_threadpool(desk.write, request.path_params["record"], *texts)
        return JSONResponse(_detail(detail))

    def picture(request: Request) -> Response:
        params = request.path_params
        drawn = desk.page(params["document"], params["number"])
        if drawn is None:
            return Response("", 404)
        return Response(drawn, media_type="image/webp")

    app = Starlette(
        routes=[
            Route("/", static),
            Route("/api/summary", summary),
            Route("/api/records", records),
            Route("/api/records/{record}", record),
            Route("/api/records/{record}", write, methods=["POST"]),
            Route("/api/pages/{document}/{number:int}", picture),
            Route("/{name}", static),
        ],
        exception_handlers={
            UnknownRecordError: _unknown,
            FieldValueError: _unfit,
            ValueError: _unfit,
            DatasetError: _broken,
        },
    )
    return Guard(app, token, hosts)


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "document": item.document_id,
        "kind": item.kind,
        "page": item.page,
        "title": item.title,
        "year": item.year,
        "value": item.value,
        "confidence": item.confidence,
        "reasons": item.reasons,
        "state": item.state,
    }


def _detail(detail: Detail) -> dict[str, Any]:
    record, document = detail.record, detail.document
    row = record.row
    table = next((t for t in document.table_rows if t.tabel_id == row.tabel_id), None)
    return {
        **_item(detail.item),
        "confidence": getattr(row, "keyakinan", 1.0),
        "marks": (row.tanda or "").split(),
        "file": document.row.berkas,
        "table": None if table is None else {"number": table.nomor, "title": table.judul},
        "row": getattr(row, "baris", None),
        "fields": list(fields_of(record)),
        "parts": [str(part.get("teks") or part.get("nilai") or "") for part in record.parts],
        "notes": list(record.notes),
        "sizes": {str(p.halaman): [p.lebar, p.tinggi] for p in document.pages},
        "scale": SCALE,
        "findings": [
            {
                "rule": finding.aturan,
                "severity": finding.tingkat,
                "id": finding.pesan,
                "en": info.title_en if info else finding.pesan,
                "values": [v for v in (finding.nilai_a, finding.nilai_b) if v],
            }
            for finding, info in detail.findings
        ],
        "corrections": [
            {
                "field": line.kolom,
                "whole": line.kolom == WHOLE,
                "old": line.teks_lama,
                "new": line.nilai_baru,
                "reason": line.alasan,
                "who": line.oleh,
            }
            for line in record.corrections
        ],
        "lapses": [_lapse(lapse) for lapse in detail.lapses],
        "states": STATES,
    }


def _lapse(lapse: Lapse) -> dict[str, str]:
    line = lapse.correction
    return {
        "place": line.place,
        "field": line.kolom,
        "value": line.nilai_baru,
        "id": lapse.message_id,
        "en": lapse.message_en,
    }


def _number(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default


def _problem(status: int, english: str, indonesian: str | None = None) -> Response:
    return JSONResponse({"id": indonesian or english, "en": english}, status)


def _unknown(_: Request, error: Exception) -> Response:
    return _problem(404, f"{error}; load the page again", f"{error}; muat ulang halaman ini")


def _unfit(_: Request, error: Exception) -> Response:
    return _problem(422, str(error), getattr(error, "message_id", None))


def _broken(_: Request, error: Exception) -> Response:
    return _problem(409, str(error))
