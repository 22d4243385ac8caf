"""What a process that folds a person's own projection and its parent say to each other.

Each message is a frame: its length in four bytes, then MessagePack. The parent sends `Fold`, and
`Found` for each `Asked`; the process says first `Loaded` or `Refused`, then `Done` for every event
and `Failed` for the one that it could not fold.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import Struct

from replay.projection import Column, Payloads
from replay.rules.rule import Invariant
from replay.words import counted, said
from store.events import RecordedEvent

Value: TypeAlias = str | int | float | bool | None  # of a column; JSON as its text

KeyPart: TypeAlias = str | Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]

LENGTH: Final = 4  # bytes before each message
MARKER_BYTES: Final = 8  # a position
_HELD: Final[dict[str, tuple[type, ...]]] = {
    "text": (str,),
    "integer": (int,),
    "real": (int, float),
    "boolean": (bool,),
    "json": (str,),
}
_LARGEST: Final = 2**63 - 1


class Write(Struct, frozen=True, array_like=True):
    """One row that was put or taken away."""

    values: list[Value]  # of its columns; of its key alone when it was taken away
    is_deleted: bool = False


class Entry(Struct, frozen=True, array_like=True):
    """One value of the lookup table that was put or taken away."""

    key: str
    text: str | None  # JSON; None when it was taken away


class OwnView(Struct, frozen=True, kw_only=True):
    """A projection without its code."""

    name: str
    title: str
    version: int
    definition: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    listens: frozenset[str] | None
    partition_by: str | None = None
    payloads: Payloads = "current"
    keeps_lookup: bool = False


class Fold(Struct, frozen=True, kw_only=True, tag=True):
    """Fold these events into a view."""

    view: str
    events: Sequence[RecordedEvent]
    links: dict[int, tuple[str, ...]]
    is_fresh: bool  # rows that you remember are of no worth
    is_empty: bool  # and there are none to be asked for
    is_careful: bool  # say of each event at once that it is done
    budget_s: float  # stop behind the event with which it is used up
    limit_s: float  # for one event
    spared: dict[int, str] = {}  # position → why no own model is run at that event
    spares: str = ""  # why none is run at any; empty when they are


class Found(Struct, frozen=True, tag=True):
    """The row that was asked for, or the one text of a value of the lookup table; None when there
    is none."""

    values: list[Value] | None


class Loaded(Struct, frozen=True, tag=True):
    """The file was run, and this is what it defines."""

    views: tuple[OwnView, ...] = ()
    invariants: tuple[Invariant, ...] = ()  # of all models, where rules are folded by them


class Refused(Struct, frozen=True, tag=True):
    """The file cannot be run, or defines nothing that can be folded."""

    reason: str
    trace: str


class Asked(Struct, frozen=True, tag=True):
    """Which row has this key, or which value of the lookup table?"""

    key: KeyPart | tuple[KeyPart, ...]
    is_lookup: bool = False


class Done(Struct, frozen=True, kw_only=True, tag=True):
    """One event is folded in."""

    position: int
    writes: list[Write]
    lookup: Sequence[Entry] = ()
    is_last: bool  # the others are to be sent again


class Failed(Struct, frozen=True, kw_only=True, tag=True):
    """The projection raised at this event; what it wrote there is dropped, and so is the rest."""

    position: int
    kind: str  # the name of the exception's type
    reason: str
    trace: str


ToWorker: TypeAlias = Fold | Found
FromWorker: TypeAlias = Loaded | Refused | Asked | Done | Failed

to_worker: Final[msgspec.msgpack.Decoder[ToWorker]] = msgspec.msgpack.Decoder(ToWorker)
from_worker: Final[msgspec.msgpack.Decoder[FromWorker]] = msgspec.msgpack.Decoder(FromWorker)
_encoder: Final = msgspec.msgpack.Encoder()


def frame(message: ToWorker | FromWorker) -> bytes:
    """A message with its length. Raises what a value raises that has no form."""
    text = _encoder.encode(message)
    return len(text).to_bytes(LENGTH, "big") + text


def why_refused(columns: Sequence[Column], values: Sequence[Any]) -> str:
    """Why the columns cannot hold these values; empty when they can."""
    if len(columns) != len(values):
        return said(
            "{columns} cannot hold {values}",
            columns=counted("{count} column", "{count} columns", len(columns)),
            values=counted("{count} value", "{count} values", len(values)),
        )
    for column, value in zip(columns, values, strict=True):
        if value is None and column.is_nullable:
            continue
        is_number = isinstance(value, int)
        is_too_big = is_number and not -_LARGEST - 1 <= value <= _LARGEST
        if not isinstance(value, _HELD[column.kind]) or is_too_big:
            return said(
                "the column {name!r} ({kind}) cannot hold {value!r:.80}",
                name=column.name,
                kind=column.kind,
                value=value,
            )
    return ""
