"""The rules of an import, as a person states them. They are applied in this order:

1. fields are renamed, then converted;
2. stream, type, time, id, correlation, causation, actor are taken from the fields of the mapping;
3. types are renamed;
4. events that meet a rule of `reject` stay out;
5. fields are masked; what the mapping takes from a masked field is masked as well.

`order` says by what the events are put in order before they are numbered. Fields and conditions
are written as in a filter (store/filter). As JSON, the struct is the file of the rules.
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, field, json

from store.words import said

# Of each role of an event, the words for people.
ROLES: Final[Mapping[str, str]] = {
    "stream": said("the stream of the event"),
    "type": said("its type"),
    "occurred": said("when it happened"),
    "recorded": said("when it was stored at its source"),
    "id": said("its id"),
    "version": said("its version in its stream, from 1"),
    "correlation": said("the conversation it belongs to"),
    "causation": said("the event or command that caused it"),
    "actor": said("who did it"),
}
CONVERSIONS: Final[Mapping[str, str]] = {
    "number": said("a text such as 12.50 to a number"),
    "text": said("a number, true or false to a text"),
    "boolean": said("the texts true and false to a boolean"),
    "json": said("a text of JSON to the value it describes"),
    "epoch-s": said("seconds since 1970 to a time"),
    "epoch-ms": said("milliseconds since 1970 to a time"),
    "epoch-us": said("microseconds since 1970 to a time"),
    "epoch-ns": said("nanoseconds since 1970 to a time"),
}
MASKS: Final[Mapping[str, str]] = {
    "hash": said("a hash; equal values stay equal"),
    "blank": said("removed; a text becomes empty, everything else null"),
}
# Besides these the order may be a field.
ORDERS: Final[Mapping[str, str]] = {
    "file": said("as in the file"),
    "recorded": said("by recorded time"),
    "occurred": said("by occurred time"),
    "position": said("by their place at the source"),
}


class Rejection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Events that stay out."""

    where: str  # a filter
    why: str = ""

    @property
    def reason(self) -> str:
        """What the report says."""
        return (
            said("{why} (rule: {where})", why=self.why, where=self.where)
            if self.why
            else said("rule: {where}", where=self.where)
        )


class ImportRules(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Everything that is stated about an import; what is empty is left to the file."""

    format: str = ""
    encoding: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    map: dict[str, str] = field(default_factory=dict)  # role → field, or text with {fields}
    rename_types: dict[str, str] = field(default_factory=dict)
    rename_fields: dict[str, str] = field(default_factory=dict)
    convert: dict[str, str] = field(default_factory=dict)  # field → one of CONVERSIONS
    reject: tuple[Rejection, ...] = ()
    mask: dict[str, str] = field(default_factory=dict)  # field → one of MASKS
    order: str = ""  # one of ORDERS, or a field; empty: "file", and late events are not looked for

    @property
    def changes_events(self) -> bool:
        """Whether an event may come in otherwise than its format reads it."""
        return bool(
            self.map
            or self.rename_types
            or self.rename_fields
            or self.convert
            or self.reject
            or self.mask
        )

    def as_dict(self) -> dict[str, Any]:
        """What is stated, as JSON values."""
        stated: dict[str, Any] = json.decode(json.encode(self))
        return stated


NO_RULES: Final = ImportRules()


def over(above: ImportRules, below: ImportRules) -> ImportRules:
    """Both sets of rules; where they speak of the same, what `above` says counts."""
    return ImportRules(
        format=above.format or below.format,
        encoding=above.encoding or below.encoding,
        choices={**below.choices, **above.choices},
        map={**below.map, **above.map},
        rename_types={**below.rename_types, **above.rename_types},
        rename_fields={**below.rename_fields, **above.rename_fields},
        convert={**below.convert, **above.convert},
        reject=(*below.reject, *(it for it in above.reject if it not in below.reject)),
        mask={**below.mask, **above.mask},
        order=above.order or below.order,
    )
