"""upcast STORE TYPE: try a change of an event type on what is stored, and write its code."""

import argparse
from typing import Final

from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import plain, print_json, print_lines, print_text
from replay.progress_lines import add_progress_argument
from replay.states.bearing import meaning_words
from replay.states.change_trial import Trial, try_on
from replay.states.event_change import EventChange, FieldEdit, WrongChange
from replay.verbs.log import require_type
from replay.words import said
from store import json_text
from store.opening import reading
from store.place import path_of

SHOWN: Final = 5  # events; --json shows more
HELP = said("change an event type: tested on stored events, then printed as code")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing is written: the code goes into the model's file."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("type", metavar="TYPE", help=said("the event type to change"))
    parser.add_argument(
        "--from-version", type=int, default=1, metavar="V", help=said("stored shape")
    )
    parser.add_argument("--retire", metavar="WHY", help=said("it is no longer relevant"))
    parser.add_argument("--becomes", metavar="TYPE", help=said("it has another name now"))
    parser.add_argument(
        "--becomes-version",
        type=int,
        default=1,
        metavar="V",
        help=said("the version of the other type"),
    )
    parser.add_argument(
        "--add",
        action="append",
        default=[],
        metavar="FIELD=JSON",
        help=said("add a field with this value; repeatable"),
    )
    parser.add_argument(
        "--drop",
        action="append",
        default=[],
        metavar="FIELD",
        help=said("remove a field; repeatable"),
    )
    parser.add_argument(
        "--rename",
        action="append",
        default=[],
        metavar="FIELD=NEW",
        help=said("rename a field; repeatable"),
    )
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when the model's class of today does not take some of the events."""
    with reading(arguments.store) as log:
        require_type(log, arguments.type)
        trial = try_on(log, chosen_models(arguments), _change(arguments))
    if arguments.json:
        print_json(plain(trial))
    else:
        _print(trial, arguments.type)
    return 1 if trial.unfit else 0


def _change(arguments: argparse.Namespace) -> EventChange:
    edits = [FieldEdit(kind="rename", field=a, to=b) for a, b in map(_pair, arguments.rename)]
    edits += [FieldEdit(kind="drop", field=it) for it in arguments.drop]
    for field, text in map(_pair, arguments.add):
        try:
            edits.append(FieldEdit(kind="add", field=field, value=json_text.decode(text)))
        except ValueError as error:
            raise WrongChange(
                said("the value of {field} is not valid JSON: {text}", field=field, text=text)
            ) from error
    reason = (
        "retired" if arguments.retire is not None else "renamed" if arguments.becomes else "fields"
    )
    return EventChange(
        type=arguments.type,
        version=arguments.from_version,
        edits=tuple(edits),
        reason=reason,  # type: ignore[arg-type]
        becomes=arguments.becomes or "",
        becomes_version=arguments.becomes_version,
        why=arguments.retire or "",
    )


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise WrongChange(said("expected FIELD=VALUE: {text!r}", text=text))
    return name, value


def _print(trial: Trial, type_: str) -> None:
    first = "" if trial.is_all else said("of the first 1,000 ")
    print_text(
        said(
            "{events:,} {first}events have this type and shape; {unfit:,} do not fit",
            events=trial.events,
            first=first,
            unfit=trial.unfit,
        )
    )
    if trial.meaning:
        print_text(meaning_words(type_, trial.meaning))
    for it in trial.shown[:SHOWN]:
        after = said("no effect") if it.after is None else json_text.encode(it.after)
        print_text(f"  {it.position} {json_text.encode(it.before)}")
        print_text(f"    → {after}{'  ✗ ' + it.problem if it.problem else ''}")
    if trial.events > SHOWN:
        print_text(
            said(
                "  … {shown} of them are shown (--json shows {count})",
                shown=SHOWN,
                count=len(trial.shown),
            )
        )
    print_text("")
    print_lines(trial.code)
