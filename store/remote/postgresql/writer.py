"""Append to an event store in PostgreSQL, by its own function; an unknown outcome is asked for."""

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import psycopg
from psycopg import sql

from store.errors import DuplicateEventId, InvalidEvent, StoreError, VersionConflict
from store.events import NewEvent
from store.remote.address import Address
from store.remote.errors import OutcomeUnknown, Refused, RemoteError, Unreachable
from store.remote.interface import RemoteAppended
from store.remote.postgresql.connection import connected, lost, speaking
from store.remote.postgresql.reader import PostgresReader
from store.remote.sound import require_sound
from store.words import said

_APPEND: Final = (
    "SELECT outcome, at_version, at_position FROM {}.append_events("
    "%s, %s, %s, %s, %s, %s, %s::bigint[], %s::smallint[], %s)"
)
ASKED_AGAIN_S: Final = 30.0  # how long an outcome is asked for
PAUSES_S: Final = (0.0, 0.2, 0.5, 1.0, 2.0)  # between the attempts; the last one repeats


class PostgresStore(PostgresReader):
    """store.remote.interface.RemoteStore."""

    def __init__(self, address: Address, *, patience_s: float = ASKED_AGAIN_S) -> None:
        """`patience_s`: how long an outcome is asked for after the connection was lost."""
        super().__init__(address, is_read_only=False)
        self._patience_s = patience_s

    def append(
        self, stream: str, events: Sequence[NewEvent], *, expected: int | None
    ) -> RemoteAppended:
        require_sound(stream, events)
        if not events:
            return self._appended_nothing(stream, expected)
        values = _values(stream, events, expected)
        outcome, version, position = self._asked(values, stream)
        if outcome == "conflict":
            raise VersionConflict(stream, expected=expected or 0, actual=version)
        if outcome == "taken":
            raise DuplicateEventId(events[version - 1].id)
        cursor = f"{position}:{events[-1].id}"
        return RemoteAppended(version=version, cursor=cursor, was_there=outcome == "repeated")

    def _appended_nothing(self, stream: str, expected: int | None) -> RemoteAppended:
        version = self.version(stream)
        if expected is not None and expected != version:
            raise VersionConflict(stream, expected=expected, actual=version)
        return RemoteAppended(version=version, cursor=self.head() or "")

    def _asked(self, values: Sequence[Any], stream: str) -> tuple[str, int, int]:
        """The function's answer; asked again on a new connection as long as none came."""
        ends, tried = time.monotonic() + self._patience_s, 0
        while True:
            try:
                if self._db.closed:
                    self._connect_again()
                return self._call(values)
            except Unreachable as error:
                with suppress(psycopg.Error):
                    self._db.close()
                if time.monotonic() > ends:
                    raise _unknown(stream, error) from error
                time.sleep(PAUSES_S[min(tried, len(PAUSES_S) - 1)])
                tried += 1

    def _call(self, values: Sequence[Any]) -> tuple[str, int, int]:
        text = sql.SQL(_APPEND).format(self._schema)
        with speaking(self.address):
            try:
                row = self._db.execute(text, values).fetchone()
            except psycopg.DataError as error:
                raise _invalid(error) from None
            except psycopg.errors.IntegrityError as error:
                raise _invalid(error) from None
            except psycopg.errors.ReadOnlySqlTransaction as error:
                reason = said("this server only reads ({reason})", reason=str(error).strip())
                raise Refused(reason, self.address.shown) from None
        if row is None:  # a function with OUT parameters gives one row
            raise RemoteError(said("the server gave no answer"), self.address.shown)
        return str(row[0]), int(row[1]), int(row[2] or 0)

    def _connect_again(self) -> None:
        """Raises Unreachable, and what tells that another store is there now."""
        try:
            self._db = connected(self.address, is_read_only=False)
        except Refused as error:  # it may be starting up, or shutting down
            raise Unreachable(error.reason, error.shown) from error
        if self._read_identity() != self._identity:
            self._db.close()
            raise lost(ConnectionError(said("another store is there now")), self.address)


def _unknown(stream: str, error: Unreachable) -> OutcomeUnknown:
    reason = said(
        "it cannot be told whether the events for stream {stream!r} were recorded ({reason})",
        stream=stream,
        reason=error.reason,
    )
    return OutcomeUnknown(reason, error.shown)


def _values(stream: str, events: Sequence[NewEvent], expected: int | None) -> list[Any]:
    return [
        stream,
        expected,
        [it.id for it in events],
        [it.type for it in events],
        [it.data_json for it in events],
        [it.metadata_json for it in events],
        [it.occurred_at_us for it in events],
        [it.occurred_offset_min for it in events],
        [it.source_json for it in events],
    ]


def _invalid(error: psycopg.Error) -> StoreError:
    reason = error.diag.message_primary or str(error)
    return InvalidEvent(said("PostgreSQL takes no such event ({reason})", reason=reason))
