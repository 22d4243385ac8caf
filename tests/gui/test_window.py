"""The whole window, driven by mouse and keyboard, and what is then on the screen."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.session import Session
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.navigator_view import NavigatorView
from gui.views.panes_view import PanesView
from gui.views.time_view import TimeView
from gui.work.jobs import Jobs
from store.sqlite.connect import create_log
from tests.gui.conftest import fill
from tests.gui.driven_window import (
    PATIENCE_MS,
    mouse,
    open_store,
    seek,
    settle,
)

ROOT = Path(__file__).parents[2]
APPEND = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.gui.conftest import fill
from tests.gui.driven_window import (
    PATIENCE_MS, lowest_checkpoint, mouse, open_store, seek, settle,
)
fill(Path(sys.argv[1]), 12)
"""


def test_a_drag_of_the_playhead_moves_table_state_and_status(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    """Rows A5 and A1: the state shown is the fold up to the event under the playhead."""
    session, workspace = open_store(qtbot, window, store)
    session.selection.choose_stream("order-0")
    panel = workspace.of(TimeView).panel
    start, middle = QPointF(panel.width() - 40, 90), QPointF(panel.width() * 0.6, 90)

    mouse(workspace, QEvent.Type.MouseButtonPress, start)
    mouse(workspace, QEvent.Type.MouseMove, middle)
    mouse(workspace, QEvent.Type.MouseButtonRelease, middle)
    settle(qtbot, session)

    position = session.selection.as_of
    assert 60 < position < 240
    assert session.events.position(workspace.of(EventsView).grid.current_row()) == position
    expected = (position - 1) // 3 * 3
    assert session.inspector.inspection is not None
    assert session.inspector.inspection.state is not None
    assert session.inspector.inspection.state.state["count"] == expected
    assert workspace.of(InspectorView).state.model().rowCount() > 0
    told = window.status.cursor_text
    qtbot.waitUntil(lambda: f"cursor {position}" in told.text(), timeout=PATIENCE_MS)
    assert "all views current" in window.status.views.text()


@pytest.mark.parametrize(
    ("keys", "position"),
    [
        ([Qt.Key.Key_Right], 101),
        ([Qt.Key.Key_Left, Qt.Key.Key_Left], 98),
        ([Qt.Key.Key_Home], 1),
        ([Qt.Key.Key_End], 300),
    ],
)
def test_keys_move_the_cursor(
    qtbot: QtBot, window: MainWindow, store: Path, keys: list[Qt.Key], position: int
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 100)
    workspace.of(TimeView).panel.setFocus()

    for key in keys:
        qtbot.keyClick(window, key)
    settle(qtbot, session)

    assert session.selection.as_of == position


def test_choosing_types_in_the_navigator_lists_only_them(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    qtbot.waitUntil(lambda: workspace.of(NavigatorView).types.shown_count() == 2)

    workspace.of(NavigatorView).types.keys_chosen.emit(("Placed",))
    settle(qtbot, session)

    assert session.events.count == 3
    assert workspace.of(EventsView).only_types.text().startswith("Placed")


def test_the_space_key_plays_and_pauses(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 10)
    session.playback.set_speed(40)
    workspace.of(TimeView).panel.setFocus()

    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: session.selection.as_of > 20, timeout=PATIENCE_MS)
    qtbot.keyClick(window, Qt.Key.Key_Space)

    assert not session.playback.is_playing


def test_events_of_another_process_appear_without_moving_the_place(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    """Row G11: a second program appends while the window is open."""
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 50)
    scrolled_to = workspace.of(EventsView).grid.verticalScrollBar().value()

    subprocess.run([sys.executable, "-c", APPEND, str(store), str(ROOT)], check=True)
    qtbot.waitUntil(lambda: session.events.count == 312, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: session.status.lag == 0, timeout=PATIENCE_MS)

    assert session.selection.as_of == 50
    assert workspace.of(EventsView).grid.verticalScrollBar().value() == scrolled_to
    assert workspace.of(EventsView).news.text() == "12 new events"
    assert "312 events" in window.top.events.text()


def test_following_goes_with_what_arrives(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    session, _ = open_store(qtbot, window, store)
    session.selection.follow(True)

    fill(store, 5)
    qtbot.waitUntil(lambda: session.selection.as_of == 305, timeout=PATIENCE_MS)

    assert session.selection.is_following


def test_the_views_come_back_after_their_process_was_killed(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    """Row F9: the lag is shown, and a projector killed with -9 is started again."""
    session, _ = open_store(qtbot, window, store)
    pid = session.projector.pid
    assert pid is not None

    os.kill(pid, signal.SIGKILL)
    fill(store, 7)
    qtbot.waitUntil(
        lambda: (
            bool(session.status.views) and min(v.checkpoint for v in session.status.views) == 307
        ),
        timeout=PATIENCE_MS,
    )

    assert session.projector.pid != pid


def test_the_place_comes_back_at_the_next_start(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    session.selection.choose_stream("order-2")
    session.filter.set_types(("Counted",))
    session.filter.set_where("count > 2")
    session.selection.set_anchor(20)
    workspace.of(InspectorView).tabs.choose("diff")
    seek(qtbot, session, 120)
    window.close_store()

    session, workspace = open_store(qtbot, window, store)
    settle(qtbot, session)

    selection = session.selection
    assert (selection.as_of, selection.anchor, selection.stream) == (120, 20, "order-2")
    assert (session.filter.types, session.filter.where) == (("Counted",), "count > 2")
    assert workspace.of(EventsView).where.text() == "count > 2"
    assert workspace.of(InspectorView).tabs.chosen() == "diff"


def test_the_diff_tab_shows_what_changed_between_a_and_the_cursor(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    workspace.of(InspectorView).tabs.choose("diff")
    workspace.of(InspectorView).tabs.tab_chosen.emit("diff")
    session.selection.choose_stream("order-0")
    session.selection.set_anchor(4)
    seek(qtbot, session, 100)

    assert session.inspector.comparison is not None
    assert "2 changed" in workspace.of(InspectorView).diff_words.full_text()


def test_a_theme_switch_repaints_everything(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    session, _ = open_store(qtbot, window, store)
    settle(qtbot, session)
    light = window.grab().toImage().pixelColor(5, 400).lightness()

    qtbot.mouseClick(window.top.theme, Qt.MouseButton.LeftButton)
    dark = window.grab().toImage().pixelColor(5, 400).lightness()
    themes().apply("light")

    assert light > 200
    assert dark < 60


def broken(folder: Path, kind: str) -> Path:
    path = folder / f"{kind.replace(' ', '-')}.foldline"
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("not a store at all")
    elif kind == "empty file":
        path.touch()
    return path


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("missing", "The file does not exist"),
        ("folder", "This is a folder, not a store"),
        ("text", "This is not a Foldline store"),
        ("empty file", "The file is empty"),
    ],
)
def test_a_store_that_cannot_be_opened_is_told_in_a_sentence_and_the_open_one_stays(
    qtbot: QtBot, window: MainWindow, store: Path, tmp_path: Path, kind: str, sentence: str
) -> None:
    session, _ = open_store(qtbot, window, store)

    window.open_store(broken(tmp_path, kind))
    qtbot.waitUntil(lambda: window.banner.isVisible(), timeout=PATIENCE_MS)

    assert sentence in window.banner.accessibleDescription()
    assert window.session is session


def test_an_empty_store_says_why_it_is_empty(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "empty.foldline"
    create_log(path)

    window.open_store(path)
    qtbot.waitUntil(lambda: window.workspace is not None, timeout=PATIENCE_MS)

    assert window.workspace is not None
    assert window.workspace.of(EventsView).empty.isVisible()
    assert "no events yet" in window.workspace.of(EventsView).empty.accessibleDescription()


def test_a_sample_is_one_click_from_a_populated_window(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(window.start.samples["bank"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: window.session is not None and window.session.events.count > 1_000,
        timeout=PATIENCE_MS,
    )

    assert window.top.name.text() == "bank.foldline"


def test_opening_and_closing_fifty_times_leaves_nothing_behind(qtbot: QtBot, store: Path) -> None:
    """Threads, processes and file handles: fifty sessions, then as at the first."""
    handles = []
    jobs = Jobs()

    for _ in range(50):
        session = Session(store, jobs)
        with qtbot.waitSignal(session.opened, timeout=PATIENCE_MS):
            session.open()
        session.close()
        session.deleteLater()
        QApplication.processEvents()
        handles.append(len(list(Path("/proc/self/fd").iterdir())))

    assert [it.name for it in threading.enumerate() if it.name.startswith(("feed", "reader"))] == []
    assert handles[-1] <= handles[4]


def test_every_part_that_takes_the_keyboard_has_a_name(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QWidget

    open_store(qtbot, window, store)

    nameless = [
        f"{type(it).__name__} in {type(it.parent()).__name__}"
        for it in window.findChildren(QWidget)
        if it.isVisible()
        and it.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not it.accessibleName()
        and not getattr(it, "text", lambda: "")()
        and not isinstance(it.parent(), QAbstractScrollArea | QLineEdit)
    ]

    assert nameless == []


def test_a_click_in_the_table_shows_the_state_of_that_events_stream(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 100)
    grid = workspace.of(EventsView).grid
    row = grid.visible_rows()[0] + 2
    y = grid.rowViewportPosition(row) + 5

    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, y))
    settle(qtbot, session)

    assert session.selection.as_of == row + 1
    assert session.selection.stream == f"order-{row % 3}"


def test_choosing_a_number_in_the_state_draws_its_values(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    session.selection.choose_stream("order-0")
    seek(qtbot, session, 100)

    workspace.of(InspectorView).state.path_chosen.emit(("count",))
    qtbot.waitUntil(workspace.of(InspectorView).curve.isVisible, timeout=PATIENCE_MS)

    curve = session.blame.curve
    assert curve is not None
    assert list(curve.values) == [float(n) for n in range(0, 300, 3)]
    assert list(curve.positions) == list(range(1, 301, 3))


def test_the_space_key_presses_the_button_that_has_the_keyboard(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    workspace.show_panel(PanesView)
    workspace.of(PanesView).only.setFocus()

    qtbot.keyClick(workspace.of(PanesView).only, Qt.Key.Key_Space)

    assert not workspace.of(PanesView).only.isChecked()
    assert not session.playback.is_playing


def test_an_arrow_key_turns_the_tabs_that_have_the_keyboard(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 10)
    workspace.show_panel(PanesView)
    workspace.of(PanesView).tabs.tabBar().setFocus()

    qtbot.keyClick(workspace.of(PanesView).tabs.tabBar(), Qt.Key.Key_Right)

    assert workspace.of(PanesView).tabs.chosen() == "states"
    assert session.selection.as_of == 10
