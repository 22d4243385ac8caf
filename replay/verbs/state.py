"""state STORE STREAM: what a stream's state was at a moment."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import event_json, print_facts, print_json, print_text
from replay.snapshots.snapshots import folded
from replay.states.knowledge import knowledge
from replay.states.model_set import ModelSet
from replay.states.moment import Moment, known_position, position_of
from replay.states.state_at import StateAt
from replay.states.stream_states import StreamStates
from replay.typed_moment import add_known_argument, typed_moment
from replay.verbs.log import require_stream
from replay.views.read_store import reading_views
from replay.words import said
from store import json_text
from store.interface import EventReader
from store.opening import reading
from store.place import path_of

HELP = said("print the state of a stream as of a position or time, inclusive")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--at takes 1842, v3, a time, or occurred:TIME; without it: now. --occurred and --known
    are the two times of one moment."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("stream", metavar="STREAM")
    at = parser.add_mutually_exclusive_group()
    at.add_argument("--at", metavar="POSITION|TIME", help=said("also v3, or occurred:TIME"))
    at.add_argument("--occurred", metavar="TIME", help=said("what had occurred by this time"))
    add_known_argument(parser)
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """The last event included is told beside the state."""
    with states_of(arguments.store, chosen_models(arguments)) as (log, states):
        require_stream(log, arguments.stream)
        moment = _moment(log, arguments)
        state = at_moment(log, states, arguments.stream, moment)
        known = knowledge(log, moment)
    if arguments.json:
        print_json({**state_facts(state), **known.facts})
        return 0
    facts: list[tuple[str, object]] = [
        ("stream", state.stream),
        ("position", state.position),
        ("version", state.version),
    ]
    if state.last is not None:
        last = said(
            "{type} at {position}, recorded {recorded_at}",
            type=state.last.type,
            position=state.last.position,
            recorded_at=state.last.recorded_at,
        )
        facts.append((said("last event"), last))
    facts.extend(known.rows)
    facts.append(("from", came_from(state)))
    print_facts(facts)
    print_text(json_text.encode(state.state))
    return 0


@contextmanager
def states_of(path: Path, models: ModelSet) -> Iterator[tuple[EventReader, StreamStates]]:
    """A log and its states, with the snapshots of the views where there are some."""
    with reading(path) as log, reading_views(log) as views:
        if views is None:
            yield log, StreamStates(models=models)
        else:
            yield log, StreamStates(models=models, snapshot_before=partial(folded, views))


def _moment(log: EventReader, arguments: argparse.Namespace) -> Moment:
    """Without any option: now."""
    text = arguments.at
    if arguments.occurred is not None:
        text = f"occurred:{arguments.occurred}"
    return typed_moment(log, text, arguments.known)


def at_moment(log: EventReader, states: StreamStates, stream: str, moment: Moment) -> StateAt[Any]:
    """The state of a stream at a moment, as it was known where that is asked for."""
    if moment.axis == "occurred":
        known = known_position(log, moment)
        return states.as_occurred(log, stream, moment.value, known=known)
    return states.at(log, stream, position_of(log, moment, stream=stream))


def came_from(state: StateAt[Any]) -> str:
    """Where the fold began, and how many events it took."""
    begun = said("full replay") if state.basis == "beginning" else state.basis
    return said(
        "{begun}, {folded:,} of {events:,} events folded",
        begun=begun,
        folded=state.folded,
        events=state.events,
    )


def state_facts(state: StateAt[Any]) -> dict[str, Any]:
    """As JSON: `state` is the model's alone, anything else stands beside it."""
    last = state.last
    return {
        "stream": state.stream,
        "position": state.position,
        "version": state.version,
        "events": state.events,
        "basis": state.basis,
        "folded": state.folded,
        "last_event": None if last is None else json_text.decode(event_json(last)),
        "state": state.state,
    }
