"""diff STORE STREAM --from X --to Y: what differs between two states of a stream."""

import argparse
from typing import Any

from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_text
from replay.states.diff import Change, diff, path_text
from replay.verbs.log import require_stream
from replay.verbs.state import state_at, states_of
from replay.words import said
from store import json_text
from store.place import path_of

HELP = said("print the differences between two states of a stream")
SIGNS = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Both ends take what `state --at` takes."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("stream", metavar="STREAM")
    parser.add_argument(
        "--from",
        dest="first",
        required=True,
        metavar="X",
        help=said("the first moment: a version such as v3, a position, or a time"),
    )
    parser.add_argument(
        "--to", dest="last", required=True, metavar="Y", help=said("the second moment")
    )
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 whether or not there are differences."""
    with states_of(arguments.store, chosen_models(arguments)) as (log, states):
        require_stream(log, arguments.stream)
        before = state_at(log, states, arguments.stream, arguments.first)
        after = state_at(log, states, arguments.stream, arguments.last)
    changes = list(diff(before.state, after.state))
    if arguments.json:
        print_json(
            {
                "stream": arguments.stream,
                "from": {"position": before.position, "version": before.version},
                "to": {"position": after.position, "version": after.version},
                "changes": [_facts(change) for change in changes],
            }
        )
        return 0
    for change in changes:
        print_text(_line(change))
    if not changes:
        print_text(said("no difference"))
    return 0


def _facts(change: Change) -> dict[str, Any]:
    facts: dict[str, Any] = {"kind": change.kind, "path": list(change.path)}
    if change.kind != "added":
        facts["before"] = change.before
    if change.kind != "removed":
        facts["after"] = change.after
    return facts


def _line(change: Change) -> str:
    before, after = json_text.encode(change.before), json_text.encode(change.after)
    values = {"added": after, "removed": before}.get(change.kind, f"{before} → {after}")
    return f"{SIGNS[change.kind]} {path_text(change.path)}: {values}"
