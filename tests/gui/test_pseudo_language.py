"""In the pseudo-language every message stands between ⟦ and ⟧: what does not is no message yet."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from store.language import LANGUAGE, PSEUDO
from tests.gui.marked_texts import shown_by, unmarked, words_of

WALKS = Path(__file__).with_name("pseudo_window.py")


@pytest.mark.timeout(900)
def test_everything_that_the_window_shows_is_marked() -> None:
    """In a process of its own: a language is chosen before anything is loaded."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(WALKS)],
        env={**os.environ, LANGUAGE: PSEUDO, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    assert done.returncode == 0, done.stdout


def test_a_text_without_marks_is_noticed(qtbot: QtBot) -> None:
    window = QWidget()
    rows = QVBoxLayout(window)
    for widget in (QLabel("⟦3 events of ⟦order⟧⟧"), QLabel("OrderPlaced"), QPushButton("Open it")):
        rows.addWidget(widget)
    qtbot.addWidget(window)

    assert unmarked(shown_by(window), words_of("OrderPlaced")) == ["Open it"]
