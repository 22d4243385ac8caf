"""What verbs ask a query store, opened for one question."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from replay.query_store.errors import NotAskedThere, NothingStored
from replay.query_store.interface import QueryStore, StoredView
from replay.query_store.kind import open_query_store
from replay.query_store.stored_rows import shown_view
from replay.words import said
from store.errors import WrongMoment
from store.place import path_of
from store.remote.address import Address, address_of, is_address


def store_or_address(text: str) -> Path | Address:
    """For argparse: a store on this machine, or where a query store is. Raises WrongAddress."""
    if is_address(text) and not text.startswith("file:"):
        return address_of(text)
    return path_of(text)


@contextmanager
def asking(address: Address, name: str) -> Iterator[tuple[QueryStore, StoredView]]:
    """The rows of one view, closed at the end of the block. Raises NothingStored, and what opening
    raises."""
    with closing(open_query_store(address)) as store:
        yield store, shown_view(store, name)


def asking_some(address: Address, names: Sequence[str]) -> Iterator[tuple[QueryStore, StoredView]]:
    """The rows of these views, or of all that readers find there, by name. Raises NothingStored
    when there are none."""
    with closing(open_query_store(address)) as store:
        shown = [shown_view(store, it) for it in names]
        shown = shown or [it for it in store.views() if it.is_shown]
        if not shown:
            raise NothingStored(said("there are no rows of views"), address.shown)
        yield from ((store, it) for it in shown)


def position_in(text: str | None) -> int | None:
    """A moment as a query store knows it: a position. Raises WrongMoment."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise WrongMoment(text, said("a query store is asked for positions, not for times"))
    return int(text)


def refuse_options(arguments: argparse.Namespace, *names: str) -> None:
    """Raises NotAskedThere where an option was given that only a store here can answer."""
    for it in names:
        if getattr(arguments, it):
            raise NotAskedThere(it.replace("_", "-"))
