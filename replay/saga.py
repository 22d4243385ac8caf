"""Sagas: steps with paired compensations, run back in reverse order when one fails.

A process manager decides where to go next; a saga only goes forward, or back the way it came
(Garcia-Molina and Salem, "Sagas", 1987). It is made of steps and becomes a process manager.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import field
from msgspec.structs import replace

from replay.process import Heard, ProcessManager, Reaction, Send
from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `do` and `undo` make commands of the data of the event that began the saga."""

    do: Callable[[Mapping[str, Any]], Command]
    done_by: str  # the event type that says that it is done
    undo: Callable[[Mapping[str, Any]], Command]
    undone_by: str  # the event type that says that it is compensated
    failed_by: tuple[str, ...] = ()  # event types that say that it failed; a refusal says it too


class SagaStarted(Event, frozen=True):
    """It began, with what all steps need."""

    facts: dict[str, Any]


class SagaStepDone(Event, frozen=True):
    """A step is done; counted from 1."""

    step: int


class SagaTurnedBack(Event, frozen=True):
    """A step failed: those before it are compensated, the last one first."""

    step: int
    reason: str


class SagaStepCompensated(Event, frozen=True):
    """A step is compensated."""

    step: int


class SagaState(State, frozen=True):
    """How far it is. `reason` is not empty on the way back."""

    facts: dict[str, Any] = field(default_factory=dict)
    done: int = 0  # steps that stand
    reason: str = ""
    is_over: bool = False


class StepRefused(Command, frozen=True):
    """Told by the dispatcher: a command that the saga sent was refused."""

    instance: str
    command: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saga:
    steps: Sequence[Step]
    begins_with: str

    def react(self, state: SagaState, heard: Heard, _situation: Situation) -> Reaction:
        type_, data = heard.event.type, heard.event.data
        if type_ == self.begins_with:
            facts = dict(data)
            return (
                Reaction()
                if state.facts
                else Reaction(
                    events=[SagaStarted(facts=facts)], sends=[Send(command=self.steps[0].do(facts))]
                )
            )
        if state.is_over or not state.facts:
            return Reaction()
        if state.reason:
            return self._back(state, type_)
        return self._on(state, type_)

    def refused(self, state: SagaState, command: StepRefused, _situation: Situation) -> Reaction:
        if state.is_over or state.reason:
            raise Refused("compensation failed", f"{command.command}: {command.reason}")
        return self._turn_back(state, command.reason)

    def _on(self, state: SagaState, type_: str) -> Reaction:
        step = self.steps[state.done]
        if type_ in step.failed_by:
            return self._turn_back(state, type_)
        if type_ != step.done_by:
            return Reaction()
        done = SagaStepDone(step=state.done + 1)
        if done.step == len(self.steps):
            return Reaction(events=[done])
        return Reaction(events=[done], sends=[Send(command=self.steps[done.step].do(state.facts))])

    def _turn_back(self, state: SagaState, reason: str) -> Reaction:
        turned = SagaTurnedBack(step=state.done + 1, reason=reason)
        return Reaction(events=[turned], sends=self._undo(state.done, state.facts))

    def _back(self, state: SagaState, type_: str) -> Reaction:
        if not state.done or type_ != self.steps[state.done - 1].undone_by:
            return Reaction()
        return Reaction(
            events=[SagaStepCompensated(step=state.done)],
            sends=self._undo(state.done - 1, state.facts),
        )

    def _undo(self, step: int, facts: Mapping[str, Any]) -> list[Send]:
        return [Send(command=self.steps[step - 1].undo(facts))] if step else []

    def evolve(self, state: SagaState, event: Event) -> SagaState:
        match event:
            case SagaStarted():
                return replace(state, facts=event.facts)
            case SagaStepDone():
                return replace(state, done=event.step, is_over=event.step == len(self.steps))
            case SagaTurnedBack():
                return replace(state, reason=event.reason, is_over=not state.done)
            case SagaStepCompensated():
                return replace(state, done=event.step - 1, is_over=event.step == 1)
        return state


def saga(
    *,
    name: str,
    title: str,
    category: str,
    begins_with: str,
    steps: Sequence[Step],
    instance_of: Callable[[Heard], str],
) -> ProcessManager[SagaState]:
    """The process manager of these steps; an instance for each event of type `begins_with`."""
    made = _Saga(steps=steps, begins_with=begins_with)
    model = TypedModel(
        name=name,
        title=title,
        version=1,
        category=category,
        state=SagaState,
        events=(SagaStarted, SagaStepDone, SagaTurnedBack, SagaStepCompensated),
        commands=(),
        evolve=made.evolve,
        decide=_no_commands,
        stream_of=lambda _command: "",
    )
    listens = {begins_with}
    for it in steps:
        listens |= {it.done_by, it.undone_by, *it.failed_by}
    forward = [f"Step {n}" for n in range(1, len(steps) + 1)]
    back = [f"Back {n}" for n in range(len(steps) - 1, 0, -1)]
    return ProcessManager(
        model=model,
        listens=frozenset(listens),
        instance_of=instance_of,
        react=made.react,
        handle=made.refused,
        on_refusal=StepRefused,
        states=("Not begun", *forward, "Done", *back, "Undone"),
        moves=_moves(begins_with, steps),
        state_name=lambda it: _state_name(it, len(steps)),
        is_over=lambda it: it.is_over,
    )


def _moves(begins_with: str, steps: Sequence[Step]) -> dict[tuple[str, str], str]:
    moves = {("Not begun", begins_with): "Step 1"}
    for n, step in enumerate(steps, 1):
        moves[f"Step {n}", step.done_by] = f"Step {n + 1}" if n < len(steps) else "Done"
        failed = f"Back {n - 1}" if n > 1 else "Undone"
        moves[f"Step {n}", "refusal"] = failed
        moves |= {(f"Step {n}", it): failed for it in step.failed_by}
        if n < len(steps):
            moves[f"Back {n}", step.undone_by] = f"Back {n - 1}" if n > 1 else "Undone"
    return moves


def _state_name(state: SagaState, count: int) -> str:
    if not state.facts:
        return "Not begun"
    if state.reason:
        return f"Back {state.done}" if state.done else "Undone"
    return "Done" if state.done == count else f"Step {state.done + 1}"


def _no_commands(_state: SagaState, command: Any, _situation: Situation) -> Sequence[Event]:
    raise Refused("no commands", f"{type(command).__name__} is no command of a saga.")
