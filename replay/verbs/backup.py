"""backup STORE OUT: a copy of a store as it is now, while others write to it."""

import argparse

from msgspec import to_builtins

from replay.copy_words import add_copy_arguments, print_head, telling
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines
from replay.words import counted, said
from store.copies.backup import backup

HELP = said("copy a store while others write to it: one complete file of one moment, checked")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to copy, and where to."""
    add_copy_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """The copy appears under its name when it was read from end to end."""
    lines = ProgressLines(is_on=arguments.progress)
    with telling("copying", lines, unit=said("pages")) as tell:
        report = backup(
            arguments.store, arguments.out, on_progress=tell, is_cancelled=lines.is_cancelled
        )
    if arguments.json:
        print_json({"out": str(arguments.out), **to_builtins(report)})
        return 0
    print_text(
        said(
            "{position}, {bytes} in {out}",
            position=counted("{count:,} event", "{count:,} events", report.head.position),
            bytes=counted("{count:,} byte", "{count:,} bytes", report.bytes),
            out=arguments.out,
        )
    )
    print_head(report.head)
    return 0
