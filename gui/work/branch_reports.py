"""What long work on a branch ends with, as `branch … --json` prints it."""

from typing import Any

from msgspec import Struct

from store.branches.decided import DecidedCommand


class DecidedTold(Struct, frozen=True, kw_only=True):
    """What came of deciding again."""

    looked_at: int
    commands: tuple[DecidedCommand, ...]


class BranchDecided(Struct, frozen=True, kw_only=True):
    decided: DecidedTold | None


class BroughtEvent(Struct, frozen=True, kw_only=True):
    """An event of the log, as the canonical format tells it."""

    position: int
    stream: str
    type: str
    data: Any


class BroughtCommand(Struct, frozen=True, kw_only=True):
    """A command of a branch, and what came of it on the log: `status` is "done", "already",
    "refused", "conflict" or "left"."""

    id: str
    command: str
    stream: str
    status: str
    rule: str
    reason: str
    events: tuple[BroughtEvent, ...]
    between: tuple[BroughtEvent, ...]


class LeftEvent(Struct, frozen=True, kw_only=True):
    """An own event of the branch that no command led to."""

    position: int  # in the branch
    stream: str
    type: str


class BroughtIn(Struct, frozen=True, kw_only=True):
    commands: tuple[BroughtCommand, ...]
    not_brought_in: tuple[LeftEvent, ...]


class BranchTest(Struct, frozen=True, kw_only=True):
    """A command of a branch as given, when, then. `case` is the name of the test; None: it becomes
    none, for the reason."""

    id: str
    command: str
    reason: str = ""
    case: str | None = None
    given: tuple[Any, ...] = ()
    when: Any = None
    then: tuple[Any, ...] = ()
    refusal: str = ""


class BranchTests(Struct, frozen=True, kw_only=True):
    cases: tuple[BranchTest, ...]
