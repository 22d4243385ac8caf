"""The commands that were issued in a branch, and what of it was recorded without any."""

from collections.abc import Iterator

from msgspec import Struct

from replay.commands.authority import PROCESS
from replay.commands.decision import event_id
from store.beside.commands import IssuedCommand
from store.beside.outcomes import Done, Outcome, Refused
from store.branches.reader import BranchReader
from store.events import RecordedEvent

MANY = 2**31 - 1  # more than there are


class OwnCommand(Struct, frozen=True, kw_only=True):
    """A command with an outcome. `seen`: the last position of the branch before its decision."""

    command: IssuedCommand
    outcome: Outcome
    seen: int

    @property
    def is_of_process(self) -> bool:
        """Whether a process manager sent it."""
        return PROCESS in self.command.roles


def own_commands(branch: BranchReader) -> Iterator[OwnCommand]:
    """Those that were done or refused in the branch itself, in the order in which they were
    issued. One whose events an edit has left out is not among them."""
    own = branch.own_log
    for command, outcome in reversed(own.beside.commands.latest(limit=MANY)):
        if isinstance(outcome, Done) and outcome.first_position is not None:
            here = branch.event_by_id(event_id(command.id, 1))
            if here is not None:
                yield OwnCommand(command=command, outcome=outcome, seen=here.position - 1)
        elif isinstance(outcome, Refused | Done):
            seen = branch.position_of_own(own.position_as_of(outcome.decided_at_us))
            yield OwnCommand(command=command, outcome=outcome, seen=seen)


def events_without_command(branch: BranchReader) -> Iterator[RecordedEvent]:
    """The branch's own events that no command of it led to."""
    own = branch.own_log
    for event in own.read():
        command, _ = own.beside.commands.find(str(event.metadata.get("command_id", "")))
        here = branch.event_by_id(event.id) if command is None else None
        if here is not None:
            yield here
