"""Message DB, by its function write_message."""

from collections.abc import Sequence
from typing import Final

from tests.engines.foreign.library import Db, Library, Written


def append(db: Db, stream: str, version: int, events: Sequence[Written]) -> None:
    db.execute("SET search_path TO message_store, public")
    for n, it in enumerate(events):
        cause = f'{{"causationMessageStreamName":"{stream}","causationMessagePosition":0}}'
        cause = cause if version else "{}"
        values = [it.id, stream, it.type, it.data_json, cause, version - 1 + n]
        db.execute("SELECT write_message(%s, %s, %s, %s::jsonb, %s::jsonb, %s)", values)


LIBRARY: Final = Library(
    preset="message-db", tables="message_db.sql", append=append, names_by_uuid=False
)
