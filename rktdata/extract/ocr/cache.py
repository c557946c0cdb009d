"""Where read pages are kept, for the caller of `recognise` to hand in.

Nothing here decides what is kept; a damaged or missing file is a page to be read again.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


class MemoryCache:
    """Keeps values as long as it lives: for reading one document twice."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """What was kept under a key, None where there is nothing."""
        return self._kept.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Keep a value."""
        self._kept[key] = value


class FolderCache:
    """Keeps values as files named by their keys.

    Args:
        folder: Made when the first value is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """What was kept under a key (hexadecimal digits), None where there is nothing."""
        try:
            return self._path(key).read_bytes()
        except OSError:
            return None

    def put(self, key: str, value: bytes) -> None:
        """Keep a value; where it cannot be written, it is not kept."""
        path = self._path(key)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Written whole or not at all, whoever else writes the same page.
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(value)
            os.replace(file.name, path)  # noqa: PTH105

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.npz"
