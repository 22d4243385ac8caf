"""The tree of a filter: frozen values that the evaluator and every backend's compiler read.

Two trees are equal exactly when they say the same, wherever in the text: a truth is never equal
to a number. A filter is about events. A condition is about the states of a stream: its fields are
paths into the state, and it may ask whether one has changed.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

Value: TypeAlias = str | int | Decimal | bool | None
Comparison: TypeAlias = Literal["=", "<", "<=", ">", ">=", "~", "contains"]
Kind: TypeAlias = Literal["nothing", "truth", "number", "text", "other"]
Field: TypeAlias = tuple[str, ...]

TIMES: Final = frozenset({"recorded", "occurred"})  # microseconds since 1970 UTC in a tree
NUMBERS: Final = TIMES | {"position", "version"}
# Facts that stand in the metadata, and under which key. What stands there is compared as text.
IN_METADATA: Final = {"actor": "user", "command": "command", "correlation": "correlation_id"}
ANYTHING: Final = "anything"  # type, stream, id, and the whole texts of data and metadata
TEXTS: Final = frozenset({"type", "stream", "category", "id", ANYTHING, *IN_METADATA})
FACTS: Final = NUMBERS | TEXTS  # fields of one word; every other field is a path into a document
DATA: Final = "data"
METADATA: Final = "metadata"
STATE: Final = "state"  # the root of every field of a condition, and of none of a filter


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One comparison of a field with a value.

    The field is one of FACTS alone, or DATA, METADATA or STATE and the keys of a path into it.
    """

    field: Field
    comparison: Comparison
    value: Value
    at: int = dataclasses.field(default=0, compare=False, repr=False)  # of the field, in the text
    value_at: int = dataclasses.field(default=0, compare=False, repr=False)
    kind: Kind = dataclasses.field(init=False, repr=False)  # of the value

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", kind_of(self.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The field of a state has another value than before the event. In conditions only."""

    field: Field
    at: int = dataclasses.field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """All parts hold."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """One of the parts holds."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part does not hold."""

    part: "Tree"


Leaf: TypeAlias = Claim | Changed
Tree: TypeAlias = Leaf | Every | Some | Not


def leaves(tree: Tree) -> Iterator[Leaf]:
    """What is said of fields, in the order of the text."""
    match tree:
        case Every(parts=parts) | Some(parts=parts):
            for part in parts:
                yield from leaves(part)
        case Not(part=part):
            yield from leaves(part)
        case Claim() | Changed():
            yield tree


def kind_of(value: Any) -> Kind:
    """What a value can be compared with: its own kind. Lists and objects are compared with
    nothing."""
    if isinstance(value, str):
        return "text"
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else "truth"
    return "number" if isinstance(value, int | Decimal) else "other"
