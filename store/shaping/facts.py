"""Fields of an event that is on its way in: how they are written, and what stands there."""

import re
from dataclasses import dataclass
from typing import Final

from store import json_text
from store.errors import WrongRules
from store.filter.parse import field_of
from store.filter.tree import DATA, IN_METADATA, METADATA, Field
from store.reading.fields import Unusable
from store.reading.format import Incoming
from store.shaping.json_edit import values_at
from store.words import said

_PART: Final = re.compile(r"\{([^{}]*)\}")
_FACTS: Final = ("type", "stream", "id")  # that need no document


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The payloads of an event while rules change them, as JSON texts."""

    data: str
    metadata: str

    def of(self, root: str) -> str:
        """The data, or the metadata."""
        return self.data if root == DATA else self.metadata

    def having(self, root: str, text: str) -> "Documents":
        """These, with one of them replaced."""
        if root == DATA:
            return Documents(data=text, metadata=self.metadata)
        return Documents(data=self.data, metadata=text)


def placed_field(text: str, *, of: str) -> Field:
    """A path into the data or the metadata, as it is written in a filter. Raises WrongRules, which
    names the rule `of` which the field is."""
    found = field_of(text.strip())
    if found is None:
        raise WrongRules([(of, said("{text!r} is not a field; write it as data.total", text=text))])
    if len(found) == 1 and found[0] in IN_METADATA:
        return (METADATA, IN_METADATA[found[0]])
    if len(found) == 1:
        raise WrongRules(
            [(of, said("{text!r} is not a field of the data or the metadata", text=text))]
        )
    return found


def readable_field(text: str, *, of: str) -> Field:
    """Like `placed_field`; the event's type, stream and id can be read too."""
    found = field_of(text.strip())
    if found is not None and len(found) == 1 and found[0] in _FACTS:
        return found
    return placed_field(text, of=of)


def texts_of(field: Field, incoming: Incoming, documents: Documents) -> list[str]:
    """The JSON texts of what stands at a field."""
    match field:
        case ("type",):
            return [json_text.encode(incoming.event.type)]
        case ("stream",):
            return [json_text.encode(incoming.stream)]
        case ("id",):
            return [json_text.encode(incoming.event.id)]
    return values_at(documents.of(field[0]), field[1:])


class Template:
    """A field, or a text with fields in braces: `order-{data.orderId}`."""

    def __init__(self, text: str, *, of: str) -> None:
        """Raises WrongRules."""
        self.text = text
        parts = _PART.split(text)
        self._plain = parts[::2]
        written = parts[1::2]
        if not written:
            self._plain, written = ["", ""], [text]
        self.fields = tuple(readable_field(it, of=of) for it in written)

    @property
    def is_field(self) -> bool:
        """Whether it is one field and nothing else, whose value may be other than a text."""
        return len(self.fields) == 1 and not any(self._plain)

    def value(self, incoming: Incoming, documents: Documents) -> str | None:
        """The text; None when a field of it is missing, null or empty. Raises Unusable where one
        has several values, or one that is an object."""
        found = [_one(it, incoming, documents, self.text) for it in self.fields]
        if any(it is None for it in found):
            return None
        stated = [_said(str(it)) for it in found]
        if not all(stated):
            return None
        return self._plain[0] + "".join(map("".join, zip(stated, self._plain[1:], strict=True)))

    def json_value(self, incoming: Incoming, documents: Documents) -> str | None:
        """The JSON text of the value of a template that is one field; None where there is none."""
        return _one(self.fields[0], incoming, documents, self.text)


def _one(field: Field, incoming: Incoming, documents: Documents, name: str) -> str | None:
    found = [it for it in texts_of(field, incoming, documents) if it != "null"]
    if not found:
        return None
    if len(found) > 1:
        raise Unusable(said("{name} has {count:,} values", name=name, count=len(found)))
    if found[0][:1] in "[{":
        raise Unusable(said("{name} is an object or a list, not a single value", name=name))
    return found[0]


def _said(text: str) -> str:
    return str(json_text.decode(text)) if text.startswith('"') else text
