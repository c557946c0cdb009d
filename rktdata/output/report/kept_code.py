"""The template's code, kept from one run to the next as Python keeps that of its modules.

To compile the template takes longer than all else that is done for a small document's
report. As with modules, the code is put into `__pycache__` beside its source, or nowhere
where that cannot be written or Python is told to write none, and holds only as long as
what it was made of: the template, this package, which it was compiled with, and Jinja.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from contextlib import suppress
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class KeptCode(BytecodeCache):
    """Keeps the code of one template."""

    def __init__(self, template: Path) -> None:
        """Nothing is looked at yet.

        Args:
            template: The file; it need not be one, as in a package that is a zip file.
        """
        self._path = Path(cache_from_source(str(template)))
        self._package = Path(__file__).parent

    def get_source_checksum(self, source: str) -> str:
        """What the code depends on, in one number."""
        digest = hashlib.sha256(f"{version('jinja2')}\0{source}".encode())
        with suppress(OSError):
            for path in sorted(self._package.iterdir()):
                if path.suffix in (".py", ".toml"):
                    digest.update(path.read_bytes())
        return digest.hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket its code, if it is there."""
        with (
            suppress(OSError, EOFError, pickle.UnpicklingError),  # none, or a damaged one
            self._path.open("rb") as file,
        ):
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the bucket's code; whole or not at all, since several runs may do so at once."""
        if sys.dont_write_bytecode:
            return
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(exist_ok=True)
            part.write_bytes(bucket.bytecode_to_string())
            part.replace(self._path)
        except OSError:
            with suppress(OSError):
                part.unlink()
