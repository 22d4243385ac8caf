"""Axon, as a SQLite copy: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Tables

FORMAT: Final = UnreadFormat(
    name="axon",
    title="an Axon database",
    signs=(
        Tables(tables={"domain_event_entry": ()}, confidence=0.9),
        Tables(tables={"DomainEventEntry": ()}, confidence=0.9),
        Tables(tables={"domainevententry": ()}, confidence=0.9),
    ),
)
