"""rerun STORE: decide on recorded commands again, and list what gateways would have sent."""

import argparse
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from replay.beside_log import who
from replay.branching.decided_words import decided_json, decided_lines
from replay.branching.telling import branch_json
from replay.commands.rerun import Decided, Rerun
from replay.commands.would_send import WouldSend
from replay.deciding.rerun_branch import rerun_branch
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import plain, print_json, print_text
from replay.processes import reprocessing
from replay.processes.store_clock import StoreClock
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.words import counted, said
from store import json_text
from store.branches.opening import reading_branch
from store.errors import Cancelled, UnknownChoice
from store.opening import open_store, reading
from store.place import path_of

HELP = said("an experiment: re-decide recorded commands; nothing is sent")
SHOWN: Final = 20


class NotInBranch(UnknownChoice):
    """A run into a branch goes to its end, and a branch sends nothing."""

    def __init__(self) -> None:
        super().__init__(said("--into takes neither --until nor --send"), ())
        self.hint = said("A run into a branch goes to its end, and a branch sends nothing.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Replaying events is something else: it never runs a rule."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "--after", type=int, default=0, metavar="P", help=said("only events after this position")
    )
    parser.add_argument(
        "--until", type=int, metavar="P", help=said("only events up to this position")
    )
    parser.add_argument(
        "--send",
        action="append",
        default=[],
        metavar="GATEWAY",
        help=said("put what this gateway would send in the outbox"),
    )
    parser.add_argument(
        "--into",
        metavar="BRANCH",
        help=said("make this branch, with the commands decided again in it"),
    )
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a command comes out otherwise today, and when an answer is missing. The
    store is left as it is, and so is a branch that is there."""
    if arguments.into is not None:
        return _into_branch(arguments)
    store = open_store(arguments.store)
    try:
        again = Rerun(store, chosen_models(arguments), store.place)
        span = {"after": arguments.after, "until": arguments.until}
        answers = again.answers(**span)
        decided, passed_over = list(again.commands(**span)), again.passed_over()
        would = list(again.would_send(**span))
        now_us = StoreClock(store).now_us()
        put = {it: again.send(it, **span, now_us=now_us) for it in arguments.send}
        reprocessing.note(store.place, put, **span, now_us=now_us)
    finally:
        store.close()
    differing = [it for it in decided if it.differences]
    if arguments.json:
        print_json(
            {
                "commands": len(decided),
                "differing": plain(differing),
                "without_events": passed_over,
                "answers": answers,
                "would_send": plain(would),
                "put_into_outbox": put,
            }
        )
        return 1 if differing else 0
    _print_differing(len(decided), differing, passed_over=passed_over)
    _print_sending(answers, would, put)
    return 1 if differing else 0


def _into_branch(arguments: argparse.Namespace) -> int:
    """Each command meets what the earlier ones came to in the branch."""
    if arguments.send or arguments.until is not None:
        raise NotInBranch
    lines = ProgressLines(is_on=arguments.progress)
    with reading(arguments.store) as log:
        head = log.head()

    def told(position: int) -> None:
        lines.wait_while_paused()
        if lines.is_cancelled():
            raise Cancelled
        lines.tell(fraction=min(position / max(head, 1), 1.0), events=None)

    path, decided = rerun_branch(
        arguments.store,
        arguments.into,
        chosen_models(arguments),
        after=arguments.after,
        by=who(),
        note=said("Commands decided again by the current rules"),
        told=told,
    )
    with reading_branch(path) as branch:
        if arguments.json:
            print_json(branch_json(path) | decided_json(branch))
        else:
            for line in decided_lines(branch):
                print_text(line)
    return 1 if any(it.came != "kept" for it in decided.commands) else 0


def _print_differing(count: int, differing: Sequence[Decided], *, passed_over: int) -> None:
    print_text(
        said(
            "{count} re-decided, {differing:,} with a different result",
            count=counted("{count:,} command", "{count:,} commands", count),
            differing=len(differing),
        )
    )
    if passed_over:
        print_text(
            counted(
                "{count:,} command that recorded no event, or was refused, was not tried",
                "{count:,} commands that recorded no event, refused ones included, were not tried",
                passed_over,
            )
        )
    for one in differing:
        print_text(
            said(
                "  {command} {id} in {stream}: {differences}",
                command=one.command,
                id=one.id,
                stream=one.stream,
                differences="; ".join(one.differences),
            )
        )
        for kind, gateway, payload in one.messages:
            print_text(f"    {kind} {gateway} {json_text.encode(payload)}")


def _print_sending(answers: int, would: Sequence[WouldSend], put: Mapping[str, int]) -> None:
    if answers:
        print_text(
            counted(
                "{count:,} recorded answer was used, and agrees with the events",
                "{count:,} recorded answers were used, and agree with the events",
                answers,
            )
        )
    print_text(
        counted(
            "{count:,} message would have been sent; held back, because this is a replay",
            "{count:,} messages would have been sent; held back, because this is a replay",
            len(would),
        )
    )
    for it in islice(would, SHOWN):
        print_text(f"  {it.position} {it.gateway} {json_text.encode(it.payload)}")
    if len(would) > SHOWN:
        print_text(said("  … and {count:,} more (--json lists all)", count=len(would) - SHOWN))
    for gateway, count in put.items():
        print_text(
            said(
                "{count} put in the outbox for {gateway}",
                count=counted("{count:,} message", "{count:,} messages", count),
                gateway=gateway,
            )
        )
