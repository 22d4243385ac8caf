"""Why a breakpoint may never stop: names in it that nothing in the log has."""

from typing import Final

from replay.errors import UnknownField
from replay.questions.breakpoint import (
    Breakpoint,
    CategoryBreakpoint,
    EventBreakpoint,
    StreamBreakpoint,
)
from replay.questions.log_order import Recorded
from replay.questions.next_hit import next_hit
from replay.questions.unknown_fields import unknown_name
from replay.questions.unknown_state_fields import state_paths, unknown_state_field
from replay.states.stream_states import StreamStates
from replay.words import said
from store.filter.nearest import nearest
from store.filter.parse import parse, parse_condition
from store.filter.tokens import path_of
from store.filter.tree import leaves
from store.filter.write import claim_text
from store.interface import EventReader
from store.query import EventQuery

SHOWN: Final = 12  # known names


def doubt(log: EventReader, states: StreamStates, it: Breakpoint) -> str:
    """A sentence; empty when nothing is wrong with it. May look through the log once a field: ask
    when nothing was found. Raises what folding raises."""
    match it:
        case EventBreakpoint(where=where):
            tree = parse(where)
            wrong = None if tree is None else unknown_name(log, tree)
        case StreamBreakpoint(where=where, stream=stream):
            if not log.has_stream(stream):
                return said("there is no stream {stream}", stream=stream)
            wrong = unknown_state_field(log, states, stream, parse_condition(where))
        case CategoryBreakpoint(category=category):
            if not log.has_category(category):
                return said("there is no stream in the category {category}", category=category)
            wrong = unknown_in_category(log, states, it)
    return "" if wrong is None else wrong.sentence


def unknown_in_category(
    log: EventReader, states: StreamStates, it: CategoryBreakpoint
) -> UnknownField | None:
    """The first field that no state of any of the streams has ever had."""
    order = Recorded(log.head())
    for leaf in leaves(parse_condition(it.where)):
        name = path_of(leaf.field[1:])
        there = CategoryBreakpoint(where=f"{name} is present", category=it.category)
        if next_hit(log, states, [there], position=0, order=order) is None:
            known = _known(log, states, it.category)
            listed = ", ".join(known[:SHOWN]) or "none"
            more = ", …" if len(known) > SHOWN else ""
            return UnknownField(
                name,
                close=nearest(name, known),
                known=f"{listed}{more}",
                at=leaf.at,
                whose=said("state of a stream {category}-…", category=it.category),
            )
    return None


def _known(log: EventReader, states: StreamStates, category: str) -> list[str]:
    """The fields of the stream of the category that has the newest event."""
    of_it = EventQuery(where=parse(claim_text(("stream",), "~", f"{category}-*")))
    newest = next(iter(log.read(of_it, limit=1, reverse=True)), None)
    if newest is None:
        return []
    return list(state_paths(states.at(log, newest.stream, log.head()).state))
