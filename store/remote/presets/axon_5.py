"""Axon 5 (Java): the table `aggregate_event_entry`, numbered as that of Axon 4 (`axon`)."""

from typing import Final

from store.formats.axon import AXON_5, stated
from store.remote.preset import Preset
from store.words import said

PRESET: Final = Preset(
    name="axon-5",
    title=said("Axon 5"),
    layout=AXON_5,
    states=lambda _ask: stated,
    schema="public",
    numbered="in its transaction",
    sequence="aggregate-event-global-index-sequence|aggregate_?event_?entry_.*seq",
    stream_columns=("aggregate_identifier", "event_identifier"),
)
