"""Refusals and other outcomes as sentences."""

from typing import Any

import pytest

from replay.commands.outcome_words import outcome_sentence, would_be_refused
from store.beside.outcomes import Cancelled, Done, Expired, Failed, Outcome, Refused, Stopped

FACTS: dict[str, Any] = {"command_id": "c", "attempts": 1, "decided_at_us": 0}


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (
            Refused(rule="seat exists", reason="This seat is already taken.", **FACTS),
            'Refused: this seat is already taken — rule "seat exists"',
        ),
        (
            Refused(rule="new customer", reason="Ada is known already.", **FACTS),
            'Refused: Ada is known already — rule "new customer"',
        ),
        (
            Stopped(limit="depth", reason="The chain is too long.", **FACTS),
            'Failed: the chain is too long — limit "depth"',
        ),
        (Failed(reason="the model failed: no.", **FACTS), "Failed: the model failed: no"),
        (Expired(reason="It waited too long.", **FACTS), "Expired: it waited too long"),
        (Cancelled(**FACTS), "Cancelled before it was handled"),
        (Done(first_position=None, last_position=None, **FACTS), "Done"),
    ],
)
def test_what_came_of_a_command_is_one_sentence(outcome: Outcome, sentence: str) -> None:
    assert outcome_sentence(outcome) == sentence


def test_a_reason_that_ends_with_an_ellipsis_keeps_it() -> None:
    assert would_be_refused("r", "No…") == 'Would be refused: no… — rule "r"'
    assert would_be_refused("r", "No...") == 'Would be refused: no... — rule "r"'
