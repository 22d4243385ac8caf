"""Fields and values that a box offers are those of the log."""

from pathlib import Path

from replay.questions.sampled_names import sampled_names
from tests.replay.written_logs import event, log_of

EVENTS = (
    ("order-1", event({"total": 5, "lines": [{"sku": "x"}, {"sku": "y"}], "note": "n" * 200})),
    ("order-2", event({"total": 5, "is_paid": True, "none": None}, "Paid")),
    ("seat-3", event({"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}, metadata={"user": "ada"})),
)


def test_fields_and_values_are_those_of_the_log(tmp_path: Path) -> None:
    with log_of(tmp_path, *EVENTS) as log:
        names = sampled_names(log)

    assert {"total", "lines.sku", "is_paid", "metadata.user", "actor", "type"} <= set(names.fields)
    assert "note" not in names.fields  # nothing that could be offered
    assert names.values["type",] == ("Changed", "Paid")
    assert names.values["category",] == ("order", "seat")
    assert names.values["data", "lines", "sku"] == ("x", "y")
    assert names.values["data", "is_paid"] == (True,)
    assert names.values["actor",] == ("ada",)
    assert names.head == 3


def test_a_log_without_events_offers_the_facts(tmp_path: Path) -> None:
    with log_of(tmp_path) as log:
        names = sampled_names(log)

    assert "type" in names.fields
    assert names.values == {("type",): ()}


def test_of_many_types_and_values_only_some_are_kept(tmp_path: Path) -> None:
    events = [(f"s-{at}", event({"n": at, f"key{at}": 1}, f"Type{at}")) for at in range(700)]

    with log_of(tmp_path, *events) as log:
        names = sampled_names(log)

    assert len(names.values["data", "n"]) <= 40
    assert len(names.values["type",]) == 700
    assert len(names.values) <= 401
