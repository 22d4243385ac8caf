"""diff STORE STREAM --from X --to Y: what differs between two states of a stream."""

import argparse
from typing import Any

from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_text
from replay.states.diff import Change, diff, path_text
from replay.states.knowledge import knowledge
from replay.states.moment import parse_moment_text
from replay.states.state_at import StateAt
from replay.verbs.log import require_stream
from replay.verbs.state import at_moment, states_of
from replay.words import said
from store import json_text
from store.place import path_of

HELP = said("print the differences between two states of a stream")
SIGNS = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Both ends take what `state --at` takes, such as occurred:TIME,known:TIME."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("stream", metavar="STREAM")
    parser.add_argument(
        "--from",
        dest="first",
        required=True,
        metavar="X",
        help=said("the first moment: v3, a position, a time, or occurred:TIME,known:TIME"),
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
        ends = [parse_moment_text(it) for it in (arguments.first, arguments.last)]
        before, after = (at_moment(log, states, arguments.stream, it) for it in ends)
        known = [knowledge(log, it) for it in ends]
    changes = list(diff(before.state, after.state))
    if arguments.json:
        print_json(
            {
                "stream": arguments.stream,
                "from": {**_end(before), **known[0].facts},
                "to": {**_end(after), **known[1].facts},
                "changes": [_facts(change) for change in changes],
            }
        )
        return 0
    for name, it in zip((said("from"), said("to")), known, strict=True):
        for fact, value in it.rows:
            print_text(f"# {name}: {fact}: {value}")
    for change in changes:
        print_text(_line(change))
    if not changes:
        print_text(said("no difference"))
    return 0


def _end(state: StateAt[Any]) -> dict[str, Any]:
    return {"position": state.position, "version": state.version}


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
