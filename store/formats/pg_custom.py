"""A dump of PostgreSQL in its custom form: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Magic
from store.words import said

FORMAT: Final = UnreadFormat(
    name="pg-custom",
    title=said("a PostgreSQL custom archive"),
    signs=(Magic(starts=(b"PGDMP",)),),
    advice=said("Make plain text of it first: pg_restore -f out.sql FILE"),
)
