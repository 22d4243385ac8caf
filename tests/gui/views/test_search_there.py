"""Words are searched in a query store of the open store, and the events found are those here."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.viewmodels import search
from gui.views.search_view import SearchView
from replay.query_store.source import EVENTS
from tests.gui.driven_window import open_store as show_store
from tests.gui.views import test_panes_there as panes
from tests.gui.views.test_panes import wait
from tests.gui.views.test_panes_there import SOURCE, Far
from tests.replay.conference_office import Office

far = panes.far  # the fixture


@pytest.fixture
def shown(
    qtbot: QtBot, window: MainWindow, office: Office, monkeypatch: pytest.MonkeyPatch, far: Far
) -> tuple[Session, SearchView]:
    """The page, with a query store that has the events of the log."""
    monkeypatch.setattr(panes, "VIEWS", [*panes.VIEWS, EVENTS])
    monkeypatch.setattr(search, "LOOK_MS", 30)
    session, workspace = show_store(qtbot, window, office.path)
    far.sink(office.path)
    session.query_stores.keep(SOURCE)
    window.actions_["search all"].trigger()
    view = workspace.of(SearchView)
    wait(qtbot, lambda: view.where.count() == 2)
    return session, view


def look_there(qtbot: QtBot, view: SearchView) -> None:
    view.where.setFocus()
    qtbot.keyClick(view.where, Qt.Key.Key_Down)


def positions(view: SearchView) -> list[str]:
    return [view.found.text(it, 0) for it in range(view.found.count())]


def test_the_same_words_find_the_same_events_there(
    qtbot: QtBot, shown: tuple[Session, SearchView], far: Far
) -> None:
    session, view = shown
    qtbot.keyClicks(view.line, "OrderPlaced")
    wait(qtbot, lambda: view.found.count() > 0)
    here, asked = positions(view), far.asked

    look_there(qtbot, view)
    wait(qtbot, lambda: view.message.text().endswith(" events"))

    assert positions(view) == here
    assert far.asked > asked
    view.found.grid.setFocus()
    qtbot.keyClick(view.found.grid, Qt.Key.Key_Down)
    qtbot.keyClick(view.found.grid, Qt.Key.Key_Return)
    assert f"{session.selection.as_of:,}" in here


def test_how_far_the_query_store_is_behind_is_told_until_it_has_caught_up(
    qtbot: QtBot, shown: tuple[Session, SearchView], office: Office, far: Far
) -> None:
    session, view = shown
    office.register("C9", general=1)
    qtbot.keyClicks(view.line, "OrderPlaced")
    look_there(qtbot, view)

    wait(qtbot, lambda: "the query store is" in view.message.text())
    before = view.found.count()
    wait(qtbot, lambda: session.status.lag == 0 and session.selection.head == office.store.head())
    far.sink(office.path)

    wait(qtbot, lambda: "the query store is" not in view.message.text())
    assert view.found.count() > before


def test_one_that_is_away_says_so_and_the_index_here_answers(
    qtbot: QtBot, shown: tuple[Session, SearchView], far: Far
) -> None:
    _, view = shown
    far.is_away = True
    qtbot.keyClicks(view.line, "OrderPlaced")
    look_there(qtbot, view)
    wait(qtbot, lambda: view.message.text().startswith("nobody answers"))
    assert view.found.count() == 0

    far.is_away = False
    wait(qtbot, lambda: view.found.count() > 0)
    far.is_away = True
    wait(qtbot, lambda: view.found.count() == 0)
    qtbot.keyClick(view.where, Qt.Key.Key_Up)
    wait(qtbot, lambda: view.found.count() > 0)


def test_a_filter_is_only_for_the_index_here(
    qtbot: QtBot, shown: tuple[Session, SearchView]
) -> None:
    _, view = shown
    look_there(qtbot, view)

    qtbot.keyClicks(view.line, "type = OrderPlaced")
    qtbot.keyClick(view.line, Qt.Key.Key_Return)

    wait(qtbot, lambda: view.message.text().startswith("A query store is searched for words."))


def test_one_without_events_says_what_it_lacks(
    qtbot: QtBot, shown: tuple[Session, SearchView], far: Far
) -> None:
    _, view = shown
    held = far.server.views
    far.server.views = {id_: it for id_, it in held.items() if it.made_of.view != EVENTS}
    look_there(qtbot, view)
    qtbot.keyClicks(view.line, "OrderPlaced")

    wait(qtbot, lambda: view.message.text().startswith("there are no events to be searched"))
    assert "Send event_log there too" in view.message.text()


def test_without_a_query_store_there_is_no_choice(
    qtbot: QtBot, window: MainWindow, office: Office
) -> None:
    show_store(qtbot, window, office.path)
    window.actions_["search all"].trigger()
    assert window.workspace is not None
    view = window.workspace.of(SearchView)

    wait(qtbot, view.line.hasFocus)

    assert not view.where.isVisible()
