"""commands STORE: the commands its streams take, or those that were issued."""

import argparse
import sys

import msgspec

from replay.commands.offers import Offer, Offers
from replay.commands.sent_commands import SentCommand, sent_list
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_table, print_text
from replay.processes.lanes import RATE_US
from replay.states.model_set import ModelSet
from replay.states.moment import Moment, parse_moment_text, position_of
from replay.words import said
from store.beside.commands import Queue
from store.interface import EventReader
from store.opening import reading
from store.place import path_of
from store.times import now_us

HELP = said("list the commands that can be issued, with --sent the issued ones, or their queues")
SENT_SHOWN = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """With --stream: those of the stream's model, and why one cannot be issued now."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "--stream", metavar="STREAM", help=said("only those that this stream accepts")
    )
    parser.add_argument(
        "--at", metavar="POSITION|TIME", help=said("as of this moment; default: now")
    )
    parser.add_argument(
        "--sent", action="store_true", help=said("the commands issued most recently, newest first")
    )
    parser.add_argument(
        "--queues",
        nargs="?",
        const="",
        metavar="TYPE",
        help=said(
            "what is waiting and how fast it is handled, by command type; for one type by stream"
        ),
    )
    parser.add_argument(
        "--json", action="store_true", help=said("with the JSON schema of each command")
    )
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Reads only."""
    with reading(arguments.store) as log:
        if arguments.sent:
            sent = sent_list(log.beside, log.beside.commands.latest(limit=SENT_SHOWN))
            _print_sent(sent, is_json=arguments.json)
            _tell_cut(
                len(sent), sum(log.beside.commands.counts().values()), said("commands issued")
            )
        elif arguments.queues is not None:
            queues = _queues(log, arguments.queues)
            _print_queues(queues, is_json=arguments.json)
            if arguments.queues:
                every = log.beside.commands.stream_count(arguments.queues)
                what = said("streams of {queues}", queues=arguments.queues)
                _tell_cut(len(queues), every, what, which=said("the first"))
        else:
            _print_offers(_offers(log, chosen_models(arguments), arguments), arguments.json)
    return 0


def _tell_cut(shown: int, count: int, what: str, *, which: str = said("the newest")) -> None:
    """On standard error, where a list is not all there is."""
    if shown < count:
        sys.stderr.write(
            said(
                "{which} {shown:,} of {count:,} {what}\n",
                which=which,
                shown=shown,
                count=count,
                what=what,
            )
        )


def _queues(log: EventReader, type_: str) -> list[Queue]:
    at_us = now_us() + log.beside.clock.ahead_us()
    since_us = at_us - RATE_US
    if not type_:
        return log.beside.commands.queues(at_us, since_us=since_us)
    return log.beside.commands.queues_of_streams(type_, at_us, since_us=since_us, limit=SENT_SHOWN)


def _print_queues(found: list[Queue], *, is_json: bool) -> None:
    if is_json:
        print_json(msgspec.to_builtins(found))
        return
    rows = [
        (
            it.of,
            f"{it.waiting:,}",
            f"{it.recently:,}",
            f"{it.longest_us / 1_000_000:,.0f} s" if it.waiting else "",
            f"{it.timers:,}",
            f"{it.handled:,}",
            f"{it.conflicts:,}",
        )
        for it in found
    ]
    titles = ("queue", "waiting", said("last minute"), "longest", "timers", "handled", "conflicts")
    print_table(titles, rows)


def _offers(log: EventReader, models: ModelSet, arguments: argparse.Namespace) -> list[Offer]:
    offers = Offers(log, models)
    if arguments.stream is None:
        return offers.all()
    text = arguments.at
    moment = Moment("position", log.head()) if text is None else parse_moment_text(text)
    return offers.of_stream(arguments.stream, position_of(log, moment, stream=arguments.stream))


def _print_offers(offers: list[Offer], is_json: bool) -> None:
    if is_json:
        print_json(offers)
        return
    rows = [
        (it.command, it.model, _fields(it), it.reason or it.help, it.elsewhere) for it in offers
    ]
    if rows:
        print_table(
            ("command", "model", "fields", said("what it does"), said("external facts")), rows
        )
    else:
        print_text(said("no model covers this stream, so it accepts no commands"))


def _fields(offer: Offer) -> str:
    required = set(offer.schema.get("required", ()))
    names = offer.schema.get("properties", {})
    return ", ".join(name if name in required else f"[{name}]" for name in names)


def _print_sent(sent: list[SentCommand], *, is_json: bool) -> None:
    if is_json:
        print_json(sent)
        return
    rows = [
        (
            it.issued_at,
            it.status,
            str(it.attempts),
            it.command,
            it.stream,
            it.actor,
            it.why,
        )
        for it in sent
    ]
    print_table(("issued", "status", "attempts", "command", "stream", "by", "reason"), rows)
