"""One window on one store, in a process of its own; prints what it measured as JSON."""

import gc
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from gui.main_window import MainWindow
    from gui.views.events_view import EventsView
    from gui.widgets.hover_card import HoverCard
    from gui.widgets.time.panel import TimePanel
    from gui.workspace import Workspace

PATIENCE_S: Final = 120.0
WAKE_MS: Final = 250
WALK_PX: Final = 15  # of a step: out of the reach of the mark that the playhead snapped to


def main() -> int:
    """Open, wait for the first useful paint, drag the playhead about, tell the figures. Two
    arguments: the path of the log, and how many steps the drag has."""
    started = perf_counter()
    gc.disable()  # as main.py does
    from gui.app import make_app  # what a start costs is part of the measurement
    from gui.look.theme import themes
    from gui.main_window import MainWindow
    from gui.settings import Settings
    from gui.work.garbage import GuiThreadCollector

    app = make_app(sys.argv[:1])
    GuiThreadCollector(app)
    themes().apply("light")
    waking = QTimer(interval=WAKE_MS)  # so that patience ends even when nothing happens
    waking.start()
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Settings(Path(folder) / "settings.ini"))
        try:
            window.resize(1280, 800)
            window.show()
            window.open_store(Path(sys.argv[1]))
            figures = _figures(app, window, started)
        finally:
            window.close()  # its threads would keep the process
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


def _figures(app: QApplication, window: "MainWindow", started: float) -> dict[str, float]:
    until(app, lambda: _is_useful(window))
    window.repaint()
    paint_ms = (perf_counter() - started) * 1_000
    count = int(sys.argv[2])
    taken, cards = _steps(app, window, count), _cards(app, window, count)
    steps, cpu = (sorted(column) for column in zip(*taken, strict=True))
    return {
        "card_ms": _p95(it[0] for it in cards),
        "card_cpu_ms": _p95(it[1] for it in cards),
        "paint_ms": paint_ms,
        "p50_ms": steps[len(steps) // 2],
        "p95_ms": steps[int(len(steps) * 0.95)],
        "p50_cpu_ms": cpu[len(cpu) // 2],
        "p95_cpu_ms": cpu[int(len(cpu) * 0.95)],
        "rss_mb": _rss_mb(),
    }


def _p95(figures: Iterable[float]) -> float:
    ordered = sorted(figures)
    return ordered[int(len(ordered) * 0.95)]


def _events(workspace: "Workspace") -> "EventsView":
    from gui.views.events_view import EventsView  # late: the window has loaded it by now

    return workspace.of(EventsView)


def _is_useful(window: "MainWindow") -> bool:
    session, workspace = window.session, window.workspace
    if session is None or workspace is None or session.timeline.index is None:
        return False
    row = _events(workspace).grid.current_row()
    is_listed = row >= 0 and session.events.row(row) is not None
    return is_listed and _is_settled(window)


def _is_settled(window: "MainWindow") -> bool:
    """Everything in sight is of where the cursor is."""
    session, workspace = window.session, window.workspace
    if session is None or workspace is None:
        return False
    inspection = session.inspector.inspection
    position = session.selection.as_of
    if inspection is None or inspection.position != position or not session.tasks.is_idle:
        return False
    if _events(workspace).grid.current_row() != session.events.row_of(position):
        return False
    first, last = _events(workspace).grid.visible_rows()
    rows = range(first, min(last, session.events.count))
    return all(session.events.row(row) is not None for row in rows)


def _steps(app: QApplication, window: "MainWindow", count: int) -> list[tuple[float, float]]:
    """Milliseconds from a mouse move to the last repaint, and of CPU of all threads, for many
    places of the log."""
    from gui.views.time_view import TimeView  # late, as above

    if window.workspace is None:
        raise RuntimeError("no store is open")
    panel, positions = window.workspace.of(TimeView).panel, set[int]()
    dice, took = random.Random(7), []
    left, right = panel.width() * 0.3, panel.width() - 40
    x: float = right
    _mouse(panel, QEvent.Type.MouseButtonPress, x)
    until(app, lambda: _is_settled(window))
    for step in range(count):
        far = step % 10 == 0
        x = (
            dice.uniform(left, right)
            if far
            else min(max(x + dice.uniform(-WALK_PX, WALK_PX), left), right)
        )
        started, began = perf_counter(), process_time()
        _mouse(panel, QEvent.Type.MouseMove, x)
        until(app, lambda: _is_settled(window))
        app.processEvents()  # what was asked to be repainted last
        took.append(((perf_counter() - started) * 1_000, (process_time() - began) * 1_000))
        positions.add(window.workspace.session.selection.as_of)
    if len(positions) < count / 2:
        raise RuntimeError(f"the cursor was at {len(positions)} places in {count} steps")
    _mouse(panel, QEvent.Type.MouseButtonRelease, x)
    return took


def _cards(app: QApplication, window: "MainWindow", count: int) -> list[tuple[float, float]]:
    """Milliseconds from a mouse that comes over a mark to its card, painted, and of CPU of all
    threads; each mark once."""
    from gui.views.time_view import TimeView  # late, as above

    if window.workspace is None:
        raise RuntimeError("no store is open")
    view = window.workspace.of(TimeView)
    panel, scene = view.panel, view.panel.scene
    while not scene.picture.few_in_sight(scene.axis_view):
        panel.zoom_in()
    until(app, lambda: scene.picture.usable_marks(scene.axis_view) is not None)
    marks, took = scene.picture.usable_marks(scene.axis_view), []
    rows = {lane.key: row for row, lane in enumerate(scene.shown_lanes())}
    if marks is None:
        raise RuntimeError("no marks are drawn")
    frame, seen = scene.frame(), scene.axis_view.view
    near = [
        at
        for at, it in enumerate(marks.coordinates)
        if seen.start <= it <= seen.end and int(marks.lanes[at]) in rows
    ]
    for at in near[:: max(len(near) // count, 1)][:count]:
        x = frame.name_px + scene.x_of(float(marks.coordinates[at]))
        y = frame.plot.top() + (rows[int(marks.lanes[at])] + 0.5) * frame.lane_px
        pointed = panel.pointed_at(QPointF(x, y)).mark
        started, began = perf_counter(), process_time()
        _mouse(panel, QEvent.Type.MouseMove, x, y)
        until(app, partial(_tells, view.hover.card, f" · {pointed:,}\n"))
        app.processEvents()  # the card is painted
        took.append(((perf_counter() - started) * 1_000, (process_time() - began) * 1_000))
    return took


def _tells(card: "HoverCard", words: str) -> bool:
    return words in card.text


def _mouse(panel: "TimePanel", kind: QEvent.Type, x: float, y: float = 100) -> None:
    at = QPointF(x, y)
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = (
        Qt.MouseButton.NoButton
        if kind == QEvent.Type.MouseButtonRelease
        else Qt.MouseButton.LeftButton
    )
    where = QPointF(panel.mapToGlobal(at.toPoint()))
    event = QMouseEvent(kind, at, where, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(panel, event)


def until(app: QApplication, is_so: Callable[[], bool]) -> None:
    """Serve events and sleep between them, as the program's own loop does: one that asks again
    and again would take the interpreter from the threads it waits for."""
    deadline = perf_counter() + PATIENCE_S
    while not is_so():
        if perf_counter() > deadline:
            raise TimeoutError("the window did not settle")
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _rss_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
