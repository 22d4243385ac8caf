"""One read-only connection to a PostgreSQL server, asked from one thread, and interruptible from
any."""

import threading
import time
from contextlib import suppress
from typing import Any, Final

import psycopg
from psycopg.sql import SQL, Composed

from store.errors import Cancelled
from store.remote.address import Address
from store.remote.postgresql.connection import Connection, speaking

LOOK_S: Final = 0.1  # between two looks at whether a wait was interrupted
# As a dump writes values, whatever the server's own settings are.
_PLAIN: Final = """
SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET bytea_output = 'hex'; SET extra_float_digits = 3;
SET client_encoding = 'UTF8'
"""


class Questions:
    """Every call raises Unreachable, Refused, and Cancelled when it was interrupted."""

    def __init__(self, address: Address, db: Connection) -> None:
        """`db` is closed with this."""
        self.address = address
        self._db = db
        self._is_interrupted = threading.Event()
        with speaking(address):
            db.execute(_PLAIN)

    def rows(self, text: SQL | Composed, *values: Any) -> list[tuple[Any, ...]]:
        """What a question gives."""
        self.require_wanted()
        with speaking(self.address):
            return self._db.execute(text, values).fetchall()

    def named_rows(
        self, text: SQL | Composed, *values: Any
    ) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The same, with the names of the columns."""
        self.require_wanted()
        with speaking(self.address):
            cursor = self._db.execute(text, values)
            names = tuple(it.name for it in cursor.description or ())
            return names, cursor.fetchall()

    def rest(self, timeout_s: float) -> None:
        """Let time pass."""
        ends = time.monotonic() + timeout_s
        while (left_s := ends - time.monotonic()) > 0:
            self.require_wanted()
            self._is_interrupted.wait(min(left_s, LOOK_S))

    def require_wanted(self) -> None:
        """Raises Cancelled."""
        if self._is_interrupted.is_set():
            self._is_interrupted.clear()
            raise Cancelled

    def interrupt(self) -> None:
        """End a question or a rest, from another thread."""
        self._is_interrupted.set()
        with suppress(psycopg.Error):
            self._db.cancel_safe(timeout=2)

    def close(self) -> None:
        """Free the connection."""
        with suppress(psycopg.Error):
            self._db.close()
