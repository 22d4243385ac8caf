"""salvage STORE OUT: every readable event of a damaged store in a new one, and what was lost."""

import argparse
from collections.abc import Iterator

from msgspec import to_builtins

from replay.copy_words import add_copy_arguments, print_head, telling
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines
from replay.words import counted, said
from store.copies.losses import LostSpan, LostVersions
from store.copies.salvage import SalvageReport, salvage

HELP = said("recover what can be read of a damaged store into a new one, and report what was lost")
SHOWN = 20  # spans, and streams; --json names more


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to read, and where to."""
    add_copy_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when anything was lost. The damaged file stays as it is."""
    lines = ProgressLines(is_on=arguments.progress)
    with telling("salvaging", lines) as tell:
        report = salvage(
            arguments.store, arguments.out, on_progress=tell, is_cancelled=lines.is_cancelled
        )
    if arguments.json:
        facts = to_builtins(report)
        print_json({"out": str(arguments.out), "is_complete": report.is_complete, **facts})
    else:
        for line in _said(report):
            print_text(line)
        print_head(report.head)
    return 0 if report.is_complete else 1


def _said(report: SalvageReport) -> Iterator[str]:
    if report.is_complete:
        yield said(
            "{events} salvaged; no sign of anything missing",
            events=counted("{count:,} event", "{count:,} events", report.events),
        )
        return
    yield said(
        "{events} salvaged, {lost:,} lost",
        events=counted("{count:,} event", "{count:,} events", report.events),
        lost=report.lost,
    )
    yield from (f"  {_span(it)}" for it in report.spans[:SHOWN])
    yield from _more(report.span_count, len(report.spans))
    yield from (f"  {_versions(it)}" for it in report.streams[:SHOWN])
    yield from _more(report.stream_count, len(report.streams))
    if report.renumbered:
        yield counted(
            "{count:,} event has a different position or version than before",
            "{count:,} events have a different position or version than before",
            report.renumbered,
        )
    for it in report.rows:
        if it.lost:
            yield said(
                "{table}: {kept} salvaged, {lost:,} lost",
                table=it.table,
                kept=counted("{count:,} row", "{count:,} rows", it.kept),
                lost=it.lost,
            )


def _span(it: LostSpan) -> str:
    where = (
        said("position {first:,}", first=it.first)
        if it.first == it.last
        else said("positions {first:,} to {last:,}", first=it.first, last=it.last)
    )
    if it.is_damaged:
        return said("{where}: altered", where=where)
    return said("{where}: not in the file", where=where)


def _versions(it: LostVersions) -> str:
    gaps = ", ".join(f"{a}" if a == b else said("{a} to {b}", a=a, b=b) for a, b in it.versions)
    return said("stream {stream}: versions {gaps} are missing", stream=it.stream, gaps=gaps)


def _more(count: int, named: int) -> Iterator[str]:
    """How many are not shown, and how many of all the report names."""
    if count > SHOWN:
        which = "" if named == count else said(" lists the first {named:,}", named=named)
        yield said("  and {count:,} more (--json{which})", count=count - SHOWN, which=which)
