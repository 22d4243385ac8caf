"""Commanded's EventStore (Elixir): the tables `events`, `stream_events` and `streams`.

The number of an event is its version in the stream `$all`, whose row every writer updates and so
locks until its commit: the order of numbers is the order of commits. A missing one is an event of
a stream that was deleted.
"""

from typing import Final

from store.formats.commanded import LAYOUT, LINKS, stated
from store.remote.preset import Preset
from store.words import said

PRESET: Final = Preset(
    name="commanded",
    title=said("Commanded EventStore"),
    layout=LAYOUT,
    states=lambda _ask: stated,
    schema="public",
    numbered="under a lock",
    stream_columns=("s.stream_uuid",),
    source=(
        "{schema}.stream_events a JOIN {schema}.{table} e ON e.event_id = a.event_id "
        "LEFT JOIN {schema}.streams s ON s.stream_id = a.original_stream_id"
    ),
    where="a.stream_id = 0",
    position="a.stream_version",
    extra=(
        "s.stream_uuid AS stream_uuid",
        "a.original_stream_version::text AS stream_version",
        "a.stream_version::text AS event_number",
        "s.deleted_at::text AS deleted_at",
        "to_jsonb(s) ->> 'stream_origin' AS stream_origin",
        f"(SELECT string_agg(l.stream_uuid, chr({ord(LINKS)}) ORDER BY l.stream_id) "
        "FROM {schema}.stream_events o JOIN {schema}.streams l ON l.stream_id = o.stream_id "
        "WHERE o.event_id = e.event_id AND o.stream_id <> 0 "
        "AND o.stream_id <> o.original_stream_id) AS linked",
    ),
)
