"""The wall clock, and how it is held for what has to come out the same on any day."""

import subprocess
import sys
import time

import pytest

from store.times import CLOCK, now_us, parse_moment

NOON = "2026-03-31T12:00:00Z"


def test_it_is_the_time_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CLOCK, raising=False)

    before, now, after = time.time_ns() // 1_000, now_us(), time.time_ns() // 1_000

    assert before - 1 <= now <= after + 1


def test_where_a_moment_is_named_it_stands_there_and_in_processes_that_are_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(CLOCK, NOON)

    child = subprocess.run(
        [sys.executable, "-c", "from store.times import now_us; print(now_us())"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert now_us() == now_us() == parse_moment(NOON).at_us == int(child.stdout)


def test_what_is_no_moment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLOCK, "noon")

    with pytest.raises(ValueError, match="noon"):
        now_us()
