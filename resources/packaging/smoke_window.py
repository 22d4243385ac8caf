"""The window of an installed command: opened, its worker processes watched, and ended.

It comes back to the panel of the commands, where a person left it, and so asks its command worker.
Processes are told by a mark in their environment, which they inherit: Linux only.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from resources.packaging.smoke import DEPOSIT, Installed, require
from resources.packaging.wheel import Unsound

MARK: Final = "FOLDLINE_SMOKE_WINDOW"
PROJECTOR: Final = "replay.projector.projector"
COMMAND_WORKER: Final = "replay.workers.command_worker"
OPENING_S: Final = 90.0
ENDING_S: Final = 20.0
LOOK_S: Final = 0.1
VIEWS: Final = {"streams", "lots"}  # one of ours, and a projection file's
# Run with the store's path by a Python that has a clone's folder first on its path.
LEAVE_AT_COMMANDS: Final = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from gui.app import make_app
from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.settings import Settings

app = make_app(sys.argv[:1])
themes().apply("light")
settings = Settings()
window = MainWindow(settings)
window.show()
window.open_path(Path(sys.argv[1]))

def leave():
    if window.workspace is None:
        return
    look.stop()
    window.session.selection.choose_stream("account-1000")
    window.workspace.docking.show("commands")
    window.close()
    settings.sync()
    app.quit()

look = QTimer(interval=200)
look.timeout.connect(leave)
look.start()
app.exec()
"""

CURRENT: Final = """
import sys
from pathlib import Path
from replay.views.read_store import reading_views
from store.opening import reading

with reading(Path(sys.argv[1])) as log, reading_views(log) as views:
    asked = "SELECT name FROM projections WHERE checkpoint = ?"
    found = views.execute(asked, [log.head()]).fetchall() if views else []
print(*(name for (name,) in found))
"""


def window_works(it: Installed, python: Sequence[str]) -> None:
    """`python`: an interpreter that has the libraries and finds our modules. Raises Unsound."""
    leave = [*python, LEAVE_AT_COMMANDS, str(it.store)]
    subprocess.run(leave, env=it.environment, cwd=it.folder, check=True, timeout=OPENING_S)
    process = subprocess.Popen(
        [*it.command, str(it.store)], env={**it.environment, MARK: "1"}, cwd=it.folder
    )
    mark = f"{MARK}=1"
    try:
        _until(lambda: _runs(mark, PROJECTOR), OPENING_S, "the projector runs")
        _until(lambda: _runs(mark, COMMAND_WORKER), OPENING_S, "the command worker runs")
        it.run("issue", str(it.store), "PerformDeposit", "--data", DEPOSIT)
        _until(lambda: _current(it, python) >= VIEWS, OPENING_S, "the views follow")
        require(process.poll() is None, "the window is open")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(ENDING_S)
        _until(lambda: not _marked(mark), ENDING_S, "no process is left")


def _runs(mark: str, module: str) -> bool:
    return any(module in command for command in _marked(mark).values())


def _marked(mark: str) -> dict[int, list[str]]:
    """The command lines of living processes with the mark in their environment, by id."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            if mark.encode() in (process / "environ").read_bytes().split(b"\0"):
                words = (process / "cmdline").read_bytes().split(b"\0")
                found[int(process.name)] = [word.decode("utf-8", "replace") for word in words]
    return found


def _current(it: Installed, python: Sequence[str]) -> set[str]:
    """The views that the window has folded up to the head. No verb is asked: it would fold them."""
    command = [*python, CURRENT, str(it.store)]
    told = subprocess.run(
        command, env=it.environment, cwd=it.folder, capture_output=True, text=True, check=False
    )
    return set(told.stdout.split())


def _until(is_so: Callable[[], bool], patience_s: float, sentence: str) -> None:
    ends = time.monotonic() + patience_s
    while not is_so():
        if time.monotonic() > ends:
            raise Unsound(f"this should be so within {patience_s:g} seconds: {sentence}")
        time.sleep(LOOK_S)
