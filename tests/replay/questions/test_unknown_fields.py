"""A filter by a field that no event has says so, and what was meant."""

from pathlib import Path

import pytest

from replay.errors import UnknownField
from replay.questions.unknown_fields import known_fields, require_known_fields, unknown_name
from store.filter.parse import parse
from tests.replay.written_logs import event, log_of

EVENTS = (
    ("order-1", event({"total": 5, "customerId": "a", "lines": [{"sku": "x"}]})),
    ("order-2", event({"total": 6}, metadata={"correlation_id": "c", "user": "ada"})),
)


@pytest.mark.parametrize(
    ("where", "field", "close"),
    [
        ("correlationn = X", "correlationn", "correlation"),
        ("data.correlation = X", "correlation", "metadata.correlation_id"),
        ("totl > 5", "totl", "data.total"),
        ("total > 9 and custmerId = b", "custmerId", "data.customerId"),
        ("not (metadata.usr = ada)", "metadata.usr", "metadata.user"),
        ("streem = order-1", "streem", "stream"),
        ("lines.sk = x", "lines.sk", ""),
        ("zzzzzz = 1", "zzzzzz", ""),
    ],
)
def test_a_field_that_no_event_has_is_told_with_what_is_like_it(
    tmp_path: Path, where: str, field: str, close: str
) -> None:
    tree = parse(where)
    assert tree is not None

    with log_of(tmp_path, *EVENTS) as log, pytest.raises(UnknownField) as told:
        require_known_fields(log, tree)

    assert (told.value.field, close in told.value.close or not close) == (field, True)
    assert "Known: actor, anything, category, command, correlation, id" in told.value.hint
    assert "data.total" in told.value.hint


def test_a_type_that_no_event_has_is_told_with_what_is_like_it(tmp_path: Path) -> None:
    text = "total > 5 and type in (Changed, Changd)"
    tree = parse(text)
    assert tree is not None

    with log_of(tmp_path, *EVENTS) as log:
        wrong = unknown_name(log, tree)

    assert wrong is not None
    assert (wrong.what, wrong.field, text[wrong.at :]) == ("type", "Changd", "Changd)")
    assert wrong.sentence == "no event has a type `Changd`; nearest: Changed"


def test_the_nearest_fields_are_told_with_the_place_of_the_wrong_one(tmp_path: Path) -> None:
    tree = parse("type = Changed and (lines.sku = x or lines.skuu = x or totl > 5)")
    assert tree is not None

    with log_of(tmp_path, *EVENTS) as log:
        wrong = unknown_name(log, tree)

    assert wrong is not None
    assert (wrong.field, wrong.at) == ("lines.skuu", 37)
    assert wrong.sentence.startswith("no event has a field `lines.skuu`; nearest: data.lines.sku")


@pytest.mark.parametrize(
    "where", ["total > 99", "lines.sku = y", "stream = nobody", "metadata.user = bob"]
)
def test_fields_that_events_have_are_known_whatever_is_asked_of_them(
    tmp_path: Path, where: str
) -> None:
    tree = parse(where)
    assert tree is not None

    with log_of(tmp_path, *EVENTS) as log:
        require_known_fields(log, tree)

        assert "metadata.correlation_id" in known_fields(log).paths
