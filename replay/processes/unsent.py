"""What process managers have decided and not sent yet, and which of their instances stand still.

An instance stands still when what would move it on will not come by itself: its timer has passed
unheard, or the last command it sent was not done and nothing has happened in it since. One that
is over is listed for such a command too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec import structs

from replay.commands.decide import CommandHandler
from replay.commands.outcome_words import outcome_sentence, within
from replay.commands.sent_commands import SentCommand, sent_list
from replay.process import ProcessManager
from replay.processes.instances import Instances
from replay.words import said
from store.beside.commands import IssuedCommand
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Why:
    """A command that keeps an instance from moving on, since when, and a sentence about it."""

    command: IssuedCommand
    since_us: int
    said: str


class Unsent:
    """For one store. One thread."""

    def __init__(
        self, store: CommandStore, handler: CommandHandler, processes: Sequence[ProcessManager[Any]]
    ) -> None:
        self._store = store
        self._handler = handler
        self._instances = Instances(store, handler.models, processes)
        self._processes = self._instances.processes

    def waiting(self, now_us: int) -> list[UnsentCommand]:
        """The unsent commands of process managers, the longest due first. A timer is one that is
        due later."""
        beside = self._store.beside
        found = self._pending()[:SHOWN]
        facts = sent_list(beside, [(it, None) for it in found])
        return [
            UnsentCommand(
                **structs.asdict(told),
                instance=self._instances.stream_of(it),
                is_timer=it.due_at_us > now_us,
            )
            for it, told in zip(found, facts, strict=True)
        ]

    def count(self) -> int:
        """How many commands of process managers are unsent, timers among them."""
        return len(self._pending())

    def is_stuck_cut(self) -> bool:
        """Whether `stuck` leaves out commands that were not done: it looks at the newest."""
        found = self._store.beside.commands.troubled(list(self._processes), limit=SHOWN + 1)
        return len(found) > SHOWN

    def stuck(self, now_us: int) -> list[Stuck]:
        """Instances that stand still, the longest first; also those that are over, when a command
        that they sent at last was not done: nobody else would hear of it."""
        why: dict[str, _Why] = {}
        waits = set()
        for it in self._store.beside.commands.pending():
            if it.actor not in self._processes or not (stream := self._instances.stream_of(it)):
                continue
            waits.add(stream)
            if it.due_at_us < now_us - OVERDUE_US:
                stated = said(
                    "{type} was due at {due_at_us}, but nothing handles it.",
                    type=it.type,
                    due_at_us=_short(it.due_at_us),
                )
                why[stream] = _Why(command=it, since_us=it.due_at_us, said=stated)
        for told in self._troubled():
            stream = self._instances.stream_of(told.command)
            if stream and stream not in waits and self._moved_us(stream, now_us) <= told.since_us:
                why.setdefault(stream, told)
        found = [self._told(stream, it) for stream, it in why.items()]
        return sorted(found, key=lambda it: it.position)

    def _pending(self) -> list[IssuedCommand]:
        return [it for it in self._store.beside.commands.pending() if it.actor in self._processes]

    def _troubled(self) -> list[_Why]:
        """Commands of process managers that were not done, newest first."""
        beside = self._store.beside
        found = beside.commands.troubled(list(self._processes), limit=SHOWN)
        tried = beside.attempts.of([it.id for it, outcome in found if outcome is None])
        told = []
        for it, outcome in found:
            if outcome is not None:
                since_us, stated = outcome.decided_at_us, f"{outcome_sentence(outcome)}."
            else:
                last = tried[it.id][-1]
                since_us, stated = last.at_us, f"{last.status.capitalize()}: {within(last.reason)}."
            told.append(_Why(command=it, since_us=since_us, said=f"{it.type}: {stated}".strip()))
        return told

    def _last(self, stream: str) -> RecordedEvent | None:
        return next(self._store.read_stream(stream, limit=1, reverse=True), None)

    def _moved_us(self, stream: str, now_us: int) -> int:
        """When something happened in an instance; 0 for one without events of its own. A time
        in the future is the claim of an import, and says nothing."""
        last = self._last(stream)
        return last.occurred_at_us if last and last.occurred_at_us <= now_us else 0

    def _told(self, stream: str, why: _Why) -> Stuck:
        process = next(it for it in self._processes.values() if it.model.owns(stream))
        state, _ = self._handler.state_of(stream)
        last = self._last(stream) or self._store.event_by_id(why.command.causation_id or "")
        return Stuck(
            process=process.model.title,
            stream=stream,
            state=process.state_name(state),
            since=format_moment(last.occurred_at_us if last else why.since_us),
            position=last.position if last else 0,
            why=why.said,
        )


def _short(at_us: int) -> str:
    return format_moment(at_us)[:19].replace("T", " ")
