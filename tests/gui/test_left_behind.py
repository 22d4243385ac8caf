"""What a test leaves behind makes it fail; what it has closed or only told to go does not."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.settings import Settings
from store.file_notices import FileNotices
from store.sqlite.connect import open_log
from tests.gui.driven_window import open_store, settle
from tests.gui.left_behind import nothing_left, windows


def notices(path: Path) -> FileNotices:
    return FileNotices(str(path))


def leave(make: Callable[[], Any], kept: list[Any]) -> None:
    """As a test does that forgets what it has made."""
    with nothing_left({}):
        kept.append(make())


@pytest.mark.parametrize("kind", [QWidget, QMenu])
def test_a_window_that_is_kept_is_named(qtbot: QtBot, kind: type[QWidget]) -> None:
    kept: list[Any] = []

    with pytest.raises(AssertionError, match=f"windows left behind.*{kind.__name__}"):
        leave(kind, kept)


@pytest.mark.parametrize(
    ("make", "name"),
    [(partial(open_log, writable=False), "orders.foldline"), (notices, "inotify")],
)
def test_what_stays_open_is_named(
    qtbot: QtBot, store: Path, make: Callable[[Any], Any], name: str
) -> None:
    kept: list[Any] = []

    with pytest.raises(AssertionError, match=f"left open.*{name}"):
        leave(partial(make, store), kept)
    kept[0].close()


@pytest.mark.parametrize("is_whole", [True, False], ids=["at rest", "amid making its panels"])
def test_a_store_was_open_in_a_window_and_nothing_is_left(
    qtbot: QtBot, store: Path, tmp_path: Path, is_whole: bool
) -> None:
    before = windows()

    with nothing_left({}):
        look_into(qtbot, MainWindow(Settings(tmp_path / "settings.ini")), store, is_whole=is_whole)

    assert windows() == before


def look_into(qtbot: QtBot, window: MainWindow, store: Path, *, is_whole: bool) -> None:
    """Open a store and close its window, after all has come or as soon as anything has."""
    window.show()
    window.open_store(store)
    qtbot.waitUntil(lambda: window.workspace is not None)
    if is_whole:
        session, _ = open_store(qtbot, window, store)
        settle(qtbot, session)
    window.close()
    window.deleteLater()
