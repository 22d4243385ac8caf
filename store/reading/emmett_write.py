"""Write events as the SQLite file of Emmett, with the tables that version 0.42.4 makes.

The columns hold all but the two times, of which `created` says one, in whole seconds; the rest is
carried in the metadata. `message_schema_version` is what Emmett writes there itself: the position
that an append expected.
"""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final

from store.by_weight import by_weight
from store.events import RecordedEvent
from store.provenance import source_members
from store.reading.database_file import written_database
from store.reading.format import Outgoing
from store.reading.json_members import members
from store.reading.losses import LINKS, Loss, source_but_of
from store.reading.own_member import REPEATED, occurred_text, recorded_text, with_ours
from store.times import format_moment

NAME: Final = "emmett"
PARTITION: Final = "emt:default"
RENAMED: Final = {"correlationId": "correlation_id", "causationId": "causation_id"}
LOSSES: Final[tuple[Loss, ...]] = (LINKS, source_but_of(NAME), REPEATED)
SCHEMA: Final = (
    """CREATE TABLE emt_streams(
      stream_id         TEXT                      NOT NULL,
      stream_position   BIGINT                    NOT NULL DEFAULT 0,
      partition         TEXT                      NOT NULL DEFAULT 'global',
      stream_type       TEXT                      NOT NULL,
      stream_metadata   JSONB                     NOT NULL,
      is_archived       BOOLEAN                   NOT NULL DEFAULT FALSE,
      PRIMARY KEY (stream_id, partition, is_archived),
      UNIQUE (stream_id, partition, is_archived)
  )""",
    """CREATE TABLE emt_messages(
      stream_id              TEXT                      NOT NULL,
      stream_position        BIGINT                    NOT NULL,
      partition              TEXT                      NOT NULL DEFAULT 'global',
      message_kind           CHAR(1)                   NOT NULL DEFAULT 'E',
      message_data           JSONB                     NOT NULL,
      message_metadata       JSONB                     NOT NULL,
      message_schema_version TEXT                      NOT NULL,
      message_type           TEXT                      NOT NULL,
      message_id             TEXT                      NOT NULL,
      is_archived            BOOLEAN                   NOT NULL DEFAULT FALSE,
      global_position        INTEGER                   PRIMARY KEY,
      created                DATETIME                  DEFAULT CURRENT_TIMESTAMP,
      UNIQUE (stream_id, stream_position, partition, is_archived)
  )""",
    """CREATE TABLE emt_processors(
      processor_id                 TEXT                  NOT NULL,
      version                      INTEGER               NOT NULL DEFAULT 1,
      partition                    TEXT                  NOT NULL DEFAULT 'global',
      status                       TEXT                  NOT NULL DEFAULT 'stopped',
      last_processed_checkpoint    TEXT                  NOT NULL,
      processor_instance_id        TEXT                  DEFAULT 'emt:unknown',
      PRIMARY KEY (processor_id, partition, version)
  )""",
    """CREATE TABLE emt_projections(
      name                         TEXT                  NOT NULL,
      version                      INTEGER               NOT NULL DEFAULT 1,
      partition                    TEXT                  NOT NULL DEFAULT 'global',
      type                         CHAR(1)               NOT NULL,
      kind                         TEXT                  NOT NULL,
      status                       TEXT                  NOT NULL,
      definition                   JSONB                 NOT NULL DEFAULT '{}',
      PRIMARY KEY (name, partition, version)
  )""",
)
_MESSAGE: Final = "INSERT INTO emt_messages VALUES (?, ?, ?, 'E', ?, ?, ?, ?, ?, ?, ?, ?)"
# Emmett 0.42 names the partition so in this table alone, and finds a stream by that name only.
_STREAMS: Final = """
INSERT INTO emt_streams
SELECT stream_id, max(stream_position), '[object Object]',
       CASE WHEN instr(stream_id, '-') > 1 THEN substr(stream_id, 1, instr(stream_id, '-') - 1)
            ELSE 'emt:unknown' END, '[]', is_archived
FROM emt_messages GROUP BY stream_id, is_archived
"""
_ROWS_AT_ONCE: Final = 500
_NUMBER_STARTS: Final = frozenset("-0123456789")
_SECOND_US: Final = 1_000_000


def write(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """The messages in the order of the log, and a row for each stream."""
    written = 0
    with written_database(file, *SCHEMA) as db:
        rows: Iterator[tuple[Any, ...]] = (_row(it.event) for it in events)
        for batch in by_weight(rows, lambda it: len(it[3]), most=_ROWS_AT_ONCE):
            db.executemany(_MESSAGE, batch)
            written += len(batch)
        db.execute(_STREAMS)
    return written


def _row(event: RecordedEvent) -> tuple[Any, ...]:
    stream, partition, is_archived = _life(event)
    second_us = event.recorded_at_us - event.recorded_at_us % _SECOND_US
    created = format_moment(second_us, None)[:19].replace("T", " ")
    metadata = with_ours(event.metadata_json, _times(event), renamed=RENAMED)
    return (
        *(stream, event.version, partition, _data(event.data_json), metadata),
        str(event.version - 1),
        *(event.type, event.id, is_archived, event.position, created),
    )


def _data(text: str) -> str | bytes:
    """A bare number as bytes: SQLite would take the text for a number of its own, and round it."""
    return text.encode() if text.lstrip()[:1] in _NUMBER_STARTS else text


def _life(event: RecordedEvent) -> tuple[str, str, bool]:
    """Stream, partition and whether it is archived: those of an event that came from Emmett are
    what they were."""
    source = source_members(event.source_json, NAME)
    partition = source.get("partition")
    if not isinstance(partition, str):
        return event.stream, PARTITION, False
    is_archived = source.get("is_archived") is True
    return event.stream.removesuffix(f"@{partition}"), partition, is_archived


def _times(event: RecordedEvent) -> dict[str, str]:
    """The times that `created` does not say, or that a reader would take from `metadata.at`."""
    recorded = (event.recorded_at_us, event.recorded_offset_min)
    is_said = recorded[0] % _SECOND_US == 0 and recorded[1] == 0
    is_one = (event.occurred_at_us, event.occurred_offset_min) == recorded
    if is_said and is_one and "at" not in dict(members(event.metadata_json)):
        return {}
    return {"occurred_at": occurred_text(event), "recorded_at": recorded_text(event)}
