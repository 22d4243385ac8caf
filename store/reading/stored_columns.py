"""The columns of an event as another store has them, checked: a damaged file may hold anything."""

from store.events import NewEvent
from store.reading.fields import Unusable, json_value, storable
from store.times import format_moment
from store.words import said


def require_storable(stream: str, event: NewEvent) -> None:
    """Raises Unusable where a text is none, a payload no JSON, or a time no moment."""
    for name, text in (("stream", stream), ("type", event.type), ("id", event.id)):
        if not isinstance(text, str) or not storable(text, name):
            raise Unusable(said("the event has no {name}", name=name))
    for name, payload in (("data", event.data_json), ("metadata", event.metadata_json)):
        if not isinstance(payload, str):
            raise Unusable(said("{name} is not text", name=name))
        json_value(storable(payload, name), name)
    if not event.metadata_json.lstrip().startswith("{"):
        raise Unusable(said("{name} is not an object", name="metadata"))
    _require_moment(event.occurred_at_us, event.occurred_offset_min, "occurred_at")
    _require_moment(event.recorded_at_us, event.recorded_offset_min, "recorded_at")


def _require_moment(at_us: int | None, offset_min: int | None, name: str) -> None:
    try:
        if at_us is not None:
            format_moment(at_us, offset_min)
    except (OverflowError, ValueError, TypeError):
        raise Unusable(said("{name} is not a time", name=name)) from None
