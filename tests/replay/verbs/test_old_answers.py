"""Verbs beside a process that keeps the views and gets no further: an old answer, and how old."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.events import NewEvent
from store.locks import ProcessLock
from store.place import Place
from store.sqlite.store import open_store
from tests.replay.verbs.conftest import Run


@pytest.fixture
def behind(run: Run, tmp_path: Path, lines: Path) -> Iterator[Path]:
    """A log with views that another process keeps, which rests: four events are not in them."""
    path = tmp_path / "orders.foldline"
    run("import", lines, "--into", path)
    run("view", path, "event_types")
    run("search", path, "order")
    store = open_store(path)
    events = [NewEvent.of("Shipped", {}) for _ in range(4)]
    store.append("order-3", events, expected=0)
    store.close()
    lock = ProcessLock(Place(path).views_lock)
    assert lock.acquire()
    yield path
    lock.release()


@pytest.mark.parametrize(
    "verb",
    [("search", "order"), ("view", "event_types", "--history"), ("trace", "7")],
    ids=lambda it: str(it[0]),
)
def test_it_answers_and_says_how_old_the_answer_is(
    run: Run, behind: Path, verb: tuple[str, ...]
) -> None:
    name, *rest = verb

    _, _, err = run(name, behind, *rest, "--patience", "0")

    assert "another process updates the views but makes no progress" in err
    assert "events behind, since " in err


def test_rows_of_a_view_say_how_far_it_is_behind(run: Run, behind: Path) -> None:
    code, out, err = run("view", behind, "event_types", "--patience", "0")

    assert code == 1
    assert "Placed" in out
    assert err.count("behind") == 1
