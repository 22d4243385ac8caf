"""The tables and guards of logs whose schema is older than the newest, as they are read.

They are not made any more: a check compares what a log has with what its version had.
"""

from typing import Final

from store.sqlite import schema

# Before there was a chain.
_EVENTS_GUARD: Final = """
CREATE TRIGGER events_are_dense BEFORE INSERT ON events BEGIN
    SELECT CASE
        WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events)
            THEN RAISE(ABORT, 'events are append-only: positions are dense')
        WHEN NEW.version IS NOT (
            SELECT coalesce(max(version), 0) + 1 FROM events WHERE stream_id = NEW.stream_id)
            THEN RAISE(ABORT, 'events are append-only: versions are dense')
        WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
            THEN RAISE(ABORT, 'events are append-only: this id is already recorded')
    END;
END;
"""
_CHAIN_COLUMN: Final = ",\n    chain BLOB"


def statements(version: int, *, is_older: bool) -> list[str]:
    """Everything that a log of a schema version has, in order; `is_older`: as one has it that was
    begun before version 4."""
    if version >= schema.CHAINED_SINCE:
        return schema.statements(is_older=is_older)
    tables = schema.OLDER_TABLES.replace(_CHAIN_COLUMN, "")
    made = [tables, *schema.guards_and_view(), *schema.INDEXES]
    added = (script for since, script in schema.MIGRATIONS.items() if since < version)
    return [*made, _EVENTS_GUARD, *schema.NAMES_GUARD, *added]
