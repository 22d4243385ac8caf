"""lint STORE: events that change nothing, events named after a state, events that came late,
names that look alike, keys that stand twice."""

import argparse

from replay.history.lint import Finding, lint
from replay.history.look_alikes import find_look_alikes
from replay.history.repeated_keys import RepeatedKeys, find_repeated_keys
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import plain, print_json, print_text
from replay.states.bearing import ChangedMeaning, find_changed_meaning
from replay.states.late_events import LateType, find_late
from replay.terminal_progress import TerminalProgress
from replay.words import said
from store.opening import reading
from store.place import path_of

HELP = said(
    "list events that change nothing or describe a state instead of an "
    "intent, late events, changed meanings, look-alike names, repeated JSON keys"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Only streams that a model owns can be judged."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("--json", action="store_true", help=said("one JSON object per finding"))
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Findings are advice: the exit code is 0 either way."""
    with reading(arguments.store) as log, TerminalProgress("judging") as terminal:
        alike = find_look_alikes(log)
        found = list(lint(log, chosen_models(arguments), on_progress=terminal.tell))
        repeated = find_repeated_keys(log, on_progress=terminal.tell)
        late = find_late(log, on_progress=terminal.tell)
        meaning = find_changed_meaning(log, chosen_models(arguments), on_progress=terminal.tell)
    for it in found:
        print_json(plain(it)) if arguments.json else print_text(_words(it))
    for group in alike:
        fact = {"fault": "look-alike", **plain(group)}
        print_json(fact) if arguments.json else print_text(
            said("look-alike: {words}", words=group.words)
        )
    for keys in repeated:
        fact = {"fault": "repeated-keys", **plain(keys)}
        told = said("repeated-keys: {words}{keys}", words=keys.words, keys=_at(keys))
        print_json(fact) if arguments.json else print_text(told)
    for type_ in late:
        fact = {"fault": "late", **plain(type_)}
        told = said("late: {words}{late}", words=type_.words, late=_at(type_))
        print_json(fact) if arguments.json else print_text(told)
    for change in meaning:
        fact = {"fault": "new-type", **plain(change)}
        told = said("new-type: {words}{change}", words=change.words, change=_at(change))
        print_json(fact) if arguments.json else print_text(told)
    if not (found or alike or repeated or late or meaning or arguments.json):
        print_text(said("nothing found"))
    return 0


def _words(it: Finding) -> str:
    return said(
        "{fault}: {count:,} of {value:,} {type} ({model}): {why}{name}",
        fault=it.fault,
        count=it.count,
        value=it.of,
        type=it.type,
        model=it.model,
        why=it.why,
        name=_at(it),
    )


def _at(it: Finding | RepeatedKeys | LateType | ChangedMeaning) -> str:
    return (
        said(", first at {str}", str=", ".join(map(str, it.positions[:5]))) if it.positions else ""
    )
