"""The running dispatcher: a slow handler holds up its own lane, and streams keep their order."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from msgspec.structs import replace

from replay.process import ProcessManager, Reaction
from replay.processes.dead_letters import dead_letters
from replay.processes.dispatch import Step
from replay.processes.lanes import LANES
from replay.processes.retry_policy import HANDLERS
from replay.typed_model import Command, Event, Situation, State, TypedModel
from store.beside.outcomes import Cancelled, reason_of
from tests.replay.bakery import NOW_US, PATIENCE_S, Bakery
from tests.replay.issued import issued


@pytest.fixture
def bakery(tmp_path: Path) -> Iterator[Bakery]:
    bakery = Bakery(tmp_path / "bakery.foldline")
    yield bakery
    bakery.close()


def test_a_slow_handler_lets_only_its_own_lane_grow(bakery: Bakery) -> None:
    bakery.order("Bake", *((f"oven{it}", it) for it in range(5)))
    bakery.order("Slice", *((f"board{it}", it) for it in range(20)))

    bakery.thread.start()
    bakery.wait_for(20)
    assert (bakery.queue("Bake").waiting, bakery.queue("Slice").waiting) == (5, 0)

    bakery.order("Bake", *((f"oven{it}", it) for it in range(5, 12)))
    bakery.order("Slice", *((f"board{it}", it) for it in range(20, 30)))
    bakery.wait_for(10)
    assert (bakery.queue("Bake").waiting, bakery.queue("Slice").waiting) == (12, 0)
    assert bakery.thread.is_alive()

    bakery.oven.set()
    bakery.wait_for(12)
    bakery.thread.join()
    assert (bakery.queue("Bake").waiting, bakery.queue("Bake").handled) == (0, 12)
    assert bakery.queue("Slice").recently == 30


def test_what_waits_behind_a_slow_command_is_only_what_is_for_its_stream(bakery: Bakery) -> None:
    bakery.order("Bake", ("one", 1))
    bakery.order("Slice", ("one", 2), ("two", 3), ("one", 4), ("two", 5))

    bakery.thread.start()
    bakery.wait_for(2)
    assert (bakery.done("one"), bakery.done("two")) == ([], [3, 5])

    bakery.oven.set()
    bakery.thread.join()
    assert bakery.done("one") == [1, 2, 4]


def test_depth_and_rate_are_told_by_stream_too(bakery: Bakery) -> None:
    bakery.order("Bake", ("one", 1), ("two", 2), ("two", 3))
    bakery.order("Slice", ("one", 4))
    bakery.oven.set()
    bakery.thread.start()
    bakery.thread.join()
    bakery.order("Bake", ("one", 5), ("one", 6), ("three", 7))

    found = bakery.store.beside.commands.queues_of_streams(
        "Bake", NOW_US, since_us=NOW_US - 1, limit=2
    )

    assert [(it.of, it.waiting, it.handled) for it in found] == [
        ("shop-one", 2, 1),
        ("shop-three", 1, 0),
    ]


def test_no_more_lanes_are_busy_at_a_time_than_is_said(tmp_path: Path) -> None:
    bakery = Bakery(tmp_path / "small.foldline", lanes=2)
    try:
        bakery.order("Bake", ("one", 1), ("two", 2))
        bakery.order("Slice", ("three", 3))
        bakery.thread.start()
        bakery.wait_for(1)

        assert {bakery.begun.get(timeout=PATIENCE_S) for _ in range(2)} == {"Bake", "Slice"}
        assert bakery.begun.empty()  # the second one of its type has not begun
    finally:
        bakery.close()


@pytest.mark.parametrize("lanes", [1, LANES])
def test_a_command_that_the_world_is_not_ready_for_holds_up_its_stream_alone(
    tmp_path: Path, lanes: int
) -> None:
    bakery = Bakery(tmp_path / "market.foldline", lanes=lanes)
    try:
        bakery.is_market_open = False
        bakery.order("Sell", ("one", 1))
        bakery.order("Slice", ("one", 2), ("two", 3))
        bakery.order("Sell", ("three", 4))
        bakery.dispatcher.settle()
        assert [bakery.done(it) for it in ("one", "two", "three")] == [[], [3], []]

        bakery.is_market_open = True
        bakery.dispatcher.settle()
        assert [bakery.done(it) for it in ("one", "two", "three")] == [[1, 2], [3], [4]]
    finally:
        bakery.close()


def test_a_command_that_was_settled_meanwhile_is_not_handled(bakery: Bakery) -> None:
    bakery.order("Bake", ("one", 1))
    bakery.order("Slice", ("one", 2))
    last = bakery.store.beside.commands.latest(limit=1)[0][0]
    cancelled = Cancelled(command_id=last.id, attempts=1, decided_at_us=NOW_US)

    bakery.thread.start()
    assert bakery.begun.get(timeout=PATIENCE_S) == "Bake"
    bakery.store.submit(lambda writer: writer.beside.commands.settle(cancelled)).result()
    bakery.oven.set()
    bakery.thread.join()

    assert bakery.done("one") == [1]
    assert bakery.begun.empty()


def test_what_cannot_be_handled_ends_after_its_attempts_and_its_stream_goes_on(
    bakery: Bakery,
) -> None:
    spoilt = [
        issued("Slice", {"shop": "one", "number": "many"}, due_at_us=1),
        issued("Slice", {"shop": "one", "number": 7}, due_at_us=1, expires_at_us=NOW_US - 1),
        issued("Bake", {"shop": "one", "number": 8}, due_at_us=1),  # the oven raises
    ]
    waiting = [replace(it, stream="shop-one") for it in spoilt]
    bakery.store.submit(lambda writer: writer.beside.commands.add(waiting)).result()
    bakery.order("Slice", ("one", 9))
    bakery.is_oven_broken = True

    for _ in range(HANDLERS.attempts):
        assert bakery.done("one") == []  # it waits for the one before it
        bakery.dispatcher.settle()

    outcomes = [bakery.store.beside.commands.outcome_of(it.id) for it in spoilt]
    found = [(it.status, reason_of(it)) for it in outcomes if it is not None]
    assert [status for status, _ in found] == ["failed", "expired"]
    assert "time to live" in found[1][1]
    (dead,) = dead_letters(bakery.store)
    assert (dead.status, dead.attempts) == ("dead", HANDLERS.attempts)
    assert dead.error == "the model failed: RuntimeError: the oven is broken"
    assert bakery.done("one") == [9]


def test_a_command_of_a_model_that_is_not_here_waits_for_it_and_holds_nobody_up(
    bakery: Bakery,
) -> None:
    unknown = replace(issued("Knead", {"shop": "one"}, due_at_us=1), stream="shop-one")
    bakery.store.submit(lambda writer: writer.beside.commands.add([unknown])).result()
    bakery.order("Slice", ("one", 9))

    bakery.dispatcher.settle()

    assert bakery.done("one") == [9]
    beside = bakery.store.beside
    assert [it.id for it in beside.commands.pending()] == [unknown.id]
    assert "no model has a command" in beside.attempts.of([unknown.id])[unknown.id][-1].reason


def test_without_lanes_commands_race_for_a_stream_and_the_conflicts_are_counted(
    tmp_path: Path,
) -> None:
    """Row E14: both have decided on the same version when the first one is recorded."""
    bakery = Bakery(tmp_path / "crowded.foldline", are_apart=False)
    try:
        bakery.order("Bake", ("one", 1), ("one", 2))
        steps: list[Step] = []
        thread = threading.Thread(target=lambda: steps.append(bakery.dispatcher.settle()))
        thread.start()
        for _ in range(2):
            assert bakery.begun.get(timeout=PATIENCE_S) == "Bake"

        bakery.oven.set()
        thread.join()

        assert sorted(bakery.done("one")) == [1, 2]
        assert (steps[0].handled, steps[0].conflicts) == (2, 1)
        assert bakery.queue("Bake").conflicts == 1
    finally:
        bakery.close()


def test_in_lanes_the_same_commands_meet_no_conflict(bakery: Bakery) -> None:
    bakery.order("Bake", ("one", 1), ("one", 2))
    bakery.oven.set()

    step = bakery.dispatcher.settle()

    assert bakery.done("one") == [1, 2]
    assert (step.handled, step.conflicts, bakery.queue("Bake").conflicts) == (2, 0, 0)


class Noted(Event, frozen=True):
    """A watch has seen a job."""

    number: int


class Nudged(Event, frozen=True):
    """A watch was woken."""


class Nudge(Command, frozen=True):
    """Wake a watch."""

    instance: str


def watch(begin: Callable[[], None], may_end: threading.Event) -> ProcessManager[State]:
    """Notes every job; it takes its time to be woken."""

    def handle(_state: State, _command: Any, _situation: Situation) -> Reaction:
        begin()
        assert may_end.wait(PATIENCE_S)
        return Reaction(events=[Nudged()])

    model: TypedModel[State] = TypedModel(
        name="watch",
        title="Watch",
        version=1,
        category="watch",
        state=State,
        events=(Noted, Nudged),
        commands=(Nudge,),
        evolve=lambda state, _event: state,
        decide=lambda _state, _command, _situation: [],
        stream_of=lambda it: f"watch-{it.instance}",
    )
    return ProcessManager(
        model=model,
        listens=frozenset({"Done"}),
        instance_of=lambda _heard: "one",
        react=lambda _state, heard, _situation: Reaction(
            events=[Noted(number=heard.event.data["number"])]
        ),
        handle=handle,
        states=(),
    )


def test_an_event_waits_while_a_lane_is_busy_with_the_instance_that_hears_it(
    tmp_path: Path,
) -> None:
    begun, may_end = threading.Event(), threading.Event()
    bakery = Bakery(tmp_path / "watched.foldline", processes=[watch(begun.set, may_end)])
    try:
        nudge = replace(issued("Nudge", {"instance": "one"}, due_at_us=1), stream="watch-one")
        bakery.store.submit(lambda writer: writer.beside.commands.add([nudge])).result()
        bakery.thread.start()
        assert begun.wait(PATIENCE_S)
        bakery.order("Slice", ("board", 1), ("board", 2))
        for _ in range(2):  # the second look comes after the event was left where it is
            while bakery.handled.get(timeout=PATIENCE_S) != "before reacting":
                continue
        assert list(bakery.store.read_stream("watch-one")) == []

        may_end.set()
        bakery.thread.join()
        types = [it.type for it in bakery.store.read_stream("watch-one")]
        assert types == ["Nudged", "Noted", "Noted"]
        assert bakery.done("board") == [1, 2]
    finally:
        may_end.set()
        bakery.close()


def test_without_lanes_a_process_manager_that_is_woken_twice_at_once_decides_again(
    tmp_path: Path,
) -> None:
    begun: SimpleQueue[bool] = SimpleQueue()
    may_end = threading.Event()
    bakery = Bakery(
        tmp_path / "woken.foldline",
        processes=[watch(lambda: begun.put(True), may_end)],
        are_apart=False,
    )
    try:
        nudges = [
            replace(issued("Nudge", {"instance": "one"}, due_at_us=1), stream="watch-one")
            for _ in range(2)
        ]
        bakery.store.submit(lambda writer: writer.beside.commands.add(nudges)).result()
        steps: list[Step] = []
        thread = threading.Thread(target=lambda: steps.append(bakery.dispatcher.settle()))
        thread.start()
        for _ in range(2):
            assert begun.get(timeout=PATIENCE_S)

        may_end.set()
        thread.join()

        assert [it.type for it in bakery.store.read_stream("watch-one")] == ["Nudged", "Nudged"]
        assert (steps[0].handled, steps[0].conflicts) == (2, 1)
        beside = bakery.store.beside
        outcomes = [beside.commands.outcome_of(it.id) for it in nudges]
        assert [it.status for it in outcomes if it is not None] == ["done", "done"]
    finally:
        may_end.set()
        bakery.close()
