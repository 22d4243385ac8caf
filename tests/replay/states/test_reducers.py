"""Two versions of a model over one log: the exact event at which they first differ, and how many
streams that concerns."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from replay.states.model_set import ModelSet
from replay.states.reducers import NothingToCompare, compare_models
from replay.typed_model import Event, State, TypedModel
from store.errors import Cancelled
from store.events import NewEvent
from store.sqlite.store import SqliteStore, open_store

STREAMS = 40
WRONG_FROM = 8  # seats; up to there both say the same


class Reserved(Event, frozen=True):
    """Seats were reserved."""

    seats: int


class Hall(State, frozen=True):
    """As it was first."""

    taken: int = 0


class Noted(State, frozen=True):
    """With one field more."""

    taken: int = 0
    bookings: int = 0


def model(
    evolve: Callable[[Any, Any], Any], *, state: type[State] = Hall, category: str = "hall"
) -> ModelSet:
    found: TypedModel[Any] = TypedModel(
        name=category,
        title="Hall",
        version=1,
        category=category,
        state=state,
        events=(Reserved,),
        commands=(),
        evolve=evolve,
        decide=lambda _state, _command, _situation: [],
        stream_of=lambda _command: f"{category}-1",
    )
    return ModelSet([found])


def right(state: Hall, event: Reserved) -> Hall:
    return Hall(taken=state.taken + event.seats)


def off_by_one(state: Hall, event: Reserved) -> Hall:
    return Hall(taken=state.taken + event.seats + (event.seats >= WRONG_FROM))


def noting(state: Noted, event: Reserved) -> Noted:
    return Noted(taken=state.taken + event.seats, bookings=state.bookings + 1)


def failing(state: Hall, event: Reserved) -> Hall:
    if event.seats >= WRONG_FROM:
        raise ValueError("so many")
    return right(state, event)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Every stream has events of up to 5 seats; one of 8 comes late, in one stream."""
    store = open_store(tmp_path / "halls.foldline", create=True)
    for n in range(2_000):
        seats = WRONG_FROM if n == 1_500 else n % 6
        store.append(
            f"hall-{n % STREAMS}", [NewEvent.of("Reserved", {"seats": seats})], expected=None
        )
    store.append("other-1", [NewEvent.of("Reserved", {"seats": WRONG_FROM})], expected=None)
    yield store
    store.close()


def test_a_planted_off_by_one_is_named_by_the_exact_event(store: SqliteStore) -> None:
    """Row D2."""
    found = compare_models(store.reader(), model(off_by_one), model(right))

    (it,) = found.partings
    assert (it.position, it.stream, it.type) == (1_501, "hall-20", "Reserved")
    assert it.event == 1_500 // STREAMS + 1
    before = it.before["taken"]
    assert (it.old, it.new) == ({"taken": before + 9}, {"taken": before + 8})
    assert [(c.path, c.before, c.after) for c in it.changes] == [
        (("taken",), before + 9, before + 8)
    ]
    assert (found.streams, found.events, found.parted, found.differing_now) == (
        STREAMS,
        2_000,
        1,
        1,
    )


def test_versions_that_say_the_same_by_other_code_do_not_part(store: SqliteStore) -> None:
    def same(state: Hall, event: Reserved) -> Hall:
        return Hall(taken=event.seats + state.taken)

    found = compare_models(store.reader(), model(same), model(right))

    assert (found.parted, found.partings, found.events) == (0, (), 2_000)


def test_a_field_that_only_one_version_has_is_left_out_and_told(store: SqliteStore) -> None:
    found = compare_models(store.reader(), model(right), model(noting, state=Noted))

    assert (found.parted, found.only_old, found.only_new) == (0, (), ("bookings",))


@pytest.mark.parametrize("fails_before", [True, False])
def test_a_version_that_fails_parts_there_and_its_failure_is_told(
    store: SqliteStore, fails_before: bool
) -> None:
    sides = (model(failing), model(right))
    old, new = sides if fails_before else reversed(sides)

    (it,) = compare_models(store.reader(), old, new).partings

    told = it.old_failed if fails_before else it.new_failed
    assert it.position == 1_501
    assert told == "ValueError('so many')"
    assert (it.old is None, it.new is None) == (fails_before, not fails_before)


def test_streams_that_agree_again_are_told_apart_from_those_that_still_differ(
    store: SqliteStore,
) -> None:
    def forgetting(state: Hall, event: Reserved) -> Hall:
        return right(Hall() if event.seats == 0 else state, event)

    def also(state: Hall, event: Reserved) -> Hall:
        seen = off_by_one(state, event)
        return Hall() if event.seats == 0 else seen

    found = compare_models(store.reader(), model(also), model(forgetting))

    assert (found.parted, found.differing_now) == (1, 0)


def test_one_stream_is_compared_alone(store: SqliteStore) -> None:
    found = compare_models(store.reader(), model(off_by_one), model(right), stream="hall-3")

    assert (found.streams, found.events, found.parted) == (1, 2_000 // STREAMS, 0)


def test_a_linked_event_counts_in_the_stream_that_it_is_linked_into(tmp_path: Path) -> None:
    store = open_store(tmp_path / "linked.foldline", create=True)
    linked = NewEvent.of("Reserved", {"seats": WRONG_FROM}, links=("hall-1",))
    store.append("hall-1", [NewEvent.of("Reserved", {"seats": 1})], expected=None)
    store.append("box-1", [linked], expected=None)

    (it,) = compare_models(store.reader(), model(off_by_one), model(right)).partings

    assert (it.stream, it.position, it.event) == ("hall-1", 2, 2)
    store.close()


def test_at_most_so_many_partings_are_told_and_all_are_counted(store: SqliteStore) -> None:
    def late(state: Hall, event: Reserved) -> Hall:
        return Hall(taken=state.taken + event.seats + 1)

    found = compare_models(store.reader(), model(late), model(right), limit=3)

    assert [it.position for it in found.partings] == [1, 2, 3]
    assert (found.parted, found.differing_now) == (STREAMS, STREAMS)


def test_the_same_code_twice_is_nothing_to_compare(store: SqliteStore) -> None:
    with pytest.raises(NothingToCompare, match="same code"):
        compare_models(store.reader(), model(right), model(right))
    with pytest.raises(NothingToCompare):
        compare_models(store.reader(), model(right, category="room"), model(off_by_one))


def test_it_is_cancelled_between_two_pages(store: SqliteStore) -> None:
    with pytest.raises(Cancelled):
        compare_models(store.reader(), model(off_by_one), model(right), is_cancelled=lambda: True)
