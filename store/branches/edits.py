"""The edits of a branch, as values.

An edit names events by their ids, so it stays what it is when others are made, undone or made
again before it. `before` is the id of the event that something is put before; empty at the end.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

Kind: TypeAlias = Literal["leave out", "replace", "insert", "move", "swap", "decide"]


class Content(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an event says instead, or what a new one says. What is None stays as it was; JSON is
    kept as text, times are in microseconds since 1970 UTC."""

    stream: str | None = None  # of a new event alone
    id: str | None = None  # the same
    links: tuple[str, ...] = ()  # the same
    type: str | None = None
    data_json: str | None = None
    metadata_json: str | None = None
    occurred_at_us: int | None = None
    occurred_offset_min: int | None = None
    recorded_at_us: int | None = None
    recorded_offset_min: int | None = None


class Edit(Struct, frozen=True, kw_only=True):
    """One edit. `number` orders the edits of a branch. "decide" is none of a person's: it replaces
    what an event says, links included, by what its command led to when it was decided again."""

    number: int
    kind: Kind
    target: str  # the id of the event that it is about; of the new one, for "insert"
    other: str = ""  # before which event, for "insert" and "move"; with which one, for "swap"
    end: int = 0  # where the end was, if nothing stands in `other`: a position of the raw history
    content: Content = Content()
    at_us: int = 0
    by: str = ""
    is_undone: bool = False
    is_inherited: bool = False  # came with the branch that this one was made from


def digest(edits: Sequence[Edit]) -> str:
    """What tells one history from another: of the edits that are not undone; empty without."""
    told = [(it.kind, it.target, it.other, it.end, it.content) for it in edits if not it.is_undone]
    return sha256(msgspec.msgpack.encode(told)).hexdigest()[:16] if told else ""
