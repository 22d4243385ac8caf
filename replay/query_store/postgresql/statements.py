"""The tables of a query store in PostgreSQL, and what is asked of them."""

from typing import Final

LAYOUT: Final = 1

TABLES: Final = """
CREATE SCHEMA IF NOT EXISTS {schema};
CREATE TABLE {schema}.query_store (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    layout integer NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO {schema}.query_store (layout) VALUES ({layout});
CREATE TABLE {schema}.stored_views (
    id text PRIMARY KEY,
    view text NOT NULL,
    made_of json NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    event_id text NOT NULL DEFAULT '',
    noted_at_us bigint NOT NULL DEFAULT 0,
    is_shown boolean NOT NULL DEFAULT false,
    begun_at_us bigint NOT NULL
);
CREATE UNIQUE INDEX ON {schema}.stored_views (view) WHERE is_shown;
CREATE TABLE {schema}.row_versions (
    stored text NOT NULL,
    id text COLLATE "C" NOT NULL,
    write bigint NOT NULL,
    until bigint,
    is_deleted boolean NOT NULL,
    sort text COLLATE "C" NOT NULL,
    key text NOT NULL,
    "row" text NOT NULL,
    columns jsonb NOT NULL,
    facts text[] NOT NULL,
    words tsvector NOT NULL,
    position bigint GENERATED ALWAYS AS (write / 65536) STORED,
    PRIMARY KEY (stored, id, write)
);
CREATE INDEX ON {schema}.row_versions (stored, sort, id, write DESC);
CREATE INDEX ON {schema}.row_versions (stored, write);
CREATE INDEX ON {schema}.row_versions USING gin (words);
CREATE INDEX ON {schema}.row_versions USING gin (facts);
"""

# What lies in a schema: NULL where there is no such table, and how many tables there are.
LOOK: Final = """
SELECT to_regclass({marker}), (
    SELECT count(*) FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
    WHERE nspname = {name} AND relkind IN ('r', 'p')
)
"""
LAYOUT_THERE: Final = "SELECT layout FROM {schema}.query_store"

VIEWS: Final = """
SELECT id, made_of::text, position, event_id, noted_at_us, is_shown
FROM {schema}.stored_views ORDER BY view, begun_at_us, id
"""
BEGIN: Final = """
INSERT INTO {schema}.stored_views (id, view, made_of, begun_at_us) VALUES (%s, %s, %s, %s)
"""
WRITE: Final = """
INSERT INTO {schema}.row_versions
    (stored, id, write, until, is_deleted, sort, key, "row", columns, facts, words)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, array_to_tsvector(string_to_array(%s, ' ')))
ON CONFLICT (stored, id, write) DO UPDATE SET until = excluded.until
WHERE row_versions.until IS NULL AND excluded.until IS NOT NULL
"""
NOTE: Final = """
UPDATE {schema}.stored_views SET position = %s, event_id = %s, noted_at_us = %s
WHERE id = %s AND position < %s
"""
NOTED: Final = """
SELECT position, event_id, noted_at_us, is_shown FROM {schema}.stored_views WHERE id = %s
"""
LOCK_VIEW: Final = "SELECT id FROM {schema}.stored_views WHERE view = %s FOR UPDATE"
LEAVE: Final = """
SELECT id FROM {schema}.stored_views WHERE view = %s AND id <> %s AND NOT is_shown
"""
HIDE: Final = "UPDATE {schema}.stored_views SET is_shown = false WHERE view = %s AND is_shown"
SHOW: Final = "UPDATE {schema}.stored_views SET is_shown = true WHERE id = %s"
DROP_VIEW: Final = "DELETE FROM {schema}.stored_views WHERE id = %s"
DROP_ROWS: Final = "DELETE FROM {schema}.row_versions WHERE stored = %s"

_READ: Final = 'SELECT id, sort, key, write, until, is_deleted, "row" FROM {schema}.row_versions'
ROWS: Final = f"""{_READ}
WHERE stored = %(stored)s AND (sort, id) > (%(sort)s, %(id)s) AND write < %(end)s
    AND (until IS NULL OR until >= %(end)s) AND NOT is_deleted
ORDER BY sort, id LIMIT %(limit)s
"""
ROW: Final = f"""{_READ}
WHERE stored = %(stored)s AND id = %(id)s AND write < %(end)s ORDER BY write DESC LIMIT 1
"""
WRITTEN: Final = f"""{_READ}
WHERE stored = %(stored)s AND write > %(after)s ORDER BY write LIMIT %(limit)s
"""
NEWEST: Final = f"""{_READ.replace("SELECT", "SELECT DISTINCT ON (sort, id)")}
WHERE stored = %(stored)s AND (sort, id) > (%(sort)s, %(id)s)
ORDER BY sort, id, write DESC LIMIT %(limit)s
"""
SEARCH: Final = f"""{_READ}
WHERE stored = %(stored)s AND words @@ %(words)s::tsquery AND until IS NULL
    AND NOT is_deleted AND write < %(end)s
ORDER BY write DESC LIMIT %(limit)s
"""
CLAIM: Final = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
RELEASE: Final = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
