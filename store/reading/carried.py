"""What a format of process mining has no place for: carried as one text attribute of an event.

Other programs show it as a text among the event's attributes. A reader here gives it back: place,
both times, metadata, links and source, and the data where the other attributes do not give it back.
The text is ASCII, so that every encoding can hold it.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from store.errors import InvalidEvent
from store.events import NewEvent, RecordedEvent
from store.provenance import Origin
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Incoming, Outgoing
from store.reading.json_members import is_value, json_object
from store.reading.stated_times import stated_times
from store.times import format_moment
from store.words import said

CARRIED: Final = "foldline"  # the attribute
VERSION: Final = "stream_version"  # an attribute beside it, for other programs
METADATA: Final = "metadata."  # in front of attributes beside it, likewise


def is_beside(name: str) -> bool:
    """Whether an attribute only says again what is carried."""
    return name in (CARRIED, VERSION) or name.startswith(METADATA)


def carried_text(outgoing: Outgoing, *, has_data: bool, is_named: bool = True) -> str:
    """The attribute's value. `has_data`: the data has to be carried; without `is_named` id and type
    have to be as well."""
    event = outgoing.event
    stated: dict[str, Any] = {
        "position": event.position,
        "stream": event.stream,
        "version": event.version,
        "occurred_at": format_moment(event.occurred_at_us, event.occurred_offset_min),
    }
    recorded = format_moment(event.recorded_at_us, event.recorded_offset_min)
    if recorded != stated["occurred_at"]:
        stated["recorded_at"] = recorded
    if not is_named:
        stated |= {"id": event.id, "type": event.type}
    if has_data:
        stated["data"] = event.data_json
    if event.metadata_json != "{}":
        stated["metadata"] = event.metadata_json
    if outgoing.links:
        stated["links"] = outgoing.links
    if event.source_json is not None:
        stated["source"] = event.source_json
    return json.dumps(stated, separators=(",", ":"))


def restored(
    attributes: Mapping[str, str], *, id_: str | None, type_: str, line: int, offset: int = -1
) -> Incoming | None:
    """The event that a file of ours holds; None of one that is not ours, or not as we wrote it.
    Values of attributes are JSON texts."""
    stated = _said(attributes)
    try:
        return None if stated is None else _incoming(stated, attributes, id_, type_, line, offset)
    except (Unusable, KeyError, TypeError, InvalidEvent):
        return None


def position_of(attributes: Mapping[str, str]) -> int | None:
    """Where an event of ours stood in its log; None of one that is not ours."""
    found = (_said(attributes) or {}).get("position")
    return found if isinstance(found, int) and 0 < found <= fields.LARGEST_NUMBER else None


def _said(attributes: Mapping[str, str]) -> dict[str, Any] | None:
    text = attributes.get(CARRIED, "")
    if not text.startswith('"{'):
        return None
    try:
        stated = json.loads(json.loads(text))
    except (ValueError, RecursionError):
        return None
    return stated if isinstance(stated, dict) else None


def _incoming(
    stated: Mapping[str, Any],
    attributes: Mapping[str, str],
    id_: str | None,
    type_: str,
    line: int,
    offset: int,
) -> Incoming | None:
    times = stated_times(stated["occurred_at"], stated.get("recorded_at"))
    data = stated.get("data") or json_object(
        {name: text for name, text in attributes.items() if not is_beside(name)}
    )
    names = [
        stated["stream"],
        stated.get("id", id_),
        stated.get("type", type_),
        *stated.get("links", ()),
    ]
    payloads = [data, stated.get("metadata", "{}"), stated.get("source", "{}")]
    if not all(isinstance(it, str) and it for it in [*names, *payloads]):
        return None
    if not (
        isinstance(stated["version"], int)
        and 0 < stated["version"] <= fields.LARGEST_NUMBER
        and all(map(is_value, payloads))
        and all(it.lstrip().startswith("{") for it in payloads[1:])
    ):
        return None
    fields.storable("".join(names), said("a name in the event"))
    return Incoming(
        stream=stated["stream"],
        event=NewEvent(
            type=stated.get("type", type_),
            data_json=data,
            metadata_json=payloads[1],
            id=stated.get("id", id_),
            source_json=stated.get("source"),
            links=tuple(stated.get("links", ())),
            **times.columns,
        ),
        line=line,
        offset=offset,
        version=stated["version"],
        origin=Origin(cursor=str(stated["position"]), is_exact=True),
        has_naive_time=times.has_naive,
    )


def metadata_beside(event: RecordedEvent) -> dict[str, str]:
    """The texts in the metadata, by the names that they have as attributes."""
    try:
        found = json.loads(event.metadata_json)
    except (ValueError, RecursionError):
        return {}
    return {f"{METADATA}{name}": it for name, it in found.items() if isinstance(it, str)}
