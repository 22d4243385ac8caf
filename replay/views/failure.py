"""What a projection raised: at which event, by whose fault, and in words."""

import sqlite3
import traceback
from dataclasses import dataclass

from replay.views.sink import RowRefused
from store.errors import Cancelled, StoreError


class CannotFold(StoreError):
    """The system does not let anything be folded, whatever the projection is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a projection raised, or what the tables did not take."""

    error: Exception
    words: str  # what was raised, in a line
    trace: str  # where
    position: int | None  # of the event; None when nobody knows which of them it was
    is_stuck: bool = False  # it would only be lost time to try that again unasked


def failure_of(error: Exception, position: int | None = None) -> Failure:
    """What was raised in this process; of a row that was refused, why."""
    if isinstance(error, RowRefused) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    return Failure(
        error=error,
        words=f"{type(error).__name__}: {error}",
        trace="".join(traceback.format_exception(error)),
        position=position,
    )


def is_worlds_fault(error: Exception) -> bool:
    """Whether the file, the disk or the system is to blame, and not the projection."""
    return isinstance(error, Cancelled | CannotFold | sqlite3.Error)
