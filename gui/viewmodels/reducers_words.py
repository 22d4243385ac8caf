"""What two versions of a model say differently, in words: the report of `main.py reducers`."""

from typing import Any, Final

from msgspec import UNSET

from gui.words import said
from gui.work.reports import ModelsCompared
from store import json_text

CHANGE_TITLES: Final = (said("field"), said("older"), said("newer"))
STREAM_TITLES: Final = (said("position"), said("event"), said("stream"))


def same_words(it: ModelsCompared) -> str:
    """When they never differ."""
    return said("{name}: the same after each of {events:,} events", name=_who(it), events=it.events)


def summary(it: ModelsCompared) -> str:
    """Where they first differ, and how many streams that concerns."""
    first = it.partings[0]
    return said(
        "{name}: they first differ at {position:,}, {type}, event {event:,} of "
        "{stream}. {parted:,} of {streams:,} streams ever differ, "
        "{differing_now:,} of them now.",
        name=_who(it),
        position=first.position,
        type=first.type,
        event=first.event,
        stream=first.stream,
        parted=it.parted,
        streams=it.streams,
        differing_now=it.differing_now,
    )


def left_out_words(it: ModelsCompared) -> str:
    """Fields that only one version has; empty when there are none."""
    sides = ((it.only_old, said("the older")), (it.only_new, said("the newer")))
    told = [
        said("only {who} version has {fields}", who=who, fields=", ".join(fields))
        for fields, who in sides
        if fields
    ]
    return said("Left out: {told}.", told="; ".join(told)) if told else ""


def change_rows(it: ModelsCompared) -> list[tuple[str, str, str]]:
    """Of the first stream: each field as both versions have it, under CHANGE_TITLES."""
    first = it.partings[0]
    old, new = first.old_failed, first.new_failed
    if old or new:
        return [(said("the state"), _going(old), _going(new))]
    return [(one.field, _text(one.old), _text(one.new)) for one in first.changes]


def stream_rows(it: ModelsCompared) -> list[tuple[str, str, str]]:
    """Where they first differ in each stream, under STREAM_TITLES."""
    return [(f"{one.position:,}", one.type, one.stream) for one in it.partings]


def _going(failed: str) -> str:
    return said("fails: {failed}", failed=failed) if failed else said("works")


def _text(value: Any) -> str:
    return "nothing" if value is UNSET else json_text.encode(value)


def _who(it: ModelsCompared) -> str:
    return said("{models}, against {against}", models=", ".join(it.models), against=it.against)
