"""A decision sees a row of a view only when its command declares it, and what it saw is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from replay.commands.decide import CommandHandler
from replay.commands.declared_rows import DeclaredRows
from replay.commands.situations import UndeclaredRead
from replay.errors import ViewBehind
from replay.projector.catch_up import catch_up
from replay.states.model_set import ModelSet
from replay.typed_model import Command, Event, Situation, State, TypedModel
from store.opening import open_reader
from store.sqlite.store import SqliteStore, open_store
from tests.replay.issued import issued


class Noted(Event, frozen=True):
    """How many events the stream had by its view."""

    seen: int


class Note(Command, frozen=True):
    """Note it."""

    of: str


def decide(_state: State, command: Note, situation: Situation) -> Sequence[Event]:
    row = situation.row("streams", command.of)
    return [Noted(seen=0 if row is None else row["event_count"])]


MODEL: TypedModel[State] = TypedModel(
    name="notes",
    title="Notes",
    version=1,
    category="note",
    state=State,
    events=(Noted,),
    commands=(Note,),
    evolve=lambda state, _event: state,
    decide=decide,
    stream_of=lambda _command: "note-1",
    reads={Note: ("streams",)},
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = open_store(tmp_path / "notes.foldline", create=True)
    yield store
    store.close()


def handler(store: SqliteStore, model: TypedModel[Any]) -> CommandHandler:
    return CommandHandler(store, ModelSet([model]), read_row=DeclaredRows(store.place))


def keep_up(store: SqliteStore) -> None:
    log = open_reader(store.place.path)
    catch_up(log)
    log.close()


def test_a_declared_row_is_seen_as_the_view_shows_it_and_recorded(store: SqliteStore) -> None:
    one = handler(store, MODEL)
    keep_up(store)
    one.issue(issued("Note", {"of": "note-1"}))
    one.issue(issued("Note", {"of": "note-1"}))
    keep_up(store)

    (third,) = one.events_of(one.issue(issued("Note", {"of": "note-1"})))

    assert [it.data["seen"] for it in store.read()] == [0, 0, 2]  # it lags, and that is told
    assert third.metadata["read"] == {"streams": 2}


def test_a_row_that_was_not_declared_is_refused_by_the_program(store: SqliteStore) -> None:
    keep_up(store)

    with pytest.raises(UndeclaredRead, match="reads 'streams' without declaring it"):
        handler(store, replace(MODEL, reads={})).issue(issued("Note", {"of": "note-1"}))

    assert store.head() == 0


def test_without_a_view_nothing_is_decided(store: SqliteStore) -> None:
    handler(store, MODEL)
    keep_up(store)
    handler(store, MODEL).issue(issued("Note", {"of": "note-1"}))

    with pytest.raises(ViewBehind):
        DeclaredRows(store.place, at=99)("streams", "note-1")
