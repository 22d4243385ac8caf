"""dispatch STORE: process managers hear what was recorded, due commands and messages go out."""

import argparse
import re
import sys
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TypeAlias

from replay.command_line import refuse
from replay.command_name import complain
from replay.commands.decide import CommandHandler
from replay.commands.declared_rows import DeclaredRows
from replay.commands.gateways import gateways_of
from replay.commands.saved_states import SavedStates
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_text
from replay.processes.dead_letters import what_failed
from replay.processes.dispatch import Dispatcher, Step
from replay.processes.in_hand import InHand
from replay.processes.lanes import LANES
from replay.processes.store_clock import StoreClock
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.words import counted, said
from store.beside.retry_journal import JournalEntry
from store.errors import Cancelled, LogReplaced, StoreBusy, StoreError
from store.interface import CommandStore
from store.locks import ProcessLock
from store.opening import open_to_write
from store.place import Place, path_of
from store.remote.origin import require_no_mirror
from store.same_log import SameLog

HELP = said("run process managers, timers and the outbox until nothing is due")
IN_BRANCH: Final = said("nothing is sent from a branch: its messages are marked as withdrawn")
LOOK_S: Final = 0.5  # between two looks at whether the log's file is back
TIMERS_S: Final = 0.2  # between two looks at what is due, when nothing is recorded
_SPAN: Final = re.compile(r"(\d+)(s|min|m|h|d)")
_SECONDS: Final = {"s": 1, "min": 60, "m": 60, "h": 3_600, "d": 86_400}


class WrongSpan(StoreError):
    hint = said("Write a duration such as 29min, 90s, 2h or 1d.")


class DispatcherRunning(StoreError):
    hint = said("One dispatcher does all that is due. Stop it before you start another.")

    def __init__(self, store: Path) -> None:
        super().__init__(said("a dispatcher is already running: {store}", store=store))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What a run has left behind. Timers that are not due are pending, and nothing else."""

    pending: int  # commands
    retrying: int  # failed, or behind something that did
    dead: int
    unhandled: int  # commands that are due
    unsent: int  # messages that are released

    @property
    def is_any(self) -> bool:
        """Whether anything stands that should have gone on."""
        return bool(self.retrying or self.dead or self.unhandled or self.unsent)

    @classmethod
    def of(cls, store: CommandStore, entries: list[JournalEntry], now_us: int) -> "Rest":
        """What is left at a moment."""
        pending = store.beside.commands.pending()
        dead = sum(it.status == "dead" for it in entries)
        return cls(
            pending=len(pending),
            retrying=len(entries) - dead,
            dead=dead,
            unhandled=sum(it.due_at_us <= now_us for it in pending),
            unsent=store.beside.outbox.unsent(now_us),
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One dispatcher a store: a second one says that there is one."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "--advance", metavar="SPAN", help=said("first move the clock forward: 29min, 2h")
    )
    parser.add_argument(
        "--from-start", action="store_true", help=said("also process imported events")
    )
    parser.add_argument(
        "--no-lanes",
        action="store_true",
        help=said("decide commands of one stream in parallel; on a conflict, re-decide"),
    )
    parser.add_argument("--follow", action="store_true", help=said("run until interrupted"))
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tell what was done. Of a branch timers and process managers work in it alone, and nothing
    reaches a gateway. Exit code 1 when something failed, is dead, or is due and unsent. With
    --progress it follows only as long as whoever has started it. One that follows waits while
    another file, or none, stands in the log's place."""
    lines = ProgressLines(is_on=arguments.progress)
    log = SameLog(arguments.store)
    log.open().close()  # so that it knows a copy of it
    by_us = span_us(arguments.advance) if arguments.advance else 0

    def pause() -> None:
        if lines.is_cancelled():
            raise Cancelled
        time.sleep(LOOK_S)

    while True:
        try:
            return _run(arguments, log, lines, by_us=by_us)
        except LogReplaced as error:
            if not arguments.follow:
                raise
            refuse(str(error), error.hint, code=1)
            log, by_us = log.back(pause), 0
            log.open().close()


