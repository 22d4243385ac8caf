"""What came of a command, once and for all: one type each, with just what it has.

Their stored form is one row of `command_outcomes` with a column for whatever any of them has; a
column that an outcome has nothing for is empty text, and `row_of` and `outcome_of_row` alone
know that. Every outcome has `status`, its stored name.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, TypeAlias

from msgspec import Struct

from store.errors import StoreError
from store.words import said

Status: TypeAlias = Literal["done", "refused", "failed", "expired", "cancelled"]


class _Settled(Struct, frozen=True, kw_only=True):
    """What every outcome has."""

    command_id: str
    attempts: int  # times it was decided on, conflicts included
    decided_at_us: int


class Done(_Settled, frozen=True, kw_only=True, tag="done"):
    """It was accepted; its events lie from the first position to the last."""

    status: ClassVar[Status] = "done"
    first_position: int | None  # None: it led to no events, and so is the last
    last_position: int | None


class Refused(_Settled, frozen=True, kw_only=True, tag="refused"):
    """A rule forbade it: there are no events."""

    status: ClassVar[Status] = "refused"
    rule: str  # by name
    reason: str  # for a person


class Failed(_Settled, frozen=True, kw_only=True, tag="failed"):
    """It could not be decided on."""

    status: ClassVar[Status] = "failed"
    reason: str


class Stopped(_Settled, frozen=True, kw_only=True, tag="stopped"):
    """It failed by a limit of the program, such as the depth of a chain of events."""

    status: ClassVar[Status] = "failed"
    limit: str  # by name
    reason: str


class Expired(_Settled, frozen=True, kw_only=True, tag="expired"):
    """Its time to live was over before anybody handled it."""

    status: ClassVar[Status] = "expired"
    reason: str


class Cancelled(_Settled, frozen=True, kw_only=True, tag="cancelled"):
    """Whoever sent it took it back before it was handled."""

    status: ClassVar[Status] = "cancelled"


class UnknownOutcome(StoreError):
    """A status that no version of this program has written."""

    hint = said("Check the log with main.py verify. A newer version may know this outcome.")

    def __init__(self, command_id: str, status: str) -> None:
        super().__init__(
            said(
                "the command {command_id} has an unknown outcome: {status!r}",
                command_id=command_id,
                status=status,
            )
        )


Outcome: TypeAlias = Done | Refused | Failed | Stopped | Expired | Cancelled


def rule_of(outcome: Outcome) -> str:
    """The rule or the limit that stood against it, as its row has it; empty for the others."""
    match outcome:
        case Refused(rule=rule):
            return rule
        case Stopped(limit=limit):
            return limit
        case _:
            return ""


def reason_of(outcome: Outcome) -> str:
    """Why it was not done, as its row has it; empty for the others."""
    match outcome:
        case Done() | Cancelled():
            return ""
        case _:
            return outcome.reason


def row_of(outcome: Outcome) -> tuple[Any, ...]:
    """The row of an outcome, with its command's id in place of the number."""
    first, last = None, None
    if isinstance(outcome, Done):
        first, last = outcome.first_position, outcome.last_position
    words = rule_of(outcome), reason_of(outcome)
    return (
        outcome.command_id,
        outcome.status,
        first,
        last,
        *words,
        outcome.attempts,
        outcome.decided_at_us,
    )


def outcome_of_row(row: Sequence[Any]) -> Outcome:
    """The outcome that a row says. Raises UnknownOutcome."""
    id_, status, first, last, rule, reason, attempts, at_us = row
    facts = {"command_id": id_, "attempts": attempts, "decided_at_us": at_us}
    match status:
        case "done":
            return Done(first_position=first, last_position=last, **facts)
        case "refused":
            return Refused(rule=rule, reason=reason, **facts)
        case "failed" if rule:
            return Stopped(limit=rule, reason=reason, **facts)
        case "failed":
            return Failed(reason=reason, **facts)
        case "expired":
            return Expired(reason=reason, **facts)
        case "cancelled":
            return Cancelled(**facts)
    raise UnknownOutcome(id_, status)
