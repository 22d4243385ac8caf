"""publish STORE|URL --to TOPIC: write the events of a store into a topic of Kafka, in order."""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

from replay.command_line import refuse
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.published_lines import PublishedLines
from replay.words import said
from store.errors import Cancelled, LockClosed, LogReplaced, StoreError
from store.locks import ProcessLock
from store.place import Place, path_of
from store.remote.address import Address, address_of, is_address
from store.remote.kind import kind_of
from store.remote.published_log import PublishedLog
from store.remote.topics import publish, require_topic
from store.same_log import SameLog

HELP = said("write the events of a store into a topic of Kafka, each stream in its order")
FILE: Final = "file://"  # a path, however it is written
LOOK_S: Final = 0.5  # between two looks at whether the log's file is back


class RelayRunning(StoreError):
    """On this machine; one on another machine would be fenced off instead."""

    hint = said("One relay publishes a store to a topic. Stop it before you start another.")

    def __init__(self, store: Path) -> None:
        reason = said("this store is already published to that topic: {store}", store=store)
        super().__init__(reason)
        self.store = store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The store is only read. The next run goes on where this one ended."""
    parser.add_argument(
        "store", metavar="STORE|URL", help=said("a local store, or one on a server")
    )
    parser.add_argument(
        "--to", metavar="URL", required=True, help=said("for example kafka://host:9092/orders")
    )
    parser.add_argument(
        "--follow", action="store_true", help=said("go on with what comes, until Ctrl+C")
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object a line"))
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tells of each page that was published, and of a distance that lasts. One that follows waits
    while another file, or none, stands in the log's place."""
    to = address_of(arguments.to)
    require_topic(to)
    lines = ProgressLines(is_on=arguments.progress)
    told = PublishedLines(is_json=arguments.json, lines=lines)
    if is_address(arguments.store) and not arguments.store.startswith(FILE):
        _publish_remote(address_of(arguments.store), to, told, is_endless=arguments.follow)
    else:
        _publish_log(path_of(arguments.store), to, told, is_endless=arguments.follow)
    told.tell_end(to.shown)
    return 0


def _publish_remote(
    source: Address, to: Address, told: PublishedLines, *, is_endless: bool
) -> None:
    kind = kind_of(source)
    publish(
        lambda: kind.open_reader(source),
        to,
        is_endless=is_endless,
        is_ended=told.is_ended,
        on_published=told.tell_published,
        on_distance=told.tell_distance,
    )


def _publish_log(path: Path, to: Address, told: PublishedLines, *, is_endless: bool) -> None:
    log = SameLog(path)
    log.open().close()  # so that it knows a copy of it

    def pause() -> None:
        if told.is_ended():
            raise Cancelled
        time.sleep(LOOK_S)

    while True:
        try:
            with _only_one(path, to):
                publish(
                    partial(PublishedLog, log),
                    to,
                    is_endless=is_endless,
                    is_ended=told.is_ended,
                    on_published=told.tell_published,
                    on_distance=told.tell_distance,
                )
            return
        except LogReplaced as error:
            if not is_endless:
                raise
            refuse(str(error), error.hint, code=1)
            log = log.back(pause)


@contextmanager
def _only_one(path: Path, to: Address) -> Iterator[None]:
    """Where this account may not write beside the log, the broker alone sees to it. Raises
    RelayRunning."""
    lock = ProcessLock(Place(path).publish_lock(to.shown.partition("?")[0]))
    with suppress(LockClosed):
        if not lock.acquire():
            raise RelayRunning(path)
    try:
        yield
    finally:
        lock.release()
