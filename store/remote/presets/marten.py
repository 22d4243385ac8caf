"""Marten (.NET): the table `mt_events`.

Its clients may take numbers from `mt_events_sequence` in a transaction of their own before they
write (its append mode "Rich"), so nothing in the database tells whether a missing number will
come. Marten's own daemon waits for it, and then takes it for lost and writes as much into
`mt_event_progression`; we wait as long, and go on looking for it.
"""

from typing import Final

from store.formats.marten import LAYOUT, stated
from store.remote.preset import Preset
from store.words import said

STALE_S: Final = 3.0  # Marten's own StaleSequenceThreshold


def _names(stream: str) -> tuple[str, ...]:
    """A stream of another tenant than the usual one is named with it: `trip-1@acme`."""
    return tuple(dict.fromkeys((stream, stream.rpartition("@")[0] or stream)))


PRESET: Final = Preset(
    name="marten",
    title=said("Marten"),
    layout=LAYOUT,
    states=lambda _ask: stated,
    schema="public",
    numbered="before it",
    sequence="mt_events_sequence",
    patience_s=STALE_S,
    stream_columns=("stream_id",),
    stream_names=_names,
)
