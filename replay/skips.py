"""Events that a person decided a view shall do without, because its projection fails at them.

They are kept as text beside the log, not in the views: those are thrown away and folded again,
and then the same events have to be left out. A skip holds for one definition of the view only;
mended code sees the event again.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from store.errors import StoreError
from store.events import RecordedEvent

SUFFIX: Final = "-skipped.json"


class WrongSkips(StoreError):
    hint = "Correct the file, or remove it: the views then stop at these events again."


class Skip(Struct, frozen=True, kw_only=True):
    """One event left out of one view."""

    view: str
    definition: str  # of the view whose projection failed
    position: int
    event_id: str
    error: str  # what the projection said
    reason: str
    by: str
    at_us: int  # UTC


def skipped_file(log: Path) -> Path:
    """Where the skips of a log are kept."""
    return log.with_name(log.name + SUFFIX)


def load(log: Path) -> tuple[Skip, ...]:
    """All of them, oldest first; none without a file. Raises WrongSkips."""
    path = skipped_file(log)
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Skip, ...])
    except FileNotFoundError:
        return ()
    except msgspec.MsgspecError as error:
        raise WrongSkips(f"the file of skipped events cannot be read ({error}): {path}") from error


def add(log: Path, skip: Skip) -> None:
    """Leave one more event out. Raises WrongSkips."""
    path = skipped_file(log)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode([*load(log), skip]), indent=1))
    unfinished.replace(path)


class Skipped:
    """The skips of a log as they were read. Unchanging."""

    def __init__(self, log: Path) -> None:
        self._positions: dict[tuple[str, str], set[int]] = {}
        for it in load(log):
            self._positions.setdefault((it.view, it.definition), set()).add(it.position)

    def without(
        self, view: str, definition: str, events: Sequence[RecordedEvent]
    ) -> Sequence[RecordedEvent]:
        """The events that the view is to see."""
        positions = self._positions.get((view, definition))
        if not positions:
            return events
        return [it for it in events if it.position not in positions]
