"""What tests ask of the answer to a command."""

from replay.commands.answered import Answered, Conflict, Settled
from store.beside.outcomes import Done, Refused


def done(answered: Answered) -> Done:
    """The outcome of a command that must have been accepted."""
    assert isinstance(answered, Settled), answered
    assert isinstance(answered.outcome, Done), answered
    return answered.outcome


def refusal(answered: Answered) -> Refused:
    """The outcome of a command that must have been refused."""
    assert isinstance(answered, Settled), answered
    assert isinstance(answered.outcome, Refused), answered
    return answered.outcome


def conflict(answered: Answered) -> Conflict:
    """The answer to a command whose stream must have moved on."""
    assert isinstance(answered, Conflict), answered
    return answered
