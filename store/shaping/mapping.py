"""Take stream, type, time, id, correlation, causation and actor of an event from its fields."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import structs

from store import json_text
from store.errors import WrongRules
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Incoming
from store.reading.stated_times import stated_times
from store.shaping.facts import Documents, Template
from store.shaping.json_edit import values_at, with_member
from store.shaping.rules import ROLES
from store.times import format_moment
from store.words import said

WANTED: Final = ("stream", "type")  # no event is without them
TIMES: Final = ("occurred", "recorded")
IN_METADATA: Final = {
    "correlation": "correlation_id",
    "causation": "causation_id",
    "actor": "user",
}


class RoleMap:
    """The fields that an event's facts are taken from. Used from one thread."""

    def __init__(self, stated: Mapping[str, str]) -> None:
        """Raises WrongRules."""
        problems = [
            (
                f"map.{role}",
                said("this is not a part of an event; known are {roles}", roles=", ".join(ROLES)),
            )
            for role in stated
            if role not in ROLES
        ]
        if problems:
            raise WrongRules(problems)
        self.templates = {role: Template(it, of=f"map.{role}") for role, it in stated.items()}

    def missing_in(self, incoming: Incoming, documents: Documents) -> list[str]:
        """The roles whose fields an event does not have."""
        return [
            role for role, it in self.templates.items() if it.value(incoming, documents) is None
        ]

    def applied(
        self, incoming: Incoming, documents: Documents
    ) -> tuple[Incoming, Documents, dict[str, str]]:
        """The event with the facts that its fields name, and what it said of them before, each as
        JSON. What it has no field for stays as it is. Raises Unusable."""
        if not self.templates:
            return incoming, documents, {}
        found = self._found(incoming, documents)
        for role in WANTED:
            if role in self.templates and role not in found:
                raise Unusable(
                    said(
                        "the event has no {role}: {text} is missing",
                        role=role,
                        text=self.templates[role].text,
                    )
                )
        before = _before(incoming, found)
        before |= _metadata_before(documents, found)
        documents = _with_metadata(documents, found)
        return _with_facts(incoming, found), documents, before

    def _found(self, incoming: Incoming, documents: Documents) -> dict[str, str]:
        found = {}
        for role, template in self.templates.items():
            if role in (*TIMES, "version"):
                value = _exact(role, template, incoming, documents)
            else:
                value = template.value(incoming, documents)
            if value is not None:
                found[role] = fields.storable(value, role)
        return found


def _exact(role: str, template: Template, incoming: Incoming, documents: Documents) -> str | None:
    """The value of a role that a number may be meant by: which one, a person has to say."""
    if not template.is_field:
        return template.value(incoming, documents)
    text = template.json_value(incoming, documents)
    if text is None or text == '""':
        return None
    is_text = text.startswith('"')
    if role == "version":
        if is_text or not text.lstrip("-").isdigit():
            raise Unusable(
                said("{field} is not a whole number: {text}", field=template.text, text=text[:40])
            )
        return text
    if not is_text:
        raise Unusable(
            said("{text} is a number: convert it with epoch-s, -ms, -us or -ns", text=template.text)
        )
    return str(json_text.decode(text))


def _before(incoming: Incoming, found: Mapping[str, str]) -> dict[str, str]:
    """What the file said of facts that are replaced."""
    event, before = incoming.event, dict[str, Any]()
    stated = {"stream": incoming.stream, "type": event.type}
    before |= {role: it for role, it in stated.items() if it and found.get(role, it) != it}
    if "id" in found and not incoming.has_minted_id and found["id"] != event.id:
        before["id"] = event.id
    if incoming.version is not None and ("version" in found or "stream" in found):
        before["version"] = incoming.version
    for role, text in _stated_times(incoming).items():
        if role in found and text is not None and text != found[role]:
            before[role] = text
    return {name: json_text.encode(it) for name, it in before.items()}


def _metadata_before(documents: Documents, found: Mapping[str, str]) -> dict[str, str]:
    before: dict[str, str] = {}
    for role, key in IN_METADATA.items():
        if role in found:
            new = json_text.encode(found[role])
            texts = [it for it in values_at(documents.metadata, (key,)) if it not in ("null", new)]
            before |= {f"metadata.{key}": texts[0]} if texts else {}
    return before


def _with_metadata(documents: Documents, found: Mapping[str, str]) -> Documents:
    metadata = documents.metadata
    for role, key in IN_METADATA.items():
        if role in found:
            metadata = with_member(metadata, (key,), json_text.encode(found[role]))
    return documents.having("metadata", metadata)


def _with_facts(incoming: Incoming, found: Mapping[str, str]) -> Incoming:
    event = structs.replace(
        incoming.event,
        type=found.get("type", incoming.event.type),
        id=found.get("id", incoming.event.id),
    )
    version = incoming.version
    if "version" in found:
        version = int(found["version"])
        if abs(version) > fields.LARGEST_NUMBER:
            raise Unusable(said("the version is out of range"))
    elif found.get("stream", incoming.stream) != incoming.stream:
        version = None  # it counted in another stream
    changed = structs.replace(
        incoming,
        stream=found.get("stream", incoming.stream),
        event=event,
        version=version,
        has_minted_id=incoming.has_minted_id and "id" not in found,
    )
    return _with_times(changed, found) if any(it in found for it in TIMES) else changed


def _with_times(incoming: Incoming, found: Mapping[str, str]) -> Incoming:
    before = _stated_times(incoming)
    times = stated_times(*(found.get(role, before[role]) for role in TIMES))
    return structs.replace(
        incoming,
        event=structs.replace(incoming.event, **times.columns),
        origin=times.origin(incoming.origin.cursor),
        has_naive_time=times.has_naive,
    )


def _stated_times(incoming: Incoming) -> dict[str, str | None]:
    """The times as the file has them, by their roles."""
    event, origin = incoming.event, incoming.origin
    occurred, recorded = origin.occurred_at, origin.recorded_at
    if occurred is None and event.occurred_at_us is not None and recorded is None:
        occurred = format_moment(event.occurred_at_us, event.occurred_offset_min)
    return {"occurred": occurred, "recorded": recorded}
