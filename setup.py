"""The one part of rktdata that is compiled; all else stands in pyproject.toml.

Where there is no compiler, it is left out and Python does the same, slower. RKT_WITHOUT_C=1
leaves it out anywhere, for a wheel that serves all platforms.
"""

import os

from setuptools import Extension, setup

calls_in_c = Extension(
    "rktdata.extract._many", ["rktdata/extract/_many.c"], py_limited_api=True, optional=True
)
without_c = bool(os.environ.get("RKT_WITHOUT_C"))
setup(
    ext_modules=[] if without_c else [calls_in_c],
    options={} if without_c else {"bdist_wheel": {"py_limited_api": "cp311"}},
)
