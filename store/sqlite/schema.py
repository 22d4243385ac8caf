"""The log file's tables, and the triggers by which the file itself refuses to be changed.

Positions and versions are dense from 1, so they are checked at every insert, which also stops
INSERT OR REPLACE: a row that would replace another can be neither the next position, nor the
next version of its stream, nor carry an id that is already there.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final

from store.beside import chained_rows, command_tables
from store.beside.chained_rows import CHAINED, record_rows

APPLICATION_ID: Final = 0x464F4C44  # "FOLD"
BRANCH_ID: Final = 0x464F4C42  # "FOLB": its own events have the tables of a log
SCHEMA_VERSION: Final = 4
CHAINED_SINCE: Final = 4  # the schema version from which on what is recorded is chained

_TABLES: Final = """
CREATE TABLE store_facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE types (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL REFERENCES streams (id),
    version INTEGER NOT NULL,
    type_id INTEGER NOT NULL REFERENCES types (id),
    id TEXT NOT NULL{unique_id},
    recorded_at_us INTEGER NOT NULL,
    recorded_offset_min INTEGER,
    recorded_max_us INTEGER NOT NULL,
    occurred_at_us INTEGER NOT NULL,
    occurred_offset_min INTEGER,
    data TEXT NOT NULL CHECK (json_valid(data)),
    metadata TEXT NOT NULL CHECK (json_type(metadata) = 'object'),
    source TEXT CHECK (source IS NULL OR json_type(source) = 'object'),
    checksum INTEGER NOT NULL,
    chain BLOB{unique_version}
) STRICT;
CREATE TABLE links (
    stream_id INTEGER NOT NULL REFERENCES streams (id),
    position INTEGER NOT NULL REFERENCES events (position),
    PRIMARY KEY (stream_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_position ON links (position);
CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    imported_at_us INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    manifest TEXT NOT NULL CHECK (json_type(manifest) = 'object')
) STRICT;
"""

# Logs that were begun under an older schema have two of the indexes within the table.
TABLES: Final = _TABLES.format(unique_id="", unique_version="")
OLDER_TABLES: Final = _TABLES.format(
    unique_id=" UNIQUE", unique_version=",\n    UNIQUE (stream_id, version)"
)
ID_INDEX: Final = "CREATE UNIQUE INDEX events_by_id ON events (id);"
UNIQUE_INDEXES: Final = (
    ID_INDEX,
    "CREATE UNIQUE INDEX events_by_stream ON events (stream_id, version);",
)
INDEXES: Final = ("CREATE INDEX events_by_type ON events (type_id);",)

# The conditions stand twice: a body that is not entered makes an append a fiftieth cheaper.
EVENTS_GUARD: Final = """
CREATE TRIGGER events_are_dense BEFORE INSERT ON events
WHEN {position} OR {version} OR {id} OR {chain} BEGIN
    SELECT CASE
        WHEN {position} THEN RAISE(ABORT, 'events are append-only: positions are dense')
        WHEN {version} THEN RAISE(ABORT, 'events are append-only: versions are dense')
        WHEN {id} THEN RAISE(ABORT, 'events are append-only: this id is already recorded')
        ELSE RAISE(ABORT, 'events are append-only: each carries its chain')
    END;
END;
""".format(
    position="NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events)",
    version="NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM events"
    " WHERE stream_id = NEW.stream_id)",
    id="EXISTS (SELECT 1 FROM events WHERE id = NEW.id)",
    chain="length(NEW.chain) IS NOT 32",
)

NAMES_GUARD: Final = (
    """CREATE TRIGGER streams_are_kept BEFORE INSERT ON streams BEGIN
    SELECT RAISE(ABORT, 'streams are append-only') WHERE EXISTS (
        SELECT 1 FROM streams WHERE id = NEW.id OR name = NEW.name);
END;
""",
    """CREATE TRIGGER types_are_kept BEFORE INSERT ON types BEGIN
    SELECT RAISE(ABORT, 'types are append-only') WHERE EXISTS (
        SELECT 1 FROM types WHERE id = NEW.id OR name = NEW.name);
END;
""",
    """CREATE TRIGGER links_are_kept BEFORE INSERT ON links BEGIN
    SELECT RAISE(ABORT, 'links are append-only') WHERE EXISTS (
        SELECT 1 FROM links WHERE stream_id = NEW.stream_id AND position = NEW.position);
END;
""",
)

INSERT_GUARD: Final = """
CREATE TRIGGER imports_are_kept BEFORE INSERT ON imports BEGIN
    SELECT RAISE(ABORT, 'imports are append-only') WHERE EXISTS (
        SELECT 1 FROM imports WHERE id = NEW.id);
END;
CREATE TRIGGER store_facts_are_kept BEFORE INSERT ON store_facts BEGIN
    SELECT RAISE(ABORT, 'store facts are append-only') WHERE EXISTS (
        SELECT 1 FROM store_facts WHERE key = NEW.key);
END;
"""

CHANGE_GUARD: Final = """
CREATE TRIGGER {table}_refuse_update BEFORE UPDATE ON {table} BEGIN
    SELECT RAISE(ABORT, '{table} are append-only: UPDATE is refused');
END;
CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table} BEGIN
    SELECT RAISE(ABORT, '{table} are append-only: DELETE is refused');
END;
"""

GUARDED: Final = ("events", "streams", "types", "links", "imports", "store_facts")

# For people with a plain sqlite3 at hand: SELECT * FROM event_log ORDER BY position.
EVENT_LOG_VIEW: Final = """
CREATE VIEW event_log AS
SELECT e.position, s.name AS stream, e.version, t.name AS type, e.id,
       {recorded} AS recorded_at, {occurred} AS occurred_at,
       e.data, e.metadata, e.source,
       e.recorded_at_us, e.recorded_offset_min, e.occurred_at_us, e.occurred_offset_min
