"""A projection: the typed rows of a view, and what an event does to them."""

import hashlib
import inspect
import re
import sys
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Final, Generic, Literal, Protocol, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from replay.words import said
from store import json_text
from store.events import RecordedEvent

Kind: TypeAlias = Literal["text", "integer", "real", "boolean", "json"]
KeyValue: TypeAlias = str | int
Payloads: TypeAlias = Literal["current", "stored"]  # in today's shape, or as recorded
Key: TypeAlias = KeyValue | tuple[KeyValue, ...]  # a tuple when the key has several columns

# A column of any JSON value. It is kept as a value while the projector has the row at hand, and
# may be changed in place by the projection that put it; the table holds its text.
Json = Annotated[Any, "json"]

R = TypeVar("R", bound=Struct)

NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
RESERVED: Final = re.compile(
    r"(view_facts|projections|projection_errors|snapshots|sqlite_.*|timeline.*|search(_.*)?|causation|event_log"
    r"|broken_rules|.*_(writes|deleted|history))"
)
DATA: Final = "data."  # before the path of a field of the payload
PARTITION: Final = re.compile(rf"stream|type|{re.escape(DATA)}[^.]+(\.[^.]+)*", re.DOTALL)
_KINDS: Final[dict[Any, Kind]] = {
    str: "text",
    int: "integer",
    float: "real",
    bool: "boolean",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a view."""

    name: str
    kind: Kind
    is_key: bool = False
    is_nullable: bool = False


class Lookup(Protocol):
    """The lookup table of one projection: what it has to know of other events to write its rows,
    by a key. It stands beside the rows, not among them, and is written with them.

    A value is JSON, and each time a copy: put it again after a change. Raises TypeError when the
    projection does not declare `keeps_lookup`, and for a key that is no text.
    """

    def get(self, key: str) -> Any:
        """The value under this key as it is now, or None."""

    def put(self, key: str, value: Any) -> None:
        """Keep the value, in place of the one under the same key."""

    def delete(self, key: str) -> None:
        """Keep nothing under this key any more. Nothing if there is no value."""


class Rows(Protocol[R]):
    """The rows of one view, as a projection sees them. Nothing is written before its batch is."""

    @property
    def lookup(self) -> Lookup:
        """What the projection keeps beside the rows."""

    def get(self, key: Key) -> R | None:
        """The row with this key as it is now, or None."""

    def put(self, row: R) -> None:
        """Add the row, or take it in place of the one with the same key."""

    def delete(self, key: Key) -> None:
        """Take the row with this key away; it stays in the history. Nothing if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowByRow(Generic[R]):
    """How one row goes on from event to event: an `apply` that looks at no other row.

    So a run of events is folded without reading and putting the row at each of them. An event
    writes the row of its `key`, a text field of the event, and with `follows_links` those of the
    streams it is linked into. `begin(key, row)` makes what is kept of a row while it goes on, from
    the row as it stands (None: there is none), and may take its Json values as its own.
    `go_on(kept, event, is_linked)` changes that, and returns the columns beside the key.
    `run(kept, events)`, where there is one, goes on over one or more events and returns the columns
    after the last, for less than one by one. It takes each event once it is done with the one
    before, so what it raises is about the one it took last.
    """

    row: type[R]
    key: Literal["stream", "type"]
    begin: Callable[[str, R | None], Any]
    go_on: Callable[[Any, RecordedEvent, bool], tuple[Any, ...]]
    follows_links: bool = False
    run: Callable[[Any, Iterable[tuple[RecordedEvent, bool]]], tuple[Any, ...]] | None = None

    def __call__(self, rows: Rows[R], event: RecordedEvent, links: tuple[str, ...]) -> None:
        """Fold one event, as a run of one."""
        for number, key in enumerate(self.keys(event, links)):
            kept = self.begin(key, rows.get(key))
            rows.put(row_maker(self.row)(key, *self.go_on(kept, event, number > 0)))

    def keys(self, event: RecordedEvent, links: tuple[str, ...]) -> Iterator[str]:
        """The rows that an event writes, in order; the first one is not by a link."""
        yield getattr(event, self.key)
        if self.follows_links:
            yield from (it for it in links if it != event.stream)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection(Generic[R]):
    """The function from events to the rows of one view.

    `row` is a msgspec.Struct whose fields are the columns; those named in `key` come first.
    `apply(rows, event, links)` folds in one event, `links` being the further streams it is
    linked into; one that goes row by row is better a RowByRow. It is pure: it depends on nothing
    but its arguments. With a Json column it may read only the rows that it writes, unless it says
    `reads_others`: then no long value is left out of its history, since none could be folded
    again from one row's events alone.

    Events come in the shape that their models read today (upcast); with `payloads="stored"` as
    they were recorded.

    `keeps_lookup`: it has a lookup table (`rows.lookup`) for what it must know of other events and
    what is no row. So it need not read rows that other events write.

    A change of `version`, of the row or of the source text rebuilds the view at the next start;
    `uses` names further modules whose source belongs to the definition.

    `partition_by` says by what its events can be divided so that each part is folded alone and
    the rows are put together: "stream" (the event's home), "type", or a field of the payload
    ("data.order.id"). It then neither reads nor writes a row, or a value of its lookup
    table, that another part writes, so it cannot be one that `reads_others`. None: nothing is
    declared, and it is folded whole.
    """

    name: str
    version: int
    title: str
    row: type[R]
    key: tuple[str, ...]
    apply: Callable[[Rows[R], RecordedEvent, tuple[str, ...]], None]
    uses: tuple[ModuleType, ...] = ()
    listens: frozenset[str] | None = None  # event types; None: all of them
    categories: frozenset[str] = frozenset()  # of streams: without all of them nothing is folded
    facts: str = ""  # what it is made from beside its source: a change of them rebuilds it
    reads_others: bool = False
    keeps_lookup: bool = False
    payloads: Payloads = "current"
    partition_by: str | None = None
    nets_out: bool = False  # an event and what takes it back leave every row as it was
    is_own: bool = False  # of a file that a person opened: run only where it may go wrong

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name) or RESERVED.fullmatch(self.name):
            raise ValueError(
                said("this is not a valid name for a projection: {name!r}", name=self.name)
            )
        fields = tuple(field.encode_name for field in msgspec.structs.fields(self.row))
        if not self.key or fields[: len(self.key)] != self.key:
            raise ValueError(
                said("the key must be the first fields of the row: {name!r}", name=self.name)
            )
        if self.partition_by is not None and not PARTITION.fullmatch(self.partition_by):
            raise ValueError(
                said(
                    "events cannot be partitioned by {partition_by!r}: {name!r}",
                    partition_by=self.partition_by,
                    name=self.name,
                )
            )
        if self.partition_by is not None and self.reads_others:
            raise ValueError(
                said(
                    "a projection that reads others cannot be partitioned: {name!r}", name=self.name
                )
            )


