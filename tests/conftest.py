"""Settings of the whole test suite."""

from hypothesis import settings

# The time of one example depends on the machine; speed has its own checks.
settings.register_profile("rktdata", deadline=None, print_blob=True)
settings.load_profile("rktdata")
