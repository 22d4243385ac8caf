"""The window in the pseudo-language: a test of its own process, begun by test_pseudo_language."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

import replay.models
import replay.projections
from gui.action_table import ACTIONS
from gui.dialogs.reducers_dialog import ReducersDialog
from gui.main_window import MainWindow
from gui.panels import panels
from store.opening import reading
from tests.gui.driven_window import open_store, seek
from tests.gui.marked_texts import shown_by, unmarked, words_of
from tests.gui.viewmodels.test_reducers_words import report
from tests.replay.conference_office import Office

LEAVES = frozenset({"close", "quit", "palette", "second window", "second window as of"})
QT = words_of(  # what Qt and its docks say: translated by their own catalogues
    "Scroll Left Right Close Detach Group DockOverlay DockOverlayCross List All Tabs "
    "Minimize Pin Active Tab Press Show View Cancel"
)
# Names of keys, formats, faces and programs, and words that files and filters are written with.
NAMES = QT | words_of(
    "Foldline Ctrl Alt Shift Enter Return Esc Tab Backtab Space Home End PgUp PgDown Delete Left "
    "Right Down Menu SQL JSON CSV UTC UTF XES OCEL CloudEvents Castore Emmett foldline Inter sha "
    "SHA Markdown Link pytest Test Kafka Cassandra OpenSearch Elasticsearch PostgreSQL "
    "model error warning info fail skip rest actor causation correlation"
)


@pytest.fixture
def no_file_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: ("", ""))
    monkeypatch.setattr(QMessageBox, "about", lambda *_: None)


def test_the_start_page_is_marked(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(window.isActiveWindow)

    assert unmarked(shown_by(window), NAMES) == []


def test_every_panel_is_marked(qtbot: QtBot, window: MainWindow, office: Office) -> None:
    session, workspace = open_store(qtbot, window, office.path)
    seek(qtbot, session, 3)
    known, found = _data(office.path), {}

    for panel in panels():
        workspace.show_panel_of(panel.id)
        qtbot.waitUntil(lambda: session.tasks.is_idle)
        found[panel.id] = unmarked(shown_by(workspace.panel_of(panel.id)), known)
    found["window"] = unmarked(shown_by(window), known)

    assert {name: texts for name, texts in found.items() if texts} == {}


def test_every_dialog_and_menu_is_marked(
    qtbot: QtBot, window: MainWindow, office: Office, no_file_chosen: None
) -> None:
    session, _ = open_store(qtbot, window, office.path)
    seek(qtbot, session, 3)
    known, found = _data(office.path), dict[str, list[str]]()
    doors: list[Callable[[], object]] = [
        *(lambda id_=it.id: window.actions_.do(id_) for it in ACTIONS if it.id not in LEAVES),
        lambda: window.work.ask_for_trust("model.py", "0" * 64, "pass\n"),
        lambda: ReducersDialog(report(), window).show(),
    ]

    for door in doors:
        door()
        qtbot.waitUntil(lambda: session.tasks.is_idle)
        for top in QApplication.topLevelWidgets():
            if _is_ours(top):
                name = type(top).__name__
                found[name] = found.get(name, []) + unmarked(shown_by(top), known)
                top.close()

    assert len(found) > 10
    assert {name: texts for name, texts in found.items() if texts} == {}


def _is_ours(top: QWidget) -> bool:
    is_of_qt = isinstance(top, QFileDialog)
    if is_of_qt and top.isVisible():
        top.close()
    return isinstance(top, QDialog | QMenu) and top.isVisible() and not is_of_qt


def _data(store: Path) -> frozenset[str]:
    """The words of what is recorded, of models and views, and of where the store lies."""
    folders = (Path(replay.models.__file__ or ""), Path(replay.projections.__file__ or ""))
    files = [file for it in folders for file in it.parent.rglob("*.py")]
    names = " ".join(file.read_text("utf-8") for file in files)
    with reading(store) as log:
        events = " ".join(
            f"{it} {it.stream} {it.data_json} {it.metadata_json}" for it in log.read()
        )
    return (
        NAMES
        | words_of(names)
        | words_of(events)
        | words_of(str(store))
        | words_of(str(Path.cwd()))
    )
