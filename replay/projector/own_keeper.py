"""Keeps the views of a person's own files up: each on a thread and in a process of its own.

So one that is slow, or does not come back, is behind alone.
"""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Final

from replay.catalog.all_views import NO_FILE, Stamp, own_views, stamp_of_own
from replay.catalog.parking import tell_problems
from replay.views import checkpoints
from replay.views.read_store import open_views
from replay.views.runner import Runner
from replay.views.view import View
from store.commits import CommitWatcher, wait_for_commit
from store.errors import Cancelled, StoreError
from store.file_notices import notices_in
from store.opening import reading
from store.place import Place
from store.sqlite.connect import write_transaction
from store.wake_event import WakeEvent

REST_S: Final = 1.0  # between two looks at everything, when no commit is noticed
WATCH_S: Final = 0.5  # between two looks at the files
NOTICED_S: Final = 5.0  # the same while there are none, and the system says when one comes
RETRY_S: Final = 1.0  # after an error of the file or the disk


class OwnKeeper:
    """`start` once, then `close`; both from one thread, while nobody else keeps the views."""

    def __init__(self, place: Place, *, is_paused: Callable[[], bool]) -> None:
        self._place = place
        self._is_paused = is_paused
        self._closing = WakeEvent()
        self._thread = threading.Thread(target=self._run, name="own views")

    def start(self) -> None:
        """Begin to keep them, and to look for files that are added, changed or removed."""
        self._thread.start()

    def close(self) -> None:
        """End what is under way; nothing is lost that was committed."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        self._closing.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                stamp = stamp_of_own(self._place)
                self._keep_all(stamp)
            except (sqlite3.Error, StoreError, OSError):
                self._closing.wait(RETRY_S)  # whoever keeps the other views says what it is

    def _keep_all(self, stamp: Stamp) -> None:
        """Keep what the files define, until that changes."""
        changed = threading.Event()
        stuck = self._tell_problems()
        threads = [
            threading.Thread(target=self._keep, args=(it, stuck, changed), name=f"view {it.name}")
            for it in own_views(self._place)
        ]
        for thread in threads:
            thread.start()
        try:
            self._watch(stamp)
        finally:
            changed.set()
            for thread in threads:
                thread.join()

    def _watch(self, stamp: Stamp) -> None:
        """Until the files are others. Each may lie anywhere, so that one has to look; the list of
        them lies beside the log."""
        notices = notices_in(str(self._place.path.parent)) if stamp == (NO_FILE,) else None
        try:
            while stamp_of_own(self._place) == stamp and not self._closing.is_set():
                if notices is None:
                    self._closing.wait(WATCH_S)
                elif self._closing.wait(NOTICED_S, [notices.fileno()]):
                    notices.drain()
        finally:
            if notices is not None:
                notices.close()

    def _tell_problems(self) -> frozenset[str]:
        with reading(self._place.path) as log, closing(open_views(log)) as store:
            return tell_problems(store.db, log)

    def _keep(self, view: View, stuck: frozenset[str], changed: threading.Event) -> None:
        """One view, until it is not wanted any more; begun again after an error."""

        def is_over() -> bool:
            return changed.is_set() or self._closing.is_set()

        while not is_over():
            try:
                self._fold(view, stuck, is_over)
            except Cancelled:
                return
            except (sqlite3.Error, StoreError, OSError):
                changed.wait(RETRY_S)
            except Exception as error:  # the edge: the other views know nothing of this thread
                self._tell(view.name, f"{type(error).__name__}: {error}")
                changed.wait()

    def _fold(self, view: View, stuck: frozenset[str], is_over: Callable[[], bool]) -> None:
        with (
            reading(self._place.path) as log,
            closing(open_views(log)) as store,
            closing(Runner(store.db, log, (view,), parked=stuck, is_cancelled=is_over)) as runner,
            closing(log.commits()) as events,
            closing(store.commits()) as rows,
        ):
            while store.is_in_place() and not is_over():
                if self._is_paused() or not runner.advance():
                    self._wait_for_commit((events, rows), is_over)

    def _wait_for_commit(self, files: Sequence[CommitWatcher], is_over: Callable[[], bool]) -> None:
        wait_for_commit(files, REST_S, woken=self._closing, is_over=is_over, look_s=WATCH_S)

    def _tell(self, name: str, problem: str) -> None:
        with (
            reading(self._place.path) as log,
            closing(open_views(log)) as store,
            write_transaction(store.db),
        ):
            checkpoints.tell(store.db, name, problem)
