"""The tree of a filter: frozen values that the evaluator and every backend's compiler read.

Two trees are equal exactly when they say the same: a truth is never equal to a number.
"""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

Value: TypeAlias = str | int | Decimal | bool | None
Comparison: TypeAlias = Literal["=", "<", "<=", ">", ">=", "~"]
Kind: TypeAlias = Literal["nothing", "truth", "number", "text", "other"]
Field: TypeAlias = tuple[str, ...]

TIMES: Final = frozenset({"recorded", "occurred"})  # microseconds since 1970 UTC in a tree
NUMBERS: Final = TIMES | {"position", "version"}
TEXTS: Final = frozenset({"type", "stream", "category", "id", "actor"})
FACTS: Final = NUMBERS | TEXTS  # fields of one word; every other field is a path into a document
DATA: Final = "data"
METADATA: Final = "metadata"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One comparison of a field with a value.

    The field is one of FACTS alone, or DATA or METADATA and the keys of a path into it.
    """

    field: Field
    comparison: Comparison
    value: Value
    kind: Kind = dataclasses.field(init=False, repr=False)  # of the value

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", kind_of(self.value))


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


Tree: TypeAlias = Claim | Every | Some | Not


def kind_of(value: Any) -> Kind:
    """What a value can be compared with: its own kind. Lists and objects are compared with
    nothing."""
    if isinstance(value, str):
        return "text"
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else "truth"
    return "number" if isinstance(value, int | Decimal) else "other"
