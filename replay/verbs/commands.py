"""commands STORE: the commands its streams take, or those that were issued."""

import argparse
from pathlib import Path
from typing import Any

from replay.model_set import ModelSet
from replay.model_source import add_model_arguments, chosen_models
from replay.moment import Moment, parse_moment_text, position_of
from replay.offers import Offer, Offers
from replay.printing import print_json, print_table, print_text
from replay.sent_commands import sent_list
from store import commands
from store.connect import open_log
from store.reader import LogReader

HELP = "list the commands that can be issued, or with --sent those that were"
SENT_SHOWN = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """With --stream: those of the stream's model, and why one cannot be issued now."""
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("--stream", metavar="STREAM", help="only those that this stream takes")
    parser.add_argument("--at", metavar="POSITION|TIME", help="as of then; without it: now")
    parser.add_argument(
        "--sent", action="store_true", help="the commands issued last, newest first"
    )
    parser.add_argument("--json", action="store_true", help="with each command's JSON schema")
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Reads only."""
    log = LogReader(open_log(arguments.store))
    try:
        if arguments.sent:
            sent = sent_list(log.db, commands.latest(log.db, limit=SENT_SHOWN))
            _print_sent(sent, is_json=arguments.json)
        else:
            _print_offers(_offers(log, chosen_models(arguments), arguments), arguments.json)
    finally:
        log.close()
    return 0


def _offers(log: LogReader, models: ModelSet, arguments: argparse.Namespace) -> list[Offer]:
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
        print_table(("command", "model", "fields", "what it does", "facts elsewhere"), rows)
    else:
        print_text("no model gives this stream a meaning, so it takes no commands")


def _fields(offer: Offer) -> str:
    required = set(offer.schema.get("required", ()))
    names = offer.schema.get("properties", {})
    return ", ".join(name if name in required else f"[{name}]" for name in names)


def _print_sent(sent: list[dict[str, Any]], *, is_json: bool) -> None:
    if is_json:
        print_json(sent)
        return
    rows = [
        (
            it["issued_at"], it["status"], str(it["attempts"]), it["command"], it["stream"],
            it["actor"], it["reason"],
        )
        for it in sent
    ]  # fmt: skip
    print_table(("issued", "status", "attempts", "command", "stream", "by", "reason"), rows)
