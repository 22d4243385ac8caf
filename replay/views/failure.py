"""What a projection raised: at which event, by whose fault, and in words."""

import sqlite3
import traceback
from dataclasses import dataclass
from typing import Final

from replay.own.own_process import NoProcess, OwnFailed
from replay.views.row_buffer import RowBuffer
from replay.views.view import ViewWriter
from store.errors import Cancelled

# What SQLite says of a row that a projection put; everything else it says is the world's fault.
_ROW_REFUSED: Final = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a projection raised, or what the tables did not take."""

    error: Exception
    position: int | None  # of the event; None when nobody knows which of them it was


def is_worlds_fault(error: Exception) -> bool:
    """Whether the file, the disk or the system is to blame, and not the projection."""
    if isinstance(error, Cancelled | NoProcess):
        return True
    return isinstance(error, sqlite3.Error) and not isinstance(error, _ROW_REFUSED)


def failed_at(writer: ViewWriter, error: Exception) -> int | None:
    """The event at which `take` has failed, where it is known."""
    if isinstance(error, OwnFailed):
        return error.position
    return writer.position if isinstance(writer, RowBuffer) else None


def is_stuck(error: Exception) -> bool:
    """Whether it would only be lost time to try that again unasked."""
    return isinstance(error, OwnFailed) and error.is_stuck


def words_of(error: Exception) -> str:
    """What a projection raised, in a line."""
    kind = error.kind if isinstance(error, OwnFailed) else type(error).__name__
    return f"{kind}: {error}"


def trace_of(error: Exception) -> str:
    """Where it was raised: in its own process, if it has one."""
    if isinstance(error, OwnFailed):
        return error.trace
    return "".join(traceback.format_exception(error))
