"""What a decision may know: asked live, or answered from what was recorded."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from replay.typed_model import Asked, Refused
from replay.words import said
from store import json_text
from store.errors import StoreError
from store.events import RecordedEvent

NAMESPACE: Final = UUID("9d7d1f0c-3c51-5a2e-8e0f-6b6f2f5f0e41")


class UndeclaredRead(StoreError):
    """A decision read what its command does not declare."""

    hint = said("Declare it in the model's `reads`, so that it is recorded with the events.")

    def __init__(self, command: str, what: str) -> None:
        super().__init__(
            said(
                "{command} reads {what!r} without declaring it",
                command=command,
                what=what,
            )
        )


class MissingAnswer(StoreError):
    """A replay came to a question whose answer was not recorded."""

    hint = said("Import the answers together with the events, and keep them as long as the log.")

    def __init__(self, gateway: str, request: Any, asked_by: str) -> None:
        super().__init__(
            said(
                "there is no recorded answer of {gateway!r} to {request} for {asked_by}",
                gateway=gateway,
                request=json_text.encode(request),
                asked_by=asked_by,
            )
        )
        self.gateway, self.request = gateway, request


class OtherAnswer(StoreError):
    """An event holds another answer than the one that was recorded."""

    hint = said("One of them was altered. States are folded from the event.")

    def __init__(self, asked: Asked, kept: Any, event: RecordedEvent) -> None:
        super().__init__(
            said(
                "{gateway!r} is recorded as having answered {kept} to {request}, but "
                "{type} at {position} holds {answer}",
                gateway=asked.gateway,
                kept=json_text.encode(kept),
                request=json_text.encode(asked.request),
                type=event.type,
                position=event.position,
                answer=json_text.encode(asked.answer),
            )
        )


class DecisionSituation:
    """replay.typed_model.Situation for one decision. It remembers what was asked and read.

    `ask(gateway, request)` gives the answers, live or recorded; `state_of(stream)` gives a state
    and the version it is of; `row(view, key)` a row and the checkpoint it is of.
    """

    def __init__(
        self,
        *,
        command: str,
        command_id: str,
        actor: str,
        now_us: int,
        reads: Collection[str],
        ask: Callable[[str, Any], Any],
        state_of: Callable[[str], tuple[Any, int]],
        row: Callable[[str, str], tuple[Mapping[str, Any] | None, int]],
    ) -> None:
        self.asked: list[tuple[str, Any, Any]] = []  # gateway, request, answer
        self.read: dict[str, int] = {}  # stream or view → version or checkpoint
        self._command = command
        self._command_id = command_id
        self._actor = actor
        self._now_us = now_us
        self._reads = reads
        self._ask = ask
        self._state_of = state_of
        self._row = row
        self._ids = 0

    @property
    def now_us(self) -> int:
        return self._now_us

    @property
    def actor(self) -> str:
        return self._actor

    def new_id(self) -> str:
        self._ids += 1
        return derived_id(self._command_id, f"id {self._ids}")

    def ask(self, gateway: str, request: Any) -> Any:
        answer = self._ask(gateway, request)
        self.asked.append((gateway, request, answer))
        return answer

    def state_of(self, stream: str) -> Any:
        self._require(stream.partition("-")[0], stream)
        state, self.read[stream] = self._state_of(stream)
        return state

    def row(self, view: str, key: str) -> Mapping[str, Any] | None:
        self._require(view, view)
        found, self.read[view] = self._row(view, key)
        return found

    def _require(self, declared: str, what: str) -> None:
        if declared not in self._reads:
            raise UndeclaredRead(self._command, what)


def derived_id(command_id: str, purpose: str) -> str:
    """An id that is the same whenever the command is decided on again."""
    return str(uuid5(NAMESPACE, f"{command_id} {purpose}"))


def refuse_to_ask(gateway: str, request: Any) -> Any:
    """A preview asks nobody: the answer is part of the decision."""
    raise Refused(
        "asks outside",
        said(
            "The result depends on the answer of {gateway!r} to {request}, which is "
            "asked only when the command is issued.",
            gateway=gateway,
            request=json_text.encode(request),
        ),
    )
