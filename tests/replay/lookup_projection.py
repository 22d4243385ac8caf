"""A projection that keeps a lookup table, with everything that one can stumble over: values that
are put and deleted by streams other than the one that reads them, twice within an event, and long
ones in a column that the history of the rows leaves out."""

from typing import Any

from msgspec import Struct

from replay.projection import Json, Projection, Rows
from store.events import RecordedEvent

LONG = "a long word " * 200


class Named(Struct, frozen=True):
    """One row."""

    stream: str
    events: int
    before: str  # the stream of the event of the same type before the last one
    told: Json  # what was known of each type when this stream had it last


def apply(rows: Rows[Named], event: RecordedEvent, links: tuple[str, ...]) -> None:
    """Tell what other streams have said of the type; then say something of it."""
    said = rows.lookup.get(event.type)
    if said is not None:
        said["words"] += LONG if event.position % 3 == 0 else ""  # a copy: it is not put again
    for stream in (event.stream, *links):
        row = rows.get(stream) or Named(stream, 0, "", {})
        before = said["stream"] if said else ""
        told = {**_told(row), event.type: said}
        rows.put(Named(stream, row.events + 1, before, told))
    if event.position % 11 == 0:
        rows.lookup.put(event.type, {"stream": "", "words": "gone at once"})
        rows.lookup.delete(event.type)
        rows.lookup.delete("nothing of this name")
    else:
        words = f"of {event.position}"
        rows.lookup.put(event.type, {"stream": event.stream, "words": words})
        rows.lookup.put(f"{event.type} of {event.stream}", event.position)


def _told(row: Named) -> dict[str, Any]:
    return row.told if isinstance(row.told, dict) else {}


NAMED = Projection(
    name="named",
    version=1,
    title="Named",
    row=Named,
    key=("stream",),
    apply=apply,
    keeps_lookup=True,
)
