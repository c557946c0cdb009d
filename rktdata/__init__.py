"""Indonesian government planning PDFs (RKT, PK, Renja, IKU) as a dataset.

Every value points at the page and box it was printed in::

    import rktdata

    document = rktdata.read("rkt-2024.pdf")
    frame = document.to_frame("indikator")

    rktdata.extract(["rencana/"], "output")
    dataset = rktdata.open_dataset("output")
    places = dataset.sources(dataset.indicators[0].indikator_id, "target_teks")

The names below are loaded when they are first asked for, so that importing the package
costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rktdata.batch import extract, read
    from rktdata.normalize.targets import read_value
    from rktdata.output.draw import page_image
    from rktdata.output.opened import Dataset, open_dataset
    from rktdata.schemas.document import Document
    from rktdata.schemas.errors import DocumentError
    from rktdata.schemas.options import Options

__version__ = "0.1.0"
__all__ = [
    "Dataset",
    "Document",
    "DocumentError",
    "Options",
    "__version__",
    "extract",
    "open_dataset",
    "page_image",
    "read",
    "read_value",
]

_HOME = {
    "Dataset": "rktdata.output.opened",
    "Document": "rktdata.schemas.document",
    "DocumentError": "rktdata.schemas.errors",
    "Options": "rktdata.schemas.options",
    "extract": "rktdata.batch",
    "open_dataset": "rktdata.output.opened",
    "page_image": "rktdata.output.draw",
    "read": "rktdata.batch",
    "read_value": "rktdata.normalize.targets",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
