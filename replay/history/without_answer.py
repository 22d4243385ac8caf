"""What would differ without one event, as an answer: streams, views and rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from replay.words import said
from store.events import RecordedEvent

SHOWN: Final = 200  # rows of one view, and streams, that are listed
APART: Final = said("its code runs in a separate process")
NO_ROWS: Final = said("it is an index and has no rows")

Told: TypeAlias = Callable[[int, int], None]  # positions gone through, of how many


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamDiffers:
    """A stream whose state would be another one. `path` is the first field that differs; values
    are JSON texts, empty where there is no such field. `failed_at` is the event that cannot be
    folded without the one that is left out, with `error`."""

    stream: str
    path: str
    before: str
    after: str
    count: int  # differences
    failed_at: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDiffers:
    """A row of a view that would be another one: JSON texts, empty where there is no row.
    `column` is the first that differs; without one a whole row comes or goes."""

    key: tuple[str | int, ...]
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewDiffers:
    """A view with rows that would differ, `count` of them; or the event that its projection fails
    at without the one that is left out."""

    view: str
    count: int
    rows: tuple[RowDiffers, ...]
    failed_at: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutEvent:
    """The answer, as of `head`."""

    event: RecordedEvent
    head: int
    streams: tuple[StreamDiffers, ...]
    same_streams: tuple[str, ...]
    views: tuple[ViewDiffers, ...]
    same_views: tuple[str, ...]
    unasked: tuple[tuple[str, str], ...]  # stream or view, and why it was not asked
    caused: int  # events that it caused; they are still there


def error_text(error: Exception) -> str:
    """The kind of an error that a model or a projection raised, and what it says."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
