"""One recorded command, decided on another state than that of then: nothing is recorded, nobody
outside is asked and nothing is sent."""

from collections.abc import Callable
from typing import Any, TypeAlias

from replay.commands.authority import unauthorised
from replay.commands.command_form import command_of
from replay.commands.decide import ReadRow
from replay.commands.decision import Decision, Refusal, decided, event_id
from replay.commands.offers import no_row
from replay.commands.situations import DecisionSituation, MissingAnswer
from replay.states.model_set import ModelSet
from replay.words import said
from store import json_text
from store.beside.commands import IssuedCommand
from store.interface import EventReader

StateOf: TypeAlias = Callable[[str], tuple[Any, int]]  # stream → state and version


def decision_on(
    models: ModelSet,
    command: IssuedCommand,
    *,
    state_of: StateOf,
    at_us: int,
    ask: Callable[[str, Any], Any],
    row: ReadRow = no_row,
) -> Decision:
    """What today's rules say to a command on the states that `state_of` gives, its own stream's
    among them, at the time of then. Whichever version its issuer saw, it is decided.

    Raises UnknownCommand, InvalidCommand, what `ask` and `row` raise, and whatever the model
    raises, but for Refused.
    """
    model, type_ = models.of_command(command.type)
    typed = command_of(type_, command.data_json)
    stream = model.stream_of(typed)
    state, version = state_of(stream)
    if refusal := unauthorised(model, type_, command):
        rule, reason = refusal
        return Refusal(stream=stream, version=version, state=state, rule=rule, reason=reason)
    situation = DecisionSituation(
        command=command.type,
        command_id=command.id,
        actor=command.actor,
        now_us=at_us,
        reads=model.reads.get(type_, ()),
        ask=ask,
        state_of=state_of,
        row=row,
    )
    return decided(model, typed, stream=stream, state=state, version=version, situation=situation)


def recorded_answers(log: EventReader, command: IssuedCommand) -> Callable[[str, Any], Any]:
    """What outside systems answered when the command was decided first. Asking it raises
    MissingAnswer, which names the question, where there is no record of it."""

    def ask(gateway: str, request: Any) -> Any:
        try:
            return log.beside.answers.to(
                event_id(command.id, 1), gateway, json_text.encode(request)
            )
        except LookupError:
            where = said("the command {id}", id=command.id)
            raise MissingAnswer(gateway, request, where) from None

    return ask
