"""From a PDF's bytes to whole tables and blocks of text: the first stage.

The package's function of the same name, `rktdata.extract(paths, folder)`, is hidden by this
module as soon as something has imported it; so the module can be called as the function.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _CallableModule(ModuleType):
    def __call__(self, *arguments: Any, **options: Any) -> Any:
        from importlib import import_module

        return import_module("rktdata.batch").extract(*arguments, **options)


sys.modules[__name__].__class__ = _CallableModule
