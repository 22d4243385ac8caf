"""Deep links: opened from the command line's text and from Go to, and what they may not do."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.offers.event_entries import link_to
from gui.session import Session
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.panes_view import PanesView
from gui.work.link_server import LinkServer, hand_over
from gui.workspace import Workspace
from replay.deep_link import Link, link_text, parse_link
from store.branches.create import create_branch
from store.place import Place
from tests.gui.conftest import fill
from tests.gui.driven_window import open_store, seek, settle
from tests.gui.test_lines import shown

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


def test_a_link_to_a_branch_shows_the_branch_and_one_to_the_log_goes_back(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace], store: Path
) -> None:
    branch = create_branch(store, "fix", fork=100)

    window.links.open(link_text(Link(store=str(store), branch="fix", at=30)))
    session = shown(qtbot, window, branch)
    qtbot.waitUntil(lambda: session.selection.as_of == 30)
    assert window.lines.branch == "fix"
    window.links.open(link_text(Link(at=40)))  # of whatever line is in view
    qtbot.waitUntil(lambda: session.selection.as_of == 40)
    assert window.lines.branch == "fix"
    window.links.open(link_text(Link(store=str(store), at=50)))
    session = shown(qtbot, window, store)
    qtbot.waitUntil(lambda: session.selection.as_of == 50)
    assert window.lines.branch == ""
    window.links.open("foldline://open?branch=fix&at=60")
    session = shown(qtbot, window, branch)
    qtbot.waitUntil(lambda: session.selection.as_of == 60)
    settle(qtbot, session)


def test_a_link_to_a_branch_that_is_gone_says_so(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace], store: Path
) -> None:
    window.links.open(link_text(Link(store=str(store), branch="gone", at=30)))

    assert said(qtbot, window, "the store has no branch gone")
    assert opened[0].selection.as_of == 8


def test_a_link_that_is_copied_in_a_branch_names_it(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, create_branch(store, "fix", fork=100))
    settle(qtbot, session)

    text = link_to(workspace.doors, Link(at=5))

    assert parse_link(text) == Link(store=str(store), branch="fix", at=5)


def test_without_a_store_a_link_that_names_none_says_so(qtbot: QtBot, window: MainWindow) -> None:
    window.links.open("foldline://open?at=5")

    assert said(qtbot, window, "names no store")


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder for sockets: their paths must be short, those of a test's folder are not."""
    with TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield


def taken(qtbot: QtBot, shown: Path, text: str) -> tuple[list[str], int | None]:
    """What a window that shows a store hears when another program is asked to open a link, and
    the exit code of that program: 0 if it handed the link over."""
    owner = QObject()
    server = LinkServer(owner)
    told: list[str] = []
    server.link_wanted.connect(told.append)
    server.listen(Place(shown))
    other = subprocess.Popen([sys.executable, "-c", HAND_OVER, text], cwd=ROOT)
    qtbot.waitUntil(lambda: other.poll() is not None)
    server.close()
    return told, other.returncode


@pytest.mark.usefixtures("runtime")
def test_a_running_window_takes_the_links_of_its_store(qtbot: QtBot, store: Path) -> None:
    text = link_text(Link(store=str(store), at=3))

    assert taken(qtbot, store, text) == ([text], 0)
    assert not hand_over(text, Place(store))


@pytest.mark.usefixtures("runtime")
def test_a_window_that_shows_the_log_takes_links_of_its_branches(qtbot: QtBot, store: Path) -> None:
    branch = create_branch(store, "fix", fork=100)
    text = link_text(Link(store=str(store), branch="fix", at=3))

    assert taken(qtbot, store, text) == ([text], 0)
    assert taken(qtbot, branch, text) == ([text], 0)
