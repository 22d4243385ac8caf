"""A command as it was issued, and how commands queue up."""

from typing import Any

from msgspec import Struct

from store import json_text
from store.errors import StoreError
from store.times import format_moment
from store.words import said


class Queue(Struct, frozen=True, kw_only=True):
    """The commands of one type, or those of a type on one stream: what waits, and how fast they
    are handled."""

    of: str  # the type, or the stream
    waiting: int  # due and not handled yet
    timers: int  # due later
    handled: int
    recently: int  # handled since the moment that was asked about
    longest_us: int  # how long the first of the waiting ones has been due
    conflicts: int  # met by those that were handled: somebody was quicker, and they decided again


class Waiting(Struct, frozen=True, kw_only=True):
    """A command that waits for its time or its turn."""

    number: int  # in the order of issue, from 1
    id: str
    type: str
    stream: str
    due_at_us: int


class IssuedCommand(Struct, frozen=True, kw_only=True):
    """A request to change a stream, as it was issued. Times are microseconds since 1970 UTC."""

    id: str  # made when its form was opened: a resend is the same command
    type: str
    stream: str
    data_json: str
    actor: str
    roles: tuple[str, ...]
    expected: int | None  # the version its issuer saw; None: whatever it is
    issued_at_us: int
    due_at_us: int  # not to be handled before: a timer is a command that is due later
    expires_at_us: int | None  # not to be handled after
    causation_id: str | None  # of the event that led to it; None when a person began it
    correlation_id: str

    @property
    def data(self) -> Any:
        """The payload as a value; decoded at each call."""
        return json_text.decode(self.data_json)


class AlreadyIssued(StoreError):
    """The store has this command already."""

    hint = said("Check its result. Sending it again needs no second command.")

    def __init__(self, command_id: str) -> None:
        super().__init__(
            said("a command with this id was already issued: {command_id}", command_id=command_id)
        )
        self.command_id = command_id


class IdTaken(StoreError):
    """The id is that of another command."""

    hint = said("Give it its own id. Reuse an id only to send the same command again.")

    def __init__(self, first: IssuedCommand) -> None:
        super().__init__(
            said(
                "the id is already used by {type} {data_json} of {actor}, issued at "
                "{issued_at_us}: {id}",
                type=first.type,
                data_json=first.data_json,
                actor=first.actor,
                issued_at_us=format_moment(first.issued_at_us),
                id=first.id,
            )
        )
        self.first = first


def require_same(first: IssuedCommand, command: IssuedCommand) -> None:
    """Raises IdTaken when a command is no resend of the first one with its id."""
    if first.type != command.type or first.data != command.data:
        raise IdTaken(first)
