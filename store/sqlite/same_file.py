"""Whether the file of a log is still the one that was opened.

A log may be replaced by rename, deleted, or go with its folder while programs have it open. What
they have open is then no longer the log of that name; SQLite goes on with it without a word, and
what it keeps beside it by name would be mixed with the other file. Whoever holds a log asks here:
readers about once a second, who appends before and after each commit. Nothing is remembered, so
when the file is back all goes on.
"""

import time
from pathlib import Path
from typing import Final

from store.errors import LogReplaced
from store.sqlite.last_closer import Identity, identity_of

LOOK_S: Final = 1.0  # between two looks of one reader


class SameFile:
    """The file that stood at `path` when this was made. Any thread; a look is one `stat`."""

    def __init__(self, path: Path, identity: Identity | None = None) -> None:
        """`identity`: of the file that was opened, where that is known."""
        self.path = path.absolute()
        self._name = str(self.path)  # made once: it is asked for at each append
        self.identity = identity or identity_of(path)
        self._looked_s = time.monotonic()

    def is_of(self, opened: "SameFile | None") -> bool:
        """Whether a connection that was opened later has this very file."""
        return opened is None or opened.identity == self.identity

    def require(self) -> None:
        """Raises LogReplaced when another file is there by now, or none."""
        found = identity_of(self._name)
        if self.identity is not None and found != self.identity:
            raise LogReplaced(self.path, is_gone=found is None)

    def require_now_and_then(self) -> None:
        """The same, looking at most once in LOOK_S; what was found wrong is looked at each time."""
        now_s = time.monotonic()
        if now_s - self._looked_s >= LOOK_S:
            self.require()
            self._looked_s = now_s


def named_file(path: Path, text: str) -> SameFile:
    """The file that a text says stood at the path: device and inode, with a colon between."""
    device, inode = map(int, text.split(":"))
    return SameFile(path, (device, inode))
