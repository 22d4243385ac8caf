"""Mask named fields of an event."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import structs

from store import json_text
from store.errors import WrongRules
from store.filter.parse import field_of
from store.filter.tree import Field
from store.filter.write import field_text
from store.reading.format import Incoming
from store.shaping.facts import Documents, placed_field
from store.shaping.json_edit import edited
from store.shaping.mapping import TIMES, RoleMap
from store.shaping.mask import masked, masked_stream
from store.shaping.rules import MASKS
from store.words import said

STREAM: Final[Field] = ("stream",)
_SHAPING: Final = ("version", *TIMES)  # roles that a mask cannot stand for


class Masking:
    """The rules of `mask`."""

    def __init__(self, stated: Mapping[str, str]) -> None:
        """Raises WrongRules."""
        self._fields: list[tuple[str, Field, str]] = []
        for name, kind in stated.items():
            rule = f"mask.{name}"
            if kind not in MASKS:
                raise WrongRules(
                    [
                        (
                            rule,
                            said(
                                "{kind!r} is not a mask; known are {masks}",
                                kind=kind,
                                masks=", ".join(MASKS),
                            ),
                        )
                    ]
                )
            is_stream = field_of(name.strip()) == STREAM
            field = STREAM if is_stream else placed_field(name, of=rule)
            self._fields.append((rule, field, kind))

    def __bool__(self) -> bool:
        return bool(self._fields)

    @property
    def names(self) -> list[tuple[str, str]]:
        """Each rule, and what it does, for people."""
        return [(rule, _words(field, kind)) for rule, field, kind in self._fields]

    def problems(self, roles: RoleMap) -> list[tuple[str, str]]:
        """Facts that would be taken from what is masked, and cannot."""
        hidden = {field for _, field, _ in self._fields}
        return [
            (
                f"map.{role}",
                said(
                    "{field} is masked, so no {role} can be read from it",
                    field=field_text(field),
                    role=role,
                ),
            )
            for role, template in roles.templates.items()
            if role in _SHAPING
            for field in template.fields
            if any(field[: len(it)] == it for it in hidden)
        ]

    def documents(self, documents: Documents) -> tuple[Documents, dict[str, int]]:
        """The payloads with what is masked, and how many values of each rule were."""
        counts = dict.fromkeys((rule for rule, _, _ in self._fields), 0)
        for rule, field, kind in self._fields:
            if field != STREAM:
                text, count = _hidden(documents.of(field[0]), field[1:], kind)
                documents, counts[rule] = documents.having(field[0], text), count
        return documents, counts

    def before(self, before: Mapping[str, str]) -> dict[str, str]:
        """What a file said of facts that were replaced, as JSON texts by their names."""
        hidden = {field_text(field): kind for _, field, kind in self._fields}
        return {
            name: _stream_json(text, hidden[name])
            if name == "stream" and name in hidden
            else masked(text, hidden[name])
            if name in hidden
            else text
            for name, text in before.items()
        }

    def streams(self, incoming: Incoming) -> tuple[Incoming, dict[str, int]]:
        """The event with the names of its streams masked, where a rule says so."""
        for rule, field, kind in self._fields:
            if field == STREAM:
                links = tuple(masked_stream(it, kind) for it in incoming.event.links)
                event = structs.replace(incoming.event, links=links)
                stream = masked_stream(incoming.stream, kind)
                return structs.replace(incoming, stream=stream, event=event), {rule: 1}
        return incoming, {}


def _hidden(text: str, path: Sequence[str], kind: str) -> tuple[str, int]:
    count = 0

    def hide(value: str) -> str:
        nonlocal count
        new = masked(value, kind)
        count += new != value
        return new

    return edited(text, path, hide), count


def _stream_json(text: str, kind: str) -> str:
    return json_text.encode(masked_stream(str(json_text.decode(text)), kind))


def _words(field: Field, kind: str) -> str:
    return f"{field_text(field)} ({kind})"
