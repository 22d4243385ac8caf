"""What an event makes a gateway send, as its model says today; nothing is sent here."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from replay.model_set import ModelSet
from store import json_text
from store.events import RecordedEvent

WHY_HELD: Final = "replay: gateways send nothing"


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
    effect = model.effects.get(type(typed)) if model and typed is not None else None
    payload = effect.message(typed) if effect else None
    if effect is None or payload is None:
        return None
    return WouldSend(
        position=event.position, event_id=event.id, gateway=effect.gateway,
        payload=msgspec.to_builtins(payload),
    )  # fmt: skip
