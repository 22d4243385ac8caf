"""What one can point at in the window: an event, a stream, a type, a cell of a view and so on.

A view says which things stand at a place (gui/offers/spots.py); what can be done with each of them
is the same everywhere (gui/offers/).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from gui.viewmodels.narrowing import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class EventThing:
    """An event, by its position."""

    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermThing:
    """A field and its value in one event: a cell of the event table, a line of the Event tab."""

    term: Term


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsThing:
    """Selected rows of the event table, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamThing:
    """A stream."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryThing:
    """The streams whose names begin alike."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeThing:
    """An event type."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTypesThing:
    """The event types that are counted together, and not listed by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorThing:
    """Who caused events."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationThing:
    """The events of one correlation id."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewThing:
    """A view, perhaps at a position."""

    name: str
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellThing:
    """A cell of a row of a view, as of a position."""

    view: str
    key: tuple[str | int, ...]
    column: str
    text: str
    row: str  # its texts, tabs between them
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldThing:
    """A field of the state that is shown."""

    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanThing:
    """Events between two coordinates of the time panel, both included: a bar, a chosen range."""

    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BookmarkThing:
    """A bookmark of an event, or of a range."""

    position: int
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchThing:
    """A branch, by its name; empty of the log."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakpointThing:
    """A line of the list of breakpoints, from 0, and what it says."""

    row: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerThing:
    """A cell of an answer in SQL."""

    text: str
    row: str  # its texts, tabs between them; empty where a CellThing of it has them to be copied


@dataclass(frozen=True, slots=True, kw_only=True)
class TextThing:
    """A text that is worth no more than to be copied."""

    text: str


Thing: TypeAlias = (
    EventThing
    | TermThing
    | RowsThing
    | StreamThing
    | CategoryThing
    | TypeThing
    | OtherTypesThing
    | ActorThing
    | ConversationThing
    | ViewThing
    | CellThing
    | FieldThing
    | SpanThing
    | BookmarkThing
    | BranchThing
    | BreakpointThing
    | AnswerThing
    | TextThing
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a menu: what it says and does, or what is in the menu behind it."""

    text: str
    act: Callable[[], object] | None = None
    inside: tuple["Entry", ...] = ()
    is_allowed: bool = True
