"""Bring what must have happened between the states of a table into a log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

from store.errors import UnreadableSource
from store.inferred.changes import Between, changes
from store.inferred.table_state import TableState
from store.reading.detect import bare_in
from store.reading.format import Format, Record
from store.reading.source import Source
from store.shaping.rules import NO_RULES, ImportRules
from store.transfer.ingest import ingest
from store.transfer.report import ImportReport, Progress
from store.words import said

NAME: Final = "table-changes"
TITLE: Final = said("Changes of a table, inferred from its states")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From one state to the next."""

    before: Path | None  # None: nothing
    after: Path
    between: Between


def infer_changes(
    states: Sequence[Path],
    *,
    into: Path,
    table: str,
    key: Sequence[str],
    has_first: bool = False,
    choices: Mapping[str, str] | None = None,
    rules: ImportRules = NO_RULES,
    dry_run: bool = False,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> list[ImportReport]:
    """Import the changes from each state to the next, in this order, each whole or not at all. With
    `has_first` the rows of the first state were added too. `key` names the columns that tell rows
    apart; `choices` and `rules` as at ingest, for events that hold a row as their data.

    The same states again add nothing. Raises NoSuchKey and what `ingest` raises; then the reports
    before it are lost, and what they stored stays.
    """
    reports = []
    for step in steps(states, table, has_first=has_first):
        report = ingest(
            step.after,
            into=into,
            format=_format(step, tuple(key), choices),
            choices=choices,
            rules=rules,
            dry_run=dry_run,
            on_progress=on_progress,
            is_cancelled=is_cancelled,
        )
        reports.append(report)
    return reports


def steps(states: Sequence[Path], table: str, *, has_first: bool) -> list[Step]:
    """From each state to the next; with `has_first` also from nothing to the first."""
    pairs: list[tuple[Path | None, Path]] = [*pairwise(states)]
    if has_first:
        pairs.insert(0, (None, states[0]))
    return [
        Step(
            before=before,
            after=after,
            between=Between(
                table=table, before=before.name if before else "", after=after.name, place=place
            ),
        )
        for place, (before, after) in enumerate(pairs)
    ]


def _format(step: Step, key: tuple[str, ...], choices: Mapping[str, str] | None) -> Format:
    """One that reads the changes from one state to the next, with the choices of its rows."""
    with Source(step.after, choices=choices) as source:
        offered = rows_of(source).choices
    read = partial(changes_in, step=step, key=key)
    return Format(name=NAME, title=TITLE, suffixes=(), signs=(), read=read, choices=offered)


def changes_in(source: Source, *, step: Step, key: Sequence[str]) -> Iterator[Record]:
    """The changes that a source shows against the state before it. Raises NoSuchKey."""
    after = TableState(source, rows_of(source), key)
    if step.before is None:
        yield from changes(None, after, step.between)
        return
    with Source(step.before, choices=source.choices) as earlier:
        earlier.pulse = source.pulse
        yield from changes(TableState(earlier, rows_of(earlier), key), after, step.between)


def rows_of(source: Source) -> Format:
    """How the rows of a file are read, whatever they hold. Raises UnreadableSource."""
    found = bare_in(source)
    if found is None:
        raise UnreadableSource(said("the file has no rows with named columns"), source.path)
    return found
