"""The snapshots dialog: make, list, verify, advise and delete, with the real verbs behind it."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.dialogs.snapshots_dialog import SnapshotsDialog
from gui.dialogs.trust_dialog import TrustDialog
from gui.main_window import MainWindow
from store.events import NewEvent
from store.place import Place
from store.sqlite.connect import connect
from store.sqlite.store import open_store as open_log_store
from tests.gui.driven_window import PATIENCE_MS
from tests.gui.driven_window import open_store as show_store
from tests.replay.conference_office import Office
from tests.replay.workers.test_worker_process import model_file

SEATS = "seats-conf"
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def store(tmp_path: Path) -> Path:
    office = Office(tmp_path / "conference.foldline")
    for n in range(6):
        office.register(f"N{n}", general=1)
    office.settle()
    office.close()
    return office.path


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow, store: Path) -> SnapshotsDialog:
    window.resize(1400, 900)
    session, _ = show_store(qtbot, window, store)
    session.selection.choose_stream(SEATS)
    window.actions_["snapshots"].trigger()
    (found,) = [it for it in window.findChildren(SnapshotsDialog) if it.isVisible()]
    wait(qtbot, lambda: "0 snapshots" in found.summary.text())
    return found


def wait(qtbot: QtBot, is_so) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(is_so, timeout=PATIENCE_MS)


def press(qtbot: QtBot, dialog: SnapshotsDialog, button, told: str) -> None:  # type: ignore[no-untyped-def]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: told in dialog.report.text() and dialog.verify.isEnabled())


def test_snapshots_are_made_listed_checked_and_deleted(
    qtbot: QtBot, dialog: SnapshotsDialog
) -> None:
    press(qtbot, dialog, dialog.make_stream, "1 snapshot created for 1 stream")
    wait(qtbot, lambda: dialog.list.count() == 1)
    assert [dialog.list.text(0, at) for at in range(3)] == ["usable", SEATS, "10"]

    dialog.above.setValue(5)
    press(qtbot, dialog, dialog.make_above, "0 snapshots created for 1 stream")
    press(qtbot, dialog, dialog.verify, "1 snapshot checked against a full fold. All match")
    press(qtbot, dialog, dialog.advise, "No stream is long enough")
    press(qtbot, dialog, dialog.delete_all, "1 snapshot deleted")
    wait(qtbot, lambda: dialog.list.count() == 0)


def test_of_very_many_the_first_are_listed_and_a_search_finds_the_others(
    qtbot: QtBot, dialog: SnapshotsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.viewmodels.snapshots.LISTED", 3)

    press(qtbot, dialog, dialog.make_all, "snapshots created for")
    wait(qtbot, lambda: dialog.list.count() == 3)
    told = dialog.summary.text()
    qtbot.keyClicks(dialog.search, SEATS.upper())
    wait(qtbot, lambda: dialog.list.count() == 1)

    assert told.endswith("; 3 listed")
    assert dialog.list.text(0, 1) == SEATS


def test_a_snapshot_that_was_altered_is_told(
    qtbot: QtBot, window: MainWindow, dialog: SnapshotsDialog, store: Path
) -> None:
    """The projector would make it again: it is paused."""
    press(qtbot, dialog, dialog.make_stream, "1 snapshot created")
    assert window.session is not None
    kept = window.session.kept_views
    kept.pause()
    wait(qtbot, lambda: kept.is_paused)
    db = connect(Place(store).views)
    db.execute("UPDATE snapshots SET version = 3")
    db.close()

    qtbot.mouseClick(dialog.verify, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: dialog.list.count() == 1 and dialog.list.text(0, 0) == "wrong hash")

    wait(qtbot, lambda: "1 never used" in dialog.summary.text())
    told = f"The first is of {SEATS}: it is never used"
    wait(qtbot, lambda: told in dialog.problem.accessibleDescription())


@pytest.mark.parametrize("action", ["certify", "verify"])
def test_a_cell_that_was_tampered_with_is_named(
    qtbot: QtBot, window: MainWindow, store: Path, action: str
) -> None:
    show_store(qtbot, window, store)
    window.actions_[action].trigger()
    wait(qtbot, lambda: "no problems found" in window.status.job.full_text())
    db = connect(Place(store).views)
    db.execute("UPDATE streams SET event_count = 99 WHERE stream = 'seats-conf'")
    db.close()

    window.actions_[action].trigger()
    wait(qtbot, window.banner.isVisible)

    cell = "the view streams: row seats-conf, written at position 32: event_count is 99, "
    assert f"{cell}the log gives 10" in window.banner.accessibleDescription()


def policy_of_five(qtbot: QtBot, dialog: SnapshotsDialog) -> None:
    """Two snapshots of the seats, at 5 and 10 of their ten events."""
    dialog.policy.choice.setCurrentText("seats availability")
    dialog.policy.number.setValue(5)
    press(qtbot, dialog, dialog.policy.set, "The projector creates them")
    wait(qtbot, lambda: dialog.list.count() == 2)


def test_of_two_snapshots_of_one_stream_only_the_chosen_is_deleted(
    qtbot: QtBot, dialog: SnapshotsDialog
) -> None:
    policy_of_five(qtbot, dialog)
    dialog.list.go_to_row(0)

    press(qtbot, dialog, dialog.delete, "1 snapshot deleted")

    wait(qtbot, lambda: dialog.list.count() == 1)
    assert [dialog.list.text(0, at) for at in (1, 2)] == [SEATS, "10"]


def test_several_that_are_chosen_are_deleted(qtbot: QtBot, dialog: SnapshotsDialog) -> None:
    policy_of_five(qtbot, dialog)
    grid = dialog.list.grid
    dialog.list.go_to_row(0)
    qtbot.keyClick(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    press(qtbot, dialog, dialog.delete, "2 snapshots deleted")
    wait(qtbot, lambda: dialog.list.count() == 0)


def test_snapshots_are_made_of_the_streams_that_are_chosen(
    qtbot: QtBot, dialog: SnapshotsDialog
) -> None:
    assert dialog.make_stream.text() == f"For {SEATS}"
    qtbot.keyClicks(dialog.search, "order-N")
    wait(qtbot, lambda: dialog.streams.shown_count() == 6)
    rows = [dialog.streams.model().index(row, 0) for row in (0, 1)]
    for index, held in zip(rows, (Qt.KeyboardModifier.NoModifier, CONTROL), strict=True):
        at = dialog.streams.visualRect(index).center()
        qtbot.mouseClick(dialog.streams.viewport(), Qt.MouseButton.LeftButton, held, at)
    assert dialog.make_stream.text() == "For 2 streams"

    press(qtbot, dialog, dialog.make_stream, "2 snapshots created for 2 streams")

    wait(qtbot, lambda: dialog.list.count() == 2)
    assert {dialog.list.text(it, 1) for it in range(2)} == set(dialog.streams.chosen())
    qtbot.keyClick(dialog.streams, Qt.Key.Key_Escape)
    assert not dialog.make_stream.isEnabled()


def test_a_model_of_ones_own_makes_them_and_is_told_when_it_has_changed(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path, file = tmp_path / "counts.foldline", model_file(tmp_path, "pass")
    log = open_log_store(path, create=True)
    log.append("counter-1", [NewEvent.of("Counted", {"by": it}) for it in (2, 3)], expected=None)
    log.close()
    session, _ = show_store(qtbot, window, path)

    def use() -> None:
        session.model_file.open(file)
        (asked,) = [it for it in window.findChildren(TrustDialog) if it.isVisible()]
        with qtbot.waitSignal(session.model_file.loaded, timeout=PATIENCE_MS):
            qtbot.mouseClick(asked.trust, Qt.MouseButton.LeftButton)

    use()
    window.actions_["snapshots"].trigger()
    (dialog,) = [it for it in window.findChildren(SnapshotsDialog) if it.isVisible()]
    press(qtbot, dialog, dialog.make_all, "1 snapshot created for 1 stream")
    wait(qtbot, lambda: dialog.list.count() == 1)
    shown = [dialog.list.text(0, at) for at in (0, 1, 3)]
    file.write_text(file.read_text("utf-8").replace("+ event.by", "- event.by"), "utf-8")
    use()
    session.snapshots.refresh()
    wait(qtbot, lambda: dialog.list.text(0, 0) != "usable")

    assert shown == ["usable", "counter-1", "counter 1"]
    assert dialog.list.text(0, 0) == "other code of the model"
    assert "1 never used" in dialog.summary.text()


def test_the_chosen_one_is_deleted(qtbot: QtBot, dialog: SnapshotsDialog) -> None:
    dialog.above.setValue(1)
    qtbot.mouseClick(dialog.make_above, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: dialog.list.count() > 2)
    count = dialog.list.count()
    first = dialog.list.text(0, 1)
    dialog.list.go_to_row(0)

    press(qtbot, dialog, dialog.delete, "1 snapshot deleted")
    wait(qtbot, lambda: dialog.list.count() == count - 1)
    assert first not in [dialog.list.text(it, 1) for it in range(count - 1)]


def test_advice_is_drawn_and_the_policy_set(qtbot: QtBot, dialog: SnapshotsDialog) -> None:
    assert not dialog.charts.isVisible()
    press(qtbot, dialog, dialog.advise, "Folding takes")
    assert dialog.charts.isVisible()
    assert "values, highest" in dialog.charts.right.accessibleDescription()

    dialog.policy.choice.setCurrentText("seats availability")
    assert dialog.policy.number.value() == 500
    policy_of_five(qtbot, dialog)

    assert dialog.policy.number.value() == 5


def test_snapshots_are_written_to_a_file_and_taken_from_one(
    qtbot: QtBot, dialog: SnapshotsDialog, tmp_path: Path
) -> None:
    press(qtbot, dialog, dialog.make_all, "snapshots created for")
    wait(qtbot, lambda: dialog.list.count() > 3)
    count = dialog.list.count()
    file = tmp_path / "saved.jsonl"
    dialog.export_to(file)
    wait(qtbot, lambda: "written to" in dialog.report.text() and dialog.verify.isEnabled())
    press(qtbot, dialog, dialog.delete_all, "deleted")

    dialog.import_from(file)
    wait(qtbot, lambda: "0 already existed" in dialog.report.text())
    wait(qtbot, lambda: dialog.list.count() == count)
    file.write_text("nothing of use\n", "utf-8")
    dialog.import_from(file)
    wait(qtbot, lambda: dialog.problem.isVisible())


def test_every_column_of_the_list_is_in_sight(qtbot: QtBot, dialog: SnapshotsDialog) -> None:
    press(qtbot, dialog, dialog.make_stream, "1 snapshot created for 1 stream")

    dialog.grab()  # lays out

    assert dialog.list.grid.horizontalScrollBar().maximum() == 0
