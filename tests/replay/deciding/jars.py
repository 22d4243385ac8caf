"""Jars of coins, for deciding again: commands that a rule refuses, that look at another jar, and
whose events are linked into another one; and what a fresh store makes of the same commands."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from replay.commands.decide import CommandHandler
from replay.commands.decision import event_id
from replay.states.model_set import ModelSet
from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel
from store.beside.outcomes import Done
from store.events import ANY_VERSION, NewEvent, RecordedEvent
from store.interface import CommandStore, EventReader
from store.sqlite.store import open_store
from tests.replay.issued import issued

NOW_US = 1_900_000_000_000_000
JARS = ("a", "b", "c")


class Put(Event, frozen=True):
    """Coins come in."""

    coins: int


class Took(Event, frozen=True):
    """Coins go out."""

    coins: int


class Poured(Event, frozen=True):
    """All coins go into another jar, whose stream the event is linked into."""

    into: str
    coins: int


class Mirrored(Event, frozen=True):
    """As many coins come in as another jar has."""

    coins: int


class Jar(State, frozen=True):
    """How many coins it has."""

    coins: int = 0


class PutIn(Command, frozen=True):
    """Put coins in."""

    jar: str
    coins: int


class TakeOut(Command, frozen=True):
    """Take coins out; of an even number two events tell."""

    jar: str
    coins: int


class Pour(Command, frozen=True):
    """Pour everything into another jar."""

    jar: str
    into: str


class Mirror(Command, frozen=True):
    """Put in as much as another jar has."""

    jar: str
    other: str


def decide(jar: Jar, command: Any, situation: Situation) -> Sequence[Event]:
    """Nothing is taken that is not there."""
    match command:
        case PutIn():
            return [Put(coins=command.coins)]
        case TakeOut():
            if command.coins > jar.coins:
                raise Refused("has coins", f"there are {jar.coins}")
            half = command.coins // 2
            return [Took(coins=half)] * 2 if command.coins % 2 == 0 else [Took(coins=command.coins)]
        case Pour():
            if not jar.coins or command.into == command.jar:
                raise Refused("has coins", "there are none")
            return [Poured(into=command.into, coins=jar.coins)]
    other = situation.state_of(f"jar-{command.other}")
    return [Mirrored(coins=other.coins)] if other.coins else []


def evolve(jar: Jar, event: Event) -> Jar:
    """Linked events count where they are linked into, as coins that came."""
    match event:
        case Took():
            return Jar(coins=jar.coins - event.coins)
        case Put() | Mirrored():
            return Jar(coins=jar.coins + event.coins)
    return Jar(coins=jar.coins + 1000)


JAR: TypedModel[Jar] = TypedModel(
    name="jar",
    title="Jar",
    version=1,
    category="jar",
    state=Jar,
    events=(Put, Took, Poured, Mirrored),
    commands=(PutIn, TakeOut, Pour, Mirror),
    evolve=evolve,
    decide=decide,
    stream_of=lambda it: f"jar-{it.jar}",
    links=lambda it: (f"jar-{it.into}",) if isinstance(it, Poured) else (),
    is_linked_into=True,
    reads={Mirror: ("jar",)},
)
MODELS = ModelSet([JAR])
Step = tuple[str, dict[str, Any]]  # a command and its fields; "Put" is an event without a command


def do(store: CommandStore, step: Step, id_: str) -> None:
    """Issue a command, or append an event without one."""
    name, fields = step
    if name == "Put":
        event = NewEvent.of("Put", {"coins": fields["coins"]}, id=id_)
        store.append(f"jar-{fields['jar']}", [event], expected=ANY_VERSION)
        return
    handler = CommandHandler(store, MODELS, clock_us=lambda: NOW_US)
    handler.issue(issued(name, fields, id_=id_))


def jars(path: Path, steps: Sequence[Step]) -> Path:
    """A log of what came of these."""
    with closing(open_store(path, create=True)) as store:
        for number, step in enumerate(steps):
            do(store, step, f"s-{number}")
    return path


def told(log: EventReader) -> list[tuple[str, int, str, Any, tuple[str, ...]]]:
    """What its events say, in their order."""
    return [(it.stream, it.version, it.type, it.data, log.links(it.position)) for it in log.read()]


def again(line: EventReader, edited: set[str], path: Path) -> CommandStore:
    """A fresh store to which an edited history was written: the commands of events that nobody has
    edited, or separated, are issued in their order, and whatever else is appended as it is."""
    store = open_store(path, create=True)
    seen: set[str] = set()
    for event in line.read():
        command_id = event.metadata.get("command_id", "")
        command, outcome = line.beside.commands.find(command_id)
        if (
            command is None
            or not isinstance(outcome, Done)
            or _touched(line, event, edited, outcome)
        ):
            new = NewEvent(
                type=event.type,
                data_json=event.data_json,
                id=event.id,
                links=line.links(event.position),
            )
            store.append(event.stream, [new], expected=ANY_VERSION)
        elif command_id not in seen:
            CommandHandler(store, MODELS, clock_us=lambda: NOW_US).issue(command)
        seen.add(command_id)
    return store


def _touched(line: EventReader, event: RecordedEvent, edited: set[str], outcome: Done) -> bool:
    count = (outcome.last_position or 0) - (outcome.first_position or 0) + 1
    ids = [event_id(event.metadata["command_id"], n) for n in range(1, count + 1)]
    found = [it.position for id_ in ids if (it := line.event_by_id(id_))]
    are_together = found == list(range(found[0], found[0] + count))
    return not are_together or not edited.isdisjoint(ids)


def jar_streams() -> Iterator[str]:
    """Every jar."""
    return (f"jar-{it}" for it in JARS)
