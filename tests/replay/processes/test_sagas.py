"""A saga goes forward, or back the way it came; rules that feed each other are stopped."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.process import Heard, ProcessManager, Reaction, Send
from replay.processes.dispatch import Dispatcher
from replay.processes.loops import DEPTH, loops
from replay.saga import SagaState, Step, saga
from replay.states.model_set import ModelSet
from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel, Upcast
from store.beside.outcomes import Stopped
from store.sqlite.store import SqliteStore, open_store
from tests.replay.issued import issued


class Booked(Event, frozen=True):
    """A part of the journey is booked."""

    part: str


class Cancelled(Event, frozen=True):
    """A part of the journey is booked no more."""

    part: str


class Parts(State, frozen=True):
    """What is booked; in order."""

    booked: tuple[str, ...] = ()


class Book(Command, frozen=True):
    """Book a part."""

    trip: str
    part: str


class Cancel(Command, frozen=True):
    """Book it no more."""

    trip: str
    part: str


SOLD_OUT: set[str] = set()


PARTS = ("hotel", "car", "flight", "insurance")


def model_of(part: str) -> TypedModel[Parts]:
    """Each part is booked at an office of its own, with its own types."""
    booked = type(f"{part.title()}Booked", (Booked,), {"__doc__": "Booked."}, frozen=True)
    cancelled = type(f"{part.title()}Cancelled", (Cancelled,), {"__doc__": "Off."}, frozen=True)
    book = type(f"Book{part.title()}", (Book,), {"__doc__": "Book."}, frozen=True)
    cancel = type(f"Cancel{part.title()}", (Cancel,), {"__doc__": "Off."}, frozen=True)

    def decide_part(_state: Parts, command: Any, _situation: Situation) -> Sequence[Event]:
        if isinstance(command, Cancel):
            return [cancelled(part=command.part)]
        if command.part in SOLD_OUT:
            raise Refused("sold out", f"no {command.part} is left")
        return [booked(part=command.part)]

    return TypedModel(
        name=part,
        title=part,
        version=1,
        category=part,
        state=Parts,
        events=(booked, cancelled),
        commands=(book, cancel),
        evolve=lambda state, event: Parts(booked=(*state.booked, event.part)),
        decide=decide_part,
        stream_of=lambda it: f"{part}-{it.trip}",
    )


MODELS = {part: model_of(part) for part in PARTS}


def step(part: str) -> Step:
    book, cancel = MODELS[part].commands
    make: Callable[[Any], Callable[[Any], Command]] = lambda type_: (  # noqa: E731
        lambda facts: type_(trip=facts["trip"], part=part)
    )
    return Step(
        do=make(book),
        done_by=f"{part.title()}Booked",
        undo=make(cancel),
        undone_by=f"{part.title()}Cancelled",
    )


def trip_of(heard: Heard) -> str:
    data = heard.event.data
    return str(data.get("trip") or heard.event.stream.partition("-")[2])


class TripWanted(Event, frozen=True):
    """Somebody wants to travel."""

    trip: str


class WantTrip(Command, frozen=True):
    """Ask for a journey."""

    trip: str


WISHES: TypedModel[State] = TypedModel(
    name="wishes",
    title="Wishes",
    version=1,
    category="wish",
    state=State,
    events=(TripWanted,),
    commands=(WantTrip,),
    evolve=lambda state, _event: state,
    decide=lambda _state, command, _situation: [TripWanted(trip=command.trip)],
    stream_of=lambda it: f"wish-{it.trip}",
)
TRIP: ProcessManager[SagaState] = saga(
    name="trip",
    title="Trip",
    category="trip",
    begins_with="TripWanted",
    steps=[step(part) for part in PARTS],
    instance_of=trip_of,
)


class Agency:
    def __init__(self, path: Path, models: Sequence[Any], processes: Sequence[Any]) -> None:
        self.path, self.models, self.processes = path, ModelSet(models), processes
        self.crash_at = ""
        self.store: SqliteStore = open_store(path, create=True)
        self.begin()

    def begin(self) -> None:
        self.handler = CommandHandler(self.store, self.models)
        self.dispatcher = Dispatcher(
            self.store,
            self.handler,
            self.processes,
            gateways=Gateways(),
            clock_us=lambda: 1_900_000_000_000_000,
            pass_point=self._pass,
        )

    def _pass(self, point: str) -> None:
        if point == self.crash_at:
            raise KeyboardInterrupt

    def settle(self) -> None:
        try:
            self.dispatcher.settle()
        except KeyboardInterrupt:
            self.crash_at = ""
            self.store.close()
            self.store = open_store(self.path)
            self.begin()
            self.dispatcher.settle()

    def types(self) -> list[str]:
        return [it.type for it in self.store.read() if it.stream.partition("-")[0] in PARTS]


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Agency]:
    SOLD_OUT.clear()
    agency = Agency(tmp_path / "trips.foldline", [*MODELS.values(), WISHES, TRIP.model], [TRIP])
    agency.handler.issue(issued("WantTrip", {"trip": "7"}))
    yield agency
    agency.store.close()


def test_four_steps_that_go_well_are_done_in_order(agency: Agency) -> None:
    agency.settle()

    assert agency.types() == ["HotelBooked", "CarBooked", "FlightBooked", "InsuranceBooked"]
    state = agency.handler.state_of("trip-7")[0]
    assert (TRIP.state_name(state), TRIP.is_over(state)) == ("Done", True)


def test_what_it_records_is_of_the_shape_of_today_and_is_not_upcast(tmp_path: Path) -> None:
    SOLD_OUT.clear()
    older = Upcast(type="SagaStepDone", version=1, change=lambda it: {"step": it["step"] + 9})
    trip = replace(TRIP, model=replace(TRIP.model, upcasts=(older,)))
    agency = Agency(tmp_path / "shapes.foldline", [*MODELS.values(), WISHES, trip.model], [trip])
    agency.handler.issue(issued("WantTrip", {"trip": "7"}))

    agency.settle()

    state = agency.handler.state_of("trip-7")[0]
    said = {it.type: it.metadata["schema_version"] for it in agency.store.read_stream("trip-7")}
    agency.store.close()
    assert (TRIP.state_name(state), state.done) == ("Done", len(PARTS))
    assert said == {"SagaStarted": 1, "SagaStepDone": 2}


@pytest.mark.parametrize("crash_at", ["", "after reacting", "before handling", "after handling"])
def test_when_the_third_fails_the_second_and_the_first_are_compensated(
    agency: Agency, crash_at: str
) -> None:
    SOLD_OUT.add("flight")
    agency.crash_at = crash_at

    agency.settle()

    assert agency.types() == ["HotelBooked", "CarBooked", "CarCancelled", "HotelCancelled"]
    state = agency.handler.state_of("trip-7")[0]
    assert (TRIP.state_name(state), TRIP.is_over(state)) == ("Undone", True)
    assert state.reason == "no flight is left"


def test_when_the_first_fails_there_is_nothing_to_compensate(agency: Agency) -> None:
    SOLD_OUT.add("hotel")

    agency.settle()

    assert agency.types() == []
    assert TRIP.state_name(agency.handler.state_of("trip-7")[0]) == "Undone"


def test_every_move_of_the_diagram_leads_from_a_state_to_a_state() -> None:
    for (here, _), there in TRIP.moves.items():
        assert {here, there} <= set(TRIP.states)


# Two rules that feed each other.


class Echoed(Event, frozen=True):
    """A process manager has answered."""


def answering(name: str, hears: str) -> ProcessManager[State]:
    """Books a room whenever it hears of `hears`."""
    book, cancel = MODELS["hotel"].commands
    wants: Any = book if hears == "HotelCancelled" else cancel
    return ProcessManager(
        model=TypedModel(
            name=name,
            title=name,
            version=1,
            category=name,
            state=State,
            events=(Echoed,),
            commands=(),
            evolve=lambda state, _event: state,
            decide=lambda _state, _command, _situation: (),
            stream_of=lambda _command: "",
        ),
        listens=frozenset({hears}),
        instance_of=lambda _heard: "1",
        react=lambda _state, _heard, _situation: Reaction(
            events=[Echoed()], sends=[Send(command=wants(trip="7", part="hotel"))]
        ),
        handle=lambda _state, _command, _situation: Reaction(),
        states=("Awake",),
    )


def test_two_rules_that_feed_each_other_stop_with_the_circle_named(tmp_path: Path) -> None:
    SOLD_OUT.clear()
    ping, pong = answering("ping", "HotelBooked"), answering("pong", "HotelCancelled")
    models = [MODELS["hotel"], ping.model, pong.model]
    agency = Agency(tmp_path / "circle.foldline", models, [ping, pong])
    agency.handler.issue(issued("BookHotel", {"trip": "7", "part": "hotel"}))

    agency.settle()

    found = agency.store.beside.commands.latest(limit=500)
    booked = agency.types()
    (loop,) = loops(agency.store.reader())
    agency.store.close()
    failed = [outcome for _, outcome in found if isinstance(outcome, Stopped)]
    assert [it.limit for it in failed] == ["depth limit"]
    assert f"{DEPTH} events in a row" in failed[0].reason
    assert "HotelCancelled → HotelBooked → HotelCancelled" in failed[0].reason
    assert len(booked) <= DEPTH
    assert [(it.event, it.by, it.command, it.leads_to) for it in loop.circle] == [
        ("HotelCancelled", "pong", "BookHotel", "HotelBooked"),
        ("HotelBooked", "ping", "CancelHotel", "HotelCancelled"),
    ]
    assert loop.events == DEPTH
