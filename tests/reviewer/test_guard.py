"""Who is answered: a browser that has the address, asking from our own page."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

pytest.importorskip("starlette", reason="the extra review is not installed")

from starlette.requests import ClientDisconnect

from rktdata.review import review
from rktdata.reviewer.app import make_app
from rktdata.reviewer.desk import Desk
from rktdata.reviewer.guard import HEADERS
from tests.reviewed import HOSTILE, contradicting, write

TOKEN, HOST = "rahasia-123", "127.0.0.1:8765"
OURS = {"host": HOST, "origin": f"http://{HOST}", "content-type": "application/json"}
KEY = contradicting("a").row.dokumen_id
RECORD = f"/{TOKEN}/api/records/{KEY}-i1"
SAID = {"field": "target_teks", "value": "85%", "reason": "", "who": ""}


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    folder = write(tmp_path / "data", contradicting("a", hostile=HOSTILE), failed=True)
    review(folder, report=False)
    made = Desk(folder, lambda _: None)
    yield made
    made.close()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


class Client:
    """Asks the application as a server would, without a network."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def ask(
        self, path: str, headers: dict[str, str], method: str = "GET", body: str = ""
    ) -> Answer:
        content = body.encode()
        headers = {"content-length": str(len(content)), **headers} if body else headers
        address, _, query = path.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": unquote(address), "raw_path": address.encode(),
            "query_string": query.encode(), "root_path": "", "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8765),
            "headers": [(n.encode(), v.encode()) for n, v in headers.items()],
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self._app(scope, receive, send))
        told = {n.decode().lower(): v.decode() for n, v in sent[0]["headers"]}
        text = b"".join(message.get("body", b"") for message in sent[1:]).decode()
        return Answer(sent[0]["status"], told, text)


@pytest.fixture
def client(desk: Desk) -> Client:
    return Client(make_app(desk, TOKEN, (HOST, "localhost:8765")))


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (f"/{TOKEN}/", {}, 200),
        (f"/{TOKEN}/", {"host": "localhost:8765"}, 200),
        ("/", {}, 403),
        (f"/{TOKEN}", {}, 403),
        ("/rahasia-124/", {}, 403),
        (f"/{TOKEN}x/api/summary", {}, 403),
        ("/api/summary", {}, 403),
        ("/%F0%9F%98%80/", {}, 403),
        (f"/{TOKEN}/", {"host": "evil.example:8765"}, 421),
        (f"/{TOKEN}/", {"host": "127.0.0.1"}, 421),
        (f"/{TOKEN}/api/summary", {"sec-fetch-site": "cross-site"}, 403),
        (f"/{TOKEN}/api/summary", {"sec-fetch-site": "none"}, 200),
        (f"/{TOKEN}/../cli.py", {}, 404),
        (f"/{TOKEN}/%2e%2e/app.py", {}, 404),
        (f"/{TOKEN}/..%2fapp.py", {}, 404),
        (f"/{TOKEN}/app.py", {}, 404),
        (f"/{TOKEN}/api/records/x-i1", {}, 404),
        (f"/{TOKEN}/api/pages/{KEY}/99", {}, 404),
        (f"/{TOKEN}/api/pages/..%2F..%2Fetc/1", {}, 404),
        (f"/{TOKEN}/api/records?limit=-1&offset=x", {}, 200),
    ],
)
def test_who_may_ask(client: Client, path: str, headers: dict[str, str], status: int) -> None:
    answer = client.ask(path, {"host": HOST, **headers})
    assert answer.status == status
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert TOKEN not in answer.text


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, SAID, 200),
        ({"origin": "https://evil.example"}, SAID, 403),
        ({"origin": "null"}, SAID, 403),
        ({"content-type": "text/plain"}, SAID, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, SAID, 415),
        ({"host": "evil.example"}, SAID, 421),
        ({}, {**SAID, "reason": "x" * 70_000}, 413),
        ({}, {**SAID, "value": 7}, 400),
        ({}, ["field"], 400),
        ({}, {**SAID, "field": "dokumen_id"}, 422),
        ({}, {**SAID, "field": "tahun", "value": "kemarin"}, 422),
    ],
)
def test_who_may_write(
    client: Client, desk: Desk, headers: dict[str, str], body: Any, status: int
) -> None:
    answer = client.ask(RECORD, {**OURS, **headers}, "POST", json.dumps(body))
    assert answer.status == status
    assert (desk.folder / "koreksi.csv").exists() == (status == 200)
    if status == 422:
        assert json.loads(answer.text)["id"]


def test_a_body_longer_than_it_says_is_cut_off(client: Client, desk: Desk) -> None:
    headers = {**OURS, "content-length": "10"}
    with suppress(ClientDisconnect):
        client.ask(RECORD, headers, "POST", json.dumps({**SAID, "reason": "x" * 70_000}))
    assert not (desk.folder / "koreksi.csv").exists()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_else_is_done(client: Client, method: str) -> None:
    assert client.ask(RECORD, OURS, method, "{}").status == 405


def test_what_a_document_says_goes_out_as_json(client: Client) -> None:
    answer = client.ask(RECORD, {"host": HOST})
    assert answer.headers["content-type"] == "application/json"
    assert HOSTILE in json.loads(answer.text)["title"]


def test_the_page_fetches_nothing_from_elsewhere(client: Client) -> None:
    for name in ("", "review.css", "review.js", "texts.js"):
        text = client.ask(f"/{TOKEN}/{name}", {"host": HOST}).text
        assert "http://" not in text
        assert "https://" not in text
        assert "innerHTML" not in text
        assert "style=" not in text
