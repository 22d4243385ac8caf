"""What a format cannot hold, declared as data: it is listed before a file is written and after.

What no loss of a format names comes back by its reader as it was: tests hold every format that is
written to this, with events made at random.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from store.events import RecordedEvent
from store.provenance import dated_here, source_members
from store.words import said

Aspect: TypeAlias = Literal[
    "order",
    "position",
    "stream",
    "version",
    "type",
    "id",
    "occurred_at_us",
    "occurred_offset_min",
    "recorded_at_us",
    "recorded_offset_min",
    "data_json",
    "metadata_json",
    "links",
    "source_json",
]
IsLost: TypeAlias = Callable[[RecordedEvent, tuple[str, ...]], bool]

TIMES: Final[tuple[Aspect, ...]] = (
    *("occurred_at_us", "occurred_offset_min"),
    *("recorded_at_us", "recorded_offset_min"),
)
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One thing that does not come back of some events: all those of which `is_lost` says so, told
    the event as it is written and the streams that it is linked into."""

    name: str  # in reports
    what: str  # for people, behind "1,204 events lose": "the recorded-at"
    when: str  # for people: "where it is another than the occurred-at"; empty: of every event
    aspects: tuple[Aspect, ...]  # what differs when the file is read again
    is_lost: IsLost


def is_uuid(id_: str) -> bool:
    """Whether an id is a UUID as it is usually written: small letters, with dashes."""
    return _UUID.fullmatch(id_) is not None


def _always(_event: RecordedEvent, _links: tuple[str, ...]) -> bool:
    return True


def _has_links(_event: RecordedEvent, links: tuple[str, ...]) -> bool:
    return bool(links)


def _has_source(event: RecordedEvent, _links: tuple[str, ...]) -> bool:
    return event.source_json is not None


def _has_no_uuid(event: RecordedEvent, _links: tuple[str, ...]) -> bool:
    return not is_uuid(event.id)


def _is_dated_here(event: RecordedEvent, _links: tuple[str, ...]) -> bool:
    return dated_here(event.source_json)


POSITION: Final = Loss(
    name="position",
    what=said("the position in the log"),
    when="",
    aspects=("position",),
    is_lost=_always,
)
LINKS: Final = Loss(
    name="links",
    what=said("the links into other streams"),
    when=said("if there are any"),
    aspects=("links",),
    is_lost=_has_links,
)
SOURCE: Final = Loss(
    name="source",
    what=said("source details stored by an import"),
    when=said("if there are any"),
    aspects=("source_json",),
    is_lost=_has_source,
)
NO_UUID: Final = Loss(
    name="id",
    what=said("the id, replaced by a UUID made from it"),
    when=said("if the id is not a lowercase UUID"),
    aspects=("id",),
    is_lost=_has_no_uuid,
)
TIMES_OF_IMPORT: Final = Loss(
    name="times_of_import",
    what=said("the times that an import assigned"),
    when=said("if the source had none"),
    aspects=TIMES,
    is_lost=_is_dated_here,
)


def source_but_of(format_name: str) -> Loss:
    """As SOURCE, but for events that came from the same format: they go back as they were."""

    def is_lost(event: RecordedEvent, _links: tuple[str, ...]) -> bool:
        return event.source_json is not None and not source_members(event.source_json, format_name)

    return replace(SOURCE, is_lost=is_lost)
