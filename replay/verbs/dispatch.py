"""dispatch STORE: process managers hear what was recorded, due commands and messages go out."""

import argparse
import re
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from replay.command_name import complain
from replay.commands.decide import CommandHandler
from replay.commands.declared_rows import DeclaredRows
from replay.commands.gateways import gateways_of
from replay.commands.saved_states import SavedStates
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_text
from replay.processes.dispatch import Dispatcher, Step
from replay.processes.lanes import LANES
from replay.processes.store_clock import StoreClock
from replay.progress_lines import ProgressLines, add_progress_argument
from store.errors import StoreBusy, StoreError
from store.interface import CommandStore
from store.locks import ProcessLock
from store.opening import open_store
from store.place import Place, path_of

HELP = "run process managers, timers and the outbox until nothing is due"
TIMERS_S: Final = 0.2  # between two looks at what is due, when nothing is recorded
_SPAN: Final = re.compile(r"(\d+)(s|min|m|h|d)")
_SECONDS: Final = {"s": 1, "min": 60, "m": 60, "h": 3_600, "d": 86_400}


class WrongSpan(StoreError):
    hint = "Write a span such as 29min, 90s, 2h or 1d."


class DispatcherRunning(StoreError):
    hint = "One is enough, and it does what is due; end it to begin another."

    def __init__(self, store: Path) -> None:
        super().__init__(f"a dispatcher is running already: {store}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One dispatcher a store: a second one says that there is one."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("--advance", metavar="SPAN", help="put the clock ahead first: 29min, 2h")
    parser.add_argument("--from-start", action="store_true", help="hear what was imported, too")
    parser.add_argument(
        "--no-lanes",
        action="store_true",
        help="decide on commands of one stream side by side; losers decide again",
    )
    parser.add_argument("--follow", action="store_true", help="go on until interrupted")
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tell what was done. Exit code 1 when a process manager stands still at an event. With
    --progress it follows only as long as whoever has started it."""
    lines = ProgressLines(is_on=arguments.progress)
    by_us = span_us(arguments.advance) if arguments.advance else 0
    place = Place(arguments.store)
    lock = ProcessLock(place.dispatch_lock)
    store, saved = open_store(arguments.store), SavedStates(place)
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
        told = _tell_stuck(dispatcher, set())
        if arguments.follow:
            with closing(store.commits()) as commits:
                while not lines.is_cancelled():
                    commits.has_changed()  # by ourselves: what fails is not tried at once again
                    commits.wait(TIMERS_S)
                    with suppress(StoreBusy):  # somebody writes for long: it is tried again
                        dispatcher.settle()
                    told |= _tell_stuck(dispatcher, told)
        _tell(step, store, is_json=arguments.json)
    finally:
        if dispatcher is not None:
            dispatcher.close()
        lock.release()
        saved.close()
        store.close()
    return 1 if told else 0


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
    )


def span_us(text: str) -> int:
    """A span of time as microseconds. Raises WrongSpan."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise WrongSpan(f"this is no span of time: {text!r}")
    return int(found[1]) * _SECONDS[found[2]] * 1_000_000


def _tell_stuck(dispatcher: Dispatcher, told: set[str]) -> set[str]:
    """Say which process managers stand still, each once."""
    new = dispatcher.stuck.keys() - told
    for name in sorted(new):
        complain(f"the process manager {name!r} {dispatcher.stuck[name]}")
    if new:
        sys.stderr.write("The others go on. Mend what it stands at, and run it again.\n")
        sys.stderr.flush()
    return set(new)


def _tell(step: Step, store: CommandStore, *, is_json: bool) -> None:
    pending = len(store.beside.commands.pending())
    if is_json:
        print_json(
            {
                "heard": step.heard,
                "handled": step.handled,
                "sent": step.sent,
                "conflicts": step.conflicts,
                "pending": pending,
            }
        )
        return
    print_text(
        f"{step.heard:,} events heard, {step.handled:,} commands handled, "
        f"{step.sent:,} messages sent, {step.conflicts:,} conflicts met, "
        f"{pending:,} commands pending"
    )
