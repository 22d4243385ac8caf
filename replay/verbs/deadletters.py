"""deadletters STORE: what failed in the dispatcher; tried again, or given up for a reason."""

import argparse
import getpass

from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_table, print_text
from replay.processes.dead_letters import DeadLetter, LetterDesk, dead_letters
from replay.processes.instances import Instances
from replay.processes.refusal_notices import RefusalNotices
from replay.processes.store_clock import StoreClock
from replay.words import said
from store.errors import StoreError
from store.opening import open_store, reading
from store.place import path_of


class WrongNumber(StoreError):
    hint = said("Give a number from the list, or the word all.")

    def __init__(self, text: str) -> None:
        super().__init__(said("this is not a number: {text!r}", text=text))


HELP = said("list what failed in the dispatcher: events, commands and messages; retry or give up")
TITLES = (
    said("number"),
    said("kind"),
    said("status"),
    said("attempts"),
    said("last tried"),
    said("next"),
    said("what"),
    said("error"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without a decision they are only told."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--retry", metavar="NUMBER|all", help=said("have the dispatcher try it again")
    )
    what.add_argument(
        "--give-up", type=int, metavar="NUMBER", help=said("stop retrying it; needs --why")
    )
    parser.add_argument(
        "--why", default="", metavar="REASON", help=said("the reason for giving it up")
    )
    parser.add_argument("--actor", metavar="NAME", help=said("who decides; default: you"))
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 while something is dead."""
    if arguments.retry is not None or arguments.give_up is not None:
        _decide(arguments)
    with reading(arguments.store) as log:
        found = dead_letters(log)
    if arguments.json:
        print_json(found)
    else:
        _print(found)
    return 1 if any(it.is_dead for it in found) else 0


def _decide(arguments: argparse.Namespace) -> None:
    by = arguments.actor or getpass.getuser()
    store = open_store(arguments.store)
    try:
        models, clock = chosen_models(arguments), StoreClock(store)
        notices = RefusalNotices(Instances(store, models, models.processes), clock_us=clock.now_us)
        letters = LetterDesk(store, notices, clock_us=clock.now_us)
        if arguments.give_up is not None:
            letters.give_up(arguments.give_up, reason=arguments.why, by=by)
        else:
            for number in _numbers(arguments.retry, dead_letters(store)):
                letters.retry(number, by=by)
    finally:
        store.close()


def _numbers(text: str, found: list[DeadLetter]) -> list[int]:
    if text == "all":
        return [it.number for it in found if it.is_dead]
    try:
        return [int(text)]
    except ValueError:
        raise WrongNumber(text) from None


def _print(found: list[DeadLetter]) -> None:
    if not found:
        print_text(said("there are no unhandled failures"))
        return
    rows = [
        (
            str(it.number),
            it.kind,
            it.status,
            str(it.attempts or ""),
            _time(it.at),
            _time(it.next_at),
            it.what,
            it.error,
        )
        for it in found
    ]
    print_table(TITLES, rows)


def _time(moment: str) -> str:
    return moment[:19].replace("T", " ")
