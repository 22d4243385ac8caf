"""sink STORE [VIEW…] --to URL: write rows of views, with their history, to a query store."""

import argparse
from typing import Any

from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.projector.follow import pass_on
from replay.projector.patience import add_patience_argument
from replay.query_store.sinker import Sunk
from replay.query_store.sinking import Sinking
from replay.words import counted, said
from store.interface import EventReader
from store.opening import reading
from store.place import path_of
from store.remote.address import address_of
from store.times import now_us

HELP = said("write rows of views to a query store, such as opensearch://…, and keep them up there")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What was written stays, so it goes on where it ended."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="VIEW",
        help=said("a view, or event_log for the events; default: all that have rows"),
    )
    parser.add_argument(
        "--to",
        metavar="URL",
        required=True,
        help=said("for example opensearch://user@host:9200/name or postgresql://user@host/db"),
    )
    parser.add_argument(
        "--follow", action="store_true", help=said("go on with what comes, until Ctrl+C")
    )
    parser.add_argument(
        "--anew",
        action="store_true",
        help=said("write all rows again, beside those that are read until they are complete"),
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object per line"))
    add_progress_argument(parser)
    add_patience_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a view could not be written as far as the log goes."""
    address = address_of(arguments.to)
    lines = ProgressLines(is_on=arguments.progress)
    with reading(arguments.store) as log:
        told = _Told(log, is_json=arguments.json, lines=lines)
        sinking = Sinking(
            address,
            log,
            arguments.names,
            is_anew=arguments.anew,
            tell=told.tell,
            tell_trouble=told.tell_trouble,
            is_ended=told.is_ended,
        )
        if arguments.follow:
            sinking.follow()
            told.tell_end(address.shown)
            return 0
        sunk = sinking.run_once(patience_s=arguments.patience)
        told.tell_end(address.shown)
    return 1 if any(it.behind or it.trouble for it in sunk) else 0


class _Told:
    """A line where a view has come further, or where it gets no further."""

    def __init__(self, log: EventReader, *, is_json: bool, lines: ProgressLines) -> None:
        self._log, self._is_json, self._lines = log, is_json, lines
        self._last: dict[str, Sunk] = {}
        self._trouble = ""

    def is_ended(self) -> bool:
        """Whether somebody asked to stop. Raises BrokenPipeError when nobody listens."""
        pass_on()
        return self._lines.is_cancelled()

    def tell(self, sunk: Sunk) -> None:
        """How the rows of a view stand there."""
        before = self._last.get(sunk.view)
        self._last[sunk.view] = sunk
        if before == sunk:
            return
        if self._lines.is_on:
            self._tell_job()
        elif self._is_json:
            print_json(_facts(sunk, self._late_s(sunk)))
        elif before is None or not _is_alike(before, sunk):
            print_text(_line(sunk, self._late_s(sunk)))

    def tell_trouble(self, trouble: str) -> None:
        """Why the server cannot be reached; empty when it can again."""
        if trouble == self._trouble:
            return
        self._trouble = trouble
        if self._lines.is_on:
            self._tell_job()
        elif self._is_json:
            print_json({"trouble": trouble})
        elif trouble:
            print_text(said("{trouble}; trying again", trouble=trouble))
        else:
            print_text(said("the server answers again"))

    def tell_end(self, shown: str) -> None:
        """To whoever listens to a job: the sums. `shown` is the address of the query store."""
        if self._lines.is_on:
            print_json({"to": shown, "written": self._written(), "repeated": self._repeated()})

    def _tell_job(self) -> None:
        """By the view that is furthest behind."""
        behind = max((it.behind for it in self._last.values()), default=0)
        note = said("{trouble}; trying again", trouble=self._trouble) if self._trouble else ""
        late = counted("{count:,} event behind", "{count:,} events behind", behind)
        self._lines.tell(
            fraction=None,
            events=None,
            note=note or (late if behind else said("up to date")),
            dropped=self._repeated(),
        )

    def _written(self) -> int:
        return sum(it.new for it in self._last.values())

    def _repeated(self) -> int:
        return sum(it.repeated for it in self._last.values())

    def _late_s(self, sunk: Sunk) -> float:
        """Since the first event came that is not there yet."""
        came_us = self._log.arrived_at_us(sunk.position + 1) if sunk.behind else None
        return 0.0 if came_us is None else max(now_us() - came_us, 0) / 1_000_000


def _is_alike(before: Sunk, now: Sunk) -> bool:
    """Whether it has only come further, over events that wrote no rows."""
    return (before.new, before.trouble) == (now.new, now.trouble) and not now.behind


def _facts(sunk: Sunk, late_s: float) -> dict[str, Any]:
    return {
        "view": sunk.view,
        "position": sunk.position,
        "written": sunk.new,
        "behind": {"events": sunk.behind, "seconds": round(late_s, 3)},
        "trouble": sunk.trouble,
    }


def _line(sunk: Sunk, late_s: float) -> str:
    """One view, for a person."""
    if sunk.trouble:
        return said("{view} is not written: {trouble}", view=sunk.view, trouble=sunk.trouble)
    written = counted("{count:,} version written", "{count:,} versions written", sunk.new)
    there = said(
        "{view} at position {position:,}, {written}",
        view=sunk.view,
        position=sunk.position,
        written=written,
    )
    if not sunk.behind:
        return there
    behind = counted("{count:,} event behind", "{count:,} events behind", sunk.behind)
    return said("{there}; {behind}, {s:.1f} s", there=there, behind=behind, s=late_s)
