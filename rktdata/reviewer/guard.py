"""Who may talk to the review page: a browser on this machine that was given its address.

Any web page that the user visits can send requests to 127.0.0.1, and can make its own
name point there (DNS rebinding); other users of the machine can as well. So each request
must begin with a secret path, name the host that was bound, and, where it writes, come
from a page of ours. What is answered may load nothing from elsewhere and be framed by
nobody.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Bytes of what a page sends: a field's value and a reason.
LONGEST_BODY = 64 * 1024
_STRANGER = (
    "Buka alamat yang ditampilkan oleh rkt review. / Open the address that rkt review printed.\n"
)
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """An ASGI application in front of another one; see the module."""

    def __init__(self, app: App, token: str, hosts: Iterable[str]) -> None:
        """Guard an application.

        Args:
            app: What answers those who may ask; its paths come without the token.
            token: The secret, ASCII.
            hosts: As a browser names them, with the port: "127.0.0.1:8765".
        """
        self._app = app
        self._token = token.encode()
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await _answer(_with_headers(send), *refusal)
            return
        path = scope["path"].removeprefix(f"/{self._token.decode()}")
        inner = {**scope, "path": path, "raw_path": path.encode(), "root_path": ""}
        await self._app(inner, _bounded(receive), _with_headers(send))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Why a request is not answered: status and text; None where it is."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        if headers.get("host") not in self._hosts:
            return 421, "wrong host"
        first, slash, _ = scope["path"].removeprefix("/").partition("/")
        given = first.encode("utf-8", "replace")
        if not secrets.compare_digest(given, self._token) or not slash:
            return 403, _STRANGER
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "another site asks"
        if scope["method"] in ("GET", "HEAD"):
            return None
        if headers.get("origin") not in {f"http://{host}" for host in self._hosts}:
            return 403, "another site writes"
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return 415, "JSON only"
        length = headers.get("content-length", "")
        if not length.isascii() or not length.isdigit() or int(length) > LONGEST_BODY:
            return 413, "too long"
        return None


def _bounded(receive: Receive) -> Receive:
    """What is received, cut off where it is longer than it said."""
    taken = 0

    async def bounded() -> MutableMapping[str, Any]:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return {"type": "http.disconnect"} if taken > LONGEST_BODY else message

    return bounded


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            kept = [h for h in message.get("headers", ()) if h[0].decode().lower() not in HEADERS]
            message = {**message, "headers": [*kept, *ours]}
        await send(message)

    return sending


async def _answer(send: Send, status: int, text: str) -> None:
    body = text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
