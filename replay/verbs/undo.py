"""undo STORE POSITION: issue the command that takes an event back, linked to that event."""

import argparse
import getpass
from typing import Any

from replay.commands.saved_states import SavedStates
from replay.commands.undo import undo_of
from replay.history.causality import correlation_of, event_at
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_text
from replay.processes.store_clock import StoreClock
from replay.states.model_set import ModelSet
from replay.verbs.issue import settle
from replay.words import said
from store import json_text
from store.beside.commands import IssuedCommand
from store.errors import StoreError
from store.events import new_event_id
from store.interface import CommandStore
from store.opening import open_store
from store.place import Place, path_of
from store.times import now_us

HELP = said("undo an event with the command that its model declares; both stay in the log, linked")


class WrongFields(StoreError):
    hint = said('Write the fields to change as one JSON object: --data \'{"reason":"…"}\'')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing is removed: the command adds events, which name the event as their cause."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("position", type=int, metavar="POSITION", help=said("id of the event"))
    parser.add_argument(
        "--preview", action="store_true", help=said("show what it would do, without writing")
    )
    parser.add_argument("--data", default="{}", metavar="JSON", help=said("fields to change"))
    parser.add_argument("--actor", metavar="NAME", help=said("who issues it; default: you"))
    parser.add_argument("--role", action="append", default=[], help=said("a role of the actor"))
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when nothing takes the event back, or the command is refused."""
    models = chosen_models(arguments)
    store, saved = open_store(arguments.store), SavedStates(Place(arguments.store))
    try:
        command = _command(arguments, store, models, saved)
        if not arguments.json:
            _tell(store, command, arguments.position)
        return settle(
            store,
            models,
            command,
            saved=saved,
            is_preview=arguments.preview,
            is_json=arguments.json,
        )
    finally:
        saved.close()
        store.close()


def _command(
    arguments: argparse.Namespace, store: CommandStore, models: ModelSet, saved: SavedStates
) -> IssuedCommand:
    """Caused by the event that it takes back, and of its conversation."""
    typed = undo_of(store, models, arguments.position, saved=saved)
    event, clock_us = event_at(store, arguments.position), StoreClock(store).now_us()
    data = json_text.decode(json_text.encode(typed))
    return IssuedCommand(
        id=new_event_id(),
        type=type(typed).__name__,
        stream="",
        data_json=json_text.encode(data | _fields(arguments.data)),
        actor=arguments.actor or getpass.getuser(),
        roles=tuple(arguments.role),
        expected=None,
        issued_at_us=now_us(),
        due_at_us=clock_us,
        expires_at_us=None,
        causation_id=event.id,
        correlation_id=correlation_of(event),
    )


def _fields(text: str) -> dict[str, Any]:
    try:
        found = json_text.decode(text)
    except ValueError as error:
        raise WrongFields(said("the fields are not valid JSON: {error}", error=error)) from error
    if not isinstance(found, dict):
        raise WrongFields(said("the fields must be one JSON object"))
    return found


def _tell(store: CommandStore, command: IssuedCommand, position: int) -> None:
    event = event_at(store, position)
    print_text(
        said(
            "{type} at {position} is undone by {command} {data_json}",
            type=event.type,
            position=position,
            command=command.type,
            data_json=command.data_json,
        )
    )
