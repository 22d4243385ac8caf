"""Deep links: opened from the command line's text and from Go to, and what they may not do."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.panes_view import PanesView
from gui.work.link_server import LinkServer, hand_over
from gui.workspace import Workspace
from replay.deep_link import Link, link_text
from store.place import Place
from tests.gui.conftest import fill
from tests.gui.driven_window import open_store, seek, settle

ROOT = Path(__file__).parents[2]
HAND_OVER = (
    "import sys; from gui.app import is_taken_elsewhere;"
    "sys.exit(0 if is_taken_elsewhere(sys.argv[1]) else 1)"
)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, store: Path) -> tuple[Session, Workspace]:
    session, workspace = open_store(qtbot, window, store)
    seek(qtbot, session, 8)
    return session, workspace


def said(qtbot: QtBot, window: MainWindow, words: str) -> bool:
    qtbot.waitUntil(lambda: words in window.banner.accessibleDescription())
    return True


def test_a_link_goes_to_position_stream_and_filter_by_keys(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace], store: Path
) -> None:
    session, workspace = opened
    link = Link(store=str(store), at=20, stream="order-2", filter="count > 10")

    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    window.top.omnibox.setText(link_text(link))
    qtbot.keyClick(window.top.omnibox, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: session.selection.as_of == 20)
    assert session.selection.stream == "order-2"
    assert workspace.of(EventsView).where.text() == "count > 10"
    settle(qtbot, session)


def test_a_range_a_view_a_tab_and_a_field(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened

    window.links.open(link_text(Link(at=5, until=9)))
    qtbot.waitUntil(lambda: (session.selection.anchor, session.selection.as_of) == (5, 9))
    window.links.open(link_text(Link(view="event_types", at=30)))
    qtbot.waitUntil(lambda: session.panes.sides["left"].view == "event_types")
    assert workspace.of(PanesView).isVisible()
    window.links.open(link_text(Link(tab="event")))
    qtbot.waitUntil(lambda: workspace.of(InspectorView).tabs.chosen() == "event")
    window.links.open(link_text(Link(at=30, stream="order-2", field="note")))
    qtbot.waitUntil(lambda: workspace.of(InspectorView).state.current_path() == ("note",))
    settle(qtbot, session)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("foldline://open?at=9999", "position 9,999, and the store ends at 300"),
        ("foldline://open?at=5&stream=order-77", "a stream that is not in this store"),
        ("foldline://open?at=5&view=nothing", "a view that this store does not have"),
        ("foldline://open?at=5&tab=nothing", "an unknown tab"),
        ("foldline://open?at=5&filter=count%20%3E", "The filter of the link is not valid"),
        ("foldline://open?at=5&run=x", "'run' is not allowed"),
        ("foldline://open?at=5&store=/etc/passwd", "end with .foldline"),
        ("foldline://open?at=5&store=/gone/a.foldline", "there is no store"),
    ],
)
def test_what_cannot_be_opened_is_said_and_nothing_moves(
    qtbot: QtBot,
    window: MainWindow,
    opened: tuple[Session, Workspace],
    link: str,
    words: str,
) -> None:
    session, _ = opened

    window.links.open(link)

    assert said(qtbot, window, words)
    settle(qtbot, session)
    assert (session.selection.as_of, session.filter.is_set) == (8, False)


def test_a_store_that_was_never_opened_is_asked_about_first(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace], tmp_path: Path
) -> None:
    other = tmp_path / "other.foldline"
    fill(other, 50)
    before = sorted(it.name for it in tmp_path.iterdir())

    window.links.open(link_text(Link(store=str(other), at=7)))
    question = window.links.question
    assert question is not None
    assert str(other) in question.informativeText()
    question.reject()
    assert window.session is opened[0]
    assert sorted(it.name for it in tmp_path.iterdir()) == before
    window.links.open(link_text(Link(store=str(other), at=7)))
    question = window.links.question
    assert question is not None
    question.button(QMessageBox.StandardButton.Open).click()

    qtbot.waitUntil(lambda: window.session is not None and window.session.path == other)
    session = window.session
    assert session is not None
    qtbot.waitUntil(lambda: session.selection.as_of == 7)
    settle(qtbot, session)


def test_without_a_store_a_link_that_names_none_says_so(qtbot: QtBot, window: MainWindow) -> None:
    window.links.open("foldline://open?at=5")

    assert said(qtbot, window, "names no store")


def test_a_running_window_takes_the_links_of_its_store(
    qtbot: QtBot, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    owner = QObject()
    server = LinkServer(owner)
    told: list[str] = []
    server.link_wanted.connect(told.append)
    server.listen(Place(store))
    text = link_text(Link(store=str(store), at=3))
    other = subprocess.Popen([sys.executable, "-c", HAND_OVER, text], cwd=ROOT)

    qtbot.waitUntil(lambda: other.poll() is not None)

    assert (told, other.returncode) == ([text], 0)
    server.close()
    assert not hand_over(text, Place(store))
