"""Process managers in a pass: what they do about events that are other ones, or that come to an
instance in another state; and what they would send then."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from replay.commands.command_form import command_of
from replay.commands.situations import DecisionSituation, derived_id, refuse_to_ask
from replay.deciding.commands import Commands, says_the_same
from replay.deciding.course import Course
from replay.deciding.sends import Sends, command_type
from replay.history.causality import correlation_of
from replay.process import Heard, ProcessManager, Reaction
from replay.processes.reaction_recording import Cause, own_event_id, own_events
from replay.states.rule_version import rules_of_process
from replay.typed_model import Refused
from store.beside.commands import IssuedCommand
from store.events import RecordedEvent

Key = tuple[str, str]  # of a process manager and of what it reacts to


class Reactions:
    """For one pass. One thread."""

    def __init__(self, course: Course, commands: Commands, sends: Sends) -> None:
        self._course, self._commands, self._sends = course, commands, sends
        self._causes: dict[Key, tuple[RecordedEvent, Any] | None] = {}  # None: it came no more
        self._settled: set[Key] = set()

    def heard(self, event: RecordedEvent, before: Any, place: int, *, is_other: bool) -> None:
        """An event comes; `before` is the state of its stream before it."""
        for process in self._course.models.processes:
            if event.type in process.listens and self._is_heard(process, event.position):
                self._hear(process, event, before, place, is_other=is_other)

    def gone(self, event: RecordedEvent, place: int) -> None:
        """A recorded event comes no more, so nobody reacts to it."""
        for process in self._course.models.processes:
            if event.type in process.listens:
                key = (process.model.name, event.id)
                own = self._own_events(process, event.id)
                self._causes[key] = None
                if own and own[0].position >= place:
                    self._course.touch(own[0].stream, own[0].position)
                elif not own:
                    self._sends.none(process, event.id, place)

    def consider(self, process: ProcessManager[Any], event: RecordedEvent) -> None:
        """An instance's own event is next: let it react again to what it reacted to."""
        cause_id = str(event.metadata.get("causation_id", ""))
        key = (process.model.name, cause_id)
        if key in self._settled:
            return
        self._settled.add(key)
        recorded = self._own_events(process, cause_id)
        if not recorded or recorded[0].position != event.position or self._is_edited(recorded):
            return
        if key in self._causes and self._causes[key] is None:
            self._course.put(recorded, (), event.stream, event.position + len(recorded))
            self._sends.none(process, cause_id, event.position)
            at_us = recorded[0].occurred_at_us
            self._sends.cancels(process, (), event.stream, event.position, at_us)
        elif (heard := self._heard_again(key, cause_id)) is not None:
            self._react(process, heard, recorded, event.position + len(recorded))
        else:
            command, outcome = self._course.line.beside.commands.find(cause_id)
            if command is not None and outcome is not None:
                self._wake_again(process, command, recorded, outcome.decided_at_us)

    def wake(
        self, process: ProcessManager[Any], command: IssuedCommand, place: int, at_us: int
    ) -> None:
        """A command to itself is due that was not, then."""
        self._wake(process, command, (), place, at_us)

    def _is_heard(self, process: ProcessManager[Any], position: int) -> bool:
        """Whether it has heard so far. What it has not heard yet it hears when it is dispatched."""
        until = self._course.line.beside.processes.heard_until(process.model.name)
        return until is not None and position <= until

    def _hear(
        self,
        process: ProcessManager[Any],
        event: RecordedEvent,
        before: Any,
        place: int,
        *,
        is_other: bool,
    ) -> None:
        key = (process.model.name, event.id)
        own = self._own_events(process, event.id)
        if own and own[0].position >= event.position:
            if is_other:
                self._causes[key] = (event, before)
                self._course.touch(own[0].stream, own[0].position)
            return
        heard = self._as_heard(event, before)
        stream = self._instance(process, heard)
        course = self._course
        is_concerned = stream and (is_other or course.is_whole or stream in course.states)
        if is_concerned and not own and key not in self._settled:
            self._settled.add(key)
            self._react(process, heard, (), place)

    def _heard_again(self, key: Key, cause_id: str) -> Heard | None:
        if found := self._causes.get(key):
            return self._as_heard(*found)
        event = self._course.line.event_by_id(cause_id)
        if event is None:
            return None
        return self._as_heard(event, self._course.states.before(event.stream, event.position))

    def _as_heard(self, event: RecordedEvent, before: Any) -> Heard:
        model = self._course.models.of_stream(event.stream)
        typed = None if model is None else self._course.models.reading(model).typed(event)
        command_id = str(event.metadata.get("command_id", ""))
        return Heard(event=event, typed=typed, command_id=command_id, before=lambda: before)

    def _instance(self, process: ProcessManager[Any], heard: Heard) -> str:
        instance = process.instance_of(heard)
        return f"{process.model.category}-{instance}" if instance else ""

    def _react(
        self,
        process: ProcessManager[Any],
        heard: Heard,
        recorded: Sequence[RecordedEvent],
        place: int,
    ) -> None:
        event = heard.event
        cause = Cause(id=event.id, correlation_id=correlation_of(event), heard=event)
        stream = self._instance(process, heard)
        at_us = recorded[0].occurred_at_us if recorded else event.recorded_at_us
        begin = recorded[0].position if recorded else place
        if not stream:
            self._come(process, Reaction(), cause, recorded, stream, place, at_us)
            return
        state, _ = self._course.states.state_of(stream, begin)
        reaction = process.react(state, heard, self._situation(process, cause.id, begin, at_us))
        self._come(process, reaction, cause, recorded, stream, place, at_us)

    def _wake_again(
        self,
        process: ProcessManager[Any],
        command: IssuedCommand,
        recorded: Sequence[RecordedEvent],
        at_us: int,
    ) -> None:
        now = self._commands.sent.get(command.id, command)
        place = recorded[0].position + len(recorded)
        if now is None:
            self._course.put(recorded, (), recorded[0].stream, place)
            self._course.outcome.tell(command, "unsent", event=recorded[0].id)
            self._sends.none(process, command.id, place)
            return
        self._wake(process, now, recorded, place, at_us)

    def _wake(
        self,
        process: ProcessManager[Any],
        command: IssuedCommand,
        recorded: Sequence[RecordedEvent],
        place: int,
        at_us: int,
    ) -> None:
        cause = Cause(id=command.id, correlation_id=command.correlation_id, settles=command)
        typed = command_of(command_type(process, command), command.data_json)
        begin = recorded[0].position if recorded else place
        state, _ = self._course.states.state_of(command.stream, begin)
        try:
            situation = self._situation(process, cause.id, begin, at_us)
            reaction = process.handle(state, typed, situation)
        except Refused as error:
            self._course.put(recorded, (), command.stream, place)
            self._course.outcome.tell(
                command,
                "refused",
                event=recorded[0].id if recorded else "",
                rule=error.rule,
                reason=error.reason,
            )
            return
        self._come(process, reaction, cause, recorded, command.stream, place, at_us)

    def _come(
        self,
        process: ProcessManager[Any],
        reaction: Reaction,
        cause: Cause,
        recorded: Sequence[RecordedEvent],
        stream: str,
        place: int,
        at_us: int,
    ) -> None:
        """Let a reaction be what came, in the place of the recorded one."""
        course, model = self._course, process.model
        course.outcome.looked_at += 1
        typed = course.models.reading(model).typed
        is_home = not recorded or recorded[0].stream == stream
        if not is_home or not says_the_same(course.line, typed, model, recorded, reaction.events):
            rules = rules_of_process(process)
            new = own_events(course.models, process, reaction, cause, rules=rules, now_us=at_us)
            course.put(recorded, new, stream or recorded[0].stream, place)
        self._sends.now(process, reaction, cause, stream, place, at_us)

    def _own_events(self, process: ProcessManager[Any], cause_id: str) -> list[RecordedEvent]:
        """What was recorded of a reaction, while it stands together."""
        name, line = process.model.name, self._course.line
        first = line.event_by_id(own_event_id(name, cause_id, 1))
        if first is None:
            return []
        found = [first]
        while True:
            id_ = own_event_id(name, cause_id, len(found) + 1)
            after = line.event(found[-1].position + 1)
            if after is None or after.id != id_:
                return found
            found.append(after)

    def _is_edited(self, recorded: Sequence[RecordedEvent]) -> bool:
        return any(it.id in self._course.edited for it in recorded)

    def _situation(
        self, process: ProcessManager[Any], cause: str, place: int, at_us: int
    ) -> DecisionSituation:
        return DecisionSituation(
            command=process.model.title,
            command_id=derived_id(cause, process.model.name),
            actor=process.model.name,
            now_us=at_us,
            reads=process.reads,
            ask=refuse_to_ask,
            state_of=partial(_state_of, self._course, place),
            row=_no_row,
        )


def _state_of(course: Course, place: int, stream: str) -> tuple[Any, int]:
    return course.states.state_of(stream, place)


def _no_row(view: str, _key: str) -> Any:
    raise LookupError(f"a process manager reads no views: {view}")