FROM events e JOIN streams s ON s.id = e.stream_id JOIN types t ON t.id = e.type_id;
"""

_UTC_TEXT: Final = (
    "strftime('%Y-%m-%dT%H:%M:%S', ({column} - (({column} % 1000000) + 1000000) % 1000000)"
    " / 1000000, 'unixepoch') || printf('.%06dZ', (({column} % 1000000) + 1000000) % 1000000)"
)


# Facts of a log that was begun under an older schema: how many events, and how many rows of each
# table beside them as a JSON object, were recorded before there was a chain.
UNCHAINED_EVENTS: Final = "unchained_events"
UNCHAINED_ROWS: Final = "unchained_rows"
_UNCHAINED_EVENTS: Final = f"""
INSERT INTO store_facts SELECT '{UNCHAINED_EVENTS}', coalesce(max(position), 0) FROM events;
"""


def statements(*, is_older: bool = False) -> list[str]:
    """Everything that makes an empty file a log, in order; `is_older` as a log has it that was
    begun before schema version 4 and brought there."""
    return [*bare(tables=OLDER_TABLES), *_last(INDEXES)] if is_older else [*bare(), *last()]


def bare(*, tables: str = TABLES) -> list[str]:
    """What makes a log that rows are written to in bulk; `last` completes it."""
    made = [tables, *guards_and_view()]
    return [*made, *_commands(), *_attempts(), *_retry_journal(), *_chains()]


def guards_and_view() -> list[str]:
    """What version 1 has beside its tables and what `last` gives."""
    view = EVENT_LOG_VIEW.format(
        recorded=_UTC_TEXT.format(column="e.recorded_at_us"),
        occurred=_UTC_TEXT.format(column="e.occurred_at_us"),
    )
    return [INSERT_GUARD, *_change_guards(GUARDED), view]


def last() -> list[str]:
    """What is made when the rows are in, a statement each: indexes cost less then, and guards
    look at each row. A unique index refuses what should not be there."""
    return _last((*UNIQUE_INDEXES, *INDEXES))


def _last(indexes: Iterable[str]) -> list[str]:
    return [*indexes, EVENTS_GUARD, *NAMES_GUARD]


def _change_guards(tables: Iterable[str]) -> list[str]:
    return [CHANGE_GUARD.format(table=table) for table in tables]


def _commands() -> list[str]:
    """What version 2 added."""
    guards = _change_guards(command_tables.GUARDED)
    return [command_tables.TABLES, command_tables.KEPT_GUARDS, *guards]


def _attempts() -> list[str]:
    """What version 3 added."""
    guards = _change_guards(["command_attempts"])
    return [command_tables.ATTEMPTS, command_tables.ATTEMPTS_GUARD, *guards]


def _retry_journal() -> list[str]:
    """What version 4 added for what fails and is tried again."""
    guards = _change_guards(["retry_journal"])
    return [command_tables.RETRY_JOURNAL, command_tables.RETRY_JOURNAL_GUARD, *guards]


def _chains() -> list[str]:
    """What version 4 added, beside the chain of the events."""
    guards = _change_guards(["beside_chain"])
    return [chained_rows.TABLE, chained_rows.GUARD, *guards]


def _begin_chains() -> list[str]:
    """The step from version 3 to 4. What is older stays without a chain, and it is recorded how
    much that is: a migration reads no events."""
    add = "ALTER TABLE events ADD COLUMN chain BLOB;DROP TRIGGER events_are_dense;"
    made = [add, EVENTS_GUARD, *_retry_journal(), *_chains()]
    return [*made, _UNCHAINED_EVENTS, _unchained_rows()]


def _unchained_rows() -> str:
    counts = ", ".join(f"'{it}', (SELECT count(*) FROM {it})" for it in CHAINED)
    itself = counts.replace("FROM store_facts)", "+ 1 FROM store_facts)")
    return f"INSERT INTO store_facts SELECT '{UNCHAINED_ROWS}', json_object({itself});"


def create(db: sqlite3.Connection, *, store_id: str, is_bare: bool = False) -> None:
    """Make an empty file a log of the current schema version, all or nothing; `is_bare` without
    what `last` gives."""
    script = "".join(bare() if is_bare else statements())
    db.executescript(
        f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID};"
        f"PRAGMA user_version = {SCHEMA_VERSION};{script}COMMIT;"
    )
    record_rows(
        db, "store_facts", "INSERT INTO store_facts VALUES (?, ?)", [("store_id", store_id)]
    )


# One entry per step: MIGRATIONS[n] is the script that takes a log from schema version n to
# n + 1.
MIGRATIONS: Final[dict[int, str]] = {
    1: "".join(_commands()),
    2: "".join(_attempts()),
    3: "".join(_begin_chains()),
}


def migrate(db: sqlite3.Connection, *, steps: dict[int, str] = MIGRATIONS) -> int:
    """Bring an older log to the newest schema, one transaction a step. Returns its version.

    Several may try at once: whoever comes second finds the step done.
    """
    while (version := version_of(db)) in steps:
        try:
            db.executescript(
                f"BEGIN IMMEDIATE; {steps[version]} PRAGMA user_version = {version + 1}; COMMIT;"
            )
        except sqlite3.OperationalError:
            db.rollback()
            if version_of(db) == version:
                raise
    return version


def version_of(db: sqlite3.Connection) -> int:
    """The schema version of a log."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version
