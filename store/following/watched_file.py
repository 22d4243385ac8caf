"""A file that another program writes to: whether it has changed, and for how long it has."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from store.following.lag import Lag
from store.reading.sqlite_source import State, state_of

LOOK_S: Final = 0.1  # between two looks: so long a change may stay unseen


class WatchedFile:
    """Looks at sizes and times of the file, and of what SQLite keeps beside it. Also on file
    systems that send no notices. `tell` hears of the lag after each look. One thread."""

    def __init__(
        self, path: Path, *, is_ended: Callable[[], bool], tell: Callable[[Lag], None]
    ) -> None:
        self._path = path
        self._is_ended = is_ended
        self._tell = tell
        self._behind_since: float | None = None

    def state(self) -> State:
        """Of now; empty where there is no file."""
        return state_of(self._path)

    def wait(self, seen: State, *, at_least_s: float = LOOK_S) -> bool:
        """Until it is another than it was seen. False when following ends meanwhile."""
        left_s = at_least_s
        while not self._is_ended():
            time.sleep(LOOK_S)
            left_s -= LOOK_S
            if self.state() == seen:
                self._tell_now(bytes_left=None)
            elif left_s <= 0:
                return True
            else:
                self.fell_behind()
        return False

    def fell_behind(self, *, bytes_left: int = 0) -> None:
        """Something is there that is not stored."""
        if self._behind_since is None:
            self._behind_since = time.monotonic()
        self._tell_now(bytes_left=bytes_left)

    def caught_up(self) -> None:
        """All that was seen is stored."""
        self._behind_since = None
        self._tell_now(bytes_left=0)

    def _tell_now(self, *, bytes_left: int | None) -> None:
        since = self._behind_since
        self._tell(
            Lag(
                seconds=0.0 if since is None else time.monotonic() - since,
                bytes=bytes_left or 0,
                is_missing=not self._path.exists(),
            )
        )
