"""Recorded commands of touched streams, decided again; and commands that are sent for the first
time, or that somebody sends otherwise or no more."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from replay.commands import decision as decisions
from replay.commands.command_form import InvalidCommand
from replay.commands.decide_recorded import decision_on, recorded_answers
from replay.commands.decision import Accepted, Refusal
from replay.deciding.course import Course
from replay.deciding.errors import DecidingFailed
from replay.states.model_set import AnyModel, UnknownCommand
from replay.words import said
from store.beside.commands import IssuedCommand
from store.beside.outcomes import Done
from store.errors import StoreError
from store.events import NewEvent, RecordedEvent
from store.interface import EventReader


class _ReadsView(Exception):
    """A decision looks at a row of a view, which nobody has as it would be in the branch."""


class Commands:
    """For one pass. `sent` holds what somebody sends otherwise, by id; None: no more. `refused` is
    called with a command that a rule refuses now, the reason, and where what follows goes."""

    def __init__(
        self, course: Course, refused: Callable[[IssuedCommand, str, int, int], None]
    ) -> None:
        self.sent: dict[str, IssuedCommand | None] = {}
        self._course = course
        self._refused = refused
        self._settled: set[str] = set()

    def consider(self, command_id: str, event: RecordedEvent) -> None:
        """Decide a command again whose first event is next, once. One that is not known, or whose
        events a person has edited, stays as it was recorded."""
        if command_id in self._settled:
            return
        self._settled.add(command_id)
        command, outcome = self._course.line.beside.commands.find(command_id)
        if command is None or not isinstance(outcome, Done):
            return
        recorded = self.recorded(command_id, event, outcome)
        if recorded:
            self._again(command, recorded, outcome.decided_at_us)

    def recorded(
        self, command_id: str, event: RecordedEvent, outcome: Done
    ) -> Sequence[RecordedEvent]:
        """The events of a command from one on; none where an edit has touched one, or where they
        do not stand together."""
        own = self._course.line.own_log.beside.commands.outcome_of(command_id)
        whole = own if isinstance(own, Done) else outcome  # an edit may have left some out
        count = (whole.last_position or 0) - (whole.first_position or 0) + 1
        found = self._course.line.page(event.position, event.position + count - 1)
        ids = {decisions.event_id(command_id, n) for n in range(1, count + 1)}
        are_whole = len(found) == count and all(
            it.metadata.get("command_id") == command_id for it in found
        )
        is_edited = not self._course.edited.isdisjoint(ids | {it.id for it in found})
        return found if are_whole and not is_edited else ()

    def first_send(self, command: IssuedCommand, place: int, at_us: int) -> None:
        """Decide a command that was not decided before; what it leads to goes before the event at
        `place`. Raises DecidingFailed, MissingAnswer."""
        self._course.outcome.looked_at += 1
        recorded = next(iter(self._course.line.page(place - 1, place - 1)), None)
        decision = self._decided(command, place, at_us, recorded)
        if isinstance(decision, Accepted):
            new = self._new_events(command, decision, at_us)
            self._course.put((), new, decision.stream, place)
            event = new[0].id if new else ""
            self._course.outcome.tell(command, "new", event=event)
        elif isinstance(decision, Refusal):
            self._tell_refused(command, decision, "")
            self._refused(command, decision.reason, place, at_us)

    def _again(self, command: IssuedCommand, recorded: Sequence[RecordedEvent], at_us: int) -> None:
        first = recorded[0]
        now = self.sent.get(command.id, command)
        if now is None:
            self._course.put(recorded, (), first.stream, first.position)
            self._course.outcome.tell(command, "unsent", event=first.id)
            return
        self._course.outcome.looked_at += 1
        decision = self._decided(now, first.position, at_us, first)
        if isinstance(decision, Refusal):
            self._course.put(recorded, (), first.stream, first.position)
            self._tell_refused(now, decision, first.id)
            after = first.position + len(recorded)
            self._refused(now, decision.reason, after, at_us)
        elif isinstance(decision, Accepted) and not self._is_same(now, decision, recorded):
            new = self._new_events(now, decision, at_us)
            self._course.put(recorded, new, decision.stream, first.position + len(recorded))
            self._course.outcome.tell(now, "other", event=first.id)

    def _decided(
        self, command: IssuedCommand, place: int, at_us: int, event: RecordedEvent | None
    ) -> Accepted | Refusal | None:
        """None: it is left as it was recorded, and told."""
        course = self._course
        try:
            return decision_on(
                course.models,
                command,
                state_of=lambda stream: course.states.state_of(stream, place),
                at_us=at_us,
                ask=recorded_answers(course.line, command),
                row=_no_row,
            )
        except UnknownCommand:
            return None  # its model is not there, so what it led to is as it was
        except (_ReadsView, InvalidCommand) as error:
            self._course.outcome.tell(command, "kept", event=_id(event), reason=str(error))
            return None
        except StoreError:
            raise
        except Exception as error:  # the edge: a model may raise anything
            if event is None:
                raise
            raise DecidingFailed(event, command.type, error) from error

    def _tell_refused(self, command: IssuedCommand, refusal: Refusal, event: str) -> None:
        why = {"rule": refusal.rule, "reason": refusal.reason}
        self._course.outcome.tell(command, "refused", event=event, **why)

    def _is_same(
        self, command: IssuedCommand, decision: Accepted, recorded: Sequence[RecordedEvent]
    ) -> bool:
        model, _ = self._course.models.of_command(command.type)
        return decision.stream == recorded[0].stream and says_the_same(
            self._course.line,
            self._course.models.reading(model).typed,
            model,
            recorded,
            decision.events,
        )

    def _new_events(
        self, command: IssuedCommand, decision: Accepted, at_us: int
    ) -> Sequence[NewEvent]:
        model, _ = self._course.models.of_command(command.type)
        return decisions.new_events(self._course.models, model, decision, command, now_us=at_us)


def says_the_same(
    line: EventReader,
    typed: Callable[[RecordedEvent], Any],
    model: AnyModel,
    recorded: Sequence[RecordedEvent],
    events: Sequence[Any],
) -> bool:
    """Whether recorded events are what was decided now, read in the shape of today, and linked to
    the same streams."""
    if len(recorded) != len(events):
        return False
    return all(
        typed(old) == new and {*line.links(old.position)} == {*model.links(new)} - {old.stream}
        for old, new in zip(recorded, events, strict=True)
    )


def _no_row(view: str, _key: str) -> tuple[Mapping[str, Any] | None, int]:
    raise _ReadsView(said("it reads the view {view}", view=view))


def _id(event: RecordedEvent | None) -> str:
    return event.id if event else ""
