"""Every benchmark runs at its least size, so that none is found broken when someone measures.

No figure is judged here: what a tiny run measures says nothing.
"""

import gc
import importlib
import math
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from unittest.mock import patch

import pytest

from benchmarks import __main__ as command
from benchmarks import append, mining, peers
from benchmarks.measure import Result, Size, in_turns
from benchmarks.own_process import told_by
from replay.questions import view_query
from replay.views.runner import Runner

ROOT: Final = Path(__file__).parents[1]
PROGRAM: Final = ("store.", "replay.", "resources.", "gui.")


@pytest.fixture(scope="module", autouse=True)
def no_memory_of_other_tests() -> Iterator[None]:
    """What thousands of tests before have left is not looked through at each measurement."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    gc.collect()


@pytest.fixture
def without_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The peer has an environment of its own, which only `make bench` sets up: what it would
    tell is made up here, and our side of the comparison runs."""
    told = {"append_s": 1.0, "load_s": 1.0, "project_s": 1.0}
    monkeypatch.setattr(peers, "PEER", Path(sys.executable))
    monkeypatch.setattr(peers, "theirs", lambda _path, _count: told)
    monkeypatch.setattr(mining, "theirs", pm4py_made_up)


def pm4py_made_up(action: str, _format: str, *paths: Path) -> dict[str, Any]:
    """What it would tell; it writes what it reads."""
    if action == "rewrite":
        shutil.copy(paths[0], paths[1])
    return {"seconds": 1.0, "events": 40, "peak_kib": 200_000, "validity": ""}


@pytest.mark.parametrize("name", command.NAMES)
def test_a_benchmark_runs_and_leaves_the_program_as_it_was(name: str, without_peer: None) -> None:
    bench = importlib.import_module(f"benchmarks.{name}")

    with everything_put_back():
        results = bench.run(Size.TINY)

    assert faults(results) == []


def test_every_benchmark_has_a_name_to_be_asked_for_by() -> None:
    files = (ROOT / "benchmarks").glob("*.py")
    rooms = [it.stem for it in files if "\ndef run(" in it.read_text("utf-8")]

    assert sorted(rooms) == sorted(command.NAMES)


def test_without_the_peer_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "PEER", Path("nowhere/python"))

    with pytest.raises(FileNotFoundError, match="make bench"):
        peers.run(Size.TINY)


def test_a_process_that_fails_tells_its_last_words() -> None:
    with pytest.raises(RuntimeError, match="IndexError"):
        told_by("readers_process")


# -- the command ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "size", "figure", "code"),
    [
        (["append"], Size.FULL, 1.0, 0),
        (["--quick", "append"], Size.QUICK, 1.0, 0),
        (["append"], Size.FULL, 0.1, 1),
    ],
)
def test_the_command_runs_what_is_named_and_exits_1_for_a_miss(
    arguments: list[str], size: Size, figure: float, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Size] = []

    def run(size: Size) -> list[Result]:
        asked.append(size)
        return [a_result(figure=figure, target=0.5)]

    monkeypatch.setattr(append, "run", run)
    monkeypatch.setattr(sys, "argv", ["benchmarks", *arguments])

    assert command.main() == code
    assert asked == [size]


def test_an_unknown_benchmark_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", "apend"])

    with pytest.raises(SystemExit, match="2"):
        command.main()

    assert "no such benchmark: apend" in capsys.readouterr().err


def test_both_sides_take_turns_after_a_warm_up() -> None:
    turns: list[str] = []
    ours, theirs = _counting(turns, "ours", 1.0), _counting(turns, "theirs", 2.0)

    assert in_turns(ours, theirs, rounds=2) == (2.0, 1.0, 2.0)
    assert turns == ["ours", "theirs"] * 3


# -- what would be noticed ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("results", "fault"),
    [
        ([], "no target"),
        ([{"target": None}], "no target"),
        ([{"figure": math.nan}], "nan"),
        ([{"figure": math.inf}], "inf"),
        ([{"figure": -1.0}], "-1"),
        ([{"target": math.inf}], "target"),
        ([{"unit": ""}], "no unit"),
        ([{}, {}], "twice"),
    ],
)
def test_a_bad_result_is_noticed(results: list[dict[str, Any]], fault: str) -> None:
    assert fault in "; ".join(faults([a_result(**it) for it in results]))


def test_what_is_not_put_back_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError, match="page"), everything_put_back():
        monkeypatch.setattr(view_query, "page", None)
    monkeypatch.undo()
    with pytest.raises(AssertionError, match="advance"), everything_put_back():
        monkeypatch.setattr(Runner, "advance", None)
    monkeypatch.undo()
    with pytest.raises(AssertionError, match="collector"), everything_put_back():
        gc.disable()
    gc.enable()


def test_what_is_put_back_is_left_alone() -> None:
    page = view_query.page
    with everything_put_back(), patch.object(view_query, "page", None):
        assert view_query.page is None
    assert view_query.page is page


# -- reading --------------------------------------------------------------------------------


def faults(results: list[Result]) -> list[str]:
    """What is wrong with what a benchmark gives, whatever the figures are."""
    names = [it.name for it in results]
    found = [f"{name} is told twice" for name in sorted(set(names)) if names.count(name) > 1]
    if all(it.target is None for it in results):
        found.append("no target to reach")
    for it in results:
        if not 0 <= it.figure < math.inf:
            found.append(f"{it.name}: {it.figure} is no figure")
        if it.target is not None and not 0 <= it.target < math.inf:
            found.append(f"{it.name}: {it.target} is no target")
        if not it.unit:
            found.append(f"{it.name} has no unit")
    return found


@contextmanager
def everything_put_back() -> Iterator[None]:
    """Fails when a name of the program stands for something else afterwards."""
    before = _names()
    yield
    after = _names()
    changed = [name for name, it in before.items() if after.get(name) is not it]
    assert changed == [], f"not put back: {', '.join(changed)}"


def _names() -> dict[str, object]:
    """What each name in the program's modules and classes stands for."""
    found: dict[str, object] = {"the collector": gc.isenabled()}
    for module in [it for name, it in sys.modules.items() if name.startswith(PROGRAM)]:
        for name, it in vars(module).items():
            found[f"{module.__name__}.{name}"] = it
            found |= _attributes(module, it)
    return found


def _attributes(module: ModuleType, it: object) -> dict[str, object]:
    if not isinstance(it, type) or it.__module__ != module.__name__:
        return {}
    return {f"{module.__name__}.{it.__name__}.{name}": value for name, value in vars(it).items()}


def _counting(turns: list[str], side: str, took: float) -> Callable[[], float]:
    def work() -> float:
        turns.append(side)
        return took

    return work


def a_result(**changed: Any) -> Result:
    """One that no problems found with, but for what is changed."""
    good: dict[str, Any] = {"name": "append", "unit": "× plain", "better": "higher", "detail": ""}
    return Result(**(good | {"figure": 1.0, "target": 0.5} | changed))
