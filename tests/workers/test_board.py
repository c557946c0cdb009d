from __future__ import annotations

import pytest

from rktdata.schemas.errors import BrokenPdfError, MemoryLimitError, TimeLimitError, WorkerError
from rktdata.schemas.limits import Limits
from rktdata.workers import board
from rktdata.workers.board import Board, GivenUpError
from rktdata.workers.protocol import ProtocolError, decode_rest
from rktdata.workers.task import Account, DiedError, HangsError, Rest, Run, SpoiltError, Task

TASK = Task(0, "a.pdf", b"")
BROKEN = DiedError(BrokenPdfError("dead"))
KILLED = DiedError(MemoryLimitError("killed"), from_outside=True)
LATE = DiedError(TimeLimitError("late"))


def some_board(hands: int = 2) -> Board:
    return Board(hands, lambda rest: None)


def rest(first: int, last: int) -> Rest:
    return Rest(Run(first, last), 9.0)


def test_documents_come_before_pages_of_others() -> None:
    some = some_board()
    with some.split(TASK, Account(Limits()), rest(3, 9)) as split:
        some.put(TASK)
        assert some.next() is TASK
        assert some.next() == (split, Run(3, 3))


@pytest.mark.parametrize(("pages", "hands"), [(1, 2), (5, 2), (40, 2), (500, 3), (5000, 64)])
def test_runs_are_all_pages_and_become_shorter(pages: int, hands: int) -> None:
    with some_board(hands).split(TASK, Account(Limits()), rest(2, pages + 1)) as split:
        runs = list(iter(split.take, None))
    assert [page for run in runs for page in range(run.first, run.last + 1)] == list(
        range(2, pages + 2)
    )
    sizes = list(map(len, runs))
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 1


def test_a_run_that_comes_back_is_read_again() -> None:
    account = Account(Limits())
    with some_board().split(TASK, account, rest(2, 3)) as split:
        for run, comes_back in (
            (Run(2, 2), lambda run: split.give_back(run)),
            (Run(2, 2), lambda run: split.died(run, BROKEN)),
            (Run(2, 2), lambda run: split.hung(run, HangsError(2, 0.0))),
        ):
            assert split.offered() == run
            comes_back(run)
        assert account.left_out == (2,)
        assert split.offered() == Run(2, 2)
        split.done(b"part", 0.0)
        assert split.take() == Run(3, 3)
        assert split.take() is None
    assert split.parts == [b"part"]


def test_a_document_is_given_up_for_what_it_does_to_others() -> None:
    with some_board().split(TASK, Account(Limits()), rest(2, 9)) as split:
        for _ in range(2):
            run = split.offered()
            assert run is not None
            split.died(run, BROKEN)
        assert split.offered() is None
        with pytest.raises(GivenUpError, match="dead"):
            split.take()


def test_others_that_are_killed_cost_the_document_nothing() -> None:
    account = Account(Limits())
    with some_board().split(TASK, account, rest(2, 9)) as split:
        for _ in range(5):
            run = split.offered()
            assert run is not None
            split.died(run, KILLED)
        assert split.offered() is None
        assert split.take() is not None
    assert [account.died(KILLED) for _ in range(5)] == [False] * 4 + [True]


def test_a_spoilt_document_is_read_whole() -> None:
    with some_board().split(TASK, Account(Limits()), rest(2, 9)) as split:
        assert split.offered() is not None
        split.spoil()
        with pytest.raises(SpoiltError):
            split.take()


def test_others_read_no_more_than_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "HELD_PARTS", 9)
    with some_board().split(TASK, Account(Limits()), rest(2, 9)) as split:
        assert split.offered() is not None
        split.done(b"12345", 0.0)
        assert split.offered() is not None
        split.done(b"67890", 0.0)
        assert split.offered() is None
        assert split.take() is not None


def test_what_comes_too_late_counts_for_nothing() -> None:
    account = Account(Limits())
    some = some_board()
    with some.split(TASK, account, rest(2, 9)) as split:
        run = split.offered()
        assert run is not None
    split.died(run, LATE)
    split.done(b"part", 99.0)
    assert split.parts == []
    assert account.seconds <= Limits().seconds
    some.close()
    with pytest.raises(WorkerError), some.split(TASK, account, rest(2, 9)):
        pass
    assert some.next() is None


def test_a_documents_deaths_are_counted_whoever_died() -> None:
    assert [Account(Limits()).died(died) for died in (BROKEN, KILLED, LATE)] == [
        False,
        False,
        True,
    ]
    account = Account(Limits())
    assert [account.died(KILLED) for _ in range(5)] == [False] * 4 + [True]
    account = Account(Limits())
    assert [account.died(BROKEN) for _ in range(2)] == [False, True]


RESTS = [
    {"rest": [2, 11], "seconds": 1},
    {"rest": [0, 5], "seconds": 1},
    {"rest": [6, 5], "seconds": 1},
    {"rest": [True, 5], "seconds": 1},
    {"rest": ["2", 5], "seconds": 1},
    {"rest": [2], "seconds": 1},
    {"rest": 2, "seconds": 1},
    {"rest": [2, 5], "seconds": "many"},
    {"rest": [2, 5], "seconds": float("nan")},
    {"rest": [2, 5], "seconds": float("inf")},
    {"rest": [2, 5]},
]


@pytest.mark.parametrize("header", RESTS, ids=str)
def test_a_rest_that_makes_no_sense_is_none(header: dict[str, object]) -> None:
    assert decode_rest({"rest": [2, 10], "seconds": 1}, 10) == Rest(Run(2, 10), 1.0)
    with pytest.raises(ProtocolError):
        decode_rest(header, 10)
