"""What a person teaches: for each type of event the steps that it does to the state.

Places of the event's data and of the state are written as text: see `replay.taught.paths`.
"""

from typing import Any, Final, Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from replay.words import said
from store.errors import StoreError

WHOLE: Final = "$"  # the event's data as it is, or the whole state

IfMissing: TypeAlias = Literal["fail", "skip", "skip rest"]


class WrongTeaching(StoreError):
    """What was taught cannot be used; the message names the place."""

    hint = said(
        "Change the step and try again. The steps are described in: main.py teach STORE --help"
    )


class _Step(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="do",
    forbid_unknown_fields=True,
):
    """`each` names a list in the event's data: the step is done for each entry of it, and its
    values are looked up in the entry. `if_missing` says what becomes of a value, a key or an entry
    that is not there: the state cannot be computed (fail), or the step, or it and the rest of the
    steps of the event, are left out."""

    each: str = ""
    if_missing: IfMissing = "fail"


class Set(_Step, frozen=True, tag="set"):
    """A field of the state becomes a value of the data, or a given one."""

    to: str
    value: str = ""  # an expression on the data
    constant: Any | UnsetType = UNSET


class Merge(_Step, frozen=True, tag="merge"):
    """An object of the data is merged into a field of the state, or the whole (RFC 7396)."""

    to: str = WHOLE
    value: str = WHOLE


class AddToList(_Step, frozen=True, tag="add to list"):
    """An entry is added to a list. With a key it is added once: when an entry with the same key is
    there, its fields in `sum` are added up and the other ones replaced."""

    to: str
    entry: str | dict[str, str]  # an expression, or name in the entry → expression
    key: str = ""  # the field of the entry by which it is known
    sum: tuple[str, ...] = ()


class RemoveByKey(_Step, frozen=True, tag="remove by key"):
    """An entry is taken out of a list. With `subtract` (field of the entry → expression) these are
    subtracted, and the entry goes when the first of them is no longer above zero."""

    to: str
    key: str
    value: str  # of the key
    subtract: dict[str, str] = {}


class Count(_Step, frozen=True, tag="count"):
    """A number of the state goes up by one."""

    to: str


class Add(_Step, frozen=True, tag="add"):
    """A value is added to a number of the state."""

    to: str
    value: str


class Subtract(_Step, frozen=True, tag="subtract"):
    """A value is subtracted from a number of the state."""

    to: str
    value: str


class Delete(_Step, frozen=True, tag="delete"):
    """A field, or the whole state, is again what it was at the beginning."""

    to: str


class Ignore(Struct, frozen=True, tag_field="do", tag="ignore", forbid_unknown_fields=True):
    """The event does nothing to the state."""


Step: TypeAlias = Set | Merge | AddToList | RemoveByKey | Count | Add | Subtract | Delete | Ignore
Types: TypeAlias = dict[str, tuple[Step, ...]]


class Taught(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One version of what was taught of a category. A category whose newest version has no types
    is taught no longer."""

    category: str  # its streams are named category-…
    version: int  # from 1 in each category
    at: str = ""  # RFC 3339
    by: str = ""
    note: str = ""
    types: Types = {}
