"""The command log of a branch: its own, and by their ids the commands of the log's events."""

from collections.abc import Iterator, Sequence

from store.beside.commands import IssuedCommand, Queue, Waiting
from store.beside.interface import CommandReader
from store.beside.outcomes import Done, Outcome, Stopped


class BranchCommands:
    """A CommandReader. What waits, and what is listed, is the branch's own."""

    def __init__(self, own: CommandReader, log: CommandReader, *, base_head: int) -> None:
        """`base_head`: the last position of the log that the branch holds."""
        self._own, self._log = own, log
        self._base_head = base_head

    def find(self, command_id: str) -> tuple[IssuedCommand | None, Outcome | None]:
        """Of the log only one that led to events which the branch holds."""
        command, outcome = self._own.find(command_id)
        if command is not None:
            return command, outcome
        command, outcome = self._log.find(command_id)
        return (command, outcome) if self._is_of_branch(outcome) else (None, None)

    def outcome_of(self, command_id: str) -> Outcome | None:
        return self.find(command_id)[1]

    def latest(self, *, limit: int) -> list[tuple[IssuedCommand, Outcome | None]]:
        return self._own.latest(limit=limit)

    def caused_by(
        self, actor: str, causes: Sequence[str]
    ) -> list[tuple[IssuedCommand, Outcome | None]]:
        logs = [it for it in self._log.caused_by(actor, causes) if self._is_of_branch(it[1])]
        return [*logs, *self._own.caused_by(actor, causes)]

    def of_correlation(self, correlation_id: str) -> list[IssuedCommand]:
        found = self._log.of_correlation(correlation_id)
        logs = [it for it in found if self._is_of_branch(self._log.outcome_of(it.id))]
        return [*logs, *self._own.of_correlation(correlation_id)]

    def naming(self, command: str, field: str, value: str) -> list[IssuedCommand]:
        return self._own.naming(command, field, value)

    def waiting(self, *, after: int) -> list[Waiting]:
        return self._own.waiting(after=after)

    def pending(self) -> list[IssuedCommand]:
        return self._own.pending()

    def done(
        self, *, after: int = 0, until: int | None = None
    ) -> Iterator[tuple[IssuedCommand, Done]]:
        return self._own.done(after=after, until=until)

    def stopped(self, by: str, *, limit: int) -> list[tuple[IssuedCommand, Stopped]]:
        return self._own.stopped(by, limit=limit)

    def troubled(
        self, actors: Sequence[str], *, limit: int
    ) -> list[tuple[IssuedCommand, Outcome | None]]:
        return self._own.troubled(actors, limit=limit)

    def queues(self, now_us: int, *, since_us: int) -> list[Queue]:
        return self._own.queues(now_us, since_us=since_us)

    def queues_of_streams(
        self, type_: str, now_us: int, *, since_us: int, limit: int
    ) -> list[Queue]:
        return self._own.queues_of_streams(type_, now_us, since_us=since_us, limit=limit)

    def stream_count(self, type_: str) -> int:
        return self._own.stream_count(type_)

    def count_without_events(self) -> int:
        return self._own.count_without_events()

    def counts(self) -> dict[str, int]:
        return self._own.counts()

    def _is_of_branch(self, outcome: Outcome | None) -> bool:
        if not isinstance(outcome, Done):
            return False
        return outcome.first_position is None or outcome.first_position <= self._base_head
