"""Process managers: they hear events of many streams and send commands; rules stay in models.

An instance is a stream like any other (`registration-…`): its own events say which state it is
in. What it sends is recorded in the transaction of those events and handled afterwards, and a
timer is a command to itself that is due later.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from replay.typed_model import Command, Event, Situation, TypedModel
from store.events import RecordedEvent

S = TypeVar("S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An event that a process manager reacts to."""

    event: RecordedEvent
    typed: Event | None  # as the model of its stream reads it; None when none does
    command_id: str  # the command that led to it; empty when the metadata does not say
    before: Callable[[], Any] = lambda: None  # the state of its stream before it, by its model


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A command to be sent. `id` comes from `situation.new_id()` when it must be remembered."""

    command: Command
    id: str = ""
    after_us: int = 0  # a timer when above 0
    lives_us: int | None = None  # time to live, from when it is due; None: for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What a process manager does about an event: nothing, by default."""

    events: Sequence[Event] = ()  # its own, recorded in its instance's stream
    sends: Sequence[Send] = ()
    cancels: Sequence[str] = ()  # ids of commands that are not to be handled any more


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessManager(Generic[S]):
    """`model` gives the instances' streams their meaning; its `decide` handles the timers and
    may return a Reaction's events only. `react` and `expire` are pure."""

    model: TypedModel[S]
    listens: frozenset[str]  # event types
    instance_of: Callable[[Heard], str]  # the instance's id; empty: the event is not for it
    react: Callable[[S, Heard, Situation], Reaction]
    handle: Callable[[S, Any, Situation], Reaction]  # a command to itself, such as a timer
    states: tuple[str, ...]  # for the diagram, in order
    moves: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (state, heard) → state
    state_name: Callable[[S], str] = lambda _state: ""
    is_over: Callable[[S], bool] = lambda _state: False
    on_refusal: type[Command] | None = None  # to itself, with `instance`, `command` and `reason`
    reads: tuple[str, ...] = ()  # categories of streams whose states it looks at
