"""The records of a file as the rules of an import make them, with what the rules did counted."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from msgspec import structs

from store.reading.format import Incoming, Record, Rejected
from store.reading.remarks import Kind
from store.shaping.ordering import in_order
from store.shaping.rules import ImportRules
from store.shaping.shaper import Shaper


class Counting(Protocol):
    """Where a report is made."""

    def remark(
        self, kind: Kind, text: str, *, line: int = 0, offset: int = -1, count: int = 1
    ) -> None:
        """Count something, and name it."""

    def sum_up(self, kind: Kind, text: str, count: int, *, line: int, offset: int) -> None:
        """Count what a rule did, and name the rule."""


def shaped(records: Iterable[Record], rules: ImportRules, tally: Counting) -> Iterator[Record]:
    """Each record by the rules, then in the order that they state. Raises WrongRules."""
    if rules.changes_events:
        shaper = Shaper(rules)
        records = _all_by_rules(records, shaper, tally)
    if rules.order:
        records = in_order(
            records,
            rules.order,
            unordered=lambda it, text: _tell(tally, "unordered", it, text),
            late=lambda it, text: _tell(tally, "late", it, text),
        )
    yield from records


def shaped_piece(
    records: Iterable[Record], shaper: Shaper | None, tally: Counting
) -> Iterator[Record]:
    """Some records of a source that goes on: each by the rules, in the order in which they come.
    That a rule has met nothing yet says nothing."""
    return iter(records) if shaper is None else _by_rules(records, shaper, tally, {})


def _all_by_rules(records: Iterable[Record], shaper: Shaper, tally: Counting) -> Iterator[Record]:
    idle = dict(shaper.names)
    yield from _by_rules(records, shaper, tally, idle)
    for text in idle.values():
        tally.remark("idle_rules", text)


def _by_rules(
    records: Iterable[Record], shaper: Shaper, tally: Counting, idle: dict[str, str]
) -> Iterator[Record]:
    """`idle` loses the rules that have met something."""
    for record in records:
        if isinstance(record, Incoming):
            made, effects = shaper.shape(record)
            for it in effects:
                if it.has_met:
                    idle.pop(it.rule, None)
                if it.count:
                    place = {"line": record.line, "offset": record.offset}
                    tally.sum_up(it.kind, it.text, it.count, **place)
            yield made
        elif isinstance(record, Rejected) and shaper.hides:
            yield structs.replace(record, excerpt="")  # it would show what is masked
        else:
            yield record


def _tell(tally: Counting, kind: Kind, incoming: Incoming, text: str) -> None:
    tally.remark(kind, text, line=incoming.line, offset=incoming.offset)
