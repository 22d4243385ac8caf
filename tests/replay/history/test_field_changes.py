"""Every change of a field, with whole values; and the verb that prints them."""

import json
from pathlib import Path

import pytest

from replay import printing
from replay.history.field_changes import field_answer
from replay.states.state_part import ABSENT
from replay.states.stream_states import StreamStates
from store.events import NewEvent
from store.memory import MemoryStore
from store.opening import open_store
from tests.replay.verbs.conftest import Run, run

__all__ = ["run"]  # a fixture
HOUR_US = 3_600_000_000
STEPS = (  # payload, and the hour at which it occurred
    ({"total": 1, "lines": [{"sku": "a"}]}, 5),
    ({"note": "x"}, 1),
    ({"total": "much"}, 9),
    ({"total": None, "lines": [{"sku": "a"}, {"sku": "b"}]}, 7),
    ({"total": {"net": 3}}, 8),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "orders.foldline"
    store = open_store(path, create=True)
    for n, (payload, hour) in enumerate(STEPS):
        facts = {"user": f"user {n}"}
        event = NewEvent.of("Set", payload, facts, occurred_at_us=hour * HOUR_US)
        store.append("cart-1", [event], expected=None)
    store.append("cart-2", [NewEvent.of("Set", {"total": 7})], expected=0)
    store.close()
    return path


def told(run: Run, *arguments: object) -> list[tuple[int, object, object]]:
    """Position, before and after of each line; "absent" where there is no value."""
    code, out, _ = run("history", *arguments, "--json")
    assert code == 0
    facts = [json.loads(it) for it in out.splitlines()]
    return [(it["position"], it.get("before", "absent"), it.get("after", "absent")) for it in facts]


def test_a_field_that_changes_its_type_and_goes_is_told_step_by_step(run: Run, path: Path) -> None:
    assert told(run, path, "cart-1", "total") == [
        (1, "absent", 1),
        (3, 1, "much"),
        (4, "much", "absent"),
        (5, "absent", {"net": 3}),
    ]
    assert told(run, path, "cart-1", "total", "--at", 3, "--limit", 1) == [(3, 1, "much")]
    assert told(run, path, "cart-1", "lines[1].sku") == [(4, "absent", "b")]
    assert told(run, path, "cart-2", "total") == [(6, "absent", 7)]


def test_in_the_order_of_occurrence_another_event_changed_it_last(run: Run, path: Path) -> None:
    changes = told(run, path, "cart-1", "total", "--occurred")
    until = told(run, path, "cart-1", "total", "--at", "occurred:1970-01-01T07:30:00Z")

    assert changes == [
        (1, "absent", 1),
        (4, 1, "absent"),
        (5, "absent", {"net": 3}),
        (3, {"net": 3}, "much"),
    ]
    assert until == changes[:2]


def test_a_person_reads_a_table_with_who_and_a_dash_for_no_value(run: Run, path: Path) -> None:
    code, table, _ = run("history", path, "cart-1", "total")

    assert code == 0
    assert "user 2" in table
    assert table.splitlines()[-1].split()[-2:] == ["–", '{"net":3}']


def test_a_table_of_very_many_changes_is_printed_part_by_part(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run("history", path, "cart-1", "total")[1].splitlines()
    monkeypatch.setattr(printing, "ROWS_AT_ONCE", 2)

    table = run("history", path, "cart-1", "total")[1].splitlines()

    assert [it.split() for it in table] == [it.split() for it in whole]


@pytest.mark.parametrize(
    ("field", "said"),
    [("nothing", "no event has set"), ("a..b", "the path is not valid")],
)
def test_what_is_no_field_is_said(run: Run, path: Path, field: str, said: str) -> None:
    code, _, error = run("history", path, "cart-1", field)

    assert code == 1
    assert said in error


def test_an_answer_says_what_set_a_field_and_where_its_other_changes_are() -> None:
    log = MemoryStore()
    for n, (payload, _) in enumerate(STEPS):
        facts = {"user": f"user {n}", "command": "Fill"}
        log.append("cart-1", [NewEvent.of("Set", payload, facts)], expected=None)
    states = StreamStates()

    found = {it: field_answer(log, states, "cart-1", ("total",), position=it) for it in range(6)}

    assert (found[0].entry, found[0].after) == (None, ABSENT)
    assert found[2].entry is not None
    assert (found[2].entry.position, found[2].entry.who, found[2].entry.command) == (
        1,
        "user 0",
        "Fill",
    )
    assert [(it.before, it.after) for it in (found[1], found[3], found[4])] == [
        (ABSENT, 1),
        (1, "much"),
        ("much", ABSENT),
    ]
    assert [found[it].beside(-1) for it in (0, 1, 2, 3)] == [None, None, 1, 1]
    assert [found[it].beside(1) for it in (0, 1, 2, 5)] == [1, 3, 3, None]
