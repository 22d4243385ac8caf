"""The tables of an event store in Cassandra.

A stream belongs to one shard, by a hash of its name. The log of a shard lies in segments, each
one partition, and an append is one conditional batch within the newest of them. So one
lightweight transaction says that the stream is still at the expected version, gives the events
dense places in the shard, and records all of them or none. What follows from it:

* Places of a shard have no gaps, so a reader that goes by them passes by nothing.
* Shards know nothing of each other: only the order within a shard, and so within each stream, is
  promised.
* Whoever appends to one shard waits for the others who do. More shards are more at once.

Before an append three things are noted without a condition, each a set that may hold too much and
never too little: in which segments a stream may lie, at which version of it an event with an id may
be, and which segments a shard may have. A process that dies after them leaves nothing that a reader
sees.

Rows of `log`, by `kind`:
    event   number: its place in the shard; key: empty
    append  key: the stream; number: the version of the first event; `place`, `many`
    stream  key: the stream; number: 0; `version`: its newest within this segment
"""

from typing import Final

LAYOUT: Final = 1
SHARDS: Final = 16
SEGMENT_EVENTS: Final = 5_000  # then a new segment begins
SEGMENT_BYTES: Final = 32_000_000  # of payloads; likewise

TABLES: Final = (
    "CREATE TABLE {}.store (only_row text PRIMARY KEY, id text, layout int, shards int)",
    """CREATE TABLE {}.log (
        shard int, segment int, kind text, key text, number bigint,
        head bigint STATIC, first bigint STATIC, at_us bigint STATIC, size bigint STATIC,
        is_closed boolean STATIC,
        stream text, version bigint, place bigint, many int,
        event_id text, type text, recorded_at_us bigint, occurred_at_us bigint,
        occurred_offset_min int, data text, metadata text, source text,
        PRIMARY KEY ((shard, segment), kind, key, number))""",
    "CREATE TABLE {}.segments (shard int, segment int, PRIMARY KEY (shard, segment)) "
    "WITH CLUSTERING ORDER BY (segment DESC)",
    "CREATE TABLE {}.stream_segments (stream text, segment int, PRIMARY KEY (stream, segment)) "
    "WITH CLUSTERING ORDER BY (segment DESC)",
    "CREATE TABLE {}.claims (stream text, event_id text, version bigint, "
    "PRIMARY KEY (stream, event_id, version))",
)
NAMES: Final = frozenset({"store", "log", "segments", "stream_segments", "claims"})

OPEN_SEGMENT: Final = (
    "INSERT INTO {}.log (shard, segment, head, first, at_us, size, is_closed) "
    "VALUES (?, ?, ?, ?, ?, 0, false) IF NOT EXISTS"
)
NOTE_SEGMENT: Final = "INSERT INTO {}.segments (shard, segment) VALUES (?, ?)"
