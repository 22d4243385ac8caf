"""Making another file of a store through its dialog, with the real verbs behind it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.dialogs.copy_dialog import CopyDialog
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.viewmodels.copying import WORDS, CopyingViewModel, Kind
from gui.work.jobs import Jobs
from store.opening import reading
from store.place import Place
from tests.replay.logs import make_log

PATIENCE_MS = 60_000
EVENTS = 60


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_log(tmp_path / "a.foldline", EVENTS)


def dialog_for(qtbot: QtBot, jobs: Jobs, kind: Kind, store: Path | None) -> CopyDialog:
    place = None if store is None else Place(store)
    dialog = CopyDialog(CopyingViewModel(jobs, kind, place), None)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def press(qtbot: QtBot, dialog: CopyDialog, jobs: Jobs) -> None:
    """Click, and wait for the end of the work."""
    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not jobs.running, timeout=PATIENCE_MS)


def head_of(path: Path) -> int:
    with reading(path) as log:
        return log.head()


@pytest.mark.parametrize("kind", ["backup", "compact", "salvage"])
def test_a_file_is_made_beside_the_store_and_can_be_opened(
    qtbot: QtBot, jobs: Jobs, store: Path, kind: Kind
) -> None:
    dialog = dialog_for(qtbot, jobs, kind, store)
    out = store.with_name(f"a{WORDS[kind].ending}.foldline")
    assert dialog.out.text() == str(out)

    press(qtbot, dialog, jobs)

    assert head_of(out) == EVENTS
    assert f"{EVENTS} events" in dialog.report.text()
    with qtbot.waitSignal(dialog.open_wanted) as opened:
        qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    assert opened.args == [str(out)]


def test_a_migration_needs_a_rule_and_a_reason(qtbot: QtBot, jobs: Jobs, store: Path) -> None:
    dialog = dialog_for(qtbot, jobs, "migrate", store)
    rule = store.with_name("rule.json")
    change = {"type": "Placed", "becomes": "OrderPlaced"}
    rule.write_text(json.dumps({"changes": [change]}), "utf-8")

    press(qtbot, dialog, jobs)
    assert "needs a rule and a reason" in dialog.problem.accessibleDescription()
    dialog.rule.setText(str(rule))
    dialog.why.setText("a clearer name")
    press(qtbot, dialog, jobs)

    with reading(store.with_name("a-migrated.foldline")) as log:
        assert "Placed" not in log.type_counts()
        assert log.type_counts()["OrderPlaced"]
    assert "a-migrated.foldline-migration.json" in dialog.report.text()


def test_what_was_lost_is_named(qtbot: QtBot, jobs: Jobs, store: Path) -> None:
    with closing(sqlite3.connect(store)) as db:
        db.execute("DROP TRIGGER events_refuse_update")
        db.execute("UPDATE events SET data = '{}' WHERE position IN (7, 8)")
        db.commit()
    dialog = dialog_for(qtbot, jobs, "salvage", store)

    press(qtbot, dialog, jobs)

    assert "lost." in dialog.report.text()
    assert "Positions lost: 7 to 8" in dialog.report.text()


def test_a_name_that_is_taken_is_refused(qtbot: QtBot, jobs: Jobs, store: Path) -> None:
    dialog = dialog_for(qtbot, jobs, "new", None)
    dialog.out.setText(str(store))

    press(qtbot, dialog, jobs)

    assert "A file with this name already exists" in dialog.problem.accessibleDescription()
    assert head_of(store) == EVENTS


def test_a_store_without_a_name_is_not_begun(qtbot: QtBot, jobs: Jobs) -> None:
    dialog = dialog_for(qtbot, jobs, "salvage", None)

    press(qtbot, dialog, jobs)

    assert "No store was given." in dialog.problem.accessibleDescription()


def test_a_new_store_is_opened_and_says_what_comes_next(qtbot: QtBot, tmp_path: Path) -> None:
    window = MainWindow(Settings())
    qtbot.addWidget(window)
    window.show()
    dialog = window.make_copy("new")
    dialog.out.setText(str(tmp_path / "shop.foldline"))

    with qtbot.waitSignal(dialog.open_wanted, timeout=PATIENCE_MS):
        qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session is not None, timeout=PATIENCE_MS)

    assert window.windowTitle().startswith("shop.foldline")
    assert head_of(tmp_path / "shop.foldline") == 0
    window.close()
