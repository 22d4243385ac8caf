"""What a projector process tells its parent: one line of JSON a report."""

from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from replay.projector.rates import Rates
from replay.words import said
from store.errors import StoreError

Phase: TypeAlias = Literal[
    "working",  # folding, or waiting for the next event
    "paused",
    "watching",  # another process keeps these views; this one takes over when that ends
    "blocked",  # the file or the disk is in the way: `error` says how; it tries again
    "ended",  # it gave up: `error` says why
]


class ViewProgress(Struct, frozen=True, kw_only=True):
    """How far one view has come."""

    checkpoint: int
    lag: int  # events that it has not seen
    stale_since_us: int | None = None  # when the first of those came; None when there is none
    rates: Rates | None = None  # None while nobody knows
    rebuilt: int | None = None  # how far the successor has come of one that an older code made
    error: str | None = None  # why it is parked; None while it is not
    standing: str = ""  # of rows that an older code made: what becomes of them
    is_reverted: bool = False  # by a person, to what an older code made: it stays there

    @property
    def folded(self) -> int:
        """The position up to which it is folded, beside what is shown where that is older."""
        return self.checkpoint if self.rebuilt is None else self.rebuilt

    @property
    def is_going(self) -> bool:
        """Whether it folds what comes."""
        return self.error is None and not self.is_reverted


class Report(Struct, frozen=True, kw_only=True):
    """How far all views have come."""

    phase: Phase
    head: int  # of the log
    checkpoint: int  # of the view that is furthest behind, those left out that stand still
    rate: float  # events folded a second, lately; 0 when there is nothing to fold
    views: dict[str, ViewProgress]
    versions: dict[str, int] = {}  # these and what is kept beside them: how often each was built
    history: int = 0  # how often the history of a branch was edited while it was folded
    error: str | None = None
    hint: str = ""  # what a person can do about the error

    @property
    def standing(self) -> dict[str, int]:
        """The views that do not go on, by an error or a person's wish, and what they show."""
        return {name: it.checkpoint for name, it in self.views.items() if not it.is_going}


class ViewsHeld(StoreError):
    """Nobody keeps the views: the process that would cannot begin, or something is in its way."""

    def __init__(self, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.sentence, self.hint = sentence, hint


def held_up(report: Report) -> ViewsHeld | None:
    """What to tell a person of a projector that does not do its work; None while it does."""
    if report.phase == "blocked":
        hint = report.hint or said("It is retried every second.")
        return ViewsHeld(said("updating the views fails: {error}", error=report.error), hint)
    if report.phase == "ended":
        hint = report.hint or said(
            "Close the store and open it again. The log itself is not affected."
        )
        return ViewsHeld(said("the views are no longer updated: {error}", error=report.error), hint)
    return None


_decoder = msgspec.json.Decoder(Report)


def to_line(report: Report) -> bytes:
    """One line, ended."""
    return msgspec.json.encode(report) + b"\n"


def from_line(line: bytes) -> Report | None:
    """The report of a line; None when it is something else, such as a traceback's."""
    try:
        return _decoder.decode(line)
    except msgspec.MsgspecError:
        return None
