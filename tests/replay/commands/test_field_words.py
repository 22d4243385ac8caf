"""What is wrong with a field is said in words, whatever its schema asks for."""

from typing import Annotated, Any

import pytest
from msgspec import Meta

from replay.commands.command_form import errors_in
from replay.commands.field_words import UNTOLD, pattern_words
from replay.models.bank_account import OpenAccount
from replay.models.broker import PerformBuyOrder
from replay.models.conference.assignments import AssignSeat
from replay.models.conference.management import UpdateConference
from replay.models.ships_commands import ReportArrival
from replay.states.model_set import bundled_models
from replay.typed_model import Command

WRONG: tuple[Any, ...] = ("", "§ §", 3.5, True, [], {}, None)


def said(command: type[Command], data: Any) -> str:
    return "; ".join(it.message for it in errors_in(command, data))


@pytest.mark.parametrize(
    ("command", "data", "words"),
    [
        (
            AssignSeat,
            {"orderId": "o", "position": 0, "attendee": {"first": "A", "last": "L", "email": "a"}},
            "it must be an email address, such as ada@example.org",
        ),
        (
            OpenAccount,
            {"id": "7/8", "owner": "Ada"},
            "it may contain only letters and digits",
        ),
        (
            ReportArrival,
            {"ship": "kr", "port": "sfo", "occurred": "yesterday"},
            "it must be a day or a time, such as 2005-11-02",
        ),
        (
            ReportArrival,
            {"ship": "kr", "port": "sfo", "occurred": "2005-11-02", "missedDeparture": "no"},
            "it must be one of accept, refuse",
        ),
        (UpdateConference, {"slug": "c", "start": "soon"}, "it must be a day, such as 2026-03-14"),
        (OpenAccount, {"id": 7, "owner": "Ada"}, "it must be text"),
        (PerformBuyOrder, {"orderBookId": "b", "order": 3}, "it must be an object"),
    ],
)
def test_an_error_of_a_field_is_a_sentence(command: type[Command], data: Any, words: str) -> None:
    assert said(command, data) == words


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("^[a-z0-9-]+$", "it may contain only lowercase letters, digits and hyphens"),
        ("^[A-Z]+$", "it may contain only uppercase letters"),
        (r"^\d{4}(-|/)[^x]+$", UNTOLD),
        ("^[a-f]+$", UNTOLD),
    ],
)
def test_a_pattern_is_never_shown(pattern: str, words: str) -> None:
    assert pattern_words(pattern, {}) == words


def test_no_field_of_a_bundled_command_shows_a_pattern() -> None:
    for model in bundled_models().models:
        for command in model.commands:
            for field in command.__struct_fields__:
                for wrong in WRONG:
                    name = command.__struct_encode_fields__[command.__struct_fields__.index(field)]
                    told = said(command, {name: wrong})
                    assert not any(it in told for it in ("^", "[a-z", "regex", "schema", UNTOLD))


class Paint(Command, frozen=True):
    """Paint something."""

    colour: Annotated[str, Meta(title="Colour", max_length=3, pattern="^(red|sky)")]
    layers: Annotated[int, Meta(title="Layers", ge=1, le=3, multiple_of=1)]


def test_limits_are_said_and_a_pattern_without_words_is_not() -> None:
    assert said(Paint, {"colour": "green", "layers": 9}) == (
        f"it may have at most 3 characters; {UNTOLD}; it must be at most 3"
    )
