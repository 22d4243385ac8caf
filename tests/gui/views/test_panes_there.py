"""Panes that show rows of a query store: beside those here, with their age, and when it is away."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.dialogs.query_store_dialog import QueryStoreDialog
from gui.main_window import MainWindow
from gui.session import Session
from gui.viewmodels import query_stores
from gui.views.panes_view import PanesView
from gui.work.there import There
from replay.engines import kept_engines
from replay.query_store.errors import NotAnswered
from replay.query_store.interface import RowReader
from store.opening import open_reader
from store.remote.address import address_of
from store.remote.passwords import VARIABLE
from tests.contracts.query_store import sink
from tests.gui.driven_window import open_store as show_store
from tests.gui.views.test_panes import choose, expired, keys, wait
from tests.replay.conference_office import Office
from tests.replay.query_store.memory_store import MemoryQueryStore, Server

SOURCE = "opensearch://ada@127.0.0.1:1/shop"
VIEWS = ["draft_orders", "seats_left"]


class Far:
    """What answers under the address: rows, or nobody."""

    def __init__(self) -> None:
        self.server = Server()
        self.is_away = False
        self.asked = 0

    def open(self, _there: There, source: str, _is_wanted: Callable[[], bool]) -> RowReader:
        """For each piece of work."""
        self.asked += 1
        if self.is_away:
            raise NotAnswered("nobody answers", source)
        return MemoryQueryStore(self.server, address_of(source))

    def sink(self, path: Path) -> None:
        """All that the local views have."""
        log = open_reader(path)
        sink(MemoryQueryStore(self.server), log, VIEWS)
        log.close()


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Far:
    far = Far()
    monkeypatch.setenv(VARIABLE, "{}")  # of passwords that were typed
    monkeypatch.setattr(There, "open_there", lambda *its: far.open(*its))
    monkeypatch.setattr(query_stores, "LOOK_MS", 30)
    monkeypatch.setattr(query_stores, "PAUSES_MS", (30,))
    return far


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, office: Office, far: Far) -> tuple[Session, PanesView]:
    """On both sides the same view, here and there."""
    window.resize(1400, 900)
    session, workspace = show_store(qtbot, window, office.path)
    far.sink(office.path)
    qtbot.keyClick(window, Qt.Key.Key_V)
    wait(qtbot, lambda: bool(session.panes.views) and session.panes.found is not None)
    view = workspace.of(PanesView)
    choose(view, "left", "draft_orders", "now")
    choose(view, "right", "draft_orders", "now")
    view.only.setChecked(False)
    session.panes.set_source("right", SOURCE)
    wait(qtbot, lambda: "2 equal · 0 changed" in view.words.text())
    return session, view


def test_rows_there_stand_beside_those_here_with_their_age(
    qtbot: QtBot, shown: tuple[Session, PanesView], office: Office, far: Far
) -> None:
    session, view = shown
    wait(qtbot, lambda: "2 equal · 0 changed" in view.words.text())
    assert keys(view, "left") == keys(view, "right")
    assert view.heads["right"].message.text().endswith(" · up to date")
    assert view.heads["right"].source.currentText() == "shop · 127.0.0.1:1"
    assert [view.views["right"].itemText(it) for it in range(2)] == VIEWS

    office.register("C9", general=1)
    office.settle()
    wait(qtbot, lambda: " behind · " in view.heads["right"].message.text())
    assert session.panes.pane("left").as_of == session.panes.pane("right").as_of

    head = office.store.head()
    wait(qtbot, lambda: session.selection.head == head and session.status.lag == 0)
    far.sink(office.path)
    wait(qtbot, lambda: session.panes.pane("right").as_of == head)
    wait(qtbot, lambda: view.heads["right"].message.text().endswith(" · up to date"))


def test_both_are_compared_at_any_moment_down_to_the_event_and_the_row(
    qtbot: QtBot, shown: tuple[Session, PanesView], office: Office
) -> None:
    session, view = shown
    session.panes.pin("right", str(expired(office) - 1))
    wait(qtbot, lambda: session.panes.pane("right").as_of == expired(office) - 1)
    wait(qtbot, lambda: "changed" in view.words.text())

    session.panes.find_parting()
    wait(qtbot, lambda: session.panes.parting.position is not None)
    view.grids["right"].row_chosen.emit(0)
    wait(qtbot, lambda: "in draft_orders up to" in view.history_words.text())
    view.grids["right"].cell_chosen.emit(0, 1)
    wait(qtbot, lambda: session.panes.cell.words is not None)

    assert session.panes.parting.position is not None
    assert session.panes.cell.position is not None


def test_one_that_is_away_says_so_in_its_own_pane_and_is_found_when_it_is_back(
    qtbot: QtBot, shown: tuple[Session, PanesView], far: Far
) -> None:
    session, view = shown
    far.is_away = True

    wait(qtbot, lambda: "trying again" in view.heads["right"].message.text())
    assert session.panes.pane("right").trouble.startswith("nobody answers: opensearch://")
    assert view.grids["right"].count() == 0
    wait(qtbot, lambda: view.grids["left"].count() == 2)
    assert view.words.text() == ""

    far.is_away = False
    wait(qtbot, lambda: "2 equal" in view.words.text())


def test_a_view_that_is_not_there_is_told_in_its_own_pane(
    qtbot: QtBot, shown: tuple[Session, PanesView]
) -> None:
    session, _view = shown
    session.panes.show_change("streams", ("order-A7",), 3)
    session.panes.set_source("right", SOURCE)

    wait(qtbot, lambda: "no rows of streams" in session.panes.pane("right").trouble)
    wait(qtbot, lambda: session.panes.pane("left").as_of == 2)


def test_behind_another_tab_nothing_is_asked_there(
    qtbot: QtBot, shown: tuple[Session, PanesView], office: Office, far: Far
) -> None:
    session, view = shown
    view.tabs.choose("projector")
    wait(qtbot, lambda: session.there.tasks.is_idle)
    asked = far.asked

    office.register("C9", general=1)
    office.settle()
    head = office.store.head()
    wait(qtbot, lambda: session.selection.head == head and session.status.lag == 0)
    assert far.asked == asked

    view.tabs.choose("compare")
    wait(qtbot, lambda: far.asked > asked)


def test_a_query_store_is_named_tested_kept_and_forgotten(
    qtbot: QtBot, shown: tuple[Session, PanesView], far: Far
) -> None:
    session, view = shown
    source = view.heads["left"].source
    source.setCurrentIndex(source.count() - 1)
    source.activated.emit(source.currentIndex())
    dialog = view.window().findChild(QueryStoreDialog)
    assert isinstance(dialog, QueryStoreDialog)
    assert source.currentText() == "here"
    try:
        dialog.address.setCurrentText("mysql://somewhere/shop")
        dialog.add()
        wait(qtbot, dialog.problem.isVisible)
        dialog.address.setCurrentText("opensearch://ada:sesame@127.0.0.1:1/shop")
        dialog.test()
        wait(qtbot, lambda: "rows of 2 views of this log, up to date" in dialog.report.text())
        far.is_away = True
        dialog.test()
        wait(qtbot, dialog.problem.isVisible)
        far.is_away = False
        dialog.add()
    finally:
        dialog.close()

    place = session.place
    wait(qtbot, lambda: session.panes.stores.kept == (SOURCE,))
    assert [it.address for it in kept_engines.query_stores(place)] == [SOURCE]
    wait(qtbot, lambda: session.panes.sides["left"].source == SOURCE)
    wait(qtbot, lambda: source.currentText() == "shop · 127.0.0.1:1")

    session.panes.stores.forget(SOURCE)
    wait(qtbot, lambda: session.panes.stores.kept == ())
    assert kept_engines.query_stores(place) == ()
