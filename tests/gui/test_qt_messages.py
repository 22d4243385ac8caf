"""No line of Qt that nobody can act on reaches the terminal, and every other one does."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from gui.qt_messages import is_harmless
from tests.gui.driven_window import PATIENCE_MS
from tests.gui.many_scripts import fill_with_scripts

ROOT: Final = Path(__file__).parents[2]

# The program itself, with somebody who looks at every panel once and closes the window.
LOOK_AND_LEAVE: Final = """
import logging, sys
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QApplication
from gui.panels import panels
import main

kept = []
class Kept(logging.Handler):
    def emit(self, record):
        kept.append(record.getMessage())
log = logging.getLogger("foldline.qt")
log.setLevel(logging.DEBUG)
log.addHandler(Kept())
log.propagate = False

def look():
    for window in app.topLevelWidgets():
        session, workspace = getattr(window, "session", None), getattr(window, "workspace", None)
        if workspace is None or not session.status.views or session.status.lag:
            continue
        if not session.tasks.is_idle or not session.selection.as_of:
            continue
        if left:
            workspace.show_panel_of(left.pop())
            window.grab()
            continue
        timer.stop()
        for text in sys.argv[2:]:
            qWarning(text)
        print(len(kept))
        window.close()

app = QApplication(sys.argv[:1])
left = [it.id for it in panels()]
timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
sys.exit(main.main([sys.argv[1]]))
"""


def looked_at(store: Path, *warnings: str) -> subprocess.CompletedProcess[str]:
    """Said without a screen, where Qt has more to complain of."""
    return subprocess.run(
        [sys.executable, "-c", LOOK_AND_LEAVE, str(store), *warnings],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE_MS / 1_000,
        check=False,
    )


def test_a_log_of_many_scripts_is_looked_at_without_a_word_on_the_terminal(tmp_path: Path) -> None:
    store = tmp_path / "scripts.foldline"
    fill_with_scripts(store)

    ended = looked_at(store, "a fault of ours")

    assert ended.stderr == "a fault of ours\n"
    assert ended.returncode == 0
    assert int(ended.stdout) > 0, "the log has what the terminal has not"


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ('OpenType support missing for "Inter", script 11', True),
        ("This plugin does not support propagateSizeHints()", True),
        ("QPainter::begin: Paint device returned engine == 0, type: 3", False),
        ("QObject::connect: No such slot", False),
    ],
)
def test_only_lines_that_nobody_can_act_on_are_kept_back(text: str, harmless: bool) -> None:
    assert is_harmless(text) is harmless
