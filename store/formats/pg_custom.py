"""A dump of PostgreSQL in its custom form: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Magic

FORMAT: Final = UnreadFormat(
    name="pg-custom",
    title="a PostgreSQL custom archive",
    signs=(Magic(starts=(b"PGDMP",)),),
    advice="Make plain text of it first: pg_restore -f out.sql FILE",
)
