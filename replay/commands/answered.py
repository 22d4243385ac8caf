"""What came of issuing a command, as its issuer is told."""

from typing import ClassVar, Literal, TypeAlias

from msgspec import Struct

from replay.words import said
from store.beside.commands import IssuedCommand
from store.beside.outcomes import Done, Outcome, Status
from store.errors import StoreError
from store.events import RecordedEvent


class Settled(Struct, frozen=True, kw_only=True):
    """It has an outcome: from now, or from an earlier time when the command was sent again."""

    command: IssuedCommand
    outcome: Outcome
    version: int | None  # of the stream now; None: the outcome is of an earlier time

    @property
    def is_resend(self) -> bool:
        """Whether the outcome was there before."""
        return self.version is None

    @property
    def status(self) -> Status:
        """The stored name of the outcome."""
        return self.outcome.status

    @property
    def attempts(self) -> int:
        """Times it was decided on."""
        return self.outcome.attempts


class Conflict(Struct, frozen=True, kw_only=True):
    """The stream has moved on since its issuer looked; no event was recorded. Issuing again with
    `version` decides anew."""

    status: ClassVar[Literal["conflict"]] = "conflict"
    attempts: ClassVar[int] = 1
    is_resend: ClassVar[bool] = False
    command: IssuedCommand
    reason: str
    between: tuple[RecordedEvent, ...]  # what came in, the first of it
    came: int  # how many came in; `reason` says so where not all are told
    version: int  # of the stream now


Answered: TypeAlias = Settled | Conflict


def is_done(answered: Answered) -> bool:
    """Whether the command was accepted, now or earlier."""
    return isinstance(answered, Settled) and isinstance(answered.outcome, Done)


def failure_of(error: Exception) -> str:
    """Why a command could not be decided on, as a sentence."""
    if isinstance(error, StoreError):
        return str(error)
    return said("the model failed: {name__}: {error}", name__=type(error).__name__, error=error)
