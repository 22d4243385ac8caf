"""What a projector at rest waits for: a commit to the log or the views, a word of its parent, or
another set of files beside the log. Where the system gives notices of files, nobody looks."""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Final

from replay.catalog.all_views import views_without_code
from replay.snapshots import snapshot_policy
from replay.views.read_store import ReadStore
from replay.views.view import View
from store.commits import wait_for_commit
from store.file_notices import notices_in
from store.interface import EventReader
from store.wake_event import WakeEvent

REST_S: Final = 5.0  # between two looks at everything: what no file tells
BUSY_S: Final = 0.5  # the same until all is quiet: the rates change by themselves
SETTLED_S: Final = 10.0  # after the last news; rates are of a shorter time
BESIDE_S: Final = 0.2  # between two looks at the files beside the log, where no notices come


class Rest:
    """For one log and its views. One thread."""

    def __init__(
        self,
        log: EventReader,
        store: ReadStore,
        views: Sequence[View],
        *,
        absent: Collection[str] = (),
        is_ours: Callable[[], bool] = lambda: True,
    ) -> None:
        """`views`: what `views_without_code` gave; `absent`: the categories that some wait for;
        `is_ours`: whether the lock of the views is still held."""
        self._log = log
        self._store = store
        self._views = views
        self._absent = absent
        self._is_ours = is_ours
        self._files = (log.commits(), store.commits())
        self._beside = notices_in(str(log.place.path.parent))  # before the first look
        self._policy = snapshot_policy.FILE.stamp(log.place)
        self._looked_s = self._news_s = time.monotonic()

    def close(self) -> None:
        """End the notices of commits."""
        for it in self._files:
            it.close()
        if self._beside is not None:
            self._beside.close()

    def is_as_it_was(self) -> bool:
        """Whether the views file and its lock are in their place, what is built without code is
        the same, and no stream has come of a category that further views wait for."""
        is_same = self._views is views_without_code(self._log.place) and self._is_ours()
        return is_same and self._store.is_in_place() and not self._has_come()

    def _has_come(self) -> bool:
        return any(self._log.has_category(it) for it in self._absent)

    def wait(self, woken: WakeEvent) -> None:
        """Until there may be something to do, or it is time to look at everything. Clears
        `woken`."""
        has_settled = time.monotonic() - self._news_s > SETTLED_S
        timeout_s = REST_S if has_settled else BUSY_S
        if (
            wait_for_commit(
                self._files,
                timeout_s,
                woken=woken,
                is_over=self._has_moved,
                look_s=BESIDE_S if self._beside is None else REST_S,
                beside=self._beside,
            )
            or woken.is_set()
        ):
            self._news_s = time.monotonic()
        woken.clear()

    def _has_moved(self) -> bool:
        """Whether a file beside the log is another one, looked at now and then, or when told."""
        now_s = time.monotonic()
        if self._beside is None and now_s - self._looked_s < BESIDE_S:
            return False
        self._looked_s = now_s
        policy = snapshot_policy.FILE.stamp(self._log.place)
        is_other, self._policy = policy != self._policy, policy
        return is_other or not self.is_as_it_was()
