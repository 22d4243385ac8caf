"""Recorded commands decided on again, as an experiment: nothing is written, nothing is sent.

Replaying events never comes here. This runs the rules themselves once more, each command on the
state of its time, with the answers that outside systems gave then, and tells where today's
rules decide otherwise, and what the events would make gateways send.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from replay.declared_rows import DeclaredRows
from replay.diff import diff, path_text
from replay.model_set import ModelSet
from replay.offers import Offers
from replay.situations import MissingAnswer, derived_id
from replay.would_send import WouldSend, would_send
from store import commands, json_text, outbox
from store.backends.sqlite import SqliteStore
from store.commands import IssuedCommand, Outcome
from store.outbox import Message
from store.query import EventQuery
from store.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One command, decided on again. `differences` is empty when it came out as it did then."""

    id: str
    command: str
    stream: str
    position: int  # of its first event
    differences: tuple[str, ...]


class Rerun:
    """For one store. One thread."""

    def __init__(self, store: SqliteStore, models: ModelSet, path: Path) -> None:
        self._store = store
        self._models = models
        self._path = path

    def commands(self, *, after: int = 0, until: int | None = None) -> Iterator[Decided]:
        """Every done command whose events lie there, oldest first. Raises MissingAnswer."""
        for command, outcome in commands.done(self._store.reader().db, after=after, until=until):
            if outcome.first_position is not None:
                yield self._again(command, outcome, outcome.first_position)

    def would_send(self, *, after: int = 0, until: int | None = None) -> Iterator[WouldSend]:
        """What the events there make gateways send, in order; none of it is sent."""
        telling = {type_.__name__ for model in self._models.models for type_ in model.effects}
        if not telling:
            return
        query = EventQuery(types=tuple(sorted(telling)))
        for event in self._store.read(query, after=after, until=until):
            if found := would_send(self._models, event):
                yield found

    def send(self, gateway: str, *, after: int, until: int | None, now_us: int) -> int:
        """Put what the events make one gateway send into the outbox, once: its ids follow from
        the events'. Returns how many messages are new."""
        found = [
            Message(
                derived_id(it.event_id, f"reprocess {it.gateway}"), it.position, gateway,
                it.payload_json, now_us,
            )
            for it in self.would_send(after=after, until=until)
            if it.gateway == gateway
        ]  # fmt: skip
        known = outbox.ids(self._store.reader().db)
        new = [it for it in found if it.id not in known]

        def work(writer: Writer) -> None:
            outbox.add(writer.db, new)

        self._store.submit(work).result()
        return len(new)

    def _again(self, command: IssuedCommand, outcome: Outcome, first: int) -> Decided:
        offers = Offers(
            self._store,
            self._models,
            clock_us=lambda: outcome.decided_at_us,
            ask=partial(self._recorded, command),
            row=DeclaredRows(self._path, at=first - 1),
        )
        preview = offers.preview(command, first - 1)
        events = self._store.read(after=first - 1, until=outcome.last_position)
        then = [{"type": it.type, "data": it.data} for it in events]
        now = [{"type": type_, "data": data} for type_, data in preview.events]
        refusal = f"refused now by {preview.rule!r}: {preview.reason}"
        told = [refusal] if preview.rule else _differences(then, now)
        return Decided(
            id=command.id, command=command.type, stream=preview.stream, position=first,
            differences=tuple(told),
        )  # fmt: skip

    def _recorded(self, command: IssuedCommand, gateway: str, request: Any) -> Any:
        event_id = derived_id(command.id, "event 1")
        try:
            return outbox.answer_to(
                self._store.reader().db, event_id, gateway, json_text.encode(request)
            )
        except LookupError:
            raise MissingAnswer(gateway, request, command.id) from None


def _differences(then: Any, now: Any) -> list[str]:
    plain_now = json_text.decode(json_text.encode(now))
    return [
        f"{path_text(it.path)}: was {json_text.encode(it.before)}, is {json_text.encode(it.after)}"
        for it in diff(then, plain_now)
    ]
