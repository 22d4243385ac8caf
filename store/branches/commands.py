"""The command log of a branch: its own, and by their ids the commands of the log's events."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import structs

from store.beside.commands import IssuedCommand, Queue, Waiting
from store.beside.interface import CommandReader, CommandWriter
from store.beside.outcomes import Done, Outcome, Stopped
from store.branches.kept_positions import KeptPositions

OfACommand = TypeVar("OfACommand", bound=Outcome | None)


class BranchCommands:
    """A CommandReader. What waits, and what is listed, is the branch's own. Outcomes name the
    positions that events have now; of a command whose events were all left out they name none."""

    def __init__(
        self,
        own: CommandReader,
        log: CommandReader,
        positions: KeptPositions,
        *,
        base_head: int,
    ) -> None:
        """`base_head`: the last position of the log that the branch holds."""
        self._own, self._log, self._positions = own, log, positions
        self._base_head = base_head

    def find(self, command_id: str) -> tuple[IssuedCommand | None, Outcome | None]:
        """Of the log only one that led to events which the branch holds."""
        command, outcome = self._own.find(command_id)
        if command is not None:
            return command, self._here(outcome)
        command, outcome = self._log.find(command_id)
        return (command, outcome) if self._is_of_branch(outcome) else (None, None)

    def outcome_of(self, command_id: str) -> Outcome | None:
        return self.find(command_id)[1]

    def latest(self, *, limit: int) -> list[tuple[IssuedCommand, Outcome | None]]:
        return self._all_here(self._own.latest(limit=limit))

    def caused_by(
        self, actor: str, causes: Sequence[str]
    ) -> list[tuple[IssuedCommand, Outcome | None]]:
        logs = [it for it in self._log.caused_by(actor, causes) if self._is_of_branch(it[1])]
        return [*logs, *self._all_here(self._own.caused_by(actor, causes))]

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
        found = [(it, self._here(outcome)) for it, outcome in self._own.done()]
        there = [it for it in found if it[1].first_position is not None]
        for it, outcome in sorted(there, key=lambda it: it[1].first_position or 0):
            last = outcome.last_position or 0
            if last > after and (until is None or (outcome.first_position or 0) <= until):
                yield it, outcome

    def stopped(self, by: str, *, limit: int) -> list[tuple[IssuedCommand, Stopped]]:
        return self._own.stopped(by, limit=limit)

    def troubled(
        self, actors: Sequence[str], *, limit: int
    ) -> list[tuple[IssuedCommand, Outcome | None]]:
        return self._all_here(self._own.troubled(actors, limit=limit))

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

    def _all_here(
        self, found: Iterable[tuple[IssuedCommand, Outcome | None]]
    ) -> list[tuple[IssuedCommand, Outcome | None]]:
        return [(it, self._here(outcome)) for it, outcome in found]

    def _here(self, outcome: OfACommand) -> OfACommand:
        if not isinstance(outcome, Done) or outcome.first_position is None:
            return outcome
        last = outcome.last_position or outcome.first_position
        found = self._positions.first_and_last(outcome.first_position, last)
        first, last_here = found or (None, None)
        return structs.replace(outcome, first_position=first, last_position=last_here)


class BranchCommandWriter(BranchCommands):
    """A CommandWriter: what it writes is the branch's own."""

    def __init__(
        self,
        own: CommandWriter,
        log: CommandReader,
        positions: KeptPositions,
        *,
        base_head: int,
    ) -> None:
        super().__init__(own, log, positions, base_head=base_head)
        self._writer = own

    def add(self, commands: Iterable[IssuedCommand]) -> None:
        self._writer.add(commands)

    def add_again(self, command: IssuedCommand) -> None:
        self._writer.add_again(command)

    def settle(self, outcome: Outcome) -> None:
        if isinstance(outcome, Done) and outcome.first_position is not None:
            first, last = outcome.first_position, outcome.last_position or outcome.first_position
            outcome = structs.replace(
                outcome,
                first_position=self._positions.kept(first),
                last_position=self._positions.kept(last),
            )
        self._writer.settle(outcome)
