"""lab STORE: what duplicates, lost and late events, crashes and wrong keys would do to a view."""

import argparse
import math
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Final

from replay.command_line import refuse
from replay.lab import lab_views
from replay.lab.delivery import MOST_PARTITIONS, Faults
from replay.lab.findings import Finding, Kind
from replay.lab.lab import Verdict
from replay.lab.lab import run as run_lab
from replay.lab.through_broker import differences, filled, judged
from replay.own.model_source import HELD, stop
from replay.printing import plain, print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.verbs.log import whole_number
from replay.words import counted, said
from store.opening import reading
from store.place import Place, path_of
from store.remote.address import address_of

HELP = said("deliver events to views with faults, in memory, and check whether they end the same")
NAMED: Final = 3  # positions that the text tells of each kind
VALUE: Final = 80  # characters of a value that it tells

FAULTS: Final = (
    ("duplicate", said("percentage of events that are delivered twice")),
    ("reorder", said("percentage of events that are swapped with the next one")),
    ("drop", said("percentage of events that are never delivered")),
    ("delay", said("percentage of events that arrive after the next forty")),
)
KINDS: Final[tuple[tuple[Kind, str, str], ...]] = (  # after 1, and after any other number
    ("duplicate", "duplicate", "duplicates"),
    ("gap", "gap", "gaps"),
    ("inversion", said("out of order in its stream"), said("out of order in their stream")),
    (
        "reordering",
        said("out of order between streams only"),
        said("out of order between streams only"),
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Shares are percent of all events."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "--view",
        action="append",
        default=[],
        metavar="NAME",
        help=said("the view to test; repeatable; default: all"),
    )
    for fault, what in FAULTS:
        parser.add_argument(f"--{fault}", type=share, default=0.0, metavar="PERCENT", help=what)
    parser.add_argument(
        "--drop-at",
        type=positions,
        default=(),
        metavar="P,…",
        help=said("events that are never delivered"),
    )
    parser.add_argument(
        "--swap-at",
        type=positions,
        default=(),
        metavar="P,…",
        help=said("events that arrive after the next one"),
    )
    _add_crash_arguments(parser)
    _add_consumer_arguments(parser)
    parser.add_argument(
        "--seed", type=int, default=1, help=said("the same seed gives the same faults")
    )
    parser.add_argument(
        "--findings",
        type=whole_number,
        metavar="N",
        help=said("with --json: at most N per list, most harmful first"),
    )
    parser.add_argument(
        "--through",
        type=address_of,
        metavar="URL",
        help=said(
            "deliver them also through a broker, for example kafka://host:9092/trial, and compare; "
            "the topic is made and removed again"
        ),
    )
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)
    parser.set_defaults(runs_own_code=_runs_own_code)


def _add_crash_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--crash-every",
        type=whole_number,
        default=0,
        metavar="N",
        help=said("crash after this many events"),
    )
    parser.add_argument(
        "--crash-at",
        choices=("append", "publish", "project"),
        help=said(
            "the last step before the crash; the steps after it are publish, "
            "project and saving the checkpoint"
        ),
    )
    parser.add_argument(
        "--publisher",
        choices=("outbox", "save-then-publish"),
        help=said(
            "whether events that were appended but not published are published "
            "after the crash, or lost"
        ),
    )


def _add_consumer_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--partitions", type=partitions, default=1, metavar="N", help=said("number of partitions")
    )
    parser.add_argument(
        "--partition-by",
        choices=("stream", "type", "random"),
        default="stream",
        help=said("the partition key; all but stream are wrong on purpose"),
    )
    parser.add_argument(
        "--guard",
        choices=("none", "checkpoint", "ids"),
        default="none",
        help=said("how the consumer detects repeated deliveries"),
    )


def _runs_own_code(arguments: argparse.Namespace) -> bool:
    """Whether a view of a person's own is fed: then all of it happens in a process apart."""
    return HELD not in os.environ and lab_views.runs_own_code(
        Place(arguments.store), arguments.view
    )


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a view ends otherwise, or a broker leads to another verdict."""
    if wrong := _contradiction(arguments):
        return refuse(wrong)
    faults = _faults(arguments)
    lines = ProgressLines(is_on=arguments.progress)
    told: list[dict[str, Any]] = []  # findings may be many: only what is to be told is kept
    is_same = True
    with ExitStack() as stack:
        log = stack.enter_context(reading(arguments.store))
        projections = lab_views.chosen(log.place, arguments.view, stop)
        topic = None
        if arguments.through is not None:
            topic = stack.enter_context(filled(log, faults, arguments.through))
        for done, projection in enumerate(projections, 1):
            found = run_lab(log, projection, faults, guard=arguments.guard)
            there = judged(log, projection, faults, topic, guard=arguments.guard) if topic else None
            differ = differences(found, there, faults) if there else []
            is_same = is_same and found.is_same and not differ
            if arguments.json:
                of_broker = _broker_facts(there, differ, arguments.findings)
                told.append({**_facts(found, arguments.findings), **of_broker})
            else:
                _print(found)
                _print_broker(there, differ, faults)
            lines.tell(fraction=done / len(projections), events=log.head(), rate=0.0)
    if arguments.json:
        print_json({"verdicts": told})
    return 0 if is_same else 1


def _broker_facts(it: Verdict | None, differ: Sequence[str], most: int | None) -> dict[str, Any]:
    if it is None:
        return {}
    return {"through": {"agrees": not differ, "differs": list(differ), **_facts(it, most)}}


def _print_broker(it: Verdict | None, differ: Sequence[str], faults: Faults) -> None:
    if it is None:
        return
    if differ:
        words = said("not the same in: {names}", names=", ".join(differ))
    elif faults.partitions == 1:
        words = said("the same verdict")
    else:
        words = said(
            "the same, as far as it does not depend on the order between partitions; "
            "{reordering_count:,} out of order between streams only",
            reordering_count=it.seen.reordering_count,
        )
    print_text(said("  through the broker: {words}", words=words))


def share(text: str) -> float:
    """For argparse: percent, from 0 to 100."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 100:  # no number at all is not either
        raise argparse.ArgumentTypeError(
            said("this is not a share from 0 to 100 percent: {text!r}", text=text)
        )
    return number


