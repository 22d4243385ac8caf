"""Take rows from the local histories to a query store: whatever was interrupted is repeated, and
what is there already changes nothing."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from replay.errors import NotKept
from replay.query_store.errors import RowNotTaken
from replay.query_store.interface import MadeOf, QueryStore, StoredView
from replay.query_store.lease import Lease
from replay.query_store.same_log import require_rows_of
from replay.query_store.source import Source
from replay.views.sink import Mark
from store.interface import EventReader

NOTED_S: Final = 5.0  # while a long history is written: so much is repeated after a crash


class Sunk(Struct, frozen=True, kw_only=True):
    """How the rows of one view stand in the query store."""

    view: str
    position: int  # every event up to it is in the rows there
    behind: int  # events of the log that are not
    new: int = 0  # versions that this run has brought there
    repeated: int = 0  # versions that it sent and that were there already
    trouble: str = ""  # why it gets no further; empty while it does


class Sinker:
    """Writes the rows of one log to one query store. One thread.

    Raises OtherRows, SinkRunning, NotAQueryStore, Unreachable, Refused: then nothing more is
    written, and a new one goes on where this one ended.
    """

    def __init__(
        self,
        store: QueryStore,
        log: EventReader,
        *,
        is_anew: bool = False,
        tell: Callable[[Sunk], None] = lambda _sunk: None,
        is_ended: Callable[[], bool] = lambda: False,
    ) -> None:
        """`is_anew`: all is written again, beside what is read, whatever there is of it."""
        self._store, self._log, self._is_anew = store, log, is_anew
        self._tell, self._is_ended = tell, is_ended
        self._lease = Lease(store, log.store_id(), is_ended=is_ended)
        self._stored: dict[str, StoredView] = {}
        self._new: dict[str, int] = {}
        self._repeated: dict[str, int] = {}

    def claim(self) -> None:
        """Wait until no other process writes the rows of this log there. Raises SinkRunning."""
        self._lease.claim()

    def release(self) -> None:
        """Another process may write from now on."""
        self._lease.release()

    def renew(self) -> None:
        """Say that it is still at work. Raises SinkRunning when another one has taken over."""
        self._lease.renew()

    def advance(self, sources: Sequence[Source]) -> Sequence[Sunk]:
        """Write what the local views have and the query store has not; a view that cannot be
        written is told and passed over. Returns how each stands."""
        self.renew()
        return [it for it in map(self._advance, sources) if it is not None]

    def _advance(self, source: Source) -> Sunk | None:
        made = source.look()
        if made is None:
            return None
        stored = self._target(made)
        try:
            stored = self._written(source, stored)
        except (NotKept, RowNotTaken) as error:
            return self._told(stored, trouble=str(error))
        if not stored.is_shown and stored.position >= source.position and not self._is_ended():
            stored = self._store.show(stored)
        self._stored[made.view] = stored
        return self._told(stored)

    def _written(self, source: Source, stored: StoredView) -> StoredView:
        position, noted_at, until = stored.position, time.monotonic(), Mark()
        while not self._is_ended() and (batch := source.batch(position)):
            new = self._store.write(stored, batch.versions)
            self._count(stored.made_of.view, new, len(batch.versions) - new)
            position, until = batch.until.position, batch.until
            if time.monotonic() - noted_at > NOTED_S:
                stored, noted_at = self._store.note(stored, until), time.monotonic()
                self._told(stored)
            self.renew()
        return self._store.note(stored, until) if position > stored.position else stored

    def _count(self, view: str, new: int, repeated: int) -> None:
        self._new[view] = self._new.get(view, 0) + new
        self._repeated[view] = self._repeated.get(view, 0) + repeated

    def _target(self, made: MadeOf) -> StoredView:
        """Where the rows go: on with those that are there, or beside them. Raises OtherRows."""
        known = self._stored.get(made.view)
        if known is not None and known.made_of == made:
            return known
        self._require_ours(made)
        is_begun = made.view in self._stored
        held = [it for it in self._store.views() if it.made_of == made]
        if self._is_anew and not is_begun:
            held = []
        found = next((it for it in held if it.is_shown), held[-1] if held else None)
        self._stored[made.view] = found or self._store.begin(made)
        return self._stored[made.view]

    def _require_ours(self, made: MadeOf) -> None:
        """Raises OtherRows when what readers find there was not made from this very log."""
        for it in self._store.views():
            if it.made_of.view == made.view:
                require_rows_of(self._log, it, self._store.address)

    def _told(self, stored: StoredView, *, trouble: str = "") -> Sunk:
        sunk = Sunk(
            view=stored.made_of.view,
            position=stored.position,
            behind=max(self._log.head() - stored.position, 0),
            new=self._new.get(stored.made_of.view, 0),
            repeated=self._repeated.get(stored.made_of.view, 0),
            trouble=trouble,
        )
        self._tell(sunk)
        return sunk
