"""What the event table shows of an event: short texts, made off the GUI thread."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import attrgetter
from typing import Final

from gui.viewmodels.column_source import ColumnSource
from gui.work.reads import Reads
from store import json_text
from store.events import RecordedEvent

_RECORDED: Final[Callable[[RecordedEvent], int]] = attrgetter("recorded_at_us")
_OCCURRED: Final[Callable[[RecordedEvent], int]] = attrgetter("occurred_at_us")
_UNITS: Final = (
    (86_400_000_000, "d"),
    (3_600_000_000, "h"),
    (60_000_000, "min"),
    (1_000_000, "s"),
    (1_000, "ms"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One row of the table."""

    position: int
    recorded_at_us: int  # microseconds since 1970 UTC
    occurred_at_us: int
    delta: str  # since the row before: +16 ms, = for the same time, -2 s for a step back
    stream: str
    version: int
    type: str
    summary: str
    actor: str
    is_step_back: bool  # recorded before an event that stands earlier in the list
    is_ahead: bool  # it came with a recorded-at later than the moment at which it came
    added: Mapping[str, str] = field(default_factory=dict)  # by the ids of columns that were added


def read_rows(
    reads: Reads,
    positions: Sequence[int],
    *,
    before: int,
    is_by_occurrence: bool = False,
    sources: Sequence[ColumnSource] = (),
) -> tuple[EventRow, ...]:
    """The rows at `positions`, in their order; `before` is the position listed before them, or 0.

    `is_by_occurrence`: the order is that of the occurred axis, which spans are measured on too.
    `sources`: what is read beyond that, for columns that were added.
    """
    log = reads.log
    wanted = [before, *positions] if before else list(positions)
    time = _OCCURRED if is_by_occurrence else _RECORDED
    if _is_run(wanted):
        events = log.page(wanted[0], wanted[-1])
        latest = {it[0]: it[2] for it in log.moments(wanted[0], wanted[-1])}
    else:
        found = {it.position: it for it in log.at_positions(wanted)}
        events = [found[it] for it in wanted if it in found]
        latest = {it: log.running_max_us(it) for it in wanted}
    listed = events[1:] if before and events else events
    added = _added(reads, listed, sources)
    summaries = reads.summaries.of(listed)
    rows = _rows(events, latest, summaries, has_before=bool(before), time=time)
    return tuple(replace(row, added=it) if it else row for row, it in zip(rows, added, strict=True))


def _added(
    reads: Reads, events: Sequence[RecordedEvent], sources: Sequence[ColumnSource]
) -> list[dict[str, str]]:
    """For each event, the texts of the columns that were added, by their ids."""
    added: list[dict[str, str]] = [{} for _ in events]
    for source in sources:
        for texts, text in zip(added, source.texts(reads, events), strict=True):
            texts[source.id] = text
    return added


def _is_run(positions: Sequence[int]) -> bool:
    return bool(positions) and all(after - it == 1 for it, after in pairwise(positions))


def _rows(
    events: Sequence[RecordedEvent],
    latest: Mapping[int, int],
    summaries: Sequence[str],
    *,
    has_before: bool,
    time: Callable[[RecordedEvent], int],
) -> Iterable[EventRow]:
    """`latest`: by position, what the log's recorded time had come to."""
    previous = time(events[0]) if events and has_before else None
    for event, said in zip(events[1:] if has_before else events, summaries, strict=True):
        at_us = time(event)
        yield EventRow(
            position=event.position,
            recorded_at_us=event.recorded_at_us,
            occurred_at_us=event.occurred_at_us,
            delta="" if previous is None else delta_text(at_us - previous),
            stream=event.stream,
            version=event.version,
            type=event.type,
            summary=said,
            actor=actor(event.metadata_json),
            is_step_back=previous is not None and at_us < previous,
            is_ahead=event.recorded_at_us > latest[event.position],
        )
        previous = at_us


def delta_text(delta_us: int) -> str:
    """A span in its largest fitting unit, signed; `=` for none."""
    if delta_us == 0:
        return "="
    sign, size = ("+", delta_us) if delta_us > 0 else ("-", -delta_us)
    return sign + span_text(size)


def span_text(span_us: int) -> str:
    """`2.7 s`, `29 ms`, `11 min`: two or three digits are enough to compare."""
    for unit_us, name in _UNITS:
        if span_us >= unit_us:
            value = span_us / unit_us
            return f"{value:.1f} {name}" if value < 10 else f"{value:.0f} {name}"
    return f"{span_us} µs"


def actor(metadata_json: str) -> str:
    """Who caused the event, as its metadata says; empty when it does not."""
    if metadata_json == "{}":
        return ""
    user = json_text.decode(metadata_json).get("user")
    return "" if user is None else str(user)