def positions(text: str) -> tuple[int, ...]:
    """For argparse: positions from 1, between commas."""
    return tuple(whole_number(it.strip()) for it in text.split(","))


def partitions(text: str) -> int:
    """For argparse: how many lanes there are."""
    number = whole_number(text)
    if not 1 <= number <= MOST_PARTITIONS:
        raise argparse.ArgumentTypeError(
            said(
                "the number of partitions must be from 1 to {most_partitions}: {text!r}",
                most_partitions=MOST_PARTITIONS,
                text=text,
            )
        )
    return number


def _contradiction(arguments: argparse.Namespace) -> str:
    """Why switches that need one another do not fit; empty when they do."""
    if arguments.crash_at and not arguments.crash_every:
        return said("--crash-at sets where it crashes; set how often with --crash-every N")
    if arguments.publisher and arguments.crash_at != "append":
        return said("--publisher applies only to a crash before publishing: add --crash-at append")
    return ""


def _faults(arguments: argparse.Namespace) -> Faults:
    return Faults(
        duplicate=arguments.duplicate,
        reorder=arguments.reorder,
        drop=arguments.drop,
        delay=arguments.delay,
        drop_at=arguments.drop_at,
        swap_at=arguments.swap_at,
        crash_every=arguments.crash_every,
        crash_at=arguments.crash_at or "project",
        publisher=arguments.publisher or "outbox",
        partitions=arguments.partitions,
        partition_by=arguments.partition_by,
        seed=arguments.seed,
    )


def _facts(it: Verdict, most: int | None) -> dict[str, Any]:
    """A verdict as JSON; with `most` its lists are no longer than that."""
    harmful_first = sorted(it.findings, key=lambda one: one.kind == "reordering")
    return {
        **plain(replace(it, findings=(), lost=(), doubled=())),
        "is_same": it.is_same,
        "finding_count": len(it.findings),
        "findings": plain(it.findings if most is None else harmful_first[:most]),
        "lost_count": len(it.lost),
        "lost": it.lost[:most],
        "doubled_count": len(it.doubled),
        "doubled": it.doubled[:most],
    }


def _print(it: Verdict) -> None:
    print_text(f"{it.view}: {_verdict_words(it)}")
    seen = it.seen
    print_text(
        said(
            "  {delivered}, {applied:,} applied",
            delivered=counted("{count:,} delivery", "{count:,} deliveries", seen.delivered),
            applied=seen.applied,
        )
    )
    if seen.late_count:
        print_text(
            said(
                "  {late_count:,} published from the outbox only after a restart",
                late_count=seen.late_count,
            )
        )
    for kind, one, many in KINDS:
        if found := [finding for finding in it.findings if finding.kind == kind]:
            heard = sum(one.is_heard for one in found)
            of_them = (
                ""
                if heard == len(found)
                else said(", {heard:,} of them of types it uses", heard=heard)
            )
            words = one if len(found) == 1 else many
            print_text(f"  {len(found):,} {words}{of_them}: {_some([*map(_finding, found)])}")
    for listed, words in (
        (it.lost, said("never applied")),
        (it.doubled, said("applied more than once")),
    ):
        if listed:
            print_text(f"  {len(listed):,} {words}: {_some([f'{one:,}' for one in listed])}")


def _verdict_words(it: Verdict) -> str:
    if it.is_same:
        return said("the same as without faults")
    parts = [it.failure] if it.failure else []
    if it.first:
        first = it.first
        cell = f"{first.key}, {first.column}" if first.column else first.key
        parts.append(
            counted(
                "{count:,} row differs, from position {position:,}: "
                "{cell}: without faults {undisturbed}, with faults {disturbed}",
                "{count:,} rows differ; the first from position {position:,}: "
                "{cell}: without faults {undisturbed}, with faults {disturbed}",
                it.differing,
                position=first.position,
                cell=cell,
                undisturbed=_short(first.undisturbed),
                disturbed=_short(first.disturbed),
            )
        )
    return "; ".join(parts)


def _finding(it: Finding) -> str:
    if it.kind == "duplicate":
        return f"{it.position:,}"
    got = "nothing" if it.got is None else f"{it.got:,}"
    return said(
        "{position:,} (expected {expected:,}, got {got})",
        position=it.position,
        expected=it.expected,
        got=got,
    )


def _short(value: str) -> str:
    return value if len(value) <= VALUE else f"{value[:VALUE]}…"


def _some(texts: Sequence[str]) -> str:
    more = len(texts) - NAMED
    return ", ".join(texts[:NAMED]) + (
        said(" and {more:,} more (--json has all)", more=more) if more > 0 else ""
    )
