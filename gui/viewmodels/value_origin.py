"""Which event gave a field of a state the value that is shown."""

from gui.selection import Axis
from gui.words import said
from gui.work.reads import Reads
from replay.history.audit import NoSuchField
from replay.states.diff import Path
from replay.states.state_part import ABSENT


def origin_of(
    reads: Reads, *, stream: str, path: Path, position: int, axis: Axis, known: int | None = None
) -> int:
    """The position of the event that changed the field last, as of the cursor on its axis; on a
    reader thread. Raises NoSuchField where none has, or there is no value any more, and what
    folding raises."""
    found = reads.states.field(reads.log, stream, path, position=position, axis=axis, known=known)
    history, at = found.history, found.at
    if at < 0 or history.values[at] is ABSENT:
        raise NoSuchField(".".join(map(str, path)) or said("the whole state"), stream)
    return int(history.positions[at])
