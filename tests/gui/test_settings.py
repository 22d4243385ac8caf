"""A settings file that cannot be read whole says so, and loses nothing."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.settings import Settings

BROKEN = {
    "a line that is no pair": b"[General]\nscheme=dark\nthis is no pair\nfolder=/x\n",
    "no text": bytes(range(256)),
    "no UTF-8": b"[General]\nscheme=dark\nfolder=\xff\xfe\n",
    "a section without an end": b"[General\nscheme=dark\n",
    "keys cut short": b'[General]\nscheme=dark\nkeys="{\\"play\\": [\\"Ct"\n',
    "keys that are none": b'[General]\nkeys="{\\"play\\": \\"Nonsense+\\"}"\n',
}


def copies(file: Path) -> list[bytes]:
    return [it.read_bytes() for it in sorted(file.parent.glob("*-unread-*"))]


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_kept_as_it_was_before_anything_is_written(
    qapp: QApplication, tmp_path: Path, text: bytes
) -> None:
    file = tmp_path / "settings.ini"
    file.write_bytes(text)

    settings = Settings(file)
    settings.set_scheme("light")
    settings.set_keys({"play": ["Ctrl+P"]})
    settings.sync()

    assert "could not be read" in settings.problem
    assert copies(file) == [text]
    assert str(tmp_path / "settings-unread-1.ini") in settings.problem
    assert Settings(file).problem == ""
    assert Settings(file).keys() == {"play": ["Ctrl+P"]}


def test_a_file_that_stays_broken_is_kept_once(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    file.write_bytes(BROKEN["no text"])

    first, second = Settings(file).problem, Settings(file).problem

    assert first == second
    assert len(copies(file)) == 1


def test_a_file_that_another_copy_is_beside_already_is_kept_under_another_name(
    qapp: QApplication, tmp_path: Path
) -> None:
    file = tmp_path / "settings.ini"
    (tmp_path / "settings-unread-1.ini").write_bytes(b"of last year")
    file.write_bytes(BROKEN["no text"])

    Settings(file)

    assert copies(file) == [b"of last year", BROKEN["no text"]]


@pytest.mark.parametrize("has_file", [False, True])
def test_a_file_that_can_be_read_says_nothing(
    qapp: QApplication, tmp_path: Path, has_file: bool
) -> None:
    file = tmp_path / "settings.ini"
    if has_file:
        settings = Settings(file)
        settings.set_keys({"play": ["Ctrl+P", "?"], "later": ["Ctrl+7"]})
        settings.set_folder(Path("/a folder; with = signs\\"))
        settings.set_place(tmp_path, {"é": ["…", "a\nb", "\0"]})
        settings.sync()

    assert Settings(file).problem == ""
    assert copies(file) == []


def test_the_window_says_what_could_not_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    file.write_bytes(BROKEN["keys cut short"])

    window = MainWindow(Settings(file))
    window.show()

    assert "could not be read" in window.banner.accessibleDescription()
    assert window.banner.isVisible()
    window.close()
    window.deleteLater()


def test_a_second_window_keeps_a_layout_of_its_own(qapp: QApplication, tmp_path: Path) -> None:
    first, log = Settings(tmp_path / "settings.ini"), tmp_path / "a.foldline"
    first.set_bytes(log, "layout", QByteArray(b"first"))
    second = Settings(tmp_path / "settings.ini")
    second.is_beside = True

    assert second.bytes(log, "layout") == b"first"  # as the window that it came from
    second.set_bytes(log, "layout", QByteArray(b"second"))
    assert second.bytes(log, "layout") == b"second"
    assert first.bytes(log, "layout") == b"first"
