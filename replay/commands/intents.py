"""Forms that hold several intents: each is a command of its own, judged by itself.

Refusing the whole form for one stale intent would throw away what nobody disputes (Udi Dahan,
"Clarified CQRS"). The ids of the single commands follow from the form's, so a resend of the
form resends each of them.
"""

from collections.abc import Sequence

from msgspec import structs

from replay.commands.answered import Answered, is_done
from replay.commands.command_form import command_of
from replay.commands.decide import CommandHandler
from replay.commands.situations import derived_id
from replay.states.model_set import ModelSet
from store import json_text
from store.beside.commands import IssuedCommand


def intents_of(models: ModelSet, command: IssuedCommand) -> Sequence[IssuedCommand]:
    """The commands that a form holds; the command itself when it is no form.

    Raises UnknownCommand, InvalidCommand.
    """
    model, type_ = models.of_command(command.type)
    split = model.intents.get(type_)
    if split is None:
        return [command]
    found = split(command_of(type_, command.data_json))
    return [
        structs.replace(
            command,
            id=derived_id(command.id, f"intent {type(it).__name__}"),
            type=type(it).__name__,
            data_json=json_text.encode(it),
        )
        for it in found
    ]


def issue_each(
    handler: CommandHandler, command: IssuedCommand, *, is_exact: bool = False
) -> list[Answered]:
    """What came of each intent, in order; nothing of a form that asks for nothing. The version
    that was seen holds for the first that leads to events; what follows has then seen these.
    Raises what `issue` raises."""
    answers: list[Answered] = []
    expected = command.expected
    for intent in intents_of(handler.models, command):
        answered = handler.issue(structs.replace(intent, expected=expected), is_exact=is_exact)
        if expected is not None and is_done(answered):
            expected = max(expected, answered.version or 0)
        answers.append(answered)
    return answers
