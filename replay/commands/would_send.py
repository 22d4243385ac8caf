"""What an event makes a gateway send, as its model says today; nothing is sent here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import msgspec

from replay.states.model_set import AnyModel, ModelSet
from replay.typed_model import Event
from replay.words import said
from store import json_text
from store.events import RecordedEvent

Difference: TypeAlias = tuple[Literal["cancel", "add"], str, Any]  # gateway, payload

WHY_HELD: Final = said("replay: gateways send nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldSend:
    """What an event makes a gateway send when it is live."""

    position: int
    event_id: str
    gateway: str
    payload: Any
    held: str = WHY_HELD

    @property
    def payload_json(self) -> str:
        """The payload as the outbox keeps it."""
        return json_text.encode(self.payload)


def would_send(models: ModelSet, event: RecordedEvent) -> WouldSend | None:
    """The message of an event; None when it has none."""
    model = models.of_stream(event.stream)
    typed = None if model is None else models.reading(model).typed(event)
    found = None if model is None or typed is None else message_of(model, typed)
    if found is None:
        return None
    gateway, payload = found
    return WouldSend(position=event.position, event_id=event.id, gateway=gateway, payload=payload)


def message_of(model: AnyModel, event: Event) -> tuple[str, Any] | None:
    """The gateway and the payload that an event makes for it; None when it makes none."""
    effect = model.effects.get(type(event))
    payload = effect.message(event) if effect else None
    if effect is None or payload is None:
        return None
    return effect.gateway, msgspec.to_builtins(payload)


def messages_differ(
    sent: Sequence[tuple[str, Any]], meant: Sequence[tuple[str, Any]]
) -> list[Difference]:
    """Of (gateway, payload) pairs: which were sent and should not have been, and which should
    have been sent and were not. Equal ones cancel each other out, whatever their order.

    Source: Fowler, Event Sourcing, "Code Changes".
    """
    left = list(meant)
    cancelled: list[Difference] = []
    for message in sent:
        if message in left:
            left.remove(message)
        else:
            cancelled.append(("cancel", *message))
    return [*cancelled, *(("add", *message) for message in left)]
