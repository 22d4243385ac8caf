"""find STORE STREAM CONDITION: when a condition on a stream's state came true."""

import argparse
from collections.abc import Callable
from typing import Any, Final

from replay.command_name import complain
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_table, value_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.questions.breakpoint import CategoryBreakpoint
from replay.questions.breakpoint_doubts import unknown_in_category
from replay.questions.category_moments import category_moments
from replay.questions.moment_bisection import bisect_moment
from replay.questions.unknown_state_fields import unknown_state_field
from replay.states.condition_moments import FoundMoments, Moment
from replay.states.stream_states import StreamStates
from replay.verbs.log import require_stream
from replay.verbs.state import states_of
from replay.words import said
from store.errors import Cancelled
from store.filter.parse import parse_condition
from store.interface import EventReader
from store.place import path_of

HELP = said(
    "find when a condition on a stream's state became true: the first time, the last, every time"
)
SHOWN: Final = ("position", "recorded_at", "type", "who", "until", "values")
EVERY: Final = "-*"  # behind a category
WHICH: Final = {
    "first": said("the first time (default)"),
    "last": said("the last time"),
    "next": said("the first time after --at"),
    "previous": said("the last time before --at"),
    "all": said("every time"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The condition is written as a filter is; its fields are those of the state."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "stream", metavar="STREAM", help=said("or all streams of a category: 'account-*'")
    )
    parser.add_argument(
        "condition", metavar="CONDITION", help=said("such as 'total > 250', or 'status changed'")
    )
    which = parser.add_mutually_exclusive_group()
    for name, text in WHICH.items():
        which.add_argument(f"--{name}", dest="which", action="store_const", const=name, help=text)
    parser.add_argument(
        "--at", type=int, metavar="POSITION", help=said("for --next and --previous")
    )
    parser.add_argument(
        "--occurred", action="store_true", help=said("in the order in which the events occurred")
    )
    parser.add_argument(
        "--stays",
        action="store_true",
        help=said(
            "the condition stays true once it is true: uses bisection, which folds "
            "only a few states"
        ),
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object per moment"))
    parser.set_defaults(which="first")
    add_model_arguments(parser)
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """What was done to find it is told on standard error, so that the output is the moments."""
    tree = parse_condition(arguments.condition)
    with states_of(arguments.store, chosen_models(arguments)) as (log, states):
        category = _category(log, arguments)
        if category is None:
            require_stream(log, arguments.stream)
            found = _found(log, states, arguments)
        else:
            found = _found_in_any(log, states, category, arguments)
        if not found.moments:
            unknown = (
                unknown_state_field(log, states, arguments.stream, tree)
                if category is None
                else unknown_in_category(log, states, category)
            )
            if unknown is not None:
                raise unknown
        _tell(found)
        if arguments.json:
            for it in found.moments:
                print_json(_facts(log, it, found))
        elif found.moments:
            print_table(SHOWN, [_row(log, it) for it in found.moments])
    return 0


def _found(log: EventReader, states: StreamStates, arguments: argparse.Namespace) -> FoundMoments:
    if arguments.stays and arguments.which == "first" and not arguments.occurred:
        tree = parse_condition(arguments.condition)
        if (found := bisect_moment(log, states, arguments.stream, tree)) is not None:
            return found
        complain(
            said(
                "the condition does not hold at the end of the stream, so the whole stream is read"
            )
        )
    return states.moments(
        log,
        arguments.stream,
        arguments.condition,
        which=arguments.which,
        position=arguments.at,
        axis="occurred" if arguments.occurred else "recorded",
        told=_telling(arguments),
    )


def _category(log: EventReader, arguments: argparse.Namespace) -> CategoryBreakpoint | None:
    """What is asked of every stream of a category; None for one stream, whatever its name."""
    name = arguments.stream
    if not name.endswith(EVERY) or log.has_stream(name):
        return None
    category = name.removesuffix(EVERY)
    if not log.has_category(category):
        require_stream(log, name)  # there is none: say what is named like it
    return CategoryBreakpoint(where=arguments.condition, category=category)


def _found_in_any(
    log: EventReader, states: StreamStates, of: CategoryBreakpoint, arguments: argparse.Namespace
) -> FoundMoments:
    if arguments.stays:
        complain(said("bisection works on one stream only, so the log is read"))
    return category_moments(
        log,
        states,
        of,
        which=arguments.which,
        position=arguments.at,
        axis="occurred" if arguments.occurred else "recorded",
        told=_telling(arguments),
    )


def _telling(arguments: argparse.Namespace) -> Callable[[int], None]:
    lines = ProgressLines(is_on=arguments.progress)

    def tell(count: int) -> None:
        lines.tell(fraction=None, events=count)
        if lines.is_cancelled():
            raise Cancelled

    return tell


def _tell(found: FoundMoments) -> None:
    unit = "states" if found.way == "bisection" else "events"
    looked = said(
        "by {way}, {looked_at:,} {unit} read",
        way=found.way,
        looked_at=found.looked_at,
        unit=unit,
    )
    complain(
        looked if found.moments else said("the condition is never true ({looked})", looked=looked)
    )


def _facts(log: EventReader, it: Moment, found: FoundMoments) -> dict[str, Any]:
    event = log.event(it.position)
    assert event is not None, "it was folded"
    return {
        "position": it.position,
        "stream": event.stream,
        "version": event.version,
        "type": event.type,
        "recorded_at": event.recorded_at,
        "occurred_at": event.occurred_at,
        "who": str(event.metadata.get("user", "")),
        "until": it.until,
        "values": it.values,
        "way": found.way,
    }


def _row(log: EventReader, it: Moment) -> list[str]:
    event = log.event(it.position)
    assert event is not None, "it was folded"
    who, until = str(event.metadata.get("user", "")), "" if it.until is None else str(it.until)
    values = ", ".join(f"{name} = {value_text(value)}" for name, value in it.values.items())
    return [str(it.position), event.recorded_at, event.type, who, until, values]
