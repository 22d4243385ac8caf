"""A store that may only be read: it opens, says so, and nothing of it or beside it changes."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from store.place import Place
from tests.gui.conftest import fill
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store
from tests.sealed import sealed


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """On a shelf of its own, which no test writes to later."""
    path = tmp_path / "shelf" / "orders.foldline"
    path.parent.mkdir()
    fill(path, 300)
    return path


@pytest.fixture
def shelf(store: Path) -> Iterator[Path]:
    with sealed(store.parent):
        yield store.parent


def contents(folder: Path) -> dict[str, str]:
    return {it.name: hashlib.sha256(it.read_bytes()).hexdigest() for it in folder.iterdir()}


def test_the_window_says_so_and_leaves_no_trace(
    qtbot: QtBot, window: MainWindow, store: Path, shelf: Path
) -> None:
    before = contents(shelf)

    session, _ = open_store(qtbot, window, store)
    wait(qtbot, lambda: session.status.views_text == "all views current")

    assert window.top.access.text() == "read-only"
    assert window.top.access.isVisible()
    assert "the file cannot be written" in window.top.access.toolTip()
    assert Place(store).views.is_file()
    assert contents(shelf) == before

    window.close_store()

    assert contents(shelf) == before
    assert not window.top.access.isVisible()


def test_a_store_that_may_be_written_has_no_badge(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    open_store(qtbot, window, store)

    assert not window.top.access.isVisible()


def test_who_cannot_keep_the_views_is_named(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    Place(store).views_lock.mkdir()

    window.open_store(store)
    wait(qtbot, lambda: window.session is not None)
    session = window.open_session()
    wait(qtbot, lambda: session.status.views_text == "no process updates the views")

    told = window.banner.accessibleDescription
    wait(qtbot, lambda: "updating the views fails" in told().lower())
    assert str(Place(store).views_lock) in told()
    wait(qtbot, lambda: "updating the views fails" in window.status.views.toolTip())

    Place(store).views_lock.rmdir()
    wait(qtbot, lambda: session.status.views_text == "all views current")
