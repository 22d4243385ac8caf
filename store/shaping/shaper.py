"""Apply the rules of an import to one event: a function of the event, whatever came before it."""

from typing import Final

from msgspec import structs

from store import json_text
from store.reading.fields import Unusable
from store.reading.format import Incoming, Rejected
from store.reading.json_members import json_object
from store.reading.remarks import Oddity
from store.shaping.check import require_sound
from store.shaping.effects import Effect
from store.shaping.facts import Documents
from store.shaping.mapping import RoleMap
from store.shaping.masking import Masking
from store.shaping.payload_rules import PayloadRules
from store.shaping.rejecting import Rejecting, rule_name
from store.shaping.rules import ImportRules
from store.words import said

AS_READ: Final = "as_read"  # member of an event's source: what the file said of facts now replaced


class Shaper:
    """The rules of one import, read once. Used from one thread."""

    def __init__(self, rules: ImportRules) -> None:
        """Raises WrongRules, which names everything that is wrong."""
        require_sound(rules)
        self._types = rules.rename_types
        self._payloads = PayloadRules(rules)
        self._map = RoleMap(rules.map)
        self._rejecting = Rejecting(rules.reject)
        self._masking = Masking(rules.mask)

    def shape(self, incoming: Incoming) -> tuple[Incoming | Rejected, list[Effect]]:
        """The event as it comes in, and what was done to it; or why it stays out."""
        try:
            return self._shaped(incoming)
        except Unusable as reason:
            return _rejected(incoming, str(reason)), []
        except (ValueError, RecursionError):
            return _rejected(incoming, said("its payload cannot be read as JSON")), []

    @property
    def hides(self) -> bool:
        """Whether fields are masked: then nothing else may show them."""
        return bool(self._masking)

    @property
    def names(self) -> list[tuple[str, str]]:
        """Each rule, and what it does, for people."""
        types = [(f"rename_types.{old}", _renaming(old, new)) for old, new in self._types.items()]
        roles = [
            (f"map.{role}", said("{role} from {text}", role=role, text=it.text))
            for role, it in self._map.templates.items()
        ]
        return [*self._payloads.names, *roles, *types, *self._rejecting.names, *self._masking.names]

    def _shaped(self, incoming: Incoming) -> tuple[Incoming | Rejected, list[Effect]]:
        event = incoming.event
        stated = Documents(data=event.data_json, metadata=event.metadata_json)
        documents, effects = self._payloads.apply(stated)
        shaped, mapped, before = self._map.applied(incoming, documents)
        shaped, renamed = self._with_type(shaped)
        if rule := self._rejecting.of(shaped, mapped):
            met = Effect(rule_name(rule), "ruled_out", rule.reason, 0)  # the rejection is counted
            return _rejected(incoming, rule.reason, kind="ruled_out"), [met]
        effects += [*self._of_roles(incoming, documents), *renamed]
        if self._masking:
            shaped, mapped, before, hidden = self._masked(incoming, documents)
            effects += hidden
        if event.type not in ("", shaped.event.type):
            before.setdefault("type", json_text.encode(event.type))
        return _put_together(shaped, mapped, before), effects

    def _with_type(self, incoming: Incoming) -> tuple[Incoming, list[Effect]]:
        old = incoming.event.type
        new = self._types.get(old)
        if new is None:
            return incoming, []
        event = structs.replace(incoming.event, type=new)
        effect = Effect(f"rename_types.{old}", "renamed", _renaming(old, new), 1)
        return structs.replace(incoming, event=event), [effect]

    def _of_roles(self, incoming: Incoming, documents: Documents) -> list[Effect]:
        missing = self._map.missing_in(incoming, documents)
        return [
            Effect(
                f"map.{role}",
                "unmapped",
                said("{role} from {text}", role=role, text=it.text),
                count=int(role in missing),
                has_met=role not in missing,
            )
            for role, it in self._map.templates.items()
        ]

    def _masked(
        self, incoming: Incoming, documents: Documents
    ) -> tuple[Incoming, Documents, dict[str, str], list[Effect]]:
        """The event made of masked payloads, so that no fact shows what a field hides."""
        hidden, counts = self._masking.documents(documents)
        shaped, mapped, before = self._map.applied(incoming, hidden)
        shaped, _ = self._with_type(shaped)
        mapped, more = self._masking.documents(mapped)  # facts that went into the metadata
        shaped, streams = self._masking.streams(shaped)
        effects = [
            Effect(rule, "masked", text, counts[rule] + more[rule] + streams.get(rule, 0))
            for rule, text in self._masking.names
        ]
        return shaped, mapped, self._masking.before(before), [it for it in effects if it.count]


def _put_together(incoming: Incoming, documents: Documents, before: dict[str, str]) -> Incoming:
    event = structs.replace(
        incoming.event, data_json=documents.data, metadata_json=documents.metadata
    )
    noted = f'"{AS_READ}":{json_object(before)}' if before else ""
    beyond = ",".join(filter(None, (incoming.beyond, noted)))
    return structs.replace(incoming, event=event, beyond=beyond, has_unique_keys=False)


def _rejected(incoming: Incoming, reason: str, *, kind: Oddity | None = None) -> Rejected:
    return Rejected(line=incoming.line, offset=incoming.offset, reason=reason, kind=kind)


def _renaming(old: str, new: str) -> str:
    return said("type {old} → {new}", old=old, new=new)
