"""What process managers have decided and not sent yet, and which of their instances stand still.

An instance stands still when what would move it on will not come by itself: its timer has passed
unheard, or the last command it sent was not done and nothing has happened in it since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec import structs

from replay.commands.decide import CommandHandler
from replay.commands.sent_commands import SentCommand, sent_list
from replay.commands.situations import derived_id
from replay.process import Heard, ProcessManager
from store.beside.commands import IssuedCommand
from store.beside.outcomes import reason_of
from store.events import RecordedEvent
from store.interface import CommandStore
from store.times import format_moment

OVERDUE_US: Final = 60_000_000  # a dispatcher that works is never that late
SHOWN: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """An instance that stands still. `why` is a sentence."""

    process: str
    stream: str
    state: str
    since: str
    position: int  # of its last event
    why: str


class UnsentCommand(SentCommand, frozen=True, kw_only=True):
    """A command of a process manager that is not sent yet."""

    instance: str  # its stream; empty when nobody knows
    is_timer: bool  # due later


class Unsent:
    """For one store. One thread."""

    def __init__(
        self, store: CommandStore, handler: CommandHandler, processes: Sequence[ProcessManager[Any]]
    ) -> None:
        self._store = store
        self._handler = handler
        self._processes = {it.model.name: it for it in processes}

    def waiting(self, now_us: int) -> list[UnsentCommand]:
        """The unsent commands of process managers, the longest due first. A timer is one that is
        due later."""
        beside = self._store.beside
        found = [it for it in beside.commands.pending() if it.actor in self._processes][:SHOWN]
        facts = sent_list(beside, [(it, None) for it in found])
        return [
            UnsentCommand(
                **structs.asdict(told),
                instance=self._instance(it) or "",
                is_timer=it.due_at_us > now_us,
            )
            for it, told in zip(found, facts, strict=True)
        ]

    def stuck(self, now_us: int) -> list[Stuck]:
        """Instances that stand still, the longest first."""
        why: dict[str, str] = {}
        waits = set()
        for it in self._store.beside.commands.pending():
            if it.actor not in self._processes or not (stream := self._instance(it)):
                continue
            waits.add(stream)
            if it.due_at_us < now_us - OVERDUE_US:
                why[stream] = f"{it.type} was due at {_short(it.due_at_us)}, and nobody handles it."
        for it, since_us, said in self._troubled():
            stream = self._instance(it)
            if stream and stream not in waits and self._last(stream).occurred_at_us <= since_us:
                why.setdefault(stream, said)
        found = [self._told(stream, said) for stream, said in why.items()]
        return sorted((it for it in found if it), key=lambda it: it.position)

    def _troubled(self) -> list[tuple[IssuedCommand, int, str]]:
        """Commands of process managers that were not done, newest first; since when, and why."""
        beside = self._store.beside
        found = beside.commands.troubled(list(self._processes), limit=SHOWN)
        tried = beside.attempts.of([it.id for it, outcome in found if outcome is None])
        told = []
        for it, outcome in found:
            if outcome is not None:
                said = f"{it.type}: {outcome.status}. {reason_of(outcome)}".strip()
                told.append((it, outcome.decided_at_us, said))
            else:
                last = tried[it.id][-1]
                told.append((it, last.at_us, f"{it.type}: {last.status}. {last.reason}"))
        return told

    def _instance(self, command: IssuedCommand) -> str | None:
        """The stream of the instance that sent a command, or whose timer it is."""
        process = self._processes[command.actor]
        if process.model.owns(command.stream):
            return command.stream
        cause = command.causation_id or ""
        own = self._store.event_by_id(derived_id(cause, f"{process.model.name} event 1"))
        if own is not None:
            return own.stream
        heard = self._store.event_by_id(cause)
        id_ = process.instance_of(self._heard(heard)) if heard else ""
        return f"{process.model.category}-{id_}" if id_ else None

    def _heard(self, event: RecordedEvent) -> Heard:
        model = self._handler.models.of_stream(event.stream)
        typed = None if model is None else self._handler.models.reading(model).typed(event)
        return Heard(event=event, typed=typed, command_id=str(event.metadata.get("command_id", "")))

    def _last(self, stream: str) -> RecordedEvent:
        return next(self._store.read_stream(stream, limit=1, reverse=True))

    def _told(self, stream: str, why: str) -> Stuck | None:
        process = next(it for it in self._processes.values() if it.model.owns(stream))
        state, _ = self._handler.state_of(stream)
        if process.is_over(state):
            return None
        last = self._last(stream)
        return Stuck(
            process=process.model.title,
            stream=stream,
            state=process.state_name(state),
            since=format_moment(last.occurred_at_us),
            position=last.position,
            why=why,
        )


def _short(at_us: int) -> str:
    return format_moment(at_us)[:19].replace("T", " ")
