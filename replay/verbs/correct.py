"""correct STORE POSITION: append the events that make the state what it should have been."""

import argparse
import getpass
from functools import partial
from typing import Any

from msgspec import UNSET

from replay.correcting.asked import Asked
from replay.correcting.commit import Committed, commit
from replay.correcting.errors import CannotCorrect
from replay.correcting.kinds import KINDS
from replay.correcting.proposal import By, proposed
from replay.correcting.telling import correction_json, print_correction
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from replay.words import said
from store import json_text
from store.opening import open_store, reading
from store.place import path_of

HELP = said("correct an event with new events: it came late, should not be, or was wrong")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing is edited: the events that are appended name the one that they correct."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("position", type=int, metavar="POSITION", help=said("id of the event"))
    parser.add_argument("--kind", choices=KINDS, required=True, help=said("what is wrong about it"))
    parser.add_argument(
        "--before",
        type=int,
        metavar="P",
        help=said("late: the event it belongs before; default: by when it occurred"),
    )
    parser.add_argument("--data", metavar="JSON", help=said("wrong: what it should have said"))
    parser.add_argument(
        "--preview", action="store_true", help=said("show what it would do, without writing")
    )
    parser.add_argument(
        "--partly",
        action="store_true",
        help=said("accept that some fields stay different, as the preview shows"),
    )
    parser.add_argument("--actor", metavar="NAME", help=said("who corrects it; default: you"))
    parser.add_argument("--reason", default="", metavar="TEXT", help=said("why"))
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when it cannot be corrected, or not wholly."""
    asked, models = _asked(arguments), chosen_models(arguments)
    by = By(actor=arguments.actor or getpass.getuser(), reason=arguments.reason)
    made = _preview(arguments, models, asked, by) or _commit(arguments, models, asked, by)
    if arguments.json:
        print_json(correction_json(made))
    else:
        print_correction(made)
    return 0


def _preview(
    arguments: argparse.Namespace, models: ModelSet, asked: Asked, by: By
) -> Committed | None:
    if not arguments.preview:
        return None
    with reading(arguments.store) as log:
        return Committed(proposal=proposed(log, StreamStates(models=models), asked, by))


def _commit(arguments: argparse.Namespace, models: ModelSet, asked: Asked, by: By) -> Committed:
    store = open_store(arguments.store)
    try:
        states = partial(StreamStates, models=models)
        return commit(store, states, asked, by, partly=arguments.partly)
    finally:
        store.close()


def _asked(arguments: argparse.Namespace) -> Asked:
    """Raises CannotCorrect where options do not go together."""
    kind, data, before = arguments.kind, arguments.data, arguments.before
    if kind == "wrong" and data is None:
        raise CannotCorrect(
            said("a wrong event needs what it should have said"), said("Add it with: --data JSON")
        )
    if kind != "wrong" and data is not None:
        raise CannotCorrect(
            said("only a wrong event takes other data"), said("Leave out --data, or: --kind wrong")
        )
    if kind != "late" and before is not None:
        raise CannotCorrect(
            said("only a late event takes another place"),
            said("Leave out --before, or: --kind late"),
        )
    return Asked(
        position=arguments.position,
        kind=kind,
        before=before,
        data=UNSET if data is None else _value(data),
    )


def _value(text: str) -> Any:
    try:
        return json_text.decode(text)
    except ValueError as error:
        raise CannotCorrect(
            said("the data is not valid JSON: {error}", error=error),
            said("Write it as in the log: --data '{\"amount\":5}'"),
        ) from error
