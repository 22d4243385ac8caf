"""Between positions of the log and coordinates of an axis; runs on reader threads."""

from gui.selection import Axis
from gui.work.reads import Reads
from replay.timeline.timeline_occurred import last_occurred


def coordinate_of(reads: Reads, position: int | None, axis: Axis) -> float | None:
    """Where an event stands on an axis: its position, or microseconds since 1970 UTC."""
    if axis == "position":
        return None if position is None else float(position)
    moments = reads.log.moments(position, position) if position else []
    if not moments:
        return None
    return float(moments[0][3] if axis == "occurred" else moments[0][2])


def position_at(reads: Reads, coordinate: float, axis: Axis) -> int:
    """The last event that had been recorded, or had occurred, by a coordinate."""
    if axis == "position":
        return round(coordinate)
    if axis == "recorded":
        return reads.log.position_as_of(int(coordinate))
    views = reads.views()
    return 0 if views is None else last_occurred(views, int(coordinate))
