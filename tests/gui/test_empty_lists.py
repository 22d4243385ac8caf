"""Each list, table and tree of every page and dialog says, while it has no rows, what would be
there. New ones are walked without being listed here."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QDialog,
    QFileDialog,
    QHeaderView,
    QLabel,
    QListView,
    QMessageBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.views.search_view import SearchView
from gui.widgets.grid.counted_list import CountedItem, CountedList
from gui.widgets.grid.record_table import RecordTable
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from store.opening import open_store as store_of
from tests.gui.drawn_text import drawn_texts
from tests.gui.driven_window import open_store
from tests.gui.every_surface import close_all, dialog_doors, open_dialogs, turn_pages

SENTENCE = 3  # words, at least


@pytest.fixture(autouse=True)
def no_dialogs_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_, **__: ("", ""))
    monkeypatch.setattr(QMessageBox, "about", lambda *_: None)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "empty.foldline"
    store_of(path, create=True).close()
    return path


def said_in(view: QAbstractScrollArea) -> str:
    """What is drawn over the rows of a list: by itself, and by what lies over it."""
    over = [it for it in view.findChildren(QLabel) if it.isVisible()]
    texts = [it.text for widget in (view.viewport(), *over) for it in drawn_texts(widget)]
    return " ".join(texts)


def silent(root: QWidget) -> list[str]:
    """Lists in sight that have no rows and say nothing about it."""
    return [
        f"{type(it).__name__} {it.accessibleName()!r}"
        for it in root.findChildren(QAbstractScrollArea)
        if it.isVisible() and _is_empty(it) and len(said_in(it).split()) < SENTENCE
    ]


def _is_empty(it: QAbstractScrollArea) -> bool:
    if isinstance(it, QPlainTextEdit):
        return it.isReadOnly() and not it.toPlainText()
    if not isinstance(it, QAbstractItemView) or isinstance(it, QHeaderView):
        return False
    return it.model() is not None and not drawn_texts(it.viewport())


def test_no_list_of_a_page_is_empty_without_a_sentence(
    qtbot: QtBot, window: MainWindow, empty: Path
) -> None:
    session, workspace = open_store(qtbot, window, empty)

    found = {"window": silent(window)}
    for name, part in turn_pages(workspace):
        qtbot.waitUntil(lambda: session.tasks.is_idle)
        found[name] = silent(part)

    assert {name: told for name, told in found.items() if told} == {}


def test_no_list_of_a_dialog_is_empty_without_a_sentence(
    qtbot: QtBot, window: MainWindow, empty: Path
) -> None:
    session, _ = open_store(qtbot, window, empty)
    found: dict[str, list[str]] = {}

    for door in dialog_doors(window):
        door()
        qtbot.waitUntil(lambda: session.tasks.is_idle)
        for dialog in open_dialogs():
            found.setdefault(type(dialog).__name__, silent(dialog))
        close_all()

    assert {name: told for name, told in found.items() if told} == {}
    assert len(found) > 8


def test_the_words_go_when_rows_come_and_come_back_when_they_go(qtbot: QtBot) -> None:
    grid = TextGrid("Things", empty="Things are listed here.")
    qtbot.addWidget(grid)
    grid.resize(300, 200)
    grid.show()
    assert said_in(grid.grid) == "Things are listed here."
    assert grid.grid.accessibleDescription() == "Things are listed here."

    grid.show_rows(("thing",), [TextRow(texts=("one",))])
    qtbot.waitUntil(lambda: "Things" not in said_in(grid.grid))
    assert grid.grid.accessibleDescription() == ""

    grid.show_rows(("thing",), [])
    qtbot.waitUntil(lambda: said_in(grid.grid).endswith("Things are listed here."))


def test_a_search_without_hits_no_longer_says_what_to_type(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    workspace.show_panel(SearchView)
    view = workspace.of(SearchView)
    qtbot.waitUntil(lambda: "Type words" in said_in(view.found.grid))

    session.search.ask("nowhere")

    qtbot.waitUntil(lambda: said_in(view.found.grid).endswith("No event matches."))


def test_a_list_that_is_narrowed_to_nothing_says_what_by(qtbot: QtBot) -> None:
    names = CountedList("Names", empty="Names are listed here.")
    qtbot.addWidget(names)
    names.resize(300, 200)
    names.show()
    names.set_items([CountedItem(key="a", text="ada")])

    names.set_filter("bert")
    qtbot.waitUntil(lambda: "Nothing contains" in said_in(names))
    assert "bert" in said_in(names)

    names.set_filter("")
    qtbot.waitUntil(lambda: "Nothing" not in said_in(names))


def test_a_table_that_owns_its_rows_can_be_deleted_with_them(qtbot: QtBot) -> None:
    holder = QWidget()
    table = RecordTable("Records", ("line", "data"), (40, 80), always=1, empty="Nothing is here.")
    table.setParent(holder)
    table.show_rows([("1", "{}")], is_sentence=lambda _: False)
    gone: list[bool] = []
    holder.destroyed.connect(lambda: gone.append(True))

    with capture_exceptions() as raised:
        holder.deleteLater()
        qtbot.waitUntil(lambda: gone == [True])

    assert raised == []


def test_the_walk_notices_a_list_that_says_nothing(qtbot: QtBot) -> None:
    """A canary."""
    dialog = QDialog()
    rows = QVBoxLayout(dialog)
    mute = CountedList("Mute")
    rows.addWidget(mute)
    rows.addWidget(CountedList("Telling", empty="What would be here is this."))
    rows.addWidget(QListView())
    qtbot.addWidget(dialog)
    dialog.show()

    assert silent(dialog) == ["CountedList 'Mute'"]
