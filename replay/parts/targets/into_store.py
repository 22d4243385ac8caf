"""The rows of a view into the views file of a store, as a new version of the view."""

from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from replay.catalog.rebuild import rebuild
from replay.errors import RebuildReplaced
from replay.parts.errors import FoldFailed, OtherEvents
from replay.parts.joined import Joined
from replay.parts.target import Accepted, Finished
from replay.query_store.interface import StoredView
from replay.view_version import Slot
from replay.views import checkpoints, many_rows, view
from replay.views.claim import claim, unclaim
from replay.views.lookup_store import LookupStore
from replay.views.read_store import ReadStore, open_views
from replay.views.recorded_view import blank
from replay.views.runner import Runner
from replay.views.sink import Mark
from replay.views.view import View
from replay.views.view_tables import ViewTables
from replay.words import counted
from store.interface import EventReader
from store.locks import ProcessLock
from store.sqlite.connect import write_transaction

ROWS_AT_ONCE: Final = 20_000  # one transaction; the live views are served in between


class IntoStore:
    """replay.parts.target.Target of the store whose log it is given."""

    def __init__(self, log: EventReader, *, work: Path | None = None) -> None:
        self._log, self._work = log, work
        self.place = log.place

    @property
    def shown(self) -> str:
        return str(self._log.place.named)

    def folder_for(self, view: View) -> Path:
        if self._work is not None:
            return self._work / f"{self._log.place.name}-{view.name}"
        return self._log.place.beside(f"-parts-{view.name}")

    def begin(self, _view: View, mark: Mark, /) -> StoredView | None:
        """Raises OtherEvents where the store does not hold what is to be folded."""
        self._require_same(mark)
        return None

    def address(self) -> str:
        return ""

    def renew(self) -> None:
        """Nobody waits for it."""

    def accept(self, done: Finished) -> Accepted:
        """The next version is filled, then compared and switched as every rebuild does it. Raises
        FoldFailed, StoreBusy, StoreReadOnly, RebuildReplaced."""
        self._require_same(done.mark)
        put_beside(self._log, done.view, done.joined, done.mark)
        (report,) = rebuild(self._log, [done.view.name])
        if report.error:
            raise FoldFailed(done.view.name, report.error, None)
        later = report.events - done.mark.position
        note = ""
        if later:
            note = counted(
                "{count:,} more event was folded here",
                "{count:,} more events were folded here",
                later,
            )
        is_equal = None if report.comparison is None else report.comparison.is_equal
        return Accepted(digest=report.digest, note=note, is_equal=is_equal)

    def close(self) -> None:
        """The log is its caller's."""

    def _require_same(self, mark: Mark) -> None:
        event = self._log.event(mark.position) if mark.position else None
        if mark.position and (event is None or event.id != mark.event_id):
            raise OtherEvents(self.shown)


def put_beside(log: EventReader, it: View, joined: Joined, mark: Mark) -> None:
    """Fill the tables of the next version, from which the next rebuild goes on. Raises StoreBusy,
    StoreReadOnly, RebuildReplaced when another rebuild of the view runs."""
    store, lock = open_views(log), ProcessLock(log.place.rebuild_lock)
    try:
        if not lock.acquire():
            raise RebuildReplaced(it.name)
        Runner(store.db, log, [it], tries_parked=True)  # makes the tables that are not there yet
        _fill(store, it, joined, mark)
    finally:
        lock.release()
        store.close()


def _fill(store: ReadStore, it: View, joined: Joined, mark: Mark) -> None:
    db, version, token = store.db, it.of.at(Slot.NEXT), str(uuid4())
    tables = ViewTables(version.name, it.columns)
    with write_transaction(db):
        claim(db, version, token)
        view.drop(db, it, Slot.NEXT)
        checkpoints.remove(db, version.name)
        it.create(db, version)
    for some in joined.versions():
        with write_transaction(db):
            many_rows.insert(db, tables.add_writes, some)
    for part in _runs(sorted(joined.rows(), key=itemgetter(-1))):
        with write_transaction(db):
            many_rows.insert(db, tables.add_rows, part)
    with write_transaction(db):
        db.executemany(tables.add_deleted, joined.deleted())
        LookupStore(db, version.name).add([*joined.lookup()])
        made = replace(
            blank(it, generation=0),
            name=version.name,
            checkpoint=mark.position,
            checkpoint_id=mark.event_id,
            row_count=joined.row_count,
            write_count=joined.version_count,
        )
        checkpoints.put(db, made)
        unclaim(db, version)


def _runs(rows: Sequence[tuple[Any, ...]]) -> list[Sequence[tuple[Any, ...]]]:
    return [rows[at : at + ROWS_AT_ONCE] for at in range(0, len(rows), ROWS_AT_ONCE)]
