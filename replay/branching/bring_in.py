"""A branch's own commands, issued on its log again, one by one, under the rules as they are there.

The id of each follows from the command's id in the branch. So what was brought in is known, from
whichever branch it came, and is never brought in twice.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal, TypeAlias
from uuid import uuid4

from msgspec import Struct, structs

from replay.branching.own_commands import OwnCommand, own_commands
from replay.commands.answered import Answered, Conflict, Settled
from replay.commands.command_form import InvalidCommand
from replay.commands.decide import CommandHandler
from replay.commands.declared_rows import DeclaredRows
from replay.commands.gateways import gateways_of
from replay.commands.recorder import recorder_of
from replay.commands.saved_states import SavedStates
from replay.commands.situations import derived_id
from replay.processes.store_clock import StoreClock
from replay.states.model_set import ModelSet, UnknownCommand
from replay.words import said
from store.beside.commands import IssuedCommand
from store.beside.interface import CommandReader
from store.beside.outcomes import Done, Refused, reason_of, rule_of
from store.branches.create import create_branch, drop_branch
from store.branches.opening import reading_branch
from store.branches.reader import BranchReader
from store.events import RecordedEvent
from store.interface import CommandStore
from store.opening import open_store, reading
from store.place import Place
from store.times import now_us

Came: TypeAlias = Literal["done", "already", "refused", "conflict", "left"]
Told: TypeAlias = Callable[[int, int], None]  # commands that were gone through, of how many


class Brought(Struct, frozen=True, kw_only=True):
    """One command of a branch, and what came of it on the log.

    `came`: "done" now, or "already" earlier; "refused" by `rule`; a "conflict", with what the log
    recorded in its stream since; "left" in the branch, with the reason.
    """

    id: str  # in the branch
    command: IssuedCommand  # as it is issued on the log
    came: Came
    rule: str = ""
    reason: str = ""
    events: tuple[RecordedEvent, ...] = ()  # of the log
    between: tuple[RecordedEvent, ...] = ()
    version: int = 0  # of its stream on the log, in a conflict

    @property
    def is_in(self) -> bool:
        """Whether the log holds it."""
        return self.came in ("done", "already")


def _silent(_done: int, _total: int) -> None:
    """Nobody wants to know how far it is."""


def bring_in(
    path: Path,
    models: ModelSet,
    *,
    is_anyway: bool = False,
    goes_on: bool = False,
    told: Told = _silent,
) -> list[Brought]:
    """Issue the own commands of the branch in a file on its log, in their order. It ends with the
    first that is refused or in conflict, unless it `goes_on`. A conflict is a stream in which the
    log went on since the branch; with `is_anyway` its command is decided on what is there now.
    `told` is called before each command, and may raise Cancelled.

    Raises what opening either raises, GatewayFailed, and whatever a model raises; what was brought
    in before that stays.
    """
    with reading_branch(path) as branch, _opened(Place(path).log) as store:
        return list(_Bringing(branch, store, models, is_anyway, goes_on).all(told))


def bring_in_preview(
    path: Path,
    models: ModelSet,
    *,
    is_anyway: bool = False,
    goes_on: bool = False,
    told: Told = _silent,
) -> list[Brought]:
    """The same on a new branch of the log, which is thrown away: nothing is recorded or asked."""
    log = Place(path).log
    with reading(log) as it:
        head = it.head()
    name = f"preview-{uuid4()}"
    trial = create_branch(log, name, fork=head, is_alone=True)
    try:
        with reading_branch(path) as branch, _opened(trial) as store:
            return list(_Bringing(branch, store, models, is_anyway, goes_on).all(told))
    finally:
        drop_branch(log, name)


@contextmanager
def _opened(path: Path) -> Iterator[CommandStore]:
    with closing(open_store(path)) as store:
        yield store


class _Bringing:
    """One going through the commands of a branch."""

    def __init__(
        self,
        branch: BranchReader,
        store: CommandStore,
        models: ModelSet,
        is_anyway: bool,
        goes_on: bool,
    ) -> None:
        self._branch, self._store, self._models = branch, store, models
        self._is_anyway, self._goes_on = is_anyway, goes_on
        self._grown: dict[str, int] = {}  # by stream, events brought in

    def all(self, told: Told) -> Iterator[Brought]:
        """What came of each."""
        clock, saved = StoreClock(self._store), SavedStates(self._store.place)
        recorder = recorder_of(self._store, self._models, clock_us=clock.now_us)
        handler = CommandHandler(
            self._store,
            self._models,
            gateways=gateways_of(self._store.place),
            clock_us=clock.now_us,
            read_row=DeclaredRows(self._store.place),
            saved=saved,
            recorder=recorder,
        )
        with closing(saved), closing(recorder):
            commands = list(own_commands(self._branch))
            for done, own in enumerate(commands):
                told(done, len(commands))
                found = self._one(own, handler, clock)
                yield found
                if found.came in ("refused", "conflict") and not self._goes_on:
                    return

    def _one(self, own: OwnCommand, handler: CommandHandler, clock: StoreClock) -> Brought:
        command = self._as_issued(own.command, clock.now_us())
        if own.is_of_process:
            why = said("on the log, the process manager sends it automatically")
            return Brought(id=own.command.id, command=command, came="left", reason=why)
        if isinstance(own.outcome, Refused):
            why = said("it was refused in the branch")
            return Brought(id=own.command.id, command=command, came="left", reason=why)
        try:
            answered = handler.issue(command, is_exact=command.expected is not None)
        except (UnknownCommand, InvalidCommand) as error:
            return Brought(id=own.command.id, command=command, came="left", reason=str(error))
        found = _brought(own.command.id, answered, handler.events_of(answered))
        if found.is_in:
            stream = found.command.stream
            self._grown[stream] = self._grown.get(stream, 0) + len(found.events)
        return found

    def _as_issued(self, command: IssuedCommand, due_us: int) -> IssuedCommand:
        """With an id that follows from its own, and the version of its stream that the branch
        knew, with what was brought in since."""
        stream, expected = command.stream, None
        if not self._is_anyway:
            expected = self._branch.version_of_log(stream) + self._grown.get(stream, 0)
        cause = command.causation_id
        if cause is not None and self._store.event_by_id(cause) is None:
            cause = None
        return structs.replace(
            command,
            id=brought_id(self._store.beside.commands, command.id),
            expected=expected,
            issued_at_us=now_us(),
            due_at_us=due_us,
            expires_at_us=None,
            causation_id=cause,
            correlation_id=command.correlation_id,
        )


def brought_id(commands: CommandReader, command_id: str) -> str:
    """The id under which a command of a branch is issued on the log: the same each time, until it
    is refused there; then the next one, since a refusal is an outcome for good."""
    number = 1
    while True:
        id_ = derived_id(command_id, f"brought-in-{number}")
        if not isinstance(commands.outcome_of(id_), Refused):
            return id_
        number += 1


def _brought(id_: str, answered: Answered, events: Sequence[RecordedEvent]) -> Brought:
    command = answered.command
    match answered:
        case Conflict(reason=reason, between=between, version=version):
            return Brought(
                id=id_,
                command=command,
                came="conflict",
                reason=reason,
                between=between,
                version=version,
            )
        case Settled(outcome=Done()):
            came: Came = "already" if answered.is_resend else "done"
            return Brought(id=id_, command=command, came=came, events=tuple(events))
        case Settled(outcome=outcome):
            return Brought(
                id=id_,
                command=command,
                came="refused",
                rule=rule_of(outcome),
                reason=reason_of(outcome),
            )


def are_all_in(found: Sequence[Brought]) -> bool:
    """Whether none was refused or in conflict."""
    return not any(it.came in ("refused", "conflict") for it in found)
