-- Tables and function of Marten (MIT) as its EventsTable, StreamsTable, EventProgressionTable and
-- QuickAppendEventFunction create them, with streams by Guid and all metadata columns.
CREATE SEQUENCE mt_events_sequence;
CREATE TABLE mt_streams (
    id uuid NOT NULL,
    type varchar NULL,
    version bigint NULL,
    timestamp timestamptz NOT NULL DEFAULT (now()),
    created timestamptz NOT NULL DEFAULT (now()),
    tenant_id varchar NOT NULL DEFAULT '*DEFAULT*',
    is_archived boolean NOT NULL DEFAULT FALSE,
    CONSTRAINT pkey_mt_streams_id PRIMARY KEY (id)
);
CREATE TABLE mt_events (
    seq_id bigint NOT NULL,
    id uuid NOT NULL,
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    data jsonb NOT NULL,
    bdata bytea NULL,
    type varchar(500) NOT NULL,
    timestamp timestamptz NOT NULL DEFAULT (now()),
    tenant_id varchar NOT NULL DEFAULT '*DEFAULT*',
    mt_dotnet_type varchar NULL,
    correlation_id varchar NULL,
    causation_id varchar NULL,
    headers jsonb NULL,
    user_name varchar NULL,
    is_archived boolean NOT NULL DEFAULT FALSE,
    CONSTRAINT pkey_mt_events_seq_id PRIMARY KEY (seq_id),
    CONSTRAINT fkey_mt_events_stream_id FOREIGN KEY (stream_id) REFERENCES mt_streams (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON mt_events USING btree (stream_id, version);
ALTER SEQUENCE mt_events_sequence OWNED BY mt_events.seq_id;
CREATE TABLE mt_event_progression (
    name varchar NOT NULL,
    last_seq_id bigint NULL,
    last_updated timestamp with time zone DEFAULT (transaction_timestamp()),
    CONSTRAINT pk_mt_event_progression PRIMARY KEY (name)
);
CREATE OR REPLACE FUNCTION mt_quick_append_events(stream uuid, stream_type varchar, tenantid varchar, event_ids uuid[], event_types varchar[], dotnet_types varchar[], bodies jsonb[], bdatas bytea[], causation_ids varchar[], correlation_ids varchar[], headers jsonb[], user_names varchar[], expected_version integer DEFAULT NULL::integer) RETURNS int[] AS $$
DECLARE
    event_version int;
    stream_is_archived boolean;
    event_type varchar;
    event_id uuid;
    body jsonb;
    index int;
    seq int;
    actual_tenant varchar;
    return_value int[];
BEGIN
    if expected_version IS NOT NULL then
        -- COALESCE turns the NULL we get for a brand-new stream into 0, so a
        -- FetchForWriting against a non-existent stream (which sets
        -- ExpectedVersionOnServer = 0) and a StartStream(id, version: 0) both
        -- land on the new-stream branch instead of mis-firing the guard.
        select version, is_archived into event_version, stream_is_archived from mt_streams where id = stream;
        if COALESCE(event_version, 0) != expected_version then
            RAISE EXCEPTION 'Stream version mismatch on ''%'': expected %, actual %', stream, expected_version, COALESCE(event_version, 0) USING ERRCODE = 'MT003';
        end if;
    else
        select version, is_archived into event_version, stream_is_archived from mt_streams where id = stream;
    end if;

    if event_version IS NULL then
        event_version = 0;
        insert into mt_streams (id, type, version, timestamp, tenant_id) values (stream, stream_type, 0, now(), tenantid);
    else
        if stream_is_archived then
            RAISE EXCEPTION 'Attempted to append event to archived stream with Id ''%''.', stream USING ERRCODE = 'MT001';
        end if;
        if tenantid IS NOT NULL then
            select tenant_id into actual_tenant from mt_streams where id = stream;
            if actual_tenant != tenantid then
                RAISE EXCEPTION 'The tenantid does not match the existing stream';
            end if;
        end if;
    end if;

    index := 1;
    -- #5062: array_length('{}', 1) is NULL in PostgreSQL, not 0, so a call with an
    -- empty event array used to return ARRAY[NULL] -- a bigint[] whose only element
    -- is NULL, which Npgsql cannot read into long[] ('Cannot read a non-nullable
    -- collection of elements because the returned array contains nulls'). COALESCE
    -- makes the empty case mean what it says: zero events appended, so the final
    -- version is the stream's current version.
    return_value := ARRAY[event_version + COALESCE(array_length(event_ids, 1), 0)];

    foreach event_id in ARRAY event_ids
    loop
        seq := nextval('mt_events_sequence');
        return_value := array_append(return_value, seq);

        event_version := event_version + 1;
        event_type = event_types[index];
        body = bodies[index];

        -- #4515 / #4578 / Phase 2: bdatas[index] carries the binary payload
        -- for events opted in to binary serialization (NULL otherwise).
        -- bodies[index] is the {} JSON placeholder for those events so the
        -- existing data jsonb NOT NULL constraint stays intact.
        insert into mt_events
            (seq_id, id, stream_id, version, data, bdata, type, tenant_id, timestamp, mt_dotnet_type, is_archived, causation_id, correlation_id, headers, user_name)
        values
            (seq, event_id, stream, event_version, body, bdatas[index], event_type, tenantid, (now() at time zone 'utc'), dotnet_types[index], FALSE, causation_ids[index], correlation_ids[index], headers[index], user_names[index]);

        index := index + 1;
    end loop;

    update mt_streams set version = event_version, timestamp = now() where id = stream;

    return return_value;
END
$$ LANGUAGE plpgsql;
