"""Changes of a table are seen before they are stored: by mouse, and by keys alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QStyle, QWidget
from pytestqt.qtbot import QtBot

from gui.dialogs.table_changes_dialog import TableChangesDialog
from gui.main_window import MainWindow
from gui.viewmodels.table_changes import TableChangesViewModel
from gui.work.jobs import Jobs
from store.place import Place
from store.transfer.ingest import ingest
from tests.gui.driven_window import PATIENCE_MS
from tests.store.event_files import event, events_in, write_lines
from tests.store.inferred.test_infer import BEFORE, states, write_csv
from tests.store.inferred.test_look import table_of

__all__ = ["states"]  # a fixture


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    qtbot.waitUntil(lambda: not jobs.running, timeout=PATIENCE_MS)
    jobs.close()


def shown(qtbot: QtBot, jobs: Jobs, *, open_store: Path | None = None) -> TableChangesDialog:
    text = "" if open_store is None else Place(open_store).text
    dialog = TableChangesDialog(TableChangesViewModel(jobs, open_store=text), None)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=PATIENCE_MS)
    return dialog


def type_states(qtbot: QtBot, dialog: TableChangesDialog, before: Path, after: str) -> None:
    qtbot.keyClicks(dialog.before, str(before))
    qtbot.keyClicks(dialog.after, after)
    qtbot.keyClick(dialog.after, Qt.Key.Key_Return)


def until_seen(qtbot: QtBot, dialog: TableChangesDialog) -> None:
    qtbot.waitUntil(dialog.run_button.isEnabled, timeout=PATIENCE_MS)


def cell(dialog: TableChangesDialog, row: int, column: int) -> str:
    item = dialog.preview.item(row, column)
    return item.text() if item else ""


def tab_to(qtbot: QtBot, dialog: TableChangesDialog, wanted: QWidget) -> None:
    """With the Tab key alone."""
    for _ in range(40):
        focused = QApplication.focusWidget()
        if focused is wanted:
            return
        qtbot.keyClick(focused or dialog, Qt.Key.Key_Tab)
    raise AssertionError(f"the Tab key does not come to {wanted.accessibleName()}")


def click_box(qtbot: QtBot, dialog: TableChangesDialog, row: int) -> None:
    """The mouse on the box of a key column."""
    place = dialog.key.visualItemRect(dialog.key.item(row))
    width = dialog.key.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth)
    at = QPoint(place.left() + width // 2 + 2, place.center().y())
    qtbot.mouseClick(dialog.key.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_two_states_show_what_changed_by_the_usual_key_and_come_into_a_new_store(
    qtbot: QtBot, jobs: Jobs, states: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = map(str, states)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (before, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([after], ""))
    dialog = shown(qtbot, jobs)
    assert dialog.why.full_text() == "Choose the state before."

    for button in dialog.findChildren(QPushButton):
        if button.text() == "Choose…" and button.y() < dialog.first.y():
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    until_seen(qtbot, dialog)

    assert dialog.key.checked() == ("id",)
    assert dialog.counts.full_text() == "1 row added, 1 changed, 1 removed"
    assert [cell(dialog, 1, column) for column in (1, 2, 3)] == [
        *("tuesday-1", "RowChanged", "price 4.00 → 4.50")
    ]
    assert dialog.into.note.full_text() == "tuesday.foldline is a new store"
    assert not (tmp_path / "tuesday.foldline").exists()

    with qtbot.waitSignal(dialog.imported, timeout=PATIENCE_MS):
        qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    found = [(it.stream, it.type) for it in events_in(tmp_path / "tuesday.foldline")]
    assert found == [(cell(dialog, row, 1), cell(dialog, row, 2)) for row in range(3)]
    assert "3 events stored of 3 read" in dialog.report.text()
    dialog.close()


def test_a_series_is_inferred_by_keys_alone(
    qtbot: QtBot, jobs: Jobs, states: list[Path], tmp_path: Path
) -> None:
    third = write_csv(tmp_path / "wednesday.csv", BEFORE)
    dialog = shown(qtbot, jobs)
    dialog.before.setFocus()
    qtbot.keyClicks(QApplication.focusWidget(), str(states[0]))
    tab_to(qtbot, dialog, dialog.after)
    qtbot.keyClicks(QApplication.focusWidget(), f"'{states[1]}' '{third}'")
    qtbot.waitUntil(lambda: dialog.key.checked() == ("id",), timeout=PATIENCE_MS)
    tab_to(qtbot, dialog, dialog.first)
    qtbot.keyClick(dialog.first, Qt.Key.Key_Space)
    tab_to(qtbot, dialog, dialog.table)
    qtbot.keyClicks(dialog.table, "stock")
    counted = "5 rows added, 2 changed, 2 removed"
    qtbot.waitUntil(lambda: dialog.counts.full_text() == counted, timeout=PATIENCE_MS)
    until_seen(qtbot, dialog)

    tab_to(qtbot, dialog, dialog.run_button)
    with qtbot.waitSignal(dialog.imported, timeout=PATIENCE_MS):
        qtbot.keyClick(dialog.run_button, Qt.Key.Key_Return)
    events = events_in(tmp_path / "wednesday.foldline")
    assert len(events) == 9
    assert {it.stream for it in events} == {f"stock-{it}" for it in "1234"}
    dialog.close()


def test_the_key_is_several_columns_or_none_and_the_preview_follows(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path
) -> None:
    before = write_csv(
        tmp_path / "a.csv", [{"shop": "x", "sku": "1", "n": "1"}], ["shop", "sku", "n"]
    )
    after = write_csv(
        tmp_path / "b.csv", [{"shop": "x", "sku": "1", "n": "2"}], ["shop", "sku", "n"]
    )
    dialog = shown(qtbot, jobs)
    type_states(qtbot, dialog, before, str(after))
    qtbot.waitUntil(lambda: dialog.key.count() == 3, timeout=PATIENCE_MS)
    told = "Choose the columns that tell rows apart."
    qtbot.waitUntil(lambda: dialog.why.full_text() == told, timeout=PATIENCE_MS)
    assert not dialog.run_button.isEnabled()

    click_box(qtbot, dialog, 0)
    qtbot.waitUntil(lambda: cell(dialog, 0, 1) == "b-x", timeout=PATIENCE_MS)
    tab_to(qtbot, dialog, dialog.key)
    qtbot.keyClick(dialog.key, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.key, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: cell(dialog, 0, 1) == "b-x/1", timeout=PATIENCE_MS)
    until_seen(qtbot, dialog)

    for row in (0, 1):
        click_box(qtbot, dialog, row)
    qtbot.waitUntil(lambda: dialog.why.full_text() == told, timeout=PATIENCE_MS)
    assert dialog.counts.full_text() == ""
    dialog.close()


def test_adding_to_the_open_store_is_asked_and_enter_leaves_it_alone(
    qtbot: QtBot, jobs: Jobs, states: list[Path], tmp_path: Path
) -> None:
    full = tmp_path / "full.foldline"
    ingest(write_lines(tmp_path / "full.jsonl", event(1), event(2)), into=full)
    dialog = shown(qtbot, jobs, open_store=full)
    type_states(qtbot, dialog, states[0], str(states[1]))
    until_seen(qtbot, dialog)

    qtbot.mouseClick(dialog.into.open_button, Qt.MouseButton.LeftButton)
    mixes = "will mix with 2 events of full.foldline"
    qtbot.waitUntil(lambda: dialog.into.note.full_text() == mixes, timeout=PATIENCE_MS)
    until_seen(qtbot, dialog)
    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    box = dialog.question
    assert box is not None
    qtbot.waitUntil(box.isVisible, timeout=PATIENCE_MS)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not box.isVisible(), timeout=PATIENCE_MS)
    assert len(events_in(full)) == 2

    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.question is not box and dialog.question is not None)
    assert dialog.question is not None
    add = next(it for it in dialog.question.buttons() if it.text() == "Add to it")
    with qtbot.waitSignal(dialog.imported, timeout=PATIENCE_MS):
        qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    assert len(events_in(full)) == 5
    dialog.close()


def test_tables_of_sqlite_are_chosen_and_equal_states_hold_the_import_up(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path
) -> None:
    before = table_of(tmp_path / "a.sqlite", [(1, "cup")])
    after = table_of(tmp_path / "b.sqlite", [(1, "mug")])
    dialog = shown(qtbot, jobs)
    type_states(qtbot, dialog, before, str(after))
    nothing = "Nothing changed between the states."
    qtbot.waitUntil(lambda: dialog.why.full_text() == nothing, timeout=PATIENCE_MS)

    box = dialog.choices.box("table")
    box.setCurrentText("stock")
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: dialog.key.count() == 2, timeout=PATIENCE_MS)
    click_box(qtbot, dialog, 0)
    qtbot.waitUntil(lambda: cell(dialog, 0, 3) == "name cup → mug", timeout=PATIENCE_MS)
    assert cell(dialog, 0, 1) == "stock-1"
    dialog.close()


def test_what_cannot_be_read_is_told_and_nothing_of_the_states_before_is_left(
    qtbot: QtBot, jobs: Jobs, states: list[Path], tmp_path: Path
) -> None:
    dialog = shown(qtbot, jobs)
    type_states(qtbot, dialog, states[0], str(states[1]))
    until_seen(qtbot, dialog)

    dialog.before.clear()
    qtbot.keyClicks(dialog.before, str(tmp_path / "none.csv"))
    qtbot.keyClick(dialog.before, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=PATIENCE_MS)

    assert dialog.preview.rowCount() == 0
    assert dialog.counts.full_text() == dialog.into.note.full_text() == ""
    assert not dialog.run_button.isEnabled()
    dialog.close()


def test_it_is_found_in_the_file_menu_and_opens_what_it_made(
    qtbot: QtBot, window: MainWindow, states: list[Path], tmp_path: Path
) -> None:
    window.actions_.do("table changes")
    (dialog,) = window.findChildren(TableChangesDialog)
    type_states(qtbot, dialog, states[0], str(states[1]))
    until_seen(qtbot, dialog)

    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    made = tmp_path / "tuesday.foldline"
    qtbot.waitUntil(
        lambda: window.session is not None and window.session.path == made, timeout=PATIENCE_MS
    )
    assert window.actions_["table changes"] in window.menus["File"].actions()
    dialog.close()
