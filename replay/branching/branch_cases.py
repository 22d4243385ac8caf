"""A branch kept as tests: each of its own commands as given, when, then."""

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from replay.branching.own_commands import OwnCommand, own_commands
from replay.commands import cases
from replay.commands.cases import Case
from replay.commands.situations import refuse_to_ask
from replay.states.model_set import ModelSet
from replay.typed_model import Refused
from replay.words import said
from store.branches.opening import reading_branch
from store.branches.reader import BranchReader
from store.errors import StoreError
from store.place import Place


class SavedCase(Struct, frozen=True, kw_only=True):
    """A command of a branch, and the test it became; without one, why."""

    id: str
    command: str
    case: Case | None = None
    reason: str = ""


def cases_of(
    path: Path, models: ModelSet, *, told: Callable[[int, int], None] = lambda _done, _total: None
) -> list[SavedCase]:
    """The tests that the branch in a file makes; nothing is kept. `told` hears how many commands
    of how many were gone through, and may raise Cancelled. Raises what opening it raises."""
    with reading_branch(path) as branch:
        return list(_cases(branch, models, told))


def save_cases(
    path: Path, models: ModelSet, *, told: Callable[[int, int], None] = lambda _done, _total: None
) -> list[SavedCase]:
    """The same, kept with the tests of the log. One of the same name is replaced."""
    found = cases_of(path, models, told=told)
    for it in found:
        if it.case is not None:
            cases.add(Place(path), it.case)
    return found


def _cases(
    branch: BranchReader, models: ModelSet, told: Callable[[int, int], None]
) -> Iterator[SavedCase]:
    commands = list(own_commands(branch))
    for done, own in enumerate(commands):
        told(done, len(commands))
        if not own.is_of_process:
            yield _case(branch, models, own)


def _case(branch: BranchReader, models: ModelSet, own: OwnCommand) -> SavedCase:
    """One that holds; a decision that depends on what no test can hold becomes none."""
    command = own.command
    try:
        at_us = own.outcome.decided_at_us
        case = cases.case_of(branch, models, command, position=own.seen, now_us=at_us)
    except (StoreError, LookupError) as error:
        return SavedCase(id=command.id, command=command.type, reason=str(error))
    if case.refusal == _asking():
        why = said("it asks outside, and a test holds no answers")
        return SavedCase(id=command.id, command=command.type, reason=why)
    if why := cases.run(case, models):
        return SavedCase(id=command.id, command=command.type, reason=why)
    return SavedCase(id=command.id, command=command.type, case=case)


def _asking() -> str:
    """The rule by which a preview refuses to ask outside."""
    try:
        refuse_to_ask("", None)
    except Refused as refusal:
        return refusal.rule
    return ""
