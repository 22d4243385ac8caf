"""mirror URL --into STORE: keep a local copy of an event store on a server."""

import argparse
from typing import Any, Final

from replay.commands.authority import READ_ONLY
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.projector.follow import pass_on
from replay.verbs.import_ import MayNotAppend
from replay.words import counted, said
from store.place import path_of
from store.remote.address import address_of
from store.remote.distance import Distance
from store.remote.mirroring import mirror_remote
from store.transfer.report import ImportCounts, total

HELP = said("copy the events of a store on a server, such as postgresql://…, into a local store")
SAY_AFTER_S: Final = 1.0  # a distance that lasts less needs no line of its own


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The server is only read. The next mirror goes on where this one ended."""
    parser.add_argument(
        "url", metavar="URL", help=said("for example postgresql://user@host/db?schema=foldline")
    )
    parser.add_argument(
        "--into", type=path_of, metavar="STORE", required=True, help=said("made when it is missing")
    )
    parser.add_argument(
        "--follow", action="store_true", help=said("go on with what comes, until Ctrl+C")
    )
    parser.add_argument(
        "--role", action="append", default=[], help=said("a role of the importing account")
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object a line"))
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tells of each batch that was stored, and of a distance that lasts."""
    if READ_ONLY in arguments.role:
        raise MayNotAppend(arguments.into)
    telling = _Telling(arguments)
    counts = mirror_remote(
        address_of(arguments.url),
        into=arguments.into,
        is_endless=arguments.follow,
        on_batch=telling.tell_stored,
        on_distance=telling.tell_distance,
        is_ended=telling.is_ended,
    )
    telling.tell_end(counts)
    return 0


class _Telling:
    """What is printed meanwhile."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._store = arguments.into
        self._is_json, self._is_job = arguments.json, arguments.progress
        self._lines = ProgressLines(is_on=arguments.progress)
        self._counts = ImportCounts()
        self._distance = Distance()
        self._told = ""  # what was last said of a distance that lasts

    def is_ended(self) -> bool:
        """Whether somebody asked to stop. Raises BrokenPipeError when nobody listens."""
        pass_on()
        return self._lines.is_cancelled()

    def tell_stored(self, counts: ImportCounts) -> None:
        """What came of a batch."""
        self._counts = total([self._counts, counts])
        if self._is_job:
            self._tell_job()
        elif self._is_json:
            print_json({"stored": counts.stored, "counts": _numbers(counts)})
        elif counts.stored or counts.conflicts:
            print_text(_line(counts))

    def tell_distance(self, distance: Distance) -> None:
        """How far it is behind; on paper only what lasts, and its end."""
        self._distance = distance
        if self._is_job:
            self._tell_job()
            return
        lasts = distance.trouble or ("behind" if distance.seconds > SAY_AFTER_S else "")
        if lasts == self._told:
            return
        self._told = lasts
        if self._is_json:
            print_json({"distance": _distance_as_json(distance)})
        else:
            print_text(distance.text)

    def tell_end(self, counts: ImportCounts) -> None:
        """The sum."""
        if self._is_json:
            stored = {"stored": counts.stored, "store": str(self._store)}
            print_json({**stored, "counts": _numbers(counts)})
        else:
            told = counted(
                "{count:,} event stored in {store}",
                "{count:,} events stored in {store}",
                counts.stored,
                store=self._store.name,
            )
            print_text(told)

    def _tell_job(self) -> None:
        self._lines.tell(
            fraction=None,
            events=self._counts.stored,
            note=self._distance.text,
            store=str(self._store),
        )


def _distance_as_json(distance: Distance) -> dict[str, Any]:
    found: dict[str, Any] = {"events": distance.events, "seconds": round(distance.seconds, 3)}
    return {**found, "trouble": distance.trouble} if distance.trouble else found


def _numbers(counts: ImportCounts) -> dict[str, Any]:
    return {name: it for name, it in counts.numbers().items() if it}


def _line(counts: ImportCounts) -> str:
    told = [counted("{count:,} event stored", "{count:,} events stored", counts.stored)]
    if counts.conflicts:
        told.append(counted("{count:,} conflict", "{count:,} conflicts", counts.conflicts))
    return ", ".join(told)
