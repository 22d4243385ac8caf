"""Conferences as registrants see them: described, and open to registration or not."""

from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from replay.projection import Projection, Rows
from replay.words import said
from store.events import RecordedEvent

PUBLISHED: Final = {"ConferencePublished": True, "ConferenceUnpublished": False}


class Conference(Struct, frozen=True):
    """One row."""

    conference_id: str
    name: str
    description: str
    location: str
    tagline: str
    twitter_search: str
    first_day: str
    last_day: str
    is_published: bool
    version: int  # of the event that it is as of; that one and older ones change nothing


def apply(rows: Rows[Conference], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Take over what is said of a conference."""
    id_ = event.stream.partition("-")[2]
    data, row = event.data, rows.get(id_)
    if not isinstance(data, dict):
        return
    if row is not None and event.version <= row.version:
        return
    if event.type in PUBLISHED:
        if row is not None:
            rows.put(replace(row, is_published=PUBLISHED[event.type], version=event.version))
        return
    rows.put(_described(id_, data, event.version, is_published=bool(row and row.is_published)))


def _described(id_: str, data: dict[str, Any], version: int, *, is_published: bool) -> Conference:
    return Conference(
        conference_id=id_,
        name=str(data.get("name", "")),
        description=str(data.get("description", "")),
        location=str(data.get("location", "")),
        tagline=str(data.get("tagline", "")),
        twitter_search=str(data.get("twitterSearch", "")),
        first_day=str(data.get("start", "")),
        last_day=str(data.get("end", "")),
        is_published=is_published,
        version=version,
    )


PROJECTION = Projection(
    name="conferences",
    version=1,
    title=said("Conferences"),
    row=Conference,
    key=("conference_id",),
    apply=apply,
    categories=frozenset({"conference"}),
    listens=frozenset({"ConferenceCreated", "ConferenceUpdated", *PUBLISHED}),
)
