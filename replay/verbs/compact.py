"""compact STORE OUT: a smaller file of the same store, chained from its first event on."""

import argparse

from msgspec import to_builtins

from replay.copy_words import add_copy_arguments, print_head, telling
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines
from replay.words import counted, said
from store.copies.compact import compact

HELP = said("write a smaller copy of a store: same events, with the hash chain from the first one")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to write anew, and where to."""
    add_copy_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """The store itself stays as it is."""
    lines = ProgressLines(is_on=arguments.progress)
    with telling("packing", lines, unit=said("bytes")) as tell:
        report = compact(
            arguments.store, arguments.out, on_progress=tell, is_cancelled=lines.is_cancelled
        )
    if arguments.json:
        print_json({"out": str(arguments.out), **to_builtins(report)})
        return 0
    sizes = said(
        "{bytes}, was {bytes_before:,}",
        bytes=counted("{count:,} byte", "{count:,} bytes", report.bytes),
        bytes_before=report.bytes_before,
    )
    print_text(
        said(
            "{position}, {sizes} in {out}",
            position=counted("{count:,} event", "{count:,} events", report.head.position),
            sizes=sizes,
            out=arguments.out,
        )
    )
    if report.is_chained_anew:
        print_text(said("rows recorded before there was a chain are now part of it"))
    print_head(report.head)
    return 0
