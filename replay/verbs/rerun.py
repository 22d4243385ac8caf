"""rerun STORE: decide on recorded commands again, and list what gateways would have sent."""

import argparse
from itertools import islice
from typing import Final

from replay.commands.rerun import Rerun
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import plain, print_json, print_text
from replay.processes import reprocessing
from replay.processes.store_clock import StoreClock
from replay.progress_lines import add_progress_argument
from store import json_text
from store.opening import open_store
from store.place import path_of

HELP = "an experiment: decide on recorded commands again; nothing is written, nothing is sent"
SHOWN: Final = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Replaying events is something else: it never runs a rule."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("--after", type=int, default=0, metavar="P", help="events behind it only")
    parser.add_argument("--until", type=int, metavar="P")
    parser.add_argument(
        "--send",
        action="append",
        default=[],
        metavar="GATEWAY",
        help="put what this gateway would send into the outbox",
    )
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a command comes out otherwise today, and when an answer is missing."""
    store = open_store(arguments.store)
    try:
        again = Rerun(store, chosen_models(arguments), store.place)
        span = {"after": arguments.after, "until": arguments.until}
        answers = again.answers(**span)
        decided, passed_over = list(again.commands(**span)), again.passed_over()
        would = list(again.would_send(**span))
        now_us = StoreClock(store).now_us()
        put = {it: again.send(it, **span, now_us=now_us) for it in arguments.send}
        reprocessing.note(store.place, put, **span, now_us=now_us)
    finally:
        store.close()
    differing = [it for it in decided if it.differences]
    if arguments.json:
        print_json(
            {
                "commands": len(decided),
                "differing": plain(differing),
                "without_events": passed_over,
                "answers": answers,
                "would_send": plain(would),
                "put_into_outbox": put,
            }
        )
        return 1 if differing else 0
    print_text(f"{len(decided):,} commands decided on again, {len(differing):,} come out otherwise")
    if passed_over:
        print_text(f"{passed_over:,} that recorded no event (refused ones too) are not looked at")
    for one in differing:
        print_text(f"  {one.command} {one.id} in {one.stream}: {'; '.join(one.differences)}")
        for kind, gateway, payload in one.messages:
            print_text(f"    {kind} {gateway} {json_text.encode(payload)}")
    if answers:
        print_text(f"{answers:,} recorded answers are kept, and are what the events hold")
    print_text(f"{len(would):,} messages would have been sent; held: this is a replay")
    for it in islice(would, SHOWN):
        print_text(f"  {it.position} {it.gateway} {json_text.encode(it.payload)}")
    if len(would) > SHOWN:
        print_text(f"  … and {len(would) - SHOWN:,} more (--json lists all)")
    for gateway, count in put.items():
        print_text(f"{count:,} messages put into the outbox for {gateway}")
    return 1 if differing else 0
