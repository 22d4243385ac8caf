"""What is shown of the event and the state under the cursor."""

from functools import partial
from pathlib import Path

import pytest
from msgspec import structs
from pytestqt.qtbot import QtBot

from gui.selection import Selection
from gui.viewmodels.event_facts import facts
from gui.viewmodels.goto import GotoViewModel
from gui.viewmodels.history import HistoryViewModel
from gui.viewmodels.inspector import InspectorViewModel, inspect
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.states.diff import Change
from store.events import NewEvent
from store.opening import open_reader
from store.sqlite.connect import open_log
from store.sqlite.store import SqliteStore
from store.sqlite.writer import Writer
from store.transfer.ingest import ingest
from tests.gui.conftest import START_US


@pytest.fixture
def inspector(tasks: Tasks, selection: Selection) -> InspectorViewModel:
    return InspectorViewModel(tasks, selection)


@pytest.fixture
def goto(tasks: Tasks, selection: Selection, inspector: InspectorViewModel) -> GotoViewModel:
    return GotoViewModel(tasks, selection, inspector)


def seek(qtbot: QtBot, tasks: Tasks, selection: Selection, position: int) -> None:
    selection.seek(position)
    qtbot.waitUntil(lambda: tasks.is_idle)


def test_the_state_is_that_of_the_events_own_stream_until_one_is_chosen(
    qtbot: QtBot, tasks: Tasks, selection: Selection, inspector: InspectorViewModel
) -> None:
    seek(qtbot, tasks, selection, 100)
    own = inspector.stream
    selection.choose_stream("order-1")
    seek(qtbot, tasks, selection, 102)

    assert (own, inspector.stream) == ("order-0", "order-1")


def test_fields_changed_by_the_last_event_are_told(
    qtbot: QtBot, tasks: Tasks, selection: Selection, inspector: InspectorViewModel
) -> None:
    seek(qtbot, tasks, selection, 100)

    inspection = inspector.inspection
    assert inspection is not None
    assert inspection.state is not None
    assert inspection.state.state == {"count": 99, "note": "note 99"}
    assert inspection.changes == (
        Change("changed", ("count",), 96, 99),
        Change("changed", ("note",), "note 96", "note 99"),
    )


def test_a_comparison_is_made_only_while_it_is_in_sight(
    qtbot: QtBot, tasks: Tasks, selection: Selection, inspector: InspectorViewModel
) -> None:
    selection.set_anchor(4)
    seek(qtbot, tasks, selection, 100)
    hidden = inspector.comparison
    inspector.want_comparison(True)
    qtbot.waitUntil(lambda: inspector.comparison is not None)

    assert hidden is None
    assert inspector.comparison is not None
    assert inspector.comparison.changes[0] == Change("changed", ("count",), 3, 99)


def test_on_the_occurred_axis_a_late_event_counts_where_it_happened(
    qtbot: QtBot, tasks: Tasks, selection: Selection, inspector: InspectorViewModel, store: Path
) -> None:
    """Row A3: the two axes give two states where an event was recorded late."""
    db = open_log(store, writable=True)
    late = NewEvent.of("Late", {"late": True}, occurred_at_us=START_US + 50_000_000)
    Writer(db).append("order-0", [late], expected=None)
    db.close()
    selection.learn_head(301)

    seek(qtbot, tasks, selection, 100)
    recorded = inspector.inspection
    selection.set_axis("occurred")
    qtbot.waitUntil(lambda: tasks.is_idle)
    occurred = inspector.inspection

    assert recorded is not None
    assert recorded.state is not None
    assert occurred is not None
    assert occurred.state is not None
    assert "late" not in recorded.state.state
    assert occurred.state.state["late"] is True


def test_a_recorded_time_that_lay_ahead_when_the_event_came_is_shown_as_claimed(
    qtbot: QtBot, tasks: Tasks, selection: Selection, inspector: InspectorViewModel, store: Path
) -> None:
    db = open_log(store, writable=True)
    claim = NewEvent.of("Late", {}, recorded_at_us=4_000_000_000_000_000, recorded_offset_min=0)
    Writer(db).append("order-0", [claim], expected=None)
    db.close()
    selection.learn_head(301)

    told = []
    for position in (300, 301):
        seek(qtbot, tasks, selection, position)
        assert inspector.inspection is not None
        told += [it.value for it in facts(inspector.inspection) if it.label == "recorded at"]

    assert told[0] == "2026-03-08T20:04:59.000000+00:00"
    assert told[1].startswith("2096-10-02T07:06:40.000000+00:00 · claimed: it arrived 20")


