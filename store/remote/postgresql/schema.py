"""The tables and functions of an event store in PostgreSQL.

Positions are dense, from 1, and given under a lock that is held until the transaction ends: the
order of positions is the order of commits, and whoever finds a position missing knows that an
earlier transaction has not ended. (A position from a sequence is given before the commit, and a
reader that goes by it passes by what commits late.) `transaction_id` says in which transaction an
event came. Triggers refuse whatever would change or remove an event, in replicas too.

Payloads are of type json, which keeps their text as it is; jsonb would not.
"""

from typing import Final

LAYOUT: Final = 1
CHANNEL: Final = "foldline_appended"  # of NOTIFY; the payload is the schema's name

TABLES: Final = """
CREATE SCHEMA IF NOT EXISTS {schema};
CREATE TABLE {schema}.store (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    layout integer NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO {schema}.store (layout) VALUES ({layout});
CREATE TABLE {schema}.events (
    position bigint PRIMARY KEY CHECK (position > 0),
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    stream text NOT NULL CHECK (stream <> ''),
    version bigint NOT NULL CHECK (version > 0),
    event_id text NOT NULL UNIQUE,
    type text NOT NULL CHECK (type <> ''),
    recorded_at_us bigint NOT NULL,
    occurred_at_us bigint,
    occurred_offset_min smallint,
    data json NOT NULL,
    metadata json NOT NULL CHECK (json_typeof(metadata) = 'object'),
    source json CHECK (json_typeof(source) = 'object'),
    UNIQUE (stream, version)
);
"""

TRIGGERS: Final = """
CREATE FUNCTION {schema}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed or removed';
END $$;
CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.events
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
CREATE FUNCTION {schema}.tell_append() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify({channel}, {name});
    RETURN NULL;
END $$;
CREATE TRIGGER events_tell AFTER INSERT ON {schema}.events
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.tell_append();
ALTER TABLE {schema}.events ENABLE ALWAYS TRIGGER events_stay;
"""

# A connection that began on an empty store would keep on reading the whole table, for its plans are
# made once: so they use the indexes from the beginning.
# expected: the version that the decision was based on; NULL: any. What it says:
#   ok         recorded; at_version and at_position are of the last event
#   repeated   these very events are recorded already, one after the other: the same answer
#   conflict   at_version is the stream's newest
#   taken      the id at this place of the append belongs to another event; at_version is its place
APPEND: Final = """
CREATE FUNCTION {schema}.append_events(
    into_stream text, expected bigint, ids text[], types text[], datas text[], metadatas text[],
    occurred bigint[], offsets smallint[], sources text[],
    OUT outcome text, OUT at_version bigint, OUT at_position bigint
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    wanted integer := cardinality(ids);
    found integer;
    first_version bigint;
    now_us bigint;
BEGIN
    PERFORM pg_advisory_xact_lock({lock}, hashtext({name}));
    SELECT count(*), min(e.version), max(e.version), max(e.position)
        INTO found, first_version, at_version, at_position
        FROM {schema}.events e WHERE e.event_id = ANY (ids);
    IF found > 0 THEN
        IF found = wanted AND wanted = (
            SELECT count(*) FROM unnest(ids, types, datas, metadatas)
                WITH ORDINALITY AS a (id, type, data, metadata, place)
            JOIN {schema}.events e ON e.event_id = a.id
            WHERE e.stream = into_stream AND e.version = first_version + a.place - 1
                AND e.type = a.type AND e.data::text = a.data AND e.metadata::text = a.metadata
        ) THEN
            outcome := 'repeated';
            RETURN;
        END IF;
        outcome := 'taken';
        SELECT min(a.place) INTO at_version FROM unnest(ids) WITH ORDINALITY AS a (id, place)
            JOIN {schema}.events e ON e.event_id = a.id;
        RETURN;
    END IF;
    SELECT coalesce(max(e.version), 0) INTO at_version
        FROM {schema}.events e WHERE e.stream = into_stream;
    IF expected IS NOT NULL AND expected <> at_version THEN
        outcome := 'conflict';
        RETURN;
    END IF;
    SELECT e.position, e.recorded_at_us INTO at_position, now_us
        FROM {schema}.events e ORDER BY e.position DESC LIMIT 1;
    at_position := coalesce(at_position, 0);
    now_us := greatest(now_us, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
    INSERT INTO {schema}.events (
        position, stream, version, event_id, type, recorded_at_us, occurred_at_us,
        occurred_offset_min, data, metadata, source
    )
    SELECT at_position + a.place, into_stream, at_version + a.place, a.id,
        a.type, now_us, a.at_us, a.offset_min, a.data::json, a.metadata::json, a.source::json
    FROM unnest(ids, types, datas, metadatas, occurred, offsets, sources)
        WITH ORDINALITY AS a (id, type, data, metadata, at_us, offset_min, source, place)
    ORDER BY a.place;
    at_version := at_version + wanted;
    at_position := at_position + wanted;
    outcome := 'ok';
END $$;
"""
LOCK: Final = 1_179_405_388  # names the kind of lock; the schema's hash names the store
