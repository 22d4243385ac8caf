"""What the verbs that make another file of a store share: arguments, progress, the head told."""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from replay.printing import print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.terminal_progress import TerminalProgress
from replay.words import said
from store.copies.heads import LogHead
from store.place import path_of


def add_copy_arguments(parser: argparse.ArgumentParser) -> None:
    """A store, and a file that is not there yet."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("out", type=path_of, metavar="OUT", help=said("must not exist yet"))
    parser.add_argument(
        "--json", action="store_true", help=said("print the report as one JSON object")
    )
    add_progress_argument(parser)


@contextmanager
def telling(
    doing: str, lines: ProgressLines, *, unit: str = "events"
) -> Iterator[Callable[[int, int], None]]:
    """What takes (done, in all): on a terminal, and to whoever listens."""
    started_s = time.monotonic()
    with TerminalProgress(doing, unit=unit) as terminal:

        def tell(done: int, total: int) -> None:
            fraction = done / total if total else None
            taken_s = time.monotonic() - started_s
            lines.tell(
                fraction=fraction,
                events=done if unit == "events" else None,
                seconds_left=taken_s * (1 / fraction - 1) if fraction else None,
            )
            terminal.tell(done, total)

        yield tell


def print_head(head: LogHead) -> None:
    """By what a copy is told from any other one."""
    print_text(
        said(
            "head: position {position:,}, chain {chain}",
            position=head.position,
            chain=head.chain or "none",
        )
    )