def row_maker(row: type[R]) -> Callable[..., R]:
    """What makes a row from its columns in order; also one that takes its fields by name only."""
    return _maker(row)


@lru_cache(maxsize=256)
def _maker(row: type[Any]) -> Callable[..., Any]:
    """Found once for a row: to look at a signature takes a hundred times as long as to make one."""
    parameters = inspect.signature(row).parameters.values()
    if all(it.kind is not inspect.Parameter.KEYWORD_ONLY for it in parameters):
        return row
    names = tuple(it.name for it in msgspec.structs.fields(row))

    def by_name(*values: Any) -> Any:
        return row(**dict(zip(names, values, strict=True)))

    return by_name


def columns(projection: Projection[Any]) -> tuple[Column, ...]:
    """The columns of the view, in the order of the row's fields.

    Raises TypeError when a field has a type that no column can hold.
    """
    hints = typing.get_type_hints(projection.row, include_extras=True)
    return tuple(_column(name, hint, is_key=name in projection.key) for name, hint in hints.items())


def definition(projection: Projection[Any]) -> str:
    """A hash that changes with the projection's version, columns or source text."""
    apply = projection.apply
    code = apply.go_on if isinstance(apply, RowByRow) else apply
    modules = [sys.modules.get(code.__module__), *projection.uses]
    parts = [
        projection.name,
        str(projection.version),
        *([projection.facts] if projection.facts else []),
        json_text.encode([str(column) for column in columns(projection)]),
        *(_source(module) for module in modules),
    ]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _column(name: str, hint: Any, *, is_key: bool) -> Column:
    if not NAME.fullmatch(name):
        raise TypeError(f"a column cannot have this name: {name!r}")
    if hint == Json:
        return Column(name=name, kind="json")
    options = set(typing.get_args(hint)) if isinstance(hint, UnionType) else {hint}
    kinds = options - {NoneType}
    kind = _KINDS.get(next(iter(kinds))) if len(kinds) == 1 else None
    if kind is None:
        raise TypeError(f"no column can hold {hint}: {name!r}")
    return Column(name=name, kind=kind, is_key=is_key, is_nullable=NoneType in options)


def _source(module: ModuleType | None) -> str:
    """The module's text; nothing for one that came without (then only its version tells)."""
    try:
        return inspect.getsource(module) if module else ""
    except OSError:
        return ""
