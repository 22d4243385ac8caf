-- Tables of python eventsourcing 9 (BSD-3-Clause) as its PostgresApplicationRecorder creates them.
CREATE TABLE IF NOT EXISTS orders_events (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text,
    state bytea,
    notification_id bigserial,
    PRIMARY KEY (originator_id, originator_version))
    WITH (autovacuum_enabled=false);
CREATE UNIQUE INDEX IF NOT EXISTS orders_events_notification_id_idx
    ON orders_events (notification_id ASC);
CREATE TABLE IF NOT EXISTS orders_snapshots (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text,
    state bytea,
    PRIMARY KEY (originator_id, originator_version))
    WITH (autovacuum_enabled=false);
