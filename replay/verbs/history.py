"""history STORE STREAM FIELD: every change of one field of a stream's state."""

import argparse
from collections.abc import Iterator
from itertools import chain
from typing import Any

from replay.correcting.correction import correction_of
from replay.correcting.marks import type_words
from replay.history.audit import NoSuchField
from replay.history.field_changes import FieldChange, changes_as_occurred, field_changes
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_table, value_text
from replay.states.diff import Path
from replay.states.field_path import parse_path
from replay.states.moment import Moment, as_known, known_position, position_of
from replay.states.state_part import ABSENT
from replay.states.stream_states import StreamStates
from replay.typed_moment import add_known_argument, typed_moment
from replay.verbs.log import require_stream, whole_number
from replay.verbs.state import states_of
from replay.words import said
from store.interface import EventReader
from store.place import path_of

HELP = said("list every change of one field of a stream's state: old and new value, and the event")
SHOWN = ("position", "recorded_at", "type", "who", "before", "after")
END_US = 2**62  # behind every time
NOTHING = "–"  # where there is no value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The field is written as the state shows it."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("stream", metavar="STREAM")
    parser.add_argument("field", metavar="FIELD", help=said("such as total, or lines[0].sku"))
    parser.add_argument(
        "--at", metavar="POSITION|TIME", help=said("up to this moment; also v3, occurred:TIME")
    )
    parser.add_argument(
        "--occurred", action="store_true", help=said("in the order in which the events occurred")
    )
    add_known_argument(parser)
    parser.add_argument("--limit", type=whole_number, metavar="N", help=said("only the newest N"))
    parser.add_argument("--json", action="store_true", help=said("one JSON object per change"))
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Oldest first. JSON leaves `before` or `after` out where there is no value."""
    path = parse_path(arguments.field)
    with states_of(arguments.store, chosen_models(arguments)) as (log, states):
        require_stream(log, arguments.stream)
        changes = _changes(log, states, path, arguments)
        first = next(changes, None)
        if first is None:
            raise NoSuchField(arguments.field, arguments.stream)
        if arguments.json:
            for it in chain((first,), changes):
                print_json(_facts(log, it))
        else:
            print_table(SHOWN, (_row(log, it) for it in chain((first,), changes)))
    return 0


def _changes(
    log: EventReader, states: StreamStates, path: Path, arguments: argparse.Namespace
) -> Iterator[FieldChange]:
    stream, limit = arguments.stream, arguments.limit
    moment = _moment(log, arguments)
    if arguments.occurred or moment.axis == "occurred":
        until_us, known = _until_us(log, moment, stream), known_position(log, moment)
        model = states.fold_of(log, stream, known)
        return changes_as_occurred(
            log, model, stream, path, until_us=until_us, known=known, limit=limit
        )
    until = position_of(log, moment, stream=stream)
    model = states.fold_of(log, stream, until)
    return field_changes(log, model, stream, path, until=until, limit=limit)


def _moment(log: EventReader, arguments: argparse.Namespace) -> Moment:
    """With --occurred alone, all that has occurred."""
    if arguments.at is None and arguments.occurred and arguments.known is not None:
        return as_known(Moment("occurred", END_US), arguments.known)
    return typed_moment(log, arguments.at, arguments.known)


def _until_us(log: EventReader, moment: Moment, stream: str) -> int | None:
    """The time up to which events count; of a position or a version when its event occurred."""
    if moment.axis in ("occurred", "recorded"):
        return moment.value
    event = log.event(position_of(log, moment, stream=stream))
    is_end = event is None or event.position == log.head()
    return None if event is None or is_end else event.occurred_at_us


def _facts(log: EventReader, it: FieldChange) -> dict[str, Any]:
    event, corrected = it.event, _corrected(log, it)
    facts = {
        "position": event.position,
        "stream": event.stream,
        "version": event.version,
        "type": event.type,
        "recorded_at": event.recorded_at,
        "occurred_at": event.occurred_at,
        "who": str(event.metadata.get("user", "")),
        "before": it.before,
        "after": it.after,
        "corrects": corrected if corrected else ABSENT,
    }
    return {name: value for name, value in facts.items() if value is not ABSENT}


def _corrected(log: EventReader, it: FieldChange) -> int | None:
    """The position of what the event corrects; None where it corrects nothing."""
    correction = correction_of(it.event)
    target = None if correction is None else log.event_by_id(correction.event)
    return None if target is None else target.position


def _row(log: EventReader, it: FieldChange) -> list[str]:
    event, type_ = it.event, type_words(log, it.event)
    who = str(event.metadata.get("user", ""))
    values = (_text(it.before), _text(it.after))
    return [str(event.position), event.recorded_at, type_, who, *values]


def _text(value: Any) -> str:
    return NOTHING if value is ABSENT else value_text(value, absent="null")
