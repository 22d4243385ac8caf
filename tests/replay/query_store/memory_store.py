"""A query store in memory: shows that no server is a condition, and keeps the contract honest."""

import threading
from bisect import bisect_right
from collections.abc import Sequence
from time import monotonic
from uuid import uuid4

from msgspec import structs

from replay.query_store.interface import LEASE_S, MadeOf, Place, StoredView, Version
from replay.views.sink import WRITES_PER_EVENT, Mark
from store.remote.address import Address, address_of


class Rows:
    """Of one stored view: documents under their ids, each with a version of its own."""

    def __init__(self) -> None:
        self.newest: dict[str, Version] = {}  # by row
        self.versions: dict[tuple[str, int], Version] = {}  # by row and write

    def put(self, it: Version) -> bool:
        """What is older than what is there changes nothing."""
        told = False
        before = self.versions.get((it.id, it.write))
        if before is None or (before.until or before.write) < (it.until or it.write):
            self.versions[it.id, it.write] = it
            told = True
        newest = self.newest.get(it.id)
        if newest is None or newest.write < it.write:
            self.newest[it.id] = structs.replace(it, until=None)
        return told


class Server:
    """What outlives connections."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.views: dict[str, StoredView] = {}
        self.rows: dict[str, Rows] = {}
        self.claims: dict[str, tuple[str, float]] = {}


class MemoryQueryStore:
    """replay.query_store.interface.QueryStore."""

    def __init__(self, server: Server, address: Address | None = None) -> None:
        self._server = server
        self.address = address or address_of("memory://here/rows")

    def views(self) -> Sequence[StoredView]:
        with self._server.lock:
            return sorted(self._server.views.values(), key=lambda it: it.made_of.view)

    def begin(self, made_of: MadeOf) -> StoredView:
        it = StoredView(
            id=uuid4().hex,
            made_of=made_of,
            position=0,
            event_id="",
            noted_at_us=0,
            is_shown=False,
        )
        with self._server.lock:
            self._server.views[it.id], self._server.rows[it.id] = it, Rows()
        return it

    def write(self, stored: StoredView, versions: Sequence[Version]) -> int:
        with self._server.lock:
            return sum(self._server.rows[stored.id].put(it) for it in versions)

    def note(self, stored: StoredView, mark: Mark) -> StoredView:
        with self._server.lock:
            known = self._server.views[stored.id]
            if mark.position > known.position:
                known = structs.replace(known, position=mark.position, event_id=mark.event_id)
                self._server.views[stored.id] = known
            return known

    def show(self, stored: StoredView) -> StoredView:
        with self._server.lock:
            for it in list(self._server.views.values()):
                if it.made_of.view != stored.made_of.view:
                    continue
                if it.id != stored.id and not it.is_shown:
                    del self._server.views[it.id], self._server.rows[it.id]
                    continue
                shown = structs.replace(it, is_shown=it.id == stored.id)
                self._server.views[it.id] = shown
            return self._server.views[stored.id]

    def drop(self, stored: StoredView) -> None:
        with self._server.lock:
            self._server.views.pop(stored.id, None)
            self._server.rows.pop(stored.id, None)

    def rows(
        self, stored: StoredView, *, at: int, after: Place | None, limit: int
    ) -> Sequence[Version]:
        end = (at + 1) * WRITES_PER_EVENT
        found = (
            it
            for it in self._rows(stored).versions.values()
            if it.write < end and not (it.until and it.until < end) and not it.is_deleted
        )
        return _page(list(found), after, limit)

    def row(self, stored: StoredView, row_id: str, *, at: int) -> Version | None:
        end = (at + 1) * WRITES_PER_EVENT
        held = self._rows(stored).versions.values()
        found = [it for it in held if it.id == row_id and it.write < end]
        return max(found, key=lambda it: it.write, default=None)

    def written(self, stored: StoredView, *, after: int, limit: int) -> Sequence[Version]:
        found = sorted(self._rows(stored).versions.values(), key=lambda it: it.write)
        first = bisect_right(found, after, key=lambda it: it.write)
        return found[first : first + limit]

    def newest(self, stored: StoredView, *, after: Place | None, limit: int) -> Sequence[Version]:
        return _page(list(self._rows(stored).newest.values()), after, limit)

    def search(
        self, stored: StoredView, words: Sequence[str], *, until: int, limit: int
    ) -> Sequence[Version]:
        found = [
            it
            for it in self._rows(stored).newest.values()
            if it.write < (until + 1) * WRITES_PER_EVENT and not it.is_deleted
            if all(any(has.startswith(word) for has in it.words.split()) for word in words)
        ]
        return sorted(found, key=lambda it: -it.write)[:limit]

    def claim(self, what: str, holder: str) -> bool:
        with self._server.lock:
            other, since = self._server.claims.get(what, (holder, 0.0))
            if other != holder and monotonic() - since < LEASE_S:
                return False
            self._server.claims[what] = (holder, monotonic())
            return True

    def release(self, what: str, holder: str) -> None:
        with self._server.lock:
            if self._server.claims.get(what, ("", 0.0))[0] == holder:
                del self._server.claims[what]

    def close(self) -> None:
        """Nothing is open."""

    def _rows(self, stored: StoredView) -> Rows:
        return self._server.rows[stored.id]


def _page(found: list[Version], after: Place | None, limit: int) -> Sequence[Version]:
    found.sort(key=lambda it: (it.sort, it.id))
    behind = (it for it in found if after is None or (it.sort, it.id) > (after.sort, after.id))
    return list(behind)[:limit]
