"""The rows of a view into a query store: workers write them, beside those that readers find."""

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

from replay.parts.source import Source
from replay.parts.target import Accepted, Finished
from replay.query_store.errors import OtherRows
from replay.query_store.interface import MadeOf, QueryStore, StoredView
from replay.query_store.kind import open_query_store
from replay.query_store.lease import Lease
from replay.views.sink import Mark
from replay.views.view import View
from replay.words import counted, said
from store import json_text
from store.place import Place
from store.remote.address import Address

FIRST: Final = 1  # generation of rows that were folded elsewhere


class IntoServer:
    """replay.parts.target.Target. It holds the lease of the log there from `begin` to `close`."""

    place: Place | None = None

    def __init__(self, address: Address, source: Source, *, work: Path | None = None) -> None:
        """Raises what opening a query store raises."""
        self._address, self._source, self._work = address, source, work
        self._store: QueryStore = open_query_store(address)
        self._lease = Lease(self._store, source.identity)
        self._stored: StoredView | None = None

    @property
    def shown(self) -> str:
        return self._address.shown

    def folder_for(self, view: View) -> Path:
        place = f"{self._source.identity} {self._address.shown} {view.name}"
        name = f"{view.name}-{sha256(place.encode()).hexdigest()[:12]}"
        return (self._work or user_cache_path("foldline", appauthor=False) / "parts") / name

    def begin(self, view: View, mark: Mark, /) -> StoredView | None:
        """On with rows that were never complete, or again over those of the same events, which
        changes nothing; else beside what readers find. Raises SinkRunning, OtherRows."""
        self._lease.claim()
        made = _made_of(self._source.identity, view)
        held = [it for it in self._store.views() if it.made_of.view == view.name]
        self._require_ours(made, held)
        ours = [it for it in held if it.made_of == made]
        same = [it for it in ours if it.is_shown and _position(it) == mark]
        unfinished = [it for it in ours if not it.is_shown and it.position == 0]
        found = (same or unfinished or [self._store.begin(made)])[-1]
        self._stored = found
        return found

    def address(self) -> str:
        return self._address.text

    def _require_ours(self, made: MadeOf, held: Sequence[StoredView]) -> None:
        if any(it.made_of.log != made.log for it in held):
            reason = said("the rows of {view} there are of another log", view=made.view)
            raise OtherRows(reason, self._address.shown)

    def renew(self) -> None:
        """Raises SinkRunning when another process has taken over."""
        self._lease.renew()

    def accept(self, done: Finished) -> Accepted:
        """From now on readers find these rows."""
        assert self._stored is not None
        digest = done.digest()
        stored = self._store.note(self._stored, done.mark)
        if not stored.is_shown:
            self._store.show(stored)
        new = sum(it.told_new for it in done.reports)
        told = counted("{count:,} version was new there", "{count:,} versions were new there", new)
        return Accepted(digest=digest, note=told)

    def close(self) -> None:
        """Another process may write there."""
        try:
            self._lease.release()
        finally:
            self._store.close()


def _position(stored: StoredView) -> Mark:
    return Mark(position=stored.position, event_id=stored.event_id)


def _made_of(identity: str, view: View) -> MadeOf:
    return MadeOf(
        log=identity,
        view=view.name,
        title=view.title,
        definition=view.definition,
        generation=FIRST,
        columns_json=json_text.encode([asdict(it) for it in view.columns]),
        has_history=True,
    )
