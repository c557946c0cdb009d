"""The column `galat` told to readers of either language.

Its messages are in the language of who caused them: English where a file could not be
read, Indonesian where a page is told of. `problems.toml` has what is missing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


def explained(galat: str) -> tuple[str, str]:
    """What is wrong with a document, in Indonesian and in English.

    >>> explained("bukan_pdf: the file is no PDF; convert it")[0]
    'Berkas ini bukan PDF; ubah dulu menjadi PDF. (bukan_pdf: the file is no PDF; convert it)'
    >>> explained("halaman 7: ada huruf tanpa kode Unicode")[1]
    'page 7: there are letters without a Unicode code'
    """
    words = _words()
    codes = re.findall(rf"(?:^|[;:] )({'|'.join(words['kode'])}): ", galat)
    sentences = " ".join(words["kode"][code] for code in dict.fromkeys(codes))
    english = galat
    for message in words["pesan"]:
        for match in re.finditer(message["pola"], galat):
            english = english.replace(match.group(), message["en"].format(*match.groups()))
    return (f"{sentences} ({galat})" if sentences else galat), english


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads((files("rktdata.output.report") / "problems.toml").read_text("utf-8"))
