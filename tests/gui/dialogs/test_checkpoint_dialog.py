"""Signing a checkpoint and proving a store by it, through their dialogs and the real verb."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.dialogs.checkpoint_dialog import CheckpointDialog
from gui.main_window import MainWindow
from gui.viewmodels.signing import SigningKind, SigningViewModel
from gui.work.jobs import Jobs
from store.place import Place
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store
from tests.replay.logs import make_log

PATIENCE_MS = 60_000
EVENTS = 60


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return make_log(tmp_path / "a.foldline", EVENTS)


def dialog_for(qtbot: QtBot, jobs: Jobs, kind: SigningKind, store: Path) -> CheckpointDialog:
    dialog = CheckpointDialog(SigningViewModel(jobs, kind, Place(store)), None)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def press(qtbot: QtBot, button: QPushButton, jobs: Jobs) -> None:
    """Click, and wait for the end of the work."""
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not jobs.running, timeout=PATIENCE_MS)


def sign(qtbot: QtBot, jobs: Jobs, store: Path) -> CheckpointDialog:
    dialog = dialog_for(qtbot, jobs, "sign", store)
    press(qtbot, dialog.keys_button, jobs)
    press(qtbot, dialog.run_button, jobs)
    return dialog


def tamper(store: Path) -> None:
    with closing(sqlite3.connect(store)) as db:
        db.execute("DROP TRIGGER events_refuse_update")
        db.execute("UPDATE events SET data = '{}' WHERE position = 7")
        db.commit()


def test_keys_are_made_and_what_they_sign_is_proved(qtbot: QtBot, jobs: Jobs, log: Path) -> None:
    signing = sign(qtbot, jobs, log)
    assert log.with_name("a.key.pub").is_file()
    assert f"Signed: the history up to position {EVENTS}" in signing.report.text()
    proof = dialog_for(qtbot, jobs, "prove", log)

    press(qtbot, proof.run_button, jobs)

    assert proof.report.text().startswith(f"Verified: the history up to position {EVENTS}")
    assert not proof.problem.isVisible()


def test_a_history_that_was_rewritten_is_not_proved(qtbot: QtBot, jobs: Jobs, log: Path) -> None:
    sign(qtbot, jobs, log)
    tamper(log)
    proof = dialog_for(qtbot, jobs, "prove", log)

    press(qtbot, proof.run_button, jobs)

    said = proof.problem.accessibleDescription()
    assert f"Not verified: the history up to position {EVENTS}" in said
    assert "was changed since it was signed" in said
    assert not proof.report.text()


def test_without_a_key_nothing_is_begun(qtbot: QtBot, jobs: Jobs, log: Path) -> None:
    dialog = dialog_for(qtbot, jobs, "sign", log)

    press(qtbot, dialog.run_button, jobs)

    assert "There is no key here" in dialog.problem.accessibleDescription()
    assert not dialog.progress.isVisible()


def test_nothing_that_is_there_is_written_over(qtbot: QtBot, jobs: Jobs, log: Path) -> None:
    dialog = sign(qtbot, jobs, log)

    press(qtbot, dialog.run_button, jobs)
    assert "already exists" in dialog.problem.accessibleDescription()
    press(qtbot, dialog.keys_button, jobs)
    assert "already exists" in dialog.problem.accessibleDescription()


def test_the_file_menu_offers_both_beside_verify(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, _ = open_store(qtbot, window, store)
    names = [it.text for it in window.actions_.of_menu("File")]
    at = names.index("Verify store")

    dialog = window.work.show_checkpoint(session, "prove")

    assert names[at + 1 : at + 3] == ["Sign a checkpoint…", "Verify a checkpoint…"]
    assert dialog.isVisible()
    dialog.reject()


def test_verify_names_the_kinds_and_the_first_position(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    tamper(store)
    session, _ = open_store(qtbot, window, store)

    window.work.verify(session)
    wait(qtbot, lambda: window.banner.isVisible())

    said = window.banner.accessibleDescription()
    assert "Problems by kind: " in said
    assert "changed 1" in said
    assert "guard 1" in said
    assert "The first position that fails is 7." in said
