"""Settings of the whole test suite."""

import os

from hypothesis import settings

# The time of one example depends on the machine; speed has its own checks. The suite says the
# same of the same code each time; `make fuzz` (RKT_FUZZ) tries other examples every time.
settings.register_profile(
    "rktdata", deadline=None, print_blob=True, derandomize="RKT_FUZZ" not in os.environ
)
settings.load_profile("rktdata")
