"""Bring what must have happened between the states of a table into a log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    pairs: list[tuple[Path | None, Path]] = [*pairwise(states)]
    if has_first:
        pairs.insert(0, (None, states[0]))
    reports = []
    for place, (before, after) in enumerate(pairs):
        name = before.name if before else ""
        between = Between(table=table, before=name, after=after.name, place=place)
        report = ingest(
            after,
            into=into,
            format=_format(after, before, tuple(key), between, choices),
            choices=choices,
            rules=rules,
            dry_run=dry_run,
            on_progress=on_progress,
            is_cancelled=is_cancelled,
        )
        reports.append(report)
    return reports


def _format(
    after: Path,
    before: Path | None,
    key: tuple[str, ...],
    between: Between,
    choices: Mapping[str, str] | None,
) -> Format:
    """One that reads the changes from one state to the next, with the choices of its rows."""
    with Source(after, choices=choices) as source:
        offered = _rows_of(source).choices
    read = partial(_read, before=before, key=key, between=between)
    return Format(name=NAME, title=TITLE, suffixes=(), signs=(), read=read, choices=offered)


def _read(
    source: Source, *, before: Path | None, key: Sequence[str], between: Between
) -> Iterator[Record]:
    """The changes that a source shows against the state before it."""
    after = TableState(source, _rows_of(source), key)
    if before is None:
        yield from changes(None, after, between)
        return
    with Source(before, choices=source.choices) as earlier:
        earlier.pulse = source.pulse
        yield from changes(TableState(earlier, _rows_of(earlier), key), after, between)


def _rows_of(source: Source) -> Format:
    """How the rows of a file are read, whatever they hold. Raises UnreadableSource."""
    found = bare_in(source)
    if found is None:
        raise UnreadableSource(said("this holds no rows with named columns"), source.path)
    return found
