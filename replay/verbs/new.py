"""new STORE: make an empty store."""

import argparse

from replay.command_name import as_typed
from replay.printing import print_json, print_text
from replay.progress_lines import add_progress_argument
from replay.words import said
from store.opening import create_store
from store.place import path_of

HELP = said("create an empty store")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Only the store."""
    parser.add_argument("store", type=path_of, metavar="STORE", help=said("must not exist yet"))
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """What is there already is refused, whatever it is."""
    store_id = create_store(arguments.store)
    if arguments.json:
        print_json({"store": str(arguments.store), "store_id": store_id, "events": 0})
        return 0
    print_text(
        said(
            "{store} was created, with no events yet; its id is {store_id}",
            store=arguments.store,
            store_id=store_id,
        )
    )
    print_text(as_typed(said("Next: main.py import FILE --into STORE, or main.py commands STORE")))
    return 0
