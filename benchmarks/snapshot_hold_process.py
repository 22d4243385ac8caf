"""One window while every stream is saved by a job and another process appends; prints how long
the GUI thread was held, and how the appends went."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.rebuild_hold_process import Holds, pause
from gui.app import make_app
from gui.dialogs.snapshots_dialog import SnapshotsDialog
from gui.garbage import GuiThreadCollector
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.theme import themes


def main() -> int:
    """Open, let it settle, save the whole workspace from the dialog, and tell."""
    store = Path(sys.argv[1])
    app = make_app(sys.argv[:1])
    GuiThreadCollector(app)
    themes().apply("light")
    holds = Holds()
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Settings(Path(folder) / "settings.ini"))
        window.resize(1280, 800)
        window.show()
        window.open_store(store)
        pause(5_000)
        window.show_snapshots()
        (dialog,) = window.findChildren(SnapshotsDialog)
        appending = _appending(store)
        pause(1_000)
        holds.ms.clear()
        started = perf_counter()
        dialog.make_all.click()
        while not dialog.report.text() or not dialog.list.count():
            pause(50)
        figures = holds.figures(since=started)
        told, _ = appending.communicate("")
        holds.close()
        dialog.close()
        window.close()
    sys.stdout.write(json.dumps(figures | json.loads(told)) + "\n")
    return 0


def _appending(store: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.steady_appends", str(store)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
