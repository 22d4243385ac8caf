"""Views that need no code: events grouped, and a few columns folded from them.

A built view is text: a group, columns and a filter. It becomes a projection like any other, with
a history, a rebuild and a definition that is noticed when it changes.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from replay.projection import DATA, NAME, PARTITION, RESERVED, Json, Projection, Rows
from replay.views.group_key import canonical_json, group_key, value_order
from replay.words import said
from store import json_text
from store.errors import StoreError
from store.events import RecordedEvent
from store.filter import claims, evaluate, parse, tokens, tree
from store.times import format_moment

Fold: TypeAlias = Literal[
    "last", "first", "count", "sum", "min", "max", "distinct", "first_time", "last_time"
]

STREAM: Final = "stream"  # groups by the event's home stream
VERSION: Final = 2  # raise it when a fold changes what it does
WITHOUT_FIELD: Final = ("count", "first_time", "last_time")
SEEN: Final = "_seen"  # added to the name of a `distinct` column: what it has counted


class BuiltColumn(Struct, frozen=True, forbid_unknown_fields=True):
    """One column. `field` is a path into the payload, such as `registrant.email`."""

    name: str
    fold: Fold
    field: str = ""


class BuiltView(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person has put together."""

    name: str
    group_by: str  # STREAM, or a path into the payload
    columns: tuple[BuiltColumn, ...]
    types: tuple[str, ...] = ()  # only events of these; none: of all
    where: str = ""  # only events that meet this filter (store.filter)


class WrongView(StoreError):
    """A built view that cannot be."""

    hint = said("Change the view and try again.")


def require_sound(built: BuiltView, *, taken: frozenset[str] = frozenset()) -> None:
    """Raises WrongView with what is wrong: names, fields, columns; WrongFilter."""
    names = [it.name for it in built.columns]
    if not NAME.fullmatch(built.name):
        raise WrongView(
            said(
                "the name of a view has only lowercase letters, digits and _: {name!r}",
                name=built.name,
            )
        )
    if RESERVED.fullmatch(built.name):
        raise WrongView(
            said("this name is reserved for the program's own tables: {name!r}", name=built.name)
        )
    if built.name in taken:
        raise WrongView(said("a view with this name already exists: {name!r}", name=built.name))
    if not built.group_by:
        raise WrongView(said("choose a field to group by, or the stream"))
    if not names:
        raise WrongView(said("a view needs at least one column"))
    for it in built.columns:
        if not NAME.fullmatch(it.name) or it.name == "key" or it.name.endswith(SEEN):
            raise WrongView(said("this is not a valid name for a column: {name!r}", name=it.name))
        if not it.field and it.fold not in WITHOUT_FIELD:
            raise WrongView(said("the column {name!r} needs a field to fold", name=it.name))
    if len(set(names)) < len(names):
        raise WrongView(said("two columns have the same name"))
    parse.parse(built.where)


def projection_of(built: BuiltView) -> Projection[Any]:
    """The projection that folds it. Raises WrongView, WrongFilter."""
    require_sound(built)
    fields: list[tuple[str, Any]] = [("key", str)]
    for it in built.columns:
        fields.append((it.name, _TYPES.get(it.fold, Json)))
        if it.fold == "distinct":
            fields.append((f"{it.name}{SEEN}", Json))
    row = msgspec.defstruct("Row", fields, frozen=True, module=__name__)
    is_wanted = evaluate.predicate(built.where)

    def apply(rows: Rows[Any], event: RecordedEvent, _links: tuple[str, ...]) -> None:
        if is_wanted(event):
            _apply(built, row, rows, event)

    return Projection(
        name=built.name,
        version=VERSION,
        title=built.name.replace("_", " ").capitalize(),
        row=row,
        key=("key",),
        apply=apply,
        uses=(parse, tokens, tree, claims, evaluate),
        listens=frozenset(built.types) or None,
        payloads="stored",  # it finds and counts what a filter finds
        partition_by="stream" if built.group_by == STREAM else _partition(built.group_by),
        facts=json_text.encode(built),
    )


def _partition(path: str) -> str | None:
    """A group by a field is a partition by it; a path that no partition can have is none."""
    by = DATA + path
    return by if PARTITION.fullmatch(by) else None


def _apply(
    built: BuiltView, make: Callable[..., Any], rows: Rows[Any], event: RecordedEvent
) -> None:
    data = event.data
    key = event.stream if built.group_by == STREAM else _value(data, built.group_by)
    if key is None or isinstance(key, dict | list):
        return  # an event without the field belongs to no group
    key = key if built.group_by == STREAM else group_key(key)
    row = rows.get(key)
    values: list[Any] = [key]
    for column in built.columns:
        before = None if row is None else getattr(row, column.name)
        if column.fold == "distinct":
            seen = [] if row is None else getattr(row, f"{column.name}{SEEN}")
            seen = _with(seen, _value(data, column.field))
            values += [len(seen), seen]
        else:
            values.append(_folded(column, before, data, event))
    rows.put(make(*values))


def _folded(column: BuiltColumn, before: Any, data: Any, event: RecordedEvent) -> Any:
    match column.fold:
        case "count":
            there = not column.field or _value(data, column.field) is not None
            return (before or 0) + there
        case "first_time":
            return before or format_moment(event.recorded_at_us)
        case "last_time":
            return format_moment(event.recorded_at_us)
    value = _value(data, column.field)
    if value is None:
        return before
    if column.fold == "last" or (column.fold == "first" and before is None):
        return value
    if column.fold == "first":
        return before
    return _combined(column, before, value)


def _combined(column: BuiltColumn, before: Any, value: Any) -> Any:
    """The sum of what are numbers, or the least or greatest: of the numbers where there are any,
    else of the times, else of the texts."""
    if column.fold == "sum":
        number = _number(value)
        return before if number is None else number if before is None else before + number
    if before is None:
        return value
    (kind, place), (kind_before, place_before) = value_order(value), value_order(before)
    if kind != kind_before:
        return value if kind < kind_before else before
    is_nearer = place < place_before if column.fold == "min" else place_before < place
    return value if is_nearer else before


def _with(seen: list[Any], value: Any) -> list[Any]:
    if value is None:
        return seen
    text = canonical_json(value)
    return seen if text in seen else [*seen, text]


def _number(value: Any) -> Any:
    """A number to be added or compared exactly; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
        return None
    return Decimal(str(value)) if isinstance(value, float) else value


def _value(data: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(data, dict):
            return None
        data = data.get(part)
    return data


_TYPES: Final[dict[str, Any]] = {
    "count": int,
    "distinct": int,
    "first_time": str,
    "last_time": str,
}
