"""Axon (Java): the table `domain_event_entry`, or `aggregate_event_entry` of Axon 5.

`global_index` comes from a sequence within the transaction that writes. Where that sequence gives
blocks (Hibernate's `allocationSize`), a client uses numbers of its block whenever it likes: they
are then looked for as Axon's gap-aware tracking token does, without an end to the waiting.
"""

from typing import Final

from store.formats.axon import LAYOUT, stated
from store.remote.preset import Preset
from store.words import said

PRESET: Final = Preset(
    name="axon",
    title=said("Axon"),
    layout=LAYOUT,
    states=lambda _ask: stated,
    schema="public",
    numbered="in its transaction",
    sequence="domain_?event_?entry_.*seq|hibernate_sequence",
    stream_columns=("aggregate_identifier", "event_identifier"),
)
