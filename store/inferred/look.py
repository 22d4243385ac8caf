"""Look at the changes between states of a table, without a store: how many, and the first ones."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from store.inferred.changes import ADDED, CHANGED, REMOVED
from store.inferred.infer import Step, changes_in, rows_of, steps
from store.reading.choices import Offer, offers
from store.reading.format import Incoming, Rejected
from store.reading.json_members import members
from store.reading.remarks import Skipped
from store.reading.source import Source, stopped_when

LOOKED_AT: Final = 100  # rows whose columns are offered as keys


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenChanges:
    """What an import of the changes would bring in."""

    columns: tuple[str, ...]  # of the last state, in its order
    choices: tuple[Offer, ...]  # what may be decided before the states are read
    added: int = 0
    changed: int = 0
    removed: int = 0
    rejected: int = 0  # rows that cannot be used
    records: tuple[Incoming | Rejected, ...] = ()  # the first ones


def look_at_changes(
    states: Sequence[Path],
    *,
    table: str,
    key: Sequence[str],
    has_first: bool = False,
    choices: Mapping[str, str] | None = None,
    limit: int = 20,
    on_progress: Callable[[float], None] = lambda _share: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> SeenChanges:
    """Go through all states, and keep the first `limit` changes. Without a `key` only columns and
    choices are looked at. `on_progress` is told the share that is done, 0 to 1.

    Raises NoSuchKey, UnreadableSource, UnknownChoice, Cancelled.
    """
    pulse = stopped_when(is_cancelled)
    columns, offered = _offered(states[-1], choices)
    counts, kept, wanted = (
        Counter[str](),
        list[Incoming | Rejected](),
        steps(states, table, has_first=has_first),
    )
    for place, step in enumerate(wanted if key else ()):
        with Source(step.after, choices=choices) as source:

            def go_on(place: int = place, source: Source = source) -> None:
                pulse()
                share = source.bytes_read / max(source.total_bytes, 1)
                on_progress((place + min(share, 1.0)) / len(wanted))

            source.pulse = go_on
            source.pulse()
            _count(source, step, key, counts, kept, limit)
    return SeenChanges(
        columns=columns,
        choices=offered,
        added=counts[ADDED],
        changed=counts[CHANGED],
        removed=counts[REMOVED],
        rejected=counts[Rejected.__name__],
        records=tuple(kept),
    )


def _count(
    source: Source,
    step: Step,
    key: Sequence[str],
    counts: Counter[str],
    kept: list[Incoming | Rejected],
    limit: int,
) -> None:
    for record in changes_in(source, step=step, key=key):
        if isinstance(record, Skipped):
            continue  # of other tables
        counts[record.event.type if isinstance(record, Incoming) else Rejected.__name__] += 1
        if len(kept) < limit:
            kept.append(record)


def _offered(
    state: Path, choices: Mapping[str, str] | None
) -> tuple[tuple[str, ...], tuple[Offer, ...]]:
    """The columns of the first rows, and what may be decided about the file."""
    with Source(state, choices=choices) as source:
        source.is_glance = True
        rows = rows_of(source)
        offered = offers(rows, source)
        found = dict[str, None]()
        for record in islice(rows.read(source), LOOKED_AT):
            if isinstance(record, Incoming):
                found.update(dict.fromkeys(name for name, _ in members(record.event.data_json)))
    return tuple(found), offered
