"""A pass through an edited branch: who decides on what is met."""

from collections.abc import Callable
from typing import Any

from replay.deciding.commands import Commands
from replay.deciding.course import Course
from replay.deciding.reactions import Reactions
from replay.deciding.sends import Sends, owner_of
from replay.process import ProcessManager
from replay.states.model_set import ModelSet
from store.beside.commands import IssuedCommand
from store.branches.decided import Decided
from store.branches.reader import BranchReader
from store.events import RecordedEvent


def decided_again(
    line: BranchReader, models: ModelSet, *, told: Callable[[int], None] = lambda _position: None
) -> Decided:
    """What comes of later commands of a branch that was not decided again (see
    BranchReader.undecided), each on the state that it meets there: of those that its edits reach,
    or of all, where the branch says so. `told(position)` is called as it goes on, and may raise
    Cancelled.

    Raises MissingAnswer, DecidingFailed, TooManyCommands, and StoreError of a model.
    """
    course = Course(line, models, told)
    ripple = _Ripple(course, models)
    course.run(ripple)
    ripple.sends.finish()
    return course.outcome.whole()


class _Ripple:
    """The Listener of a pass."""

    def __init__(self, course: Course, models: ModelSet) -> None:
        self._models = models
        self._commands = Commands(course, self._refused)
        self.sends = Sends(course, self._commands.sent, self._handle)
        self._reactions = Reactions(course, self._commands, self.sends)

    def consider(self, event: RecordedEvent) -> None:
        metadata = event.metadata
        if command_id := metadata.get("command_id"):
            self._commands.consider(str(command_id), event)
        elif (process := self._process_of(event, metadata)) is not None:
            self._reactions.consider(process, event)

    def came(self, event: RecordedEvent, before: Any, place: int, *, is_other: bool) -> None:
        self._reactions.heard(event, before, place, is_other=is_other)

    def gone(self, event: RecordedEvent, place: int) -> None:
        self._reactions.gone(event, place)

    def _process_of(
        self, event: RecordedEvent, metadata: dict[str, Any]
    ) -> ProcessManager[Any] | None:
        user = metadata.get("user")
        found = (it for it in self._models.processes if it.model.name == user)
        return next((it for it in found if it.model.owns(event.stream)), None)

    def _refused(self, command: IssuedCommand, reason: str, place: int, at_us: int) -> None:
        self.sends.refused(command, reason, place, at_us)

    def _handle(self, command: IssuedCommand, place: int, at_us: int) -> None:
        if (process := owner_of(self._models, command)) is not None:
            self._reactions.wake(process, command, place, at_us)
        else:
            self._commands.first_send(command, place, at_us)
