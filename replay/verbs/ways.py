"""ways STORE STREAM: one state by every way there is, with the time that each takes."""

import argparse
from functools import partial

from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import plain, print_json, print_table, print_text
from replay.snapshots.snapshots import folded
from replay.states.moment import Moment, parse_moment_text, position_of
from replay.states.stream_states import Before, StreamStates
from replay.states.ways import Way, no_snapshot, ways_to
from replay.verbs.log import require_stream
from replay.views.read_store import reading_views
from replay.words import said
from store.interface import EventReader
from store.opening import reading
from store.place import path_of

HELP = said(
    "compare the ways to compute a state: from the beginning, from a snapshot, by stepping back"
)
DIFFERENT = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All must end in the same state."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("stream", metavar="STREAM")
    parser.add_argument(
        "--at", metavar="POSITION|TIME", help=said("default: before its last event")
    )
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when two ways end in different states."""
    with reading(arguments.store) as log, reading_views(log) as views:
        require_stream(log, arguments.stream)
        models = chosen_models(arguments)

        def new_states(before: Before) -> StreamStates:
            return StreamStates(models=models, snapshot_before=before)

        ways = ways_to(
            log,
            arguments.stream,
            _position(log, arguments),
            new_states=new_states,
            snapshot_before=no_snapshot if views is None else partial(folded, views),
        )
    return _print(ways, is_json=arguments.json)


def _position(log: EventReader, arguments: argparse.Namespace) -> int:
    if arguments.at is not None:
        return position_of(log, parse_moment_text(arguments.at), stream=arguments.stream)
    last = list(log.read_stream(arguments.stream, limit=2, reverse=True))
    return position_of(log, Moment("position", last[-1].position), stream=arguments.stream)


def _print(ways: list[Way], *, is_json: bool) -> int:
    is_same = len({it.digest for it in ways}) == 1
    if is_json:
        print_json({"ways": plain(ways), "same": is_same})
    else:
        rows = [(it.basis, f"{it.folded:,}", f"{it.milliseconds:.3f}", it.digest) for it in ways]
        print_table(("way", "events", "ms", "state"), rows)
        print_text(said("the same state") if is_same else said("DIFFERENT states"))
    return 0 if is_same else DIFFERENT
