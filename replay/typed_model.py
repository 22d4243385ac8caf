"""What a model file is made of: typed events, commands and state, and the functions over them.

A model is one Python file that ends with `MODEL = TypedModel(…)`, or `MODELS = (…, …)`. Events,
commands and state are msgspec structs: decoding is fast, and a form and its checks come from
their JSON schema. Field names are snake_case in Python and camelCase in JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from msgspec import Struct

from replay.words import said

S = TypeVar("S")


class Event(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Base of typed events. The class's name is the event's type."""


class Command(
    Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """Base of typed commands: one intent each. The class's docstring is the form's help."""


class State(Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of typed states. Nested parts derive from it too."""


class Refused(Exception):
    """A rule forbids a command. `rule` is its short name, `reason` a sentence for a person."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule, self.reason = rule, reason


class Situation(Protocol):
    """What a decision may know beside the state. Whatever is asked is recorded with the events."""

    @property
    def now_us(self) -> int:
        """Microseconds since 1970 UTC, by the clock that a person may have moved."""

    @property
    def actor(self) -> str:
        """Who issued the command."""

    def new_id(self) -> str:
        """An id; the same one when the command is decided on again."""

    def ask(self, gateway: str, request: Any) -> Any:
        """What an outside system says. Raises GatewayFailed."""

    def state_of(self, stream: str) -> Any:
        """The state of another stream, which the model must declare in `reads`."""

    def row(self, view: str, key: str) -> Mapping[str, Any] | None:
        """A row of a view, which the model must declare in `reads`; it may lag behind."""


Decide: TypeAlias = Callable[[S, Any, Situation], Sequence[Event]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcast:
    """One link of the chain from an old payload shape to the current one.

    `change` gets and gives the payload as a JSON object. With `becomes` the event goes on under
    another type, at `becomes_version`.
    """

    type: str
    version: int  # the shape it starts from, as `schema_version` in the metadata says; 1 if not
    change: Callable[[dict[str, Any]], dict[str, Any]]
    becomes: str = ""
    becomes_version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRule:
    """A value that a rule had over time. `since` holds (first day as YYYY-MM-DD, value) pairs,
    in order; the first day belongs to the new value, and before the first pair it applied too."""

    name: str
    since: tuple[tuple[str, Any], ...]
    applies_to: tuple[type[Event], ...]

    def at(self, day: str) -> Any:
        """The value on a day, or at a time that begins with one (RFC 3339)."""
        value = self.since[0][1]
        for first_day, later in self.since:
            if day[:10] >= first_day:
                value = later
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an event makes a gateway send when it is live: None for nothing."""

    gateway: str
    message: Callable[[Any], Any]  # event → JSON value, or None
    delay_us: int = 0  # how long the message can still be corrected


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an outside system was asked before an event was recorded. Both are JSON values; the
    answer is what the event itself holds of it."""

    gateway: str
    request: Any
    answer: Any


class Elsewhere(StrEnum):
    """What a command does about facts outside its own stream, which may change meanwhile.

    Source of the three: Microsoft, CQRS Journey, chapter 5, "Integration with online payment".
    """

    CHECK = said("checked just before the decision; what changes right after it is not noticed")
    LOCK = said("held until the events are recorded: if one changes meanwhile, it is decided again")
    REPAIR = said("not asked: the command is accepted, and what it breaks is repaired afterwards")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedModel(Generic[S]):
    """The meaning of the streams of a category. `evolve` and `decide` are pure.

    `evolve(state, event)` gives the state after an event and never refuses. `decide(state,
    command, situation)` gives the events to record, or raises Refused.
    """

    name: str
    title: str
    version: int  # of its meaning, for a person; code that changes is noticed by itself
    category: str  # its streams are named category-id
    state: type[S]
    events: tuple[type[Event], ...]
    commands: tuple[type[Command], ...]
    evolve: Callable[[S, Any], S]
    decide: Decide[S]
    stream_of: Callable[[Any], str]  # the stream that a command belongs to
    links: Callable[[Any], tuple[str, ...]] = lambda _event: ()  # further streams of an event
    is_linked_into: bool = False  # whether events of other streams are linked into its own
    invariants: Mapping[str, Callable[[S], bool]] = field(default_factory=dict)
    upcasts: tuple[Upcast, ...] = ()
    retired: Mapping[str, str] = field(default_factory=dict)  # event type → why it is of no effect
    reverses: Mapping[type[Event], Callable[[S, Any], S]] = field(default_factory=dict)
    processing: Mapping[type[Event], tuple[str, ...]] = field(
        default_factory=dict
    )  # JSON names, or paths with dots, * for any name
    meaning: Mapping[type[Event], tuple[str, ...]] = field(
        default_factory=dict
    )  # JSON names, or paths with dots: what is other in them is another event, not a newer shape
    dated_rules: tuple[DatedRule, ...] = ()
    effects: Mapping[type[Event], Effect] = field(default_factory=dict)
    asked: Mapping[type[Event], Callable[[Any], Sequence[Asked]]] = field(default_factory=dict)
    occurred: Callable[[Any], str | None] = lambda _event: None  # RFC 3339, or a day; None: now
    roles: Mapping[type[Command], frozenset[str]] = field(default_factory=dict)
    reads: Mapping[type[Command], tuple[str, ...]] = field(default_factory=dict)
    elsewhere: Mapping[type[Command], Elsewhere] = field(default_factory=dict)  # CHECK if it reads
    intents: Mapping[type[Command], Callable[[Any], Sequence[Command]]] = field(
        default_factory=dict
    )  # commands that are forms of several, and the single ones they hold
    redecided: frozenset[type[Command]] = frozenset()  # on a conflict, without asking anyone
    # (state before the event, event) → the command that takes it back; the fields that name its
    # stream are filled in, and LookupError(why) says that this one cannot be taken back
    undo: Mapping[type[Event], Callable[[S, Any], Command]] = field(default_factory=dict)
    final: Mapping[type[Event], str] = field(
        default_factory=dict
    )  # why no command takes an event back, as a sentence
    sentences: Mapping[type[Event], Callable[[Any], str]] = field(
        default_factory=dict
    )  # event → what it says in a list of events, on one line; without one its new fields
    # (state now, state that should be) → events that lead from one to the other, when the past is
    # corrected; what they leave different is told before anything is appended. None: there are none
    correct: Callable[[S, S], Sequence[Event]] | None = None
    closed: Callable[[S], str] = lambda _state: ""  # why nothing more can be done; empty: open
    ruled_out: Mapping[type[Command], Callable[[S], str]] = field(
        default_factory=dict
    )  # why the state alone forbids a command; empty when it does not. `decide` judges anyway

    def initial(self) -> S:
        """The state of an empty stream."""
        return self.state()

    def owns(self, stream: str) -> bool:
        """Whether a stream is named as its streams are."""
        return stream.startswith(f"{self.category}-")

    def why_not(self, command: type[Command], state: S) -> str:
        """Why a command need not even be tried in a state; empty when it may be done."""
        rules_out = self.ruled_out.get(command)
        return self.closed(state) or (rules_out(state) if rules_out else "")

    def elsewhere_of(self, command: type[Command]) -> Elsewhere | None:
        """What a command does about facts outside its stream; None when it needs none."""
        default = Elsewhere.CHECK if self.reads.get(command) else None
        return self.elsewhere.get(command, default)

    def command(self, name: str) -> type[Command] | None:
        """The command type with this name."""
        return next((it for it in self.commands if it.__name__ == name), None)
