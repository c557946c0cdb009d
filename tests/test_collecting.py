"""The garbage collector is held back while a document is read, and cycles go in the end."""

import gc
import weakref

import pytest

from rktdata import collecting
from rktdata.collecting import collector_held_back


class Ring:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.itself = self


def left_after_reading() -> bool:
    """Whether a ring that was made while a document was read is there afterwards."""
    with collector_held_back():
        assert not gc.isenabled()
        made = weakref.ref(Ring())
        with collector_held_back():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    return made() is not None


def test_cycles_stay_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "_held_for", 0.0)
    assert left_after_reading()


def test_cycles_go_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "COLLECTED_AFTER", 0.0)
    assert not left_after_reading()


def test_the_collector_stays_off_for_whoever_turned_it_off() -> None:
    gc.disable()
    try:
        with collector_held_back():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_somebody_has_frozen_stays_frozen() -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with collector_held_back():
            pass
        assert gc.get_freeze_count() == frozen
    finally:
        gc.unfreeze()
