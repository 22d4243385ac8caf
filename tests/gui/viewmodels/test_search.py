"""Words typed, events found, and one that another process appends found too."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.search_view import SearchView
from store.events import NewEvent
from store.sqlite.store import open_store
from tests.gui.driven_window import PATIENCE_MS
from tests.gui.driven_window import open_store as show_store


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, store: Path) -> tuple[Session, SearchView]:
    session, workspace = show_store(qtbot, window, store)
    window.actions_["search all"].trigger()
    return session, workspace.of(SearchView)


def wait(qtbot: QtBot, is_so) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(is_so, timeout=PATIENCE_MS)


def test_what_is_typed_is_searched_and_a_found_event_is_gone_to(
    qtbot: QtBot, shown: tuple[Session, SearchView]
) -> None:
    session, view = shown
    assert view.line.hasFocus()

    qtbot.keyClicks(view.line, "note 17")
    wait(qtbot, lambda: view.message.text() == "11 events")  # 17 and 170 to 179
    assert [view.found.text(it, 0) for it in (0, 10)] == ["180", "18"]

    view.found.grid.setFocus()
    qtbot.keyClick(view.found.grid, Qt.Key.Key_Down)
    qtbot.keyClick(view.found.grid, Qt.Key.Key_Return)
    assert session.selection.as_of in {180, 179}


def test_a_word_that_another_process_appends_is_found_without_asking_again(
    qtbot: QtBot, shown: tuple[Session, SearchView], store: Path
) -> None:
    _, view = shown
    qtbot.keyClicks(view.line, "xylophone")
    wait(qtbot, lambda: view.message.text().startswith("0 events: every word must"))

    other = open_store(store)
    other.append("order-1", [NewEvent.of("Noted", {"a": "Xylophone"})], expected=None)
    other.close()
    wait(qtbot, lambda: view.found.count() == 1)

    assert view.found.text(0, 3) == "Noted"
    view.line.clear()
    wait(qtbot, lambda: view.message.text() == "")
    assert view.found.count() == 0


def test_the_first_answer_of_an_index_that_has_got_on_holds_the_new_word(
    qtbot: QtBot, shown: tuple[Session, SearchView], store: Path
) -> None:
    session, view = shown
    wait(qtbot, lambda: session.status.lag == 0)
    qtbot.keyClicks(view.line, "xylophone")
    wait(qtbot, lambda: view.message.text().startswith("0 events: every word must"))
    session.kept_views.pause()
    wait(qtbot, lambda: session.kept_views.is_paused)
    answers: list[tuple[int, int]] = []  # how far the index was, and the events found
    session.search.answered.connect(lambda: answers.append(answer(session)))

    other = open_store(store)
    other.append("order-1", [NewEvent.of("Noted", {"a": "Xylophone"})], expected=None)
    other.close()
    wait(qtbot, lambda: session.status.lag == 1)
    assert (301, 1) not in answers

    session.kept_views.resume()
    wait(qtbot, lambda: any(as_of == 301 for as_of, _ in answers))
    assert set(answers) <= {(300, 0), (301, 1)}
    timers = session.search.findChildren(QTimer)
    assert not any(it.isActive() for it in timers)  # reports alone bring it on
    assert view.found.text(0, 3) == "Noted"


def answer(session: Session) -> tuple[int, int]:
    assert session.search.hits is not None
    return session.search.hits.found.as_of, len(session.search.hits.rows)


def test_signs_without_a_word_are_told(qtbot: QtBot, shown: tuple[Session, SearchView]) -> None:
    qtbot.keyClicks(shown[1].line, "***")

    wait(qtbot, lambda: "Enter a word" in shown[1].message.text())
