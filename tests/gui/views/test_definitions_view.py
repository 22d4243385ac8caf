"""The page of definitions: who changed what and why, compared side by side, and put back."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.session_part import EVERY, table
from gui.session_table import SessionTable
from gui.viewmodels.pane_side import Side
from gui.views.definitions_view import DefinitionsView
from gui.views.panes_view import PanesView
from gui.workspace import Workspace
from replay import bookmarks
from replay.bookmarks import Bookmark, Marked
from replay.commands import gateways
from replay.definition_journal import read
from replay.definitions.kinds import KINDS
from replay.own import own_models
from replay.own.own_models import NamedModel
from replay.rules import kept_rules
from replay.rules.rule import Rule
from replay.taught import kept_taught
from replay.views import built_views
from replay.views.built_view import BuiltColumn, BuiltView
from store.place import Place
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store, settle

ROOT: Final = Path(__file__).parents[3]
CONTROL: Final = Qt.KeyboardModifier.ControlModifier
COUNTED: Final = BuiltView(
    name="per_stream", group_by="stream", columns=(BuiltColumn("events", "count"),)
)
LAST: Final = BuiltView(
    name="per_stream", group_by="stream", columns=(BuiltColumn("latest", "last", "count"),)
)


def opened(
    qtbot: QtBot, window: MainWindow, store: Path
) -> tuple[Session, Workspace, DefinitionsView]:
    """With the page in front."""
    session, workspace = open_store(qtbot, window, store)
    workspace.show_panel(DefinitionsView)
    view = workspace.of(DefinitionsView)
    wait(qtbot, view.isVisible)
    settle(qtbot, session)
    return session, workspace, view


def listed(view: DefinitionsView) -> list[list[str]]:
    """Number, kind, how, definitions and reason of each change, newest first."""
    rows = range(view.list.count())
    return [[view.list.text(row, at) for at in (0, 2, 3, 5, 6)] for row in rows]


def differences(view: DefinitionsView) -> list[list[str]]:
    rows = range(view.differences.count())
    return [[view.differences.text(row, at) for at in range(5)] for row in rows]


def choose(box: QComboBox, text: str) -> None:
    """As a person does, by the words."""
    at = box.findText(text)
    assert at >= 0, [box.itemText(it) for it in range(box.count())]
    box.setCurrentIndex(at)
    box.activated.emit(at)


def show_view(qtbot: QtBot, workspace: Workspace, session: Session, name: str) -> None:
    """In both panes, until it has rows."""
    workspace.show_panel(PanesView)
    wait(qtbot, lambda: name in session.panes.views)
    session.panes.show_only_differences(False)
    for which in ("left", "right"):
        session.panes.set_side(which, Side(view=name, moment="now"))
    wait(qtbot, lambda: bool(rows_shown(session)))


def rows_shown(session: Session) -> list[tuple[str, ...]]:
    """By what the left pane says now."""
    return [texts for texts, _ in session.panes.pane("left").rows]


def test_changes_are_listed_with_who_made_them_and_why_and_what_they_did(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    place = Place(store)
    kept_rules.save(place, Rule(name="late", where="count > 297"))
    kept_rules.save(place, Rule(name="late", where="count > 290", note="sooner"))
    session, workspace = open_store(qtbot, window, store)
    view = workspace.of(DefinitionsView)

    qtbot.keyClick(window, Qt.Key.Key_6, CONTROL)

    wait(qtbot, lambda: view.isVisible() and view.list.grid.hasFocus())
    settle(qtbot, session)
    assert listed(view) == [
        ["2", "rules", "saved, in use", "~late", ""],
        ["1", "rules", "saved", "+late", ""],
    ]
    assert all(view.list.text(row, 4) for row in (0, 1))  # by whom
    assert differences(view) == [
        ["~", "late", "where", "count > 297", "count > 290"],
        ["~", "late", "note", "", "sooner"],
    ]


def test_an_earlier_state_is_looked_at_and_compared_with_now_and_with_another(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    place = Place(store)
    for limit in (1, 2, 3):
        kept_rules.save(place, Rule(name="late", where=f"count > {limit}"))
    session, _, view = opened(qtbot, window, store)

    view.list.grid.setFocus()
    qtbot.keyClick(view.list.grid, Qt.Key.Key_End)
    settle(qtbot, session)

    shown = session.definitions.found.shown
    assert shown is not None
    assert shown.value["late"]["where"] == "count > 1"
    assert [it[:2] for it in differences(view)] == [["+", "late"]]
    choose(view.against, "the state now")
    settle(qtbot, session)
    assert differences(view) == [["~", "late", "where", "count > 1", "count > 3"]]
    choose(view.against, next(it for _, it in shown.others if it.startswith("2 ")))
    settle(qtbot, session)
    assert differences(view) == [["~", "late", "where", "count > 1", "count > 2"]]
    choose(view.kind, "rules")
    settle(qtbot, session)
    assert len(listed(view)) == 3


def test_a_restored_view_has_the_rows_that_it_had(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    place = Place(store)
    built_views.save(place, COUNTED, taken=frozenset())
    session, workspace, view = opened(qtbot, window, store)
    show_view(qtbot, workspace, session, "per_stream")
    before = rows_shown(session)
    assert [it[1] for it in before] == ["100", "100", "100"]
    built_views.save(place, LAST, taken=frozenset())
    wait(qtbot, lambda: rows_shown(session)[0][1] == "297")

    workspace.show_panel(DefinitionsView)
    wait(qtbot, lambda: len(listed(view)) == 2)
    view.restore_before.click()
    assert "reason" in view.message.text()
    view.why.setFocus()
    qtbot.keyClicks(view.why, "the count was right")
    view.restore_before.click()

    wait(qtbot, lambda: len(listed(view)) == 3)
    assert listed(view)[0] == [
        "3",
        "built views",
        "restored, in use",
        "~per_stream",
        "the count was right",
    ]
    assert built_views.load(place) == (COUNTED,)
    workspace.show_panel(PanesView)
    wait(qtbot, lambda: rows_shown(session) == before)


def test_one_definition_is_restored_and_the_others_stay(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    place = Place(store)
    kept_rules.save(place, Rule(name="one", where="count > 1"))
    kept_rules.save(place, Rule(name="two", where="count > 2"))
    kept_rules.remove(place, "one")
    kept_rules.save(place, Rule(name="two", where="count > 3"))
    session, _, view = opened(qtbot, window, store)

    view.list.go_to_row(2)
    view.list.row_chosen.emit(2)
    settle(qtbot, session)
    choose(view.only, "one")
    view.why.setText("needed after all")
    qtbot.keyClick(view.why, Qt.Key.Key_Return)

    wait(qtbot, lambda: len(listed(view)) == 5)
    assert [it.where for it in kept_rules.load(place)] == ["count > 1", "count > 3"]


def test_what_another_process_decides_is_seen_by_every_page_that_shows_it(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, _, view = opened(qtbot, window, store)
    qtbot.waitUntil(lambda: bool(session.feed.stamps))  # what was there when it was opened
    own = [sys.executable, "main.py"]
    for verb in (
        ["rules", str(store), "--add", "late", "--where", "count > 297"],
        ["sql", str(store), "SELECT 1", "--save", "all"],
    ):
        subprocess.run([*own, *verb], cwd=ROOT, check=True, capture_output=True)
    bookmarks.apply(Place(store), [Marked(bookmark=Bookmark(position=7, name="seven"))])

    wait(qtbot, lambda: [it[1] for it in listed(view)] == ["bookmarks", "questions", "rules"])
    wait(qtbot, lambda: [it.name for it in session.bookmarks.all] == ["seven"])
    wait(qtbot, lambda: "all" in session.sql.saved)
    assert session.rules.now is None or "late" in {it.name for it in session.rules.now.rules}


def test_an_edited_journal_is_told(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    place = Place(store)
    kept_rules.save(place, Rule(name="late", where="count > 297"))
    journal = place.beside("-definitions.jsonl")
    journal.write_text(journal.read_text().replace("297", "298"))

    _, _, view = opened(qtbot, window, store)

    wait(qtbot, lambda: "Change 1 differs" in view.warning.text())


LOOKED_AT_ELSEWHERE: Final = {
    "built-views": "the projector notices, and tells which views there are",
    "projections": "the same",
    "snapshots": "the projector notices; the dialog reads it when it opens",
    "engines": "the process that asks servers notices",
    "cases": "the command worker reads them at each question",
    "reprocessed": "no page lists them",
}


def test_every_kind_of_definition_is_looked_at_again_when_it_has_changed() -> None:
    told = {kind for it in table(SessionTable).values() for kind in it.decided}

    assert told - {EVERY} | set(LOOKED_AT_ELSEWHERE) == {it.kind for it in KINDS}
    assert EVERY in told


@pytest.mark.parametrize("kind", ["gateways", "taught", "models"])
def test_what_was_read_once_is_read_again(
    qtbot: QtBot, window: MainWindow, store: Path, kind: str
) -> None:
    session, _, view = opened(qtbot, window, store)
    qtbot.waitUntil(lambda: bool(session.feed.stamps))
    told = list[str]()
    session.model_file.failed.connect(lambda it: told.append(str(it)))
    remodeled = list[str]()
    session.teaching.kept.connect(lambda: remodeled.append("kept"))
    place = Place(store)
    change: dict[str, Callable[[], object]] = {
        "gateways": lambda: gateways.FILE.change(place, lambda _: "{}"),
        "taught": lambda: kept_taught.FILE.path(place).write_text("[]"),
        "models": lambda: own_models.use(
            place, store.with_name("mine.py"), [NamedModel("mine", "order")]
        ),
    }
    store.with_name("mine.py").write_text("MODELS = []")

    change[kind]()

    wait(qtbot, lambda: [it[1] for it in listed(view)] == [kind])
    assert [it.kind for it in read(place).entries] == [kind]
    if kind == "models":
        wait(qtbot, lambda: any("not trusted" in it for it in told))
        assert session.model_file.path == store.with_name("mine.py")
