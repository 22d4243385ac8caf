"""follow SOURCE [--into STORE]: store what a file holds, and what it grows by, as it comes."""

import argparse
from pathlib import Path
from typing import Any, Final

from replay.choice_argument import add_choice_argument, choices_of
from replay.commands.authority import READ_ONLY
from replay.new_store import new_store_beside
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.projector.follow import pass_on
from replay.rule_arguments import add_rule_arguments, rules_of
from replay.verbs.import_ import MayNotAppend
from replay.words import counted, said
from store.following.follow import follow_file
from store.following.followed_file import Wanted, wanted_before
from store.following.lag import Lag
from store.place import path_of
from store.reading.detect import format_named
from store.transfer.new_name import free_copy, newest_copy, store_beside
from store.transfer.report import ImportCounts, total

HELP = said("store the events of a file, and those that its program adds, until Ctrl+C")
SAY_AFTER_S: Final = 1.0  # a lag that is shorter needs no line of its own


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file is only read. The next follower of the same file goes on where this one ended."""
    parser.add_argument("source", type=Path, metavar="SOURCE", help=said("JSON Lines, or SQLite"))
    parser.add_argument(
        "--into", type=path_of, metavar="STORE", help=said("default: a store beside the file")
    )
    parser.add_argument("--format", help=said("instead of detecting it from the content"))
    add_choice_argument(parser)
    add_rule_arguments(parser)
    parser.add_argument(
        "--once", action="store_true", help=said("stop when everything present is stored")
    )
    parser.add_argument(
        "--again", action="store_true", help=said("read the file from the beginning")
    )
    parser.add_argument(
        "--free-name",
        action="store_true",
        help=said("choose another name if the default one exists"),
    )
    parser.add_argument(
        "--role", action="append", default=[], help=said("a role of the importing account")
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object per line"))
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tells of each batch that was stored, and when it is behind."""
    store = arguments.into or _beside(arguments.source, may_be_free=arguments.free_name)
    if READ_ONLY in arguments.role:
        raise MayNotAppend(store)
    telling = _Telling(arguments, ProgressLines(is_on=arguments.progress), store)
    counts = follow_file(
        arguments.source,
        into=store,
        wanted=_stated(arguments),
        is_endless=not arguments.once,
        is_again=arguments.again,
        on_batch=telling.tell_stored,
        on_lag=telling.tell_lag,
        is_ended=telling.is_ended,
    )
    telling.tell_end(counts, store)
    return 0


def _beside(source: Path, *, may_be_free: bool) -> Path:
    """The store beside a file that it was followed into before, or else a new one. Raises
    StoreExists where that name is taken, unless it may be a free one."""
    first = store_beside(source)
    for it in {newest_copy(first), first}:
        if it.exists() and wanted_before(it, source):
            return it
    return free_copy(first) if may_be_free else new_store_beside(source)


def _stated(arguments: argparse.Namespace) -> Wanted | None:
    """What the command line says of how to read the file; None where it says nothing, so that it is
    read as before."""
    if arguments.format is not None:
        format_named(arguments.format)
    wanted = Wanted(
        format=arguments.format or "", choices=choices_of(arguments), rules=rules_of(arguments)
    )
    return None if wanted == Wanted() else wanted


class _Telling:
    """What is printed meanwhile."""

    def __init__(self, arguments: argparse.Namespace, lines: ProgressLines, store: Path) -> None:
        self._store = str(store)
        self._is_json, self._is_job = arguments.json, arguments.progress
        self._lines = lines
        self._counts = ImportCounts()
        self._lag = Lag()
        self._is_told = False  # that it is behind

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
        elif counts.stored or counts.rejected or counts.conflicts:
            print_text(_line(counts))

    def tell_lag(self, lag: Lag) -> None:
        """How far it is behind; on paper only when that is long."""
        before, self._lag = self._lag, lag
        if self._is_job:
            self._tell_job()
            return
        is_long = lag.is_missing or lag.seconds > SAY_AFTER_S
        if is_long == self._is_told and lag.is_missing == before.is_missing:
            return
        self._is_told = is_long
        if self._is_json:
            print_json({"lag": {"seconds": round(lag.seconds, 3), "bytes": lag.bytes}})
        else:
            print_text(lag.text)

    def tell_end(self, counts: ImportCounts, store: Path) -> None:
        """The sum."""
        if self._is_json:
            print_json({"stored": counts.stored, "store": str(store), "counts": _numbers(counts)})
        else:
            told = counted(
                "{count:,} event stored in {store}",
                "{count:,} events stored in {store}",
                counts.stored,
                store=store.name,
            )
            print_text(told)

    def _tell_job(self) -> None:
        self._lines.tell(
            fraction=None, events=self._counts.stored, note=self._lag.text, store=self._store
        )


def _numbers(counts: ImportCounts) -> dict[str, Any]:
    return {name: it for name, it in counts.numbers().items() if it}


def _line(counts: ImportCounts) -> str:
    told = [counted("{count:,} event stored", "{count:,} events stored", counts.stored)]
    if counts.rejected:
        told.append(
            counted("{count:,} record not used", "{count:,} records not used", counts.rejected)
        )
    if counts.conflicts:
        told.append(counted("{count:,} conflict", "{count:,} conflicts", counts.conflicts))
    return ", ".join(told)
