"""lab STORE: what duplicates, lost and late events would do to a view."""

import argparse
from pathlib import Path
from typing import Final

from replay.delivery import Faults
from replay.errors import UnknownView
from replay.lab import Seen, Verdict
from replay.lab import run as run_lab
from replay.printing import plain, print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.projections import find_projections
from replay.verbs.log import whole_number
from store.connect import open_log
from store.reader import LogReader

HELP = "feed views by disturbed delivery, in memory, and tell whether they end the same"


FAULTS: Final = (
    ("duplicate", "come twice"),
    ("reorder", "change places"),
    ("drop", "never come"),
    ("delay", "come after the next forty"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Shares are percent of all events."""
    parser.add_argument("store", type=Path, metavar="STORE")
    parser.add_argument("--view", action="append", default=[], metavar="NAME", help="or all")
    for fault, what in FAULTS:
        parser.add_argument(f"--{fault}", type=float, default=0.0, metavar="PERCENT", help=what)
    parser.add_argument("--crash-every", type=whole_number, default=0, metavar="N",
                        help="events; the batch comes again")  # fmt: skip
    parser.add_argument("--partitions", type=whole_number, default=1, metavar="N")
    parser.add_argument("--partition-by", choices=("stream", "type"), default="stream")
    parser.add_argument("--guard", choices=("none", "checkpoint", "ids"), default="none",
                        help="what the consumer does about it")  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, help="the same faults again")
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a view ends otherwise."""
    known = {it.name: it for it in find_projections()}
    if unknown := [it for it in arguments.view if it not in known]:
        raise UnknownView(unknown[0])
    faults = Faults(
        duplicate=arguments.duplicate, reorder=arguments.reorder, drop=arguments.drop,
        delay=arguments.delay, crash_every=arguments.crash_every,
        partitions=arguments.partitions, partition_by=arguments.partition_by, seed=arguments.seed,
    )  # fmt: skip
    lines = ProgressLines(is_on=arguments.progress)
    log = LogReader(open_log(arguments.store))
    names = arguments.view or list(known)
    try:
        found = []
        for done, name in enumerate(names, 1):
            found.append(run_lab(log, known[name], faults, guard=arguments.guard))
            lines.tell(fraction=done / len(names), events=log.head(), rate=0.0)
    finally:
        log.close()
    if arguments.json:
        print_json({"verdicts": [{**plain(it), "is_same": it.is_same} for it in found]})
    else:
        print_text(_seen_words(found[0].seen))
        for it in found:
            print_text(_words(it))
    return 0 if all(it.is_same for it in found) else 1


def _seen_words(seen: Seen) -> str:
    return (
        f"{seen.delivered:,} deliveries: {seen.duplicate_count:,} duplicates "
        f"{_some(seen.duplicates)}, {seen.inversion_count:,} out of order "
        f"{_some(seen.inversions)}, {seen.gap_count:,} lost {_some(seen.gaps)}"
    )


def _some(positions: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, positions[:3]))}, …)" if positions else ""


def _words(it: Verdict) -> str:
    if it.is_same:
        return f"{it.view}: the same as undisturbed"
    return f"{it.view}: {it.differing:,} rows differ; the first: {it.difference}"
