"""Consequences as values, one type for each kind. Positions on the left are those of the log, on
the right those of the branch. What can be followed is named: positions, streams, rows, ids.
"""

from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct

Told: TypeAlias = Callable[[int, int], None]  # done, of how much; may raise to stop


Outcome: TypeAlias = Literal[
    "refused", "other", "unanswered", "failed", "unsent", "new", "waits", "kept"
]


class StreamDiffers(Struct, frozen=True, kw_only=True, tag_field="kind", tag="stream"):
    """The state of a stream is another one at the end. `position` and `branch_position` are those
    of the first event after which it was, None where a line does not have it. `path` is the first
    field that differs; values are JSON texts, empty where there is no such field. `failed_at`, on
    the right, is the event that cannot be folded there, with `error`."""

    stream: str
    position: int | None
    branch_position: int | None
    path: str
    before: str
    after: str
    count: int
    failed_at: int | None = None
    error: str = ""


class CommandDiffers(Struct, frozen=True, kw_only=True, tag_field="kind", tag="command"):
    """A recorded command that would come out otherwise: `refused` by a rule, `other` events, no
    answer of an outsider to a question (`unanswered`), or the model `failed`. In a branch that
    decides later commands again it does come out so (`is_decided`), and may be `unsent`, `new`, a
    timer that `waits`, or `kept` as it could not be decided. Positions are those of its first
    event; `text` says what is different, or why."""

    id: str
    command: str
    stream: str
    position: int | None
    branch_position: int
    outcome: Outcome
    rule: str = ""
    text: str = ""
    is_decided: bool = False


class MessageDiffers(Struct, frozen=True, kw_only=True, tag_field="kind", tag="message"):
    """A message to the outside: what was sent, and what should have been. `status` is that of
    what was sent; empty where nothing was."""

    action: Literal["adjust", "cancel", "add"]
    message_id: str  # empty without one
    position: int | None  # of its event
    branch_position: int | None
    gateway: str
    sent: Any
    instead: Any
    status: Literal["", "waiting", "sent", "failed", "withdrawn"]
    why: str


class ProcessDiffers(Struct, frozen=True, kw_only=True, tag_field="kind", tag="process"):
    """An instance of a process manager that ends otherwise: the names of its states, and the
    events of its own that it would not have recorded, and would have. `position` is that of the
    first event that it would have heard otherwise."""

    process: str
    stream: str
    position: int | None
    branch_position: int | None
    before: str
    after: str
    text: str = ""


class TimerDiffers(Struct, frozen=True, kw_only=True, tag_field="kind", tag="timer"):
    """A timer that fired and would not have, or the other way round. `due_at_us`: microseconds
    since 1970 UTC."""

    id: str
    process: str
    stream: str
    command: str
    due_at_us: int
    fires: bool  # on the right
    position: int | None  # of the event that set it, or of what it led to


class RowDiffers(Struct, frozen=True, kw_only=True, tag_field="kind", tag="row"):
    """A row of a view that is another one at the end: JSON texts, empty where there is no row.
    `column` is the first that differs; without one a whole row comes or goes."""

    view: str
    key: tuple[str | int, ...]
    column: str
    before: str
    after: str


class ViewFails(Struct, frozen=True, kw_only=True, tag_field="kind", tag="view"):
    """A view that cannot be folded on the right behind an event."""

    view: str
    failed_at: int
    error: str


class Unchecked(Struct, frozen=True, kw_only=True, tag_field="kind", tag="unchecked"):
    """What was not looked at, and why."""

    name: str
    why: str


Found: TypeAlias = (
    StreamDiffers
    | CommandDiffers
    | MessageDiffers
    | ProcessDiffers
    | TimerDiffers
    | RowDiffers
    | ViewFails
    | Unchecked
)


def kind_of(it: Found) -> str:
    """One of KINDS."""
    return str(type(it).__struct_config__.tag)


KINDS: Final = ("stream", "command", "message", "process", "timer", "row", "view", "unchecked")
