"""A breakpoint: what events, or what states of which streams, running through a log stops at."""

from typing import TypeAlias

from msgspec import Struct

from replay.words import said
from store.errors import WrongFilter
from store.filter.parse import parse, parse_condition


class EventBreakpoint(Struct, frozen=True, kw_only=True, tag="event"):
    """Stops at every event that meets a filter."""

    where: str


class StreamBreakpoint(Struct, frozen=True, kw_only=True, tag="stream"):
    """Stops where a condition on the state of one stream comes true. One that asks whether a field
    has changed stops at every event of which it holds."""

    where: str
    stream: str


class CategoryBreakpoint(Struct, frozen=True, kw_only=True, tag="category"):
    """The same of each stream of a category: its name begins so, and with a dash."""

    where: str
    category: str


Breakpoint: TypeAlias = EventBreakpoint | StreamBreakpoint | CategoryBreakpoint


def require_sound(breakpoint_: Breakpoint) -> None:
    """Raises WrongFilter for a text that cannot be read, and for an empty one."""
    where = breakpoint_.where
    if not isinstance(breakpoint_, EventBreakpoint):
        parse_condition(where)
    elif parse(where) is None:
        raise WrongFilter(said("expected a filter here"), where, 0)


def breakpoint_words(breakpoint_: Breakpoint) -> str:
    """What it stops at, for a person."""
    match breakpoint_:
        case EventBreakpoint(where=where):
            return where
        case StreamBreakpoint(where=where, stream=stream):
            return f"{where} · {stream}"
        case CategoryBreakpoint(where=where, category=category):
            return said("{where} · every {category}", where=where, category=category)
