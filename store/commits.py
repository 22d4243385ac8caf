"""Wait for the next commit to a file of SQLite, whichever connection or process makes it."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, TypeAlias

from store.file_notices import FileNotices, notices_of
from store.wake_event import WakeEvent

FIRST_PAUSE_S: Final = 0.002  # between two looks, just after something has happened
LONGEST_PAUSE_S: Final = 0.04  # the same, at rest, where the system gives no notices
GROWTH: Final = 1.3  # of the pause, from one look to the next
GATHER_S: Final = 0.005  # from a notice to the look: one commit is several writes
SETTLED_S: Final = 0.05  # a file changed this lately may change again within the same time stamp
TRUSTED_S: Final = 1.0  # the file's own word is taken so long; then SQLite is asked again
# A writer's frames are told of before it has synced them and made them visible, of which nothing
# tells; so after a change one goes on looking until SQLite has been asked anew.
UNSETTLED_S: Final = TRUSTED_S + 2 * LONGEST_PAUSE_S
LOOK_S: Final = 5.0  # between two looks where the system gives notices, in case one was lost

Stamp: TypeAlias = tuple[int, int, int]  # of a file: which one, its bytes, when changed in ns


class CommitWatcher:
    """Notices commits of other connections than the one behind `data_version`. One thread.

    `data_version` is that of a reader or connection that stays open: asking it takes a dozen
    system calls. `path` is the database's; each commit also changes the file NAME-wal, so at rest
    one look costs a single `stat`, and where the system gives notices nobody looks at all.
    Without a path, `data_version` is asked each time.
    """

    def __init__(self, data_version: Callable[[], int], path: Path | None = None) -> None:
        self._data_version = data_version
        has_honest_times = sys.platform != "win32"  # there they follow when the file is closed
        self._wal = None if path is None or not has_honest_times else f"{path}-wal"
        self._stamp: Stamp | None = None
        self._asked_s = float("-inf")
        self._seen = -1
        self._notices: FileNotices | None = None
        self._noticed_file = 0  # which file the notices are of

    def has_changed(self) -> bool:
        """Whether somebody has committed since this was last true; at first it is.

        What is read after a true answer holds the commit.
        """
        if self._notices is not None:
            self._notices.drain()
        stamp = self._stamp_now()
        if stamp is not None and stamp == self._stamp and self._is_trusted():
            return False
        self._stamp = None if stamp is None or _is_young(stamp) else stamp
        self._asked_s = time.monotonic()
        version = self._data_version()
        if version == self._seen:
            return False
        self._seen = version
        return True

    def wait(
        self,
        timeout_s: float,
        *,
        woken: WakeEvent | None = None,
        is_over: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Wait for a commit; see `wait_for_commit`."""
        return wait_for_commit([self], timeout_s, woken=woken, is_over=is_over)

    def begin_notices(self) -> bool:
        """Ask the system for notices of what is written from now on, once for each file that
        stands at the path. Returns whether they begin now: then look once more."""
        if self._wal is None or self._stamp is None or self._stamp[0] == self._noticed_file:
            return False
        self.close()
        self._notices, self._noticed_file = notices_of(self._wal), self._stamp[0]
        return self._notices is not None

    @property
    def is_young(self) -> bool:
        """Whether the file had just been written to when last looked at."""
        return self._stamp is None

    @property
    def notices(self) -> FileNotices | None:
        """None where one has to look."""
        return self._notices

    def close(self) -> None:
        """End the notices. It can still be asked."""
        notices, self._notices, self._noticed_file = self._notices, None, 0
        if notices is not None:
            notices.close()

    def _is_trusted(self) -> bool:
        return time.monotonic() - self._asked_s < TRUSTED_S

    def _stamp_now(self) -> Stamp | None:
        """None when nothing can be told from the file, so that SQLite is asked."""
        if self._wal is None:
            return None
        try:
            it = os.stat(self._wal)
        except OSError:
            return None
        return it.st_ino, it.st_size, it.st_mtime_ns


def wait_for_commit(
    files: Sequence[CommitWatcher],
    timeout_s: float,
    *,
    woken: WakeEvent | None = None,
    is_over: Callable[[], bool] = lambda: False,
    look_s: float = LOOK_S,
    beside: FileNotices | None = None,
) -> bool:
    """Wait for a commit to any of the files; false when there was none within the timeout.

    Ends early when `woken` is set, and when `is_over`, which is asked every `look_s` or oftener,
    and at each notice of `beside`.
    """
    if woken is None:
        with closing(WakeEvent()) as nobody:
            return wait_for_commit(
                files, timeout_s, woken=nobody, is_over=is_over, look_s=look_s, beside=beside
            )
    deadline, pause_s = time.monotonic() + timeout_s, FIRST_PAUSE_S
    settles_s = 0.0  # until then a commit may become visible without a notice
    also = [] if beside is None else [beside.fileno()]
    while not any(it.has_changed() for it in files):
        left_s = deadline - time.monotonic()
        if beside is not None:
            beside.drain()
        if left_s <= 0 or is_over() or woken.is_set():
            return False
        if any(it.begin_notices() for it in files):
            continue
        if any(it.is_young for it in files):
            settles_s = time.monotonic() + UNSETTLED_S
        noticed = [it.notices.fileno() for it in files if it.notices is not None]
        if len(noticed) < len(files) or time.monotonic() < settles_s:
            woken.wait(min(pause_s, left_s))
            pause_s = min(pause_s * GROWTH, LONGEST_PAUSE_S)
        elif woken.wait(min(look_s, left_s), noticed + also) and not woken.is_set():
            pause_s = FIRST_PAUSE_S
            woken.wait(GATHER_S)
    return True


def _is_young(stamp: Stamp) -> bool:
    """Whether the next write might leave the same stamp: a file system's clock ticks coarsely."""
    return time.time() - stamp[2] / 1e9 < SETTLED_S
