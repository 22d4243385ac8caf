"""Recorded commands that met another state on the right: decided on again there, and where they
come out otherwise, also on the left. What today's rules decide otherwise on both lines does not
follow from an edit.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import Any, Final

from replay.commands.decide_recorded import decision_on, recorded_answers
from replay.commands.decision import Accepted, Decision, Refusal
from replay.commands.declared_rows import DeclaredRows
from replay.commands.outcome_words import because
from replay.commands.situations import MissingAnswer
from replay.consequences.found import CommandDiffers, MessageDiffers
from replay.consequences.lines import Lines
from replay.consequences.messages import DECIDED, REFUSED, Messages
from replay.consequences.states import COMMAND, Met
from replay.history.without_answer import error_text
from replay.history.without_progress import Progress
from replay.states.diff import diff
from replay.states.difference_words import differences
from replay.states.stream_states import StreamStates
from store import json_text
from store.beside.commands import IssuedCommand
from store.beside.outcomes import Done
from store.errors import Cancelled
from store.events import RecordedEvent
from store.interface import EventReader
from store.query import EventQuery

READ: Final = '"read"'  # in the metadata: on which other states a command was decided


@dataclass(frozen=True, slots=True)
class _Side:
    """A line up to a position, as a decision on it may look at it."""

    log: EventReader
    states: StreamStates
    position: int

    def state_of(self, stream: str) -> tuple[Any, int]:
        _, found = self.states.held_at(self.log, stream, self.position)
        return found.state, found.version


class Commands:
    """For two lines. One thread."""

    def __init__(
        self, lines: Lines, left: StreamStates, right: StreamStates, messages: Messages
    ) -> None:
        self._lines, self._models = lines, right.models
        self._left, self._right = left, right
        self._messages = messages
        self._edited = {it.event.metadata.get(COMMAND) for it in lines.gone}
        self._seen: set[str] = set()

    def of_stream(
        self, stream: str, met: Sequence[Met]
    ) -> Iterator[CommandDiffers | MessageDiffers]:
        """Those that met another state of their own stream. Raises Cancelled."""
        for it in met:
            yield from self._told(stream, it.command_id, it.position, it.left, it.right)

    def of_readers(
        self, streams: Sequence[str], progress: Progress
    ) -> Iterator[CommandDiffers | MessageDiffers]:
        """Those that looked at other streams, which hold edited events. Raises what `progress`
        raises."""
        types = self._types_reading(streams)
        if not types:
            return
        progress.expect(1)
        left, differing = self._lines.left, set(streams)
        query = EventQuery(types=types)
        for event in left.read(query, after=self._lines.first - 1, until=self._lines.head):
            progress.reached(event.position)
            if READ not in event.metadata_json:
                continue
            metadata = event.metadata
            id_, read = metadata.get(COMMAND), metadata.get("read")
            if isinstance(id_, str) and isinstance(read, dict) and differing & read.keys():
                one, other = self._sides(event.position)
                states = one.state_of(event.stream)[0], other.state_of(event.stream)[0]
                yield from self._told(event.stream, id_, event.position, *states)
        progress.ended()

    def _types_reading(self, streams: Sequence[str]) -> tuple[str, ...]:
        """Of events that commands lead to which look at streams of these categories."""
        categories = {it.partition("-")[0] for it in streams}
        models = [
            it
            for it in self._models.models
            if any(categories & set(reads) for reads in it.reads.values())
        ]
        return tuple(sorted({type_.__name__ for it in models for type_ in it.events}))

    def _sides(self, position: int) -> tuple[_Side, _Side]:
        lines = self._lines
        return (
            _Side(lines.left, self._left, position - 1),
            _Side(lines.right, self._right, lines.here(position) - 1),
        )

    def _told(
        self, stream: str, command_id: str, position: int, left: Any, right: Any
    ) -> Iterator[CommandDiffers | MessageDiffers]:
        if command_id in self._seen or command_id in self._edited:
            return
        self._seen.add(command_id)
        command, outcome = self._lines.left.beside.commands.find(command_id)
        if command is None or not isinstance(outcome, Done):
            return
        if self._models.of_stream(stream) is None or not self._is_known(command):
            return  # a process manager's command to itself
        then = self._events_of(stream, command_id, position)
        one, other = self._sides(position)
        again = partial(self._again, command, outcome)
        differs = partial(self._differs, command, stream, position)
        try:
            now = again(right, other)
        except (Cancelled, KeyboardInterrupt):
            raise
        except MissingAnswer as error:
            yield differs("unanswered", text=str(error))
            return
        except Exception as error:  # a model may raise anything at a state it never met
            yield differs("failed", text=error_text(error))
            return
        if _is_as_recorded(now, then) or self._comes_out_so_anyway(again, left, one, now):
            return
        model, _ = self._models.of_command(command.type)
        if isinstance(now, Refusal):
            yield differs("refused", rule=now.rule, text=because(now.rule, now.reason))
            yield from self._messages.of_decision(model, then, (), REFUSED)
        else:
            yield differs("other", text="; ".join(differences(_as_said(then), _plain(now))))
            yield from self._messages.of_decision(model, then, now.events, DECIDED)

    def _is_known(self, command: IssuedCommand) -> bool:
        return any(it.command(command.type) for it in self._models.models) and not any(
            it.model.command(command.type) for it in self._models.processes
        )

    def _again(self, command: IssuedCommand, outcome: Done, state: Any, side: _Side) -> Decision:
        def state_of(stream: str) -> tuple[Any, int]:
            if stream != command.stream:
                return side.state_of(stream)
            return state, side.log.stream_version(stream, until=side.position)

        return decision_on(
            self._models,
            command,
            state_of=state_of,
            at_us=outcome.decided_at_us,
            ask=recorded_answers(self._lines.right, command),
            row=DeclaredRows(side.log.place, at=side.position),
        )

    @staticmethod
    def _comes_out_so_anyway(
        again: Callable[[Any, _Side], Decision], state: Any, side: _Side, now: Decision
    ) -> bool:
        """Whether today's rules decide so on the left as well."""
        try:
            return bool(_said_by(again(state, side)) == _said_by(now))
        except (Cancelled, KeyboardInterrupt):
            raise
        except Exception:
            return False

    def _events_of(self, stream: str, command_id: str, position: int) -> list[RecordedEvent]:
        found = self._lines.left.read_stream(stream, after=position - 1, until=self._lines.head)
        return list(takewhile(lambda it: it.metadata.get(COMMAND) == command_id, found))

    def _differs(
        self,
        command: IssuedCommand,
        stream: str,
        position: int,
        outcome: Any,
        *,
        rule: str = "",
        text: str = "",
    ) -> CommandDiffers:
        return CommandDiffers(
            id=command.id,
            command=command.type,
            stream=stream,
            position=position,
            branch_position=self._lines.here(position),
            outcome=outcome,
            rule=rule,
            text=text,
        )


def _said_by(decision: Decision) -> Any:
    if isinstance(decision, Refusal):
        return decision.rule, decision.reason
    return _plain(decision)


def _plain(decision: Accepted) -> list[dict[str, Any]]:
    found = [{"type": type(it).__name__, "data": it} for it in decision.events]
    plain: list[dict[str, Any]] = json_text.decode(json_text.encode(found))
    return plain


def _is_as_recorded(decision: Decision, then: Sequence[RecordedEvent]) -> bool:
    if isinstance(decision, Refusal):
        return False
    return next(diff(_as_said(then), _plain(decision)), None) is None


def _as_said(then: Sequence[RecordedEvent]) -> list[dict[str, Any]]:
    return [{"type": it.type, "data": it.data} for it in then]
