"""Read an event store in PostgreSQL: one connection to ask, and one that listens."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

import psycopg
from psycopg import sql

from store.errors import Cancelled
from store.remote.address import Address
from store.remote.errors import NotARemote, RemoteReplaced
from store.remote.interface import PAGE, Abilities, RemoteEvent
from store.remote.postgresql.connection import (
    Connection,
    connected,
    nothing_there,
    schema_name,
    schema_of,
    speaking,
)
from store.remote.postgresql.rows import COLUMNS, cursor_of, dense, event_of, replaced
from store.remote.postgresql.schema import CHANNEL, LAYOUT
from store.words import said

_PAGE: Final = f"SELECT {COLUMNS} FROM {{}}.events WHERE position > %s ORDER BY position LIMIT %s"
_STREAM: Final = (
    f"SELECT {COLUMNS} FROM {{}}.events WHERE stream = %s AND version > %s "
    "ORDER BY version LIMIT %s"
)
_HEAD: Final = "SELECT position, event_id FROM {}.events ORDER BY position DESC LIMIT 1"
_VERSION: Final = "SELECT coalesce(max(version), 0) FROM {}.events WHERE stream = %s"
_AT: Final = "SELECT event_id FROM {}.events WHERE position = %s"
_STORE: Final = "SELECT id::text, layout FROM {}.store"
LISTENED_S: Final = 0.1  # between two looks at whether a wait was interrupted


class PostgresReader:
    """store.remote.interface.RemoteReader. Every transaction of its connections is read-only."""

    abilities = Abilities(order="global", has_wake_up=True, can_append=True)

    def __init__(self, address: Address, *, is_read_only: bool = True) -> None:
        """Raises NotARemote where no event store of ours is."""
        self.address = address
        self._is_read_only = is_read_only
        self._schema, self._name = schema_of(address), schema_name(address)
        self._is_interrupted = threading.Event()
        self._listening: Connection | None = None
        self._db = connected(address, is_read_only=is_read_only)
        try:
            self._identity = self._read_identity()
        except BaseException:
            self.close()
            raise

    def identity(self) -> str:
        return self._identity

    def head(self) -> str | None:
        rows = self._rows(_HEAD)
        return cursor_of(*rows[0]) if rows else None

    def page(self, after: str | None, *, limit: int = PAGE) -> Sequence[RemoteEvent]:
        position = self._position_of(after)
        found = self._rows(_PAGE, position, limit)
        if (not found or found[0][0] != position + 1) and after is not None:
            self._require_there(after)
        return [event_of(row) for row in dense(found, position + 1)]

    def distance(self, after: str | None) -> int | None:
        head = self.head()
        return max(0, self._position_of(head) - self._position_of(after))

    def stream(self, name: str, *, after: int = 0) -> Iterator[RemoteEvent]:
        while rows := self._rows(_STREAM, name, after, PAGE):
            yield from map(event_of, rows)
            after = rows[-1][2]

    def version(self, stream: str) -> int:
        return int(self._rows(_VERSION, stream)[0][0])

    def wait(self, timeout_s: float) -> bool:
        """By NOTIFY. The first wait returns at once: what came before it began was not heard."""
        ends = time.monotonic() + timeout_s
        with speaking(self.address):
            if self._listening is None:
                self._listening = self._listener()
                return True
            listening = self._listening
            while (left_s := ends - time.monotonic()) > 0:
                self._require_wanted()
                told = listening.notifies(timeout=min(left_s, LISTENED_S), stop_after=1)
                if any(it.payload == self._name for it in told):
                    return True
        return False

    def interrupt(self) -> None:
        self._is_interrupted.set()
        with suppress(psycopg.Error):
            self._db.cancel_safe(timeout=2)

    def close(self) -> None:
        for it in (self._db, self._listening):
            if it is not None:
                with suppress(psycopg.Error):
                    it.close()

    def _listener(self) -> Connection:
        listening = connected(self.address, is_read_only=self._is_read_only)
        listening.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        return listening

    def _require_wanted(self) -> None:
        if self._is_interrupted.is_set():
            self._is_interrupted.clear()
            raise Cancelled

    def _rows(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        with speaking(self.address):
            self._require_wanted()
            return self._db.execute(sql.SQL(text).format(self._schema), values).fetchall()

    def _read_identity(self) -> str:
        rows = self._rows(_STORE)
        if not rows:
            raise nothing_there(self.address)
        identity, layout = rows[0]
        if layout != LAYOUT:
            reason = said(
                "its tables have layout {found}, and this Foldline knows {known}",
                found=layout,
                known=LAYOUT,
            )
            raise NotARemote(reason, self.address.shown)
        return str(identity)

    def _position_of(self, cursor: str | None) -> int:
        if cursor is None:
            return 0
        number, _, _ = cursor.partition(":")
        if not number.isascii() or not number.isdigit():
            raise RemoteReplaced(said("its cursor is not one of PostgreSQL"), self.address.shown)
        return int(number)

    def _require_there(self, cursor: str) -> None:
        """Raises RemoteReplaced when the event of a cursor is gone, or another one is there."""
        position = self._position_of(cursor)
        rows = self._rows(_AT, position)
        if not rows or cursor_of(position, rows[0][0]) != cursor:
            raise replaced(position, self.address)
