"""A store that was left ends behind the one in view: the GUI thread waits for none of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, current_thread, main_thread

import pytest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from replay.projector.projector_process import Projector
from store.branches.create import create_branch
from tests.gui.driven_window import open_store
from tests.gui.test_lines import shown


@pytest.fixture(name="branch")
def a_branch(store: Path) -> Path:
    return create_branch(store, "fix", fork=100)


@pytest.fixture(name="held")
def ending_is_held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """No store ends before this is set."""
    goes_on, end = Event(), Session.end

    def late(session: Session) -> None:
        assert goes_on.wait(60)
        end(session)

    monkeypatch.setattr(Session, "end", late)
    yield goes_on
    goes_on.set()


def test_another_line_is_in_view_while_the_one_before_ends(
    qtbot: QtBot, window: MainWindow, store: Path, branch: Path, held: Event
) -> None:
    open_store(qtbot, window, store)
    window.lines.show(branch)
    session = shown(qtbot, window, branch)

    assert not window.endings.is_idle
    assert session.events.count == session.selection.head
    held.set()
    qtbot.waitUntil(lambda: window.endings.is_idle)


def test_nothing_that_ends_is_waited_for_on_the_gui_thread(
    qtbot: QtBot,
    window: MainWindow,
    store: Path,
    branch: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed = list[bool]()

    def noted(close: Callable[[Projector], None]) -> Callable[[Projector], None]:
        def told(projector: Projector) -> None:
            closed.append(current_thread() is main_thread())
            close(projector)

        return told

    open_store(qtbot, window, store)
    monkeypatch.setattr(Projector, "close", noted(Projector.close))
    window.lines.show(branch)
    shown(qtbot, window, branch)
    qtbot.waitUntil(lambda: window.endings.is_idle)

    assert closed == [False]


def test_the_line_that_is_ending_can_be_shown_again(
    qtbot: QtBot, window: MainWindow, store: Path, branch: Path, held: Event
) -> None:
    open_store(qtbot, window, store)
    window.lines.show(branch)
    shown(qtbot, window, branch)
    window.lines.back_to_main()
    session = shown(qtbot, window, store)
    held.set()
    qtbot.waitUntil(lambda: window.endings.is_idle)

    assert session.selection.head == session.events.count
    assert window.session is session


def test_what_needs_the_file_for_itself_is_done_once_it_is_let_go(
    qtbot: QtBot, window: MainWindow, store: Path, branch: Path, held: Event
) -> None:
    done = list[str]()
    open_store(qtbot, window, branch)
    window.lines.show(store, then=lambda: done.append("then"))
    shown(qtbot, window, store)

    assert done == []
    held.set()
    qtbot.waitUntil(lambda: done == ["then"])


def test_a_window_that_is_closed_waits_for_what_was_left(
    qtbot: QtBot, window: MainWindow, store: Path, branch: Path, held: Event
) -> None:
    open_store(qtbot, window, store)
    window.lines.show(branch)
    shown(qtbot, window, branch)
    held.set()
    window.close()

    assert window.endings.is_idle