def test_times_that_an_import_gave_are_shown_as_made_here(
    qtbot: QtBot, tasks: Tasks, selection: Selection, inspector: InspectorViewModel, store: Path
) -> None:
    source = store.with_name("undated.jsonl")
    source.write_text('{"stream":"late-1","type":"Noted","id":"undated"}\n', "utf-8")
    ingest(source, into=store)
    selection.learn_head(301)

    seek(qtbot, tasks, selection, 301)

    assert inspector.inspection is not None
    times = [it.value for it in facts(inspector.inspection) if it.label.endswith(" at")]
    assert len(times) == 2
    assert all(it.endswith(" · set here: it arrived without a time") for it in times)


@pytest.mark.parametrize(
    ("text", "position"),
    [("42", 42), ("@42", 42), ("2026-03-08T20:01:00Z", 61), (" v3 ", 7)],
)
def test_a_typed_moment_is_gone_to(
    qtbot: QtBot,
    tasks: Tasks,
    selection: Selection,
    goto: GotoViewModel,
    text: str,
    position: int,
) -> None:
    selection.choose_stream("order-0")

    with qtbot.waitSignal(goto.arrived):
        goto.go(text)

    assert selection.as_of == position


@pytest.mark.parametrize("text", ["soon", "301", "v101", "2026-99-99"])
def test_a_moment_that_is_none_is_refused_and_the_cursor_stays(
    qtbot: QtBot, selection: Selection, goto: GotoViewModel, text: str
) -> None:
    selection.choose_stream("order-0")
    selection.seek(5)

    with qtbot.waitSignal(goto.failed):
        goto.go(text)

    assert selection.as_of == 5


def test_the_neighbours_in_a_stream_are_reached(
    qtbot: QtBot, tasks: Tasks, selection: Selection, goto: GotoViewModel
) -> None:
    selection.choose_stream("order-1")
    seek(qtbot, tasks, selection, 100)

    goto.next_in_stream()
    qtbot.waitUntil(lambda: selection.as_of == 101)
    goto.previous_in_stream()
    qtbot.waitUntil(lambda: selection.as_of == 98)

    assert selection.as_of == 98


def test_back_and_forward_walk_through_the_places_one_has_been(
    qtbot: QtBot, selection: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.viewmodels.history.SETTLED_MS", 0)
    history = HistoryViewModel(selection)
    for position in (10, 20, 30):
        selection.seek(position)
    visited = []

    for move in (history.back, history.back, history.forward):
        move()
        visited.append(selection.as_of)

    assert visited == [20, 10, 20]


def test_a_drag_is_one_place_not_hundreds(qtbot: QtBot, selection: Selection) -> None:
    history = HistoryViewModel(selection)

    for position in range(10, 200):
        selection.seek(position)

    assert not history.can_go_back


def test_what_takes_an_event_back_long_after_is_found(qtbot: QtBot, bank: SqliteStore) -> None:
    taken = next(bank.read(after=1))  # a deposit
    later = [NewEvent.of("DepositPerformed", {"accountId": "7", "amount": 1}) for _ in range(250)]
    because = {"causation_id": taken.id, "command": "PerformWithdrawal"}
    back = NewEvent.of("WithdrawalPerformed", {"accountId": "7", "amount": 100}, because)
    bank.append("account-7", [*later, back], expected=None)
    reads = Reads(partial(open_reader, bank.place.path))

    found = inspect(reads, position=taken.position, stream="", axis="recorded")
    reads.close()

    assert found.taken_back_by is not None
    assert found.taken_back_by.position == taken.position + 251


def test_keys_that_stand_twice_are_told_of_an_event_that_carries_no_mark(
    qtbot: QtBot, bank: SqliteStore
) -> None:
    event = structs.replace(NewEvent.of("Noted", {}), data_json='{"n":1,"n":2}')
    bank.append("note-1", [event], expected=0)
    reads = Reads(partial(open_reader, bank.place.path))

    found = inspect(reads, position=bank.head(), stream="", axis="recorded")
    reads.close()

    told = {it.label: it.value for it in facts(found)}
    assert told["duplicate keys"] == "'n': states use the last value, SQL the first"
