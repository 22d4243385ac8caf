"""find over every stream of a category says what asking each of them says."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from replay import command_line
from replay.questions.breakpoint import CategoryBreakpoint
from replay.questions.category_moments import category_moments
from replay.states.field_histories import Axis
from replay.states.stream_states import StreamStates
from store.events import NewEvent
from store.opening import reading
from store.sqlite.connect import create_log
from store.sqlite.store import open_store

BALANCES = (5, -1, 3, 2, -2, -4, 1, 8, -9)  # taking turns over three accounts


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.foldline"
    create_log(path)
    with closing(open_store(path)) as log:
        for at, balance in enumerate(BALANCES):
            event = NewEvent.of("Posted", {"balance": balance}, occurred_at_us=100 - at)
            log.append(f"account-{at % 3}", [event], expected=None)
    return path


def find(store: Path, *arguments: str) -> int:
    return command_line.run(["find", str(store), *arguments])


def told(capsys: pytest.CaptureFixture[str]) -> list[tuple[int, int | None]]:
    lines = [json.loads(it) for it in capsys.readouterr().out.splitlines()]
    return [(it["position"], it["until"]) for it in lines]


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (["--first"], [(2, 8)]),
        (["--last"], [(6, None)]),
        (["--next", "--at", "2"], [(6, None)]),
        (["--previous", "--at", "6"], [(2, 8)]),
        (["--next"], []),
        (["--first", "--stays"], [(2, 8)]),
    ],
)
def test_the_moment_is_found_in_whatever_stream_it_is(
    store: Path, capsys: pytest.CaptureFixture[str], which: list[str], expected: Any
) -> None:
    assert find(store, "account-*", "balance < 0", *which, "--json") == 0

    assert told(capsys) == expected


@pytest.mark.parametrize("axis", ["recorded", "occurred"])
def test_all_are_those_of_each_stream_in_the_order_of_the_axis(store: Path, axis: Axis) -> None:
    it = CategoryBreakpoint(where="balance < 0", category="account")
    heard = list[int]()
    with reading(store) as log:
        states = StreamStates()
        each = [
            moment
            for number in range(3)
            for moment in states.moments(log, f"account-{number}", it.where, axis=axis).moments
        ]
        each.sort(key=lambda it: it.position, reverse=axis == "occurred")

        found = {
            which: category_moments(
                log, states, it, which=which, position=None, axis=axis, told=heard.append
            )
            for which in ("all", "first", "last")
        }

    assert list(found["all"].moments) == each
    assert list(found["first"].moments) == each[:1]
    assert list(found["last"].moments) == each[-1:]
    assert heard


def test_a_field_or_a_category_that_is_not_there_is_told_with_the_nearest_names(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert find(store, "account-*", "blance < 0") == 1
    assert "balance" in capsys.readouterr().err
    assert find(store, "acount-*", "balance < 0") == 1
    assert "account-" in capsys.readouterr().err


def test_a_stream_whose_name_ends_so_is_that_stream(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_store(store)) as log:
        log.append("account-*", [NewEvent.of("Posted", {"balance": -3})], expected=None)

    assert find(store, "account-*", "balance < 0", "--all", "--json") == 0

    assert [at for at, _ in told(capsys)] == [10]
