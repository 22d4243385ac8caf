"""A file that its program goes on writing, open live in the window."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from store.opening import reading


def write(file: Path, first: int, last: int) -> None:
    with file.open("a", encoding="utf-8") as it:
        for n in range(first, last):
            it.write(json.dumps({"stream": f"s-{n % 2}", "type": "Came", "id": f"e{n}"}) + "\n")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def choose_live(window: MainWindow, monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    window.actions_["open live"].trigger()


def open_live(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, file: Path, head: int
) -> None:
    choose_live(window, monkeypatch, file)
    qtbot.waitUntil(lambda: window.session is not None and window.session.selection.head == head)


def stop(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(window.status.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.jobs.running)


def test_the_window_follows_what_is_written_until_it_is_told_to_stop(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    write(file, 0, 10)
    open_live(qtbot, window, monkeypatch, file, 10)
    session = window.session
    assert session is not None

    write(file, 10, 25)

    qtbot.waitUntil(lambda: session.selection.head == 25 and session.selection.as_of == 25)
    qtbot.waitUntil(lambda: "up to date" in window.status.job.full_text())
    assert "Live: events.jsonl" in window.status.job.full_text()
    stop(qtbot, window)
    assert (
        window.status.job.full_text() == "No longer live; 25 events were added to events.foldline"
    )


def test_a_file_that_is_opened_live_again_goes_on_in_its_store(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    write(file, 0, 3)
    open_live(qtbot, window, monkeypatch, file, 3)
    stop(qtbot, window)
    window.close_store()
    write(file, 3, 5)

    open_live(qtbot, window, monkeypatch, file, 5)

    stop(qtbot, window)
    with reading(file.with_suffix(".foldline")) as reader:
        assert [it.id for it in reader.read()] == [f"e{n}" for n in range(5)]


def test_where_the_name_is_taken_another_store_is_made(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, file: Path, store: Path
) -> None:
    taken = file.with_suffix(".foldline")
    taken.write_bytes(store.read_bytes())
    write(file, 0, 3)

    open_live(qtbot, window, monkeypatch, file, 3)

    assert window.session is not None
    assert window.session.path == file.with_name("events-2.foldline")
    assert taken.read_bytes() == store.read_bytes()
    stop(qtbot, window)


def test_why_a_file_cannot_be_followed_is_said_in_the_words_of_the_window(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    file.write_text('[{"stream":"s","type":"T"},\n{"stream":"s","type":"T"}]\n', "utf-8")

    choose_live(window, monkeypatch, file)

    qtbot.waitUntil(lambda: "one document" in window.banner.accessibleDescription())
    assert "--" not in window.banner.accessibleDescription()
    assert not file.with_suffix(".foldline").exists()
