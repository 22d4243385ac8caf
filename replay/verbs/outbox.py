"""outbox STORE: messages to the outside world; one not sent yet can be corrected or withdrawn."""

import argparse
import getpass
import sys

from replay.commands.gateways import gateways_of
from replay.printing import print_json, print_table, print_text
from replay.processes.deliveries import Deliveries
from replay.processes.desk_messages import OutboxMessage
from replay.processes.outbox_desk import OutboxDesk
from replay.processes.store_clock import StoreClock
from replay.words import said
from store.opening import open_store
from store.place import path_of

HELP = said("list the messages to external systems; correct or withdraw one that is not sent yet")
TITLES = (
    said("message"),
    said("status"),
    said("gateway"),
    said("event"),
    said("due"),
    said("payload"),
    said("answer"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without a decision they are only listed, the newest first. `adjust` follows sent ones."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--correct", metavar="ID", help=said("send something else instead; needs --payload")
    )
    what.add_argument("--withdraw", metavar="ID", help=said("do not send it; needs --why"))
    parser.add_argument("--payload", default="", metavar="JSON", help=said("the complete message"))
    parser.add_argument(
        "--why", default="", metavar="REASON", help=said("the reason for withdrawing it")
    )
    parser.add_argument("--actor", metavar="NAME", help=said("who decides; default: you"))
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Nothing is sent from here: `dispatch` sends."""
    store = open_store(arguments.store)
    try:
        clock = StoreClock(store)
        deliveries = Deliveries(store, gateways_of(store.place), clock_us=clock.now_us)
        desk = OutboxDesk(store, deliveries, clock_us=clock.now_us)
        if arguments.correct is not None:
            desk.correct(arguments.correct, arguments.payload)
        if arguments.withdraw is not None:
            by = arguments.actor or getpass.getuser()
            desk.withdraw(arguments.withdraw, f"{arguments.why} ({by})" if arguments.why else "")
        found, every = desk.messages(), store.beside.outbox.count()
    finally:
        store.close()
    if arguments.json:
        print_json(found)
    else:
        _print(found)
    if len(found) < every:
        sys.stderr.write(
            said("the newest {count:,} of {every:,} messages\n", count=len(found), every=every)
        )
    return 0


def _print(found: tuple[OutboxMessage, ...]) -> None:
    if not found:
        print_text(
            said("no event here has sent a message to an external system, and none is waiting")
        )
        return
    rows = [
        (
            it.id,
            it.status,
            it.gateway,
            str(it.position),
            it.release_at[:19].replace("T", " "),
            it.payload,
            it.answer,
        )
        for it in found
    ]
    print_table(TITLES, rows)
