"""What people are told of durations, and how it is held for what has to come out the same twice."""

import subprocess
import sys
from time import perf_counter

import pytest

from store.stopwatch import PACE, Stopwatch


def test_it_tells_what_the_work_took(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PACE, raising=False)
    before = perf_counter()

    watch = Stopwatch()
    told_s = watch.seconds(items=7)

    assert 0 <= told_s <= perf_counter() - before


def test_where_a_pace_is_named_each_item_takes_that_long_also_in_processes_that_are_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(PACE, "5.2")
    told = "from store.stopwatch import Stopwatch; print(Stopwatch().seconds(items=1_000))"

    child = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    watch = Stopwatch()
    assert watch.seconds() == pytest.approx(5.2e-6)
    assert watch.seconds(items=1_000) == float(child.stdout) == pytest.approx(5.2e-3)


def test_what_is_no_pace_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PACE, "fast")

    with pytest.raises(ValueError, match="fast"):
        Stopwatch().seconds()
