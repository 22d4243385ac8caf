"""What two versions of a model say differently, in words: the report of `main.py reducers`."""

from typing import Any, Final

from msgspec import UNSET

from gui.work.reports import ModelsCompared
from store import json_text

CHANGE_TITLES: Final = ("field", "older", "newer")
STREAM_TITLES: Final = ("position", "event", "stream")


def same_words(it: ModelsCompared) -> str:
    """When they never differ."""
    return f"{_who(it)}: the same after each of {it.events:,} events"


def summary(it: ModelsCompared) -> str:
    """Where they first differ, and how many streams that concerns."""
    first = it.partings[0]
    return (
        f"{_who(it)}: they first differ at {first.position:,}, {first.type}, event "
        f"{first.event:,} of {first.stream}. {it.parted:,} of {it.streams:,} streams "
        f"ever differ, {it.differing_now:,} of them now."
    )


def left_out_words(it: ModelsCompared) -> str:
    """Fields that only one version has; empty when there are none."""
    sides = ((it.only_old, "the older"), (it.only_new, "the newer"))
    told = [f"only {who} version has {', '.join(fields)}" for fields, who in sides if fields]
    return f"Left out: {'; '.join(told)}." if told else ""


def change_rows(it: ModelsCompared) -> list[tuple[str, str, str]]:
    """Of the first stream: each field as both versions have it, under CHANGE_TITLES."""
    first = it.partings[0]
    old, new = first.old_failed, first.new_failed
    if old or new:
        return [("the state", _going(old), _going(new))]
    return [(one.field, _text(one.old), _text(one.new)) for one in first.changes]


def stream_rows(it: ModelsCompared) -> list[tuple[str, str, str]]:
    """Where they first differ in each stream, under STREAM_TITLES."""
    return [(f"{one.position:,}", one.type, one.stream) for one in it.partings]


def _going(failed: str) -> str:
    return f"fails: {failed}" if failed else "goes on"


def _text(value: Any) -> str:
    return "nothing" if value is UNSET else json_text.encode(value)


def _who(it: ModelsCompared) -> str:
    return f"{', '.join(it.models)}, against {it.against}"
