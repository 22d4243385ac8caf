"""The lookup table of a person's own projection: the same as here, whatever its process does."""

import inspect
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from replay.own import own_writer
from replay.own.own_worker import projections_in
from replay.own.user_models import digest
from replay.views import checkpoints
from replay.views.read_store import ReadStore, open_views
from replay.views.view import View, view_of
from store.interface import EventReader
from store.opening import open_reader
from tests.replay import lookup_projection
from tests.replay.logs import append, make_log
from tests.replay.own.test_own_process import counting, fold, open_again, own, tables

EVENTS = 300
SAID = "    said = rows.lookup.get(event.type)\n"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    with closing(open_reader(make_log(tmp_path / "a.foldline", EVENTS))) as log:
        yield log


@pytest.fixture
def store(log: EventReader) -> Iterator[ReadStore]:
    with closing(open_views(log)) as store:
        yield store


def named_file(folder: Path, body: str = "") -> Path:
    """The projection that the tests of the program's own views fold, as a person's file. It does
    something before each event."""
    text = inspect.getsource(lookup_projection)
    assert SAID in text
    path = folder / "named.py"
    path.write_text(text.replace(SAID, body + SAID) + "\n\nPROJECTION = NAMED\n", "utf-8")
    return path


def folded_here(log: EventReader, path: Path) -> str:
    """The tables, as the same file run in this process makes them."""
    (here,) = projections_in(path, expected_digest=digest(path))
    with open_again(log) as store:
        fold(store, log, view_of(here))
        return tables(store, view_of(here))


def folded(store: ReadStore, log: EventReader, view: View) -> str:
    fold(store, log, view)
    assert checkpoints.errors(store.db) == {}
    return tables(store, view)


@pytest.mark.parametrize("at_once", [1, 7, 70, 5_000])
def test_it_is_what_it_would_be_here_wherever_a_batch_or_a_process_ends(
    log: EventReader,
    store: ReadStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
) -> None:
    path = named_file(tmp_path)
    view = own(log, path)
    monkeypatch.setattr(own_writer, "EVENTS_PER_FOLD", at_once)

    for _ in range(3):
        fold(store, log, view, steps=1)  # another process each time: values are asked for
    append(log.place.path, 30)
    found = folded(store, log, view)

    assert [it.suffix for it in view.tables][-1] == "__lookup"
    assert found == folded_here(log, path)


def test_a_process_that_is_killed_amid_events_loses_and_doubles_nothing(
    log: EventReader, store: ReadStore, tmp_path: Path
) -> None:
    dying = f"""
    import os, signal
    if event.position in (2, 33, 150, 151):
        try:
            os.mkdir({str(tmp_path)!r} + f"/{{event.position}}")
        except FileExistsError:
            pass
        else:
            rows.lookup.put(event.type, "from the process that was killed")
            os.kill(os.getpid(), signal.SIGKILL)
"""
    path = named_file(tmp_path, dying)
    view = own(log, path)

    found = folded(store, log, view)

    assert {it.name for it in tmp_path.iterdir() if it.is_dir()} >= {"2", "33", "150", "151"}
    assert found == folded_here(log, path)


def test_what_an_event_has_put_that_then_fails_is_dropped(
    log: EventReader, store: ReadStore, tmp_path: Path
) -> None:
    failing = """
    if event.position == 90:
        rows.lookup.put(event.type, "of the event that fails")
        raise ValueError("no")
"""
    view = own(log, named_file(tmp_path, failing))

    fold(store, log, view)

    assert checkpoints.errors(store.db)["named"].position == 90
    found = store.db.execute("SELECT count(*), max(position) FROM named__lookup").fetchone()
    assert found[0] > 100
    assert found[1] < 90


def test_it_forgets_what_is_too_much_and_asks_again(
    log: EventReader, store: ReadStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = named_file(tmp_path, "    import replay.views.lookup as it; it.ENTRIES_CACHED = 1\n")
    view = own(log, path)
    monkeypatch.setattr(own_writer, "EVENTS_PER_FOLD", 20)

    found = folded(store, log, view)

    assert found == folded_here(log, path)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("rows.lookup.put('a', 1)", "TypeError: a projection that uses rows.lookup declares"),
        ("rows.lookup.get('a')", "TypeError: a projection that uses rows.lookup declares"),
    ],
)
def test_one_that_does_not_declare_it_is_told_so_at_the_event(
    log: EventReader, store: ReadStore, tmp_path: Path, body: str, told: str
) -> None:
    view = own(log, counting(tmp_path, f"if event.position == 33: {body}"))

    fold(store, log, view)

    error = checkpoints.errors(store.db)["count"]
    assert error.position == 33
    assert error.message.startswith(told)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("rows.lookup.put(7, 1)", "TypeError: a key of the lookup table is text, not 7"),
        ("rows.lookup.put('a', object())", "TypeError: "),
        ("rows.lookup.put('\\ud800', 1)", "UnicodeEncodeError: "),
        ("rows.lookup.get('\\ud800')", "UnicodeEncodeError: "),
    ],
)
def test_what_it_puts_wrong_stops_it_at_the_event_with_what_came_before_kept(
    log: EventReader, store: ReadStore, tmp_path: Path, body: str, told: str
) -> None:
    view = own(log, named_file(tmp_path, f"    if event.position == 33: {body}\n"))

    fold(store, log, view)

    error = checkpoints.errors(store.db)["named"]
    assert (error.position, error.attempts) == (33, 3)
    assert error.message.startswith(told), error.message
    assert checkpoints.read_all(store.db)["named"].checkpoint == 32


@pytest.mark.parametrize("name", ["count", "named"])
def test_what_its_process_says_of_it_is_not_taken_for_true(
    log: EventReader, store: ReadStore, tmp_path: Path, name: str
) -> None:
    """One that has declared none, and what is not valid JSON."""
    text = "1" if name == "count" else "not valid JSON"
    message = f"it.Done(position=33, writes=[], lookup=[it.Entry('a', {text!r})], is_last=False)"
    saying = (
        "if event.position == 33: import gc; import replay.own.own_messages as it; "
        f"[each.send({message}) for each in gc.get_objects() if type(each).__name__ == 'Pipes']"
    )
    makes = {
        "count": lambda: counting(tmp_path, saying),
        "named": lambda: named_file(tmp_path, f"    {saying}\n"),
    }
    view = own(log, makes[name]())

    fold(store, log, view)

    error = checkpoints.errors(store.db)[name]
    assert (error.position, error.message.partition(":")[0]) == (33, "WrongRow")
    assert checkpoints.read_all(store.db)[name].checkpoint == 32
