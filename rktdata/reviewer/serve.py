"""`rkt review`: the page served on this machine, until it is stopped."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from rktdata.review import pdf_reader
from rktdata.reviewer.app import make_app
from rktdata.reviewer.desk import Desk

HOST = "127.0.0.1"


def serve(
    dataset: Path,
    *,
    pdf: Path | None = None,
    port: int = 0,
    password: str | None = None,
    who: str = "",
    on_ready: Callable[[str], None],
) -> None:
    """Serve the review page of a dataset, until the process is asked to end.

    Args:
        dataset: Its folder.
        pdf: Where its PDFs are; where the last run found them if left out.
        port: 0 is any that is free.
        password: Of locked PDFs.
        who: Name that the page proposes for corrections.
        on_ready: Told the address, when it answers.

    Raises:
        DatasetError: There is no dataset, or it cannot be understood.
        OSError: The port cannot be had.
    """
    desk = Desk(dataset, pdf_reader(dataset, pdf), password)
    try:
        with socket.create_server((HOST, port)) as listening:
            port = listening.getsockname()[1]
            token = secrets.token_urlsafe(24)
            app = make_app(desk, token, (f"{HOST}:{port}", f"localhost:{port}"), who)
            config = uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,  # it would tell the token
                server_header=False,
                lifespan="off",
                ws="none",
                timeout_graceful_shutdown=2,
            )
            server = _Server(config, lambda: on_ready(f"http://{HOST}:{port}/{token}/"))
            server.run(sockets=[listening])
    finally:
        desk.close()


class _Server(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()
