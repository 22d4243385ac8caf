"""One window while every stream is saved by a job and another process appends; prints how long
the GUI thread was held, and how the appends went."""

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.rebuild_hold_process import Holds, opened, pause, until
from gui.app import make_app
from gui.dialogs.snapshots_dialog import SnapshotsDialog
from gui.look.theme import themes
from gui.work.garbage import GuiThreadCollector


def main() -> int:
    """Open, let it settle, save the whole workspace from the dialog, and tell. Two arguments: the
    path of the log, and how many milliseconds it has to settle."""
    store, settle_ms = Path(sys.argv[1]), int(sys.argv[2])
    app = make_app(sys.argv[:1])
    GuiThreadCollector(app)
    themes().apply("light")
    with Holds() as holds, opened(store, settle_ms=settle_ms) as window:
        window.work.show_snapshots(window.open_session())
        (dialog,) = window.findChildren(SnapshotsDialog)
        with _appending(store) as appending:
            pause(1_000)
            holds.ms.clear()
            started = perf_counter()
            dialog.make_all.click()
            until(lambda: bool(dialog.report.text() and dialog.list.count()))
            figures = holds.figures(since=started)
            told, _ = appending.communicate("")
        dialog.close()
    sys.stdout.write(json.dumps(figures | json.loads(told)) + "\n")
    return 0


def _appending(store: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.steady_appends", str(store)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


if __name__ == "__main__":
    sys.exit(main())
