"""diff STORE STREAM --from X --to Y: what differs between two states of a stream, be they of one
line or of two."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from replay.branching.line_moment import line_moment, line_path
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_text
from replay.states.diff import Change, diff, path_text
from replay.states.knowledge import Knowledge, knowledge
from replay.states.model_set import ModelSet
from replay.states.moment import Moment
from replay.states.state_at import StateAt
from replay.verbs.log import require_stream
from replay.verbs.state import at_moment, states_of
from replay.words import said
from store import json_text
from store.opening import reading
from store.place import path_of

HELP = said("print the differences between two states of a stream")
SIGNS = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Both ends take what `state --at` takes, such as occurred:TIME,known:TIME, and the line that
    it is of, such as 1842@fix; @fix is the end of that line."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("stream", metavar="STREAM")
    parser.add_argument(
        "--from",
        dest="first",
        required=True,
        metavar="X",
        help=said(
            "the first moment: v3, a position, a time, or occurred:TIME,known:TIME; "
            "of another line as MOMENT@BRANCH or MOMENT@main"
        ),
    )
    parser.add_argument(
        "--to", dest="last", required=True, metavar="Y", help=said("the second moment")
    )
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 whether or not there are differences."""
    texts = (arguments.first, arguments.last)
    models = chosen_models(arguments)
    before, after = (_end_at(arguments.store, models, arguments.stream, it) for it in texts)
    if not (before.is_known or after.is_known):
        with reading(before.path) as log:
            require_stream(log, arguments.stream)
    changes = list(diff(before.state.state, after.state.state))
    if arguments.json:
        print_json(
            {
                "stream": arguments.stream,
                "from": before.facts,
                "to": after.facts,
                "changes": [_facts(change) for change in changes],
            }
        )
        return 0
    for name, it in ((said("from"), before), (said("to"), after)):
        for fact, value in it.knowledge.rows:
            print_text(f"# {name}: {fact}: {value}")
    for change in changes:
        print_text(_line(change))
    if not changes:
        print_text(said("no difference"))
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """One of the two states, and where it is from."""

    path: Path
    line: str  # as it was named; empty where it was not
    is_known: bool  # whether its line has the stream
    state: StateAt[Any]
    knowledge: Knowledge

    @property
    def facts(self) -> dict[str, Any]:
        """As JSON values."""
        line = {"line": self.line} if self.line else {}
        return {
            **line,
            "position": self.state.position,
            "version": self.state.version,
            **self.knowledge.facts,
        }


def _end_at(store: Path, models: ModelSet, stream: str, text: str) -> _End:
    moment, line = line_moment(text)
    path = line_path(store, line)
    with states_of(path, models) as (log, states):
        at = moment or Moment("position", log.head())
        return _End(
            path=path,
            line=line,
            is_known=log.has_stream(stream),
            state=at_moment(log, states, stream, at),
            knowledge=knowledge(log, at),
        )


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
