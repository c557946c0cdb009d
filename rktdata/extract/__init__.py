"""From a page's glyphs and strokes to tables and text, whole over the pages.

The package shares its name with the function `rktdata.extract`, and takes its place as
an attribute once any of its modules is loaded; so it can be called as that function is.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Extract(ModuleType):
    def __call__(self, *args: Any, **options: Any) -> Any:
        from rktdata.batch import extract

        return extract(*args, **options)


sys.modules[__name__].__class__ = _Extract
