"""The line of an event that was inferred: that it was, and what changed in its row."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from replay.states.event_summary import BETWEEN, short
from replay.words import said
from store import json_text
from store.inferred.mark import Mark

MOST_FIELDS: Final = 6  # of a changed row; the state shows all


def inferred_summary(mark: Mark, row: Any, told: str) -> str:
    """`inferred: price 4.00 → 4.50`; for a row that came or went `told`, its fields. `row` is the
    payload of the event."""
    told = inferred_change(mark, row) or told
    return said("inferred: {summary}", summary=told) if told else said("inferred")


def inferred_change(mark: Mark, row: Any) -> str:
    """`price 4.00 → 4.50`: what changed in a row; empty for one that came or went."""
    if not mark.changed or not isinstance(row, Mapping):
        return ""
    parts = [_change(name, mark, row) for name in islice(mark.changed, MOST_FIELDS)]
    left = len(mark.changed) - len(parts)
    more = [said("{count:,} more", count=left)] if left else []
    return BETWEEN.join([*parts, *more])


def _change(name: str, mark: Mark, row: Mapping[str, Any]) -> str:
    was, now = mark.was.get(name), row.get(name)
    before = said("nothing") if was is None else short(json_text.decode(bytes(was).decode()))
    after = said("nothing") if name not in row else short(now)
    return f"{name} {before} → {after}"
