"""One process at a time writes the rows of one log to one query store."""

import time
from collections.abc import Callable
from typing import Final
from uuid import uuid4

from replay.query_store.errors import SinkRunning
from replay.query_store.interface import LEASE_S, QueryStore
from replay.words import said

RENEWED_S: Final = LEASE_S / 4
CLAIMED_S: Final = LEASE_S * 1.5  # for a sink that was killed to be over
LOOK_S: Final = 0.5


class Lease:
    """`what` is the identity of the log. One thread."""

    def __init__(
        self, store: QueryStore, what: str, *, is_ended: Callable[[], bool] = lambda: False
    ) -> None:
        self._store, self._what, self._is_ended = store, what, is_ended
        self._holder = uuid4().hex
        self._renewed_at = float("-inf")

    def claim(self) -> None:
        """Wait until no other process writes there. Raises SinkRunning."""
        ends = time.monotonic() + CLAIMED_S
        while not self._store.claim(self._what, self._holder):
            if time.monotonic() > ends or self._is_ended():
                raise self._other()
            time.sleep(LOOK_S)
        self._renewed_at = time.monotonic()

    def renew(self) -> None:
        """Say that it is still at work. Raises SinkRunning when another one has taken over."""
        if time.monotonic() - self._renewed_at < RENEWED_S:
            return
        if not self._store.claim(self._what, self._holder):
            raise self._other()
        self._renewed_at = time.monotonic()

    def release(self) -> None:
        """Another process may write from now on."""
        self._store.release(self._what, self._holder)

    def _other(self) -> SinkRunning:
        reason = said("another process writes the rows of this log there")
        return SinkRunning(reason, self._store.address.shown)
