"""What every page and every dialog looks like, read back from what was painted: nothing is cut
without a sign, and everything stands out from its ground."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.session import Session
from store.opening import open_store as store_of
from tests.gui.cut_texts import cut_texts
from tests.gui.drawn_contrast import faint_texts
from tests.gui.driven_window import open_store, seek
from tests.gui.every_surface import (
    close_all,
    declared_dialogs,
    dialog_doors,
    open_dialogs,
    turn_pages,
)
from tests.gui.many_scripts import fill_with_scripts
from tests.replay.conference_office import Office

SCHEMES = ("light", "dark", "contrast")
READABLE = 4.5


@pytest.fixture(autouse=True)
def no_dialogs_of_the_system(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: ("", ""))
    monkeypatch.setattr(QMessageBox, "about", lambda *_: None)
    yield
    themes().apply("light")


@pytest.fixture(params=["scripts", "empty", "conference"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Long names of many scripts; nothing; what the conference records."""
    path = tmp_path / f"{request.param}.foldline"
    if request.param == "scripts":
        fill_with_scripts(path)
    elif request.param == "empty":
        store_of(path, create=True).close()
    else:
        office = Office(path)
        office.register("A7", general=1)
        office.settle()
        office.close()
    return path


@pytest.fixture
def conference(qtbot: QtBot, window: MainWindow, office: Office) -> Session:
    session, _ = open_store(qtbot, window, office.path)
    go_to_the_middle(qtbot, session)
    return session


def faint(window: QWidget, part: QWidget | None = None) -> list[str]:
    return faint_texts(window, least=READABLE, part=part)


def go_to_the_middle(qtbot: QtBot, session: Session) -> None:
    """So that there is something after the cursor."""
    if head := session.selection.head:
        session.selection.seek(head // 3)
        session.selection.anchor_here()
        seek(qtbot, session, head * 2 // 3)


def pages(
    qtbot: QtBot, window: MainWindow, look: Callable[[QWidget, QWidget | None], list[str]]
) -> str:
    """What is wrong with the window, and with each page."""
    session = window.open_session()
    found = [f"window: {it}" for it in look(window, None)]
    for name, part in turn_pages(window.open_workspace()):
        qtbot.waitUntil(lambda: session.tasks.is_idle)
        found += [f"{name}: {it}" for it in look(window, part)]
    return "\n".join(found)


def dialogs(
    qtbot: QtBot, window: MainWindow, look: Callable[[QWidget], list[str]]
) -> dict[str, list[str]]:
    """Every dialog that opens, and what is wrong with it."""
    session, found = window.open_session(), dict[str, list[str]]()
    for door in dialog_doors(window):
        door()
        qtbot.waitUntil(lambda: session.tasks.is_idle)
        for dialog in open_dialogs():
            if type(dialog).__name__ not in found:
                found[type(dialog).__name__] = look(dialog)
        close_all()
    return found


def wrong(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}: {it}" for name, told in found.items() for it in told)


def test_no_page_cuts_a_text_without_a_sign(qtbot: QtBot, window: MainWindow, log: Path) -> None:
    session, _ = open_store(qtbot, window, log)
    go_to_the_middle(qtbot, session)

    assert pages(qtbot, window, cut_texts) == ""


def test_no_dialog_cuts_a_text_without_a_sign(qtbot: QtBot, window: MainWindow, log: Path) -> None:
    session, _ = open_store(qtbot, window, log)
    go_to_the_middle(qtbot, session)

    found = dialogs(qtbot, window, cut_texts)

    assert wrong(found) == ""
    if session.selection.head:
        assert {it.__name__ for it in declared_dialogs()} <= found.keys()


@pytest.mark.usefixtures("conference")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_of_a_page_stands_out_from_its_ground(
    qtbot: QtBot, window: MainWindow, scheme: str
) -> None:
    themes().apply(scheme)

    assert pages(qtbot, window, faint) == ""


@pytest.mark.usefixtures("conference")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_of_a_dialog_stands_out_from_its_ground(
    qtbot: QtBot, window: MainWindow, scheme: str
) -> None:
    themes().apply(scheme)

    assert wrong(dialogs(qtbot, window, faint)) == ""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_start_page_can_be_read(window: MainWindow, scheme: str) -> None:
    themes().apply(scheme)

    assert (cut_texts(window), faint(window)) == ([], [])


def test_the_walk_notices_what_cannot_be_read(qtbot: QtBot) -> None:
    """A canary for each kind of fault."""
    page = QWidget()
    page.setProperty("role", "panel")
    rows = QVBoxLayout(page)
    cut, pale, low = QLabel("W" * 90), QLabel("hardly there"), QLabel("too low")
    cut.setFixedWidth(80)
    pale.setStyleSheet("color: #bbbbbb")
    low.setFixedHeight(6)
    for label in (cut, pale, low):
        rows.addWidget(label)
    qtbot.addWidget(page)
    page.show()

    told = "\n".join([*cut_texts(page), *faint(page)])

    assert "is 80 px wide" in told
    assert "draws 'hardly there' at" in told
    assert "draws 'WWW" not in told
