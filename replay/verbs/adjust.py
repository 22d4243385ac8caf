"""adjust STORE: what gateways were told against what they should have been told."""

import argparse

from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import plain, print_json, print_text
from replay.processes.adjustments import Adjustments, Proposed
from replay.processes.store_clock import StoreClock
from replay.terminal_progress import TerminalProgress
from replay.words import counted, said
from store import json_text
from store.opening import open_store
from store.place import path_of

HELP = said("list sent messages that should have been different; with --apply send adjustments")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is not sent yet is put right by `dispatch` by itself."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "--apply", action="store_true", help=said("put the adjustments in the outbox")
    )
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when something should have been sent otherwise."""
    store = open_store(arguments.store)
    try:
        adjustments = Adjustments(store, chosen_models(arguments))
        with TerminalProgress("comparing", unit=said("messages and commands")) as progress:
            found = adjustments.proposed(tell=progress.tell)
        if arguments.apply:
            adjustments.put(found.adjustments, now_us=StoreClock(store).now_us())
    finally:
        store.close()
    _print(found, is_applied=arguments.apply, is_json=arguments.json)
    return 1 if found.adjustments else 0


def _print(found: Proposed, *, is_applied: bool, is_json: bool) -> None:
    proposed = found.adjustments
    if is_json:
        print_json(
            {
                "adjustments": plain(proposed),
                "put_into_outbox": is_applied,
                "messages": found.messages,
                "commands": found.commands,
            }
        )
        return
    looked_at = said(
        "{messages} and {commands} checked",
        messages=counted("{count:,} message", "{count:,} messages", found.messages),
        commands=counted("{count:,} command", "{count:,} commands", found.commands),
    )
    for it in proposed:
        instead = "nothing" if it.instead is None else json_text.encode(it.instead)
        print_text(
            said(
                "{position} {gateway} was sent {sent}",
                position=it.position,
                gateway=it.gateway,
                sent=json_text.encode(it.sent),
            )
        )
        print_text(said("  should have been sent {instead}: {why}", instead=instead, why=it.why))
    if not proposed:
        print_text(said("every sent message is correct: {looked_at}", looked_at=looked_at))
    elif is_applied:
        print_text(
            said(
                "{count} put in the outbox; {looked_at}",
                count=counted("{count:,} adjustment", "{count:,} adjustments", len(proposed)),
                looked_at=looked_at,
            )
        )
    else:
        print_text(
            said(
                "{count} proposed; --apply puts them in the outbox; {looked_at}",
                count=counted("{count:,} adjustment", "{count:,} adjustments", len(proposed)),
                looked_at=looked_at,
            )
        )