def _run(arguments: argparse.Namespace, log: SameLog, lines: ProgressLines, *, by_us: int) -> int:
    place = Place(arguments.store)
    if not place.branch_name:
        require_no_mirror(arguments.store)
    lock = ProcessLock(place.dispatch_lock)
    store, saved = open_to_write(arguments.store, file=log.file), SavedStates(place)
    dispatcher = None
    try:
        if not lock.acquire():
            raise DispatcherRunning(arguments.store)
        clock = StoreClock(store)
        clock.put_ahead(by_us)
        dispatcher = dispatcher_of(store, arguments, clock, saved)
        if not arguments.from_start:
            dispatcher.start_here()
        step = dispatcher.settle()
        told = _tell_failures(store, dispatcher, set())
        if arguments.follow:
            with closing(store.commits()) as commits:
                while not lines.is_cancelled():
                    commits.has_changed()  # by ourselves: what fails is not tried at once again
                    commits.wait(TIMERS_S)
                    with suppress(StoreBusy):  # somebody writes for long: it is tried again
                        dispatcher.settle(is_hurried=False)
                    told = _tell_failures(store, dispatcher, told)
        rest = Rest.of(store, dispatcher.queue.entries(), clock.now_us())
        _tell(step, rest, is_branch=bool(place.branch_name), is_json=arguments.json)
    finally:
        if dispatcher is not None:
            dispatcher.close()
        lock.release()
        saved.close()
        store.close()
    return 1 if rest.is_any else 0


def dispatcher_of(
    store: CommandStore, arguments: argparse.Namespace, clock: StoreClock, saved: SavedStates
) -> Dispatcher:
    """With the gateways that the file beside the store sets up."""
    gateways, models = gateways_of(store.place), chosen_models(arguments)
    handler = CommandHandler(
        store,
        models,
        gateways=gateways,
        clock_us=clock.now_us,
        has_lanes=not arguments.no_lanes,
        read_row=DeclaredRows(store.place),
        saved=saved,
    )
    return Dispatcher(
        store,
        handler,
        models.processes,
        gateways=gateways,
        clock_us=clock.now_us,
        lanes=LANES,
        are_apart=not arguments.no_lanes,
        in_hand=InHand(store.place.dispatch_hand, store_id=store.store_id()),
    )


def span_us(text: str) -> int:
    """A span of time as microseconds. Raises WrongSpan."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise WrongSpan(said("this is not a duration: {text!r}", text=text))
    return int(found[1]) * _SECONDS[found[2]] * 1_000_000


Told: TypeAlias = set[tuple[str, str, str]]  # kind, subject, status


def _tell_failures(store: CommandStore, dispatcher: Dispatcher, told: Told) -> Told:
    """Say what fails, once when it begins and once when it is dead; what was told so far."""
    now = {
        (it.kind, it.subject, it.status): it
        for it in dispatcher.queue.entries()
        if it.status in ("failed", "dead")
    }
    for key, entry in now.items():
        if key not in told:
            event = store.event(entry.position) if entry.position else None
            what = what_failed(entry, event.type if event is not None else "")
            if entry.status == "dead":
                complain(
                    said(
                        "{what} was given up after {attempt}: {reason}",
                        what=what,
                        attempt=counted("{count:,} attempt", "{count:,} attempts", entry.attempt),
                        reason=entry.reason,
                    )
                )
            else:
                complain(
                    said(
                        "{what} failed and will be retried: {reason}",
                        what=what,
                        reason=entry.reason,
                    )
                )
    if now.keys() - told:
        sys.stderr.write(said("Other work continues. `deadletters` lists the failures.\n"))
        sys.stderr.flush()
    return set(now)


def _tell(step: Step, rest: Rest, *, is_branch: bool, is_json: bool) -> None:
    if is_json:
        print_json(
            {
                "heard": step.heard,
                "handled": step.handled,
                "sent": step.sent,
                "conflicts": step.conflicts,
                **asdict(rest),
                **({"sends": False} if is_branch else {}),
            }
        )
        return
    print_text(
        said(
            "{heard} processed, {handled} handled, {sent} sent, {conflicts} resolved, "
            "{pending} pending",
            heard=counted("{count:,} event", "{count:,} events", step.heard),
            handled=counted("{count:,} command", "{count:,} commands", step.handled),
            sent=counted("{count:,} message", "{count:,} messages", step.sent),
            conflicts=counted("{count:,} conflict", "{count:,} conflicts", step.conflicts),
            pending=counted("{count:,} command", "{count:,} commands", rest.pending),
        )
    )
    if is_branch:
        print_text(IN_BRANCH)
    if rest.is_any:
        print_text(
            said(
                "{retrying:,} to be retried, {dead:,} given up, {unhandled} due and not handled, "
                "{unsent} released and not sent",
                retrying=rest.retrying,
                dead=rest.dead,
                unhandled=counted("{count:,} command", "{count:,} commands", rest.unhandled),
                unsent=counted("{count:,} message", "{count:,} messages", rest.unsent),
            )
        )
