"""Outcomes are types; their rows are what every version of this program has written."""

from typing import Any

import msgspec
import pytest

from store.beside.outcomes import (
    Cancelled,
    Done,
    Expired,
    Failed,
    Outcome,
    Refused,
    Stopped,
    UnknownOutcome,
    outcome_of_row,
    reason_of,
    row_of,
    rule_of,
)

FACTS: dict[str, Any] = {"command_id": "c-1", "attempts": 2, "decided_at_us": 5}
ROWS: list[tuple[Outcome, tuple[Any, ...]]] = [
    (
        Done(first_position=3, last_position=4, **FACTS),
        ("c-1", "done", 3, 4, "", "", 2, 5),
    ),
    (
        Done(first_position=None, last_position=None, **FACTS),
        ("c-1", "done", None, None, "", "", 2, 5),
    ),
    (
        Refused(rule="overdraft limit", reason="No.", **FACTS),
        ("c-1", "refused", None, None, "overdraft limit", "No.", 2, 5),
    ),
    (Failed(reason="No disk.", **FACTS), ("c-1", "failed", None, None, "", "No disk.", 2, 5)),
    (
        Stopped(limit="depth limit", reason="A circle.", **FACTS),
        ("c-1", "failed", None, None, "depth limit", "A circle.", 2, 5),
    ),
    (Expired(reason="Late.", **FACTS), ("c-1", "expired", None, None, "", "Late.", 2, 5)),
    (Cancelled(**FACTS), ("c-1", "cancelled", None, None, "", "", 2, 5)),
]


@pytest.mark.parametrize(("outcome", "row"), ROWS)
def test_an_outcome_is_the_row_that_it_always_was(outcome: Outcome, row: tuple[Any, ...]) -> None:
    assert row_of(outcome) == row
    assert outcome_of_row(row) == outcome
    assert (rule_of(outcome), reason_of(outcome)) == (row[4], row[5])
    assert outcome.status == row[1]


@pytest.mark.parametrize(("outcome", "_row"), ROWS)
def test_an_outcome_comes_over_a_pipe_as_its_type(outcome: Outcome, _row: object) -> None:
    line = msgspec.json.encode(outcome)

    assert msgspec.json.decode(line, type=Outcome) == outcome


def test_only_what_was_refused_has_a_rule_and_it_must_have_one() -> None:
    assert not hasattr(ROWS[0][0], "rule")
    assert not hasattr(ROWS[0][0], "reason")
    with pytest.raises(TypeError, match="rule"):
        msgspec.structs.replace(ROWS[0][0], rule="overdraft limit")
    with pytest.raises(msgspec.ValidationError, match="rule"):
        msgspec.convert({"type": "refused", "reason": "No.", **FACTS}, Refused)


def test_a_status_that_no_version_has_written_is_told() -> None:
    with pytest.raises(UnknownOutcome, match="'done well'"):
        outcome_of_row(("c-1", "done well", 1, 1, "", "", 1, 1))
