"""sample NAME [--into STORE] [--fresh]: a store of a sample, as it came."""

import argparse
from pathlib import Path
from typing import Any

from replay.printing import print_json, print_text
from replay.words import counted, said
from store.errors import StoreExists, UnknownChoice
from store.place import path_of
from store.transfer.ingest import ingest
from store.transfer.new_name import SUFFIX, free_copy

HELP = said("create a store from one of the bundled samples")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A store that is there is never written to."""
    parser.add_argument("name", metavar="NAME", help=said("conference, ships or bank"))
    parser.add_argument(
        "--into", type=path_of, metavar="STORE", help=said("default: NAME.foldline in this folder")
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help=said(
            "if it exists, make another copy with the next number; the existing one is not changed"
        ),
    )
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Raises UnknownChoice, StoreExists, and what `ingest` raises."""
    files: dict[str, Path] = dict(arguments.samples)
    if arguments.name not in files:
        raise UnknownChoice(said("there is no sample {name!r}", name=arguments.name), files)
    store: Path = arguments.into or Path(f"{arguments.name}{SUFFIX}")
    if arguments.fresh:
        store = free_copy(store)
    if store.exists():
        error = StoreExists(store)
        error.hint = said("--fresh makes another copy and does not change this one.")
        raise error
    report = ingest(files[arguments.name], into=store)
    facts: dict[str, Any] = {"store": str(store), "events": report.stored}
    if arguments.json:
        print_json(facts)
    else:
        print_text(
            said(
                "{stored} in {store}",
                stored=counted("{count:,} event", "{count:,} events", report.stored),
                store=store,
            )
        )
    return 0
