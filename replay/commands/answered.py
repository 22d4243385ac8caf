"""What came of issuing a command, as its issuer is told."""

from dataclasses import dataclass
from typing import Literal

from store.beside.commands import IssuedCommand, Outcome, Status
from store.errors import StoreError
from store.events import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came of issuing a command.

    `conflict`: the stream has moved on since its issuer looked; no event was recorded, `between`
    holds what came in, and issuing again with `version` decides anew.
    """

    status: Literal["conflict"] | Status
    command: IssuedCommand
    first_position: int | None = None  # of its events; None when there are none
    last_position: int | None = None
    rule: str = ""
    reason: str = ""
    between: tuple[RecordedEvent, ...] = ()
    version: int = 0  # of the stream now
    attempts: int = 1
    is_resend: bool = False  # the outcome is of an earlier time


def answered_earlier(command: IssuedCommand, outcome: Outcome) -> Answered:
    """The answer to a command that was sent again: its first outcome."""
    return Answered(
        status=outcome.status,
        command=command,
        first_position=outcome.first_position,
        last_position=outcome.last_position,
        rule=outcome.rule,
        reason=outcome.reason,
        attempts=outcome.attempts,
        is_resend=True,
    )


def failure_of(error: Exception) -> str:
    """Why a command could not be decided on, as a sentence."""
    if isinstance(error, StoreError):
        return str(error)
    return f"the model failed: {type(error).__name__}: {error}"
