"""The line at the bottom: whatever it has to say, nothing outside of it moves."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.views.status_view import StatusView
from gui.work.jobs import Job, Jobs, Progress
from gui.work.wishes import RebuildViews, Verify
from store.place import Place

LONG = "Rebuild of everything that there is · " * 6


class Layouts(QObject):
    """Counts how often a widget is asked to lay its children out again."""

    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def shown_in_a_window(qtbot: QtBot, jobs: Jobs) -> tuple[QMainWindow, QWidget, StatusView]:
    window, page, status = QMainWindow(), QWidget(), StatusView(jobs)
    rows = QVBoxLayout(page)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.addWidget(QWidget(), 1)
    rows.addWidget(status)
    window.setCentralWidget(page)
    qtbot.addWidget(window)
    window.resize(700, 200)
    window.show()
    qtbot.waitExposed(window)
    return window, page, status


def right_of(inside: QWidget, outside: QWidget) -> int:
    return inside.mapTo(outside, inside.rect().topRight()).x()


def test_a_job_that_begins_and_gets_on_makes_the_window_no_wider_and_lays_nothing_out(
    qtbot: QtBot,
) -> None:
    jobs = Jobs()
    window, page, status = shown_in_a_window(qtbot, jobs)
    qtbot.waitUntil(lambda: status.geometry().bottom() == page.height() - 1)
    layouts, place = Layouts(), status.geometry()
    page.installEventFilter(layouts)
    job = Job(RebuildViews(store=Place(Path("orders.foldline"))))

    jobs.running.append(job)
    for text in ("a", LONG, LONG * 2):
        job.progress = Progress(fraction=0.5, text=text)
        jobs.changed.emit()
        assert status.job.full_text() == f"Rebuild · {text}"
        qtbot.waitUntil(lambda: 600 < right_of(status.cancel, status) < 700)

    assert window.width() == 700
    assert status.geometry() == place
    assert layouts.count == 0
    assert status.job.text().endswith("…")
    assert status.job.toolTip() == f"Rebuild · {LONG * 2}"
    assert status.progress.width() == 120


def test_without_a_job_only_the_last_word_is_shown(qtbot: QtBot) -> None:
    jobs = Jobs()
    window, _, status = shown_in_a_window(qtbot, jobs)
    job = Job(Verify(store=Place(Path("orders.foldline"))))
    jobs.running.append(job)
    jobs.changed.emit()
    assert status.cancel.isVisible()

    jobs.running.clear()
    jobs.changed.emit()
    status.show_message("Verify: done")

    assert not status.cancel.isVisible()
    assert not status.progress.isVisible()
    qtbot.waitUntil(lambda: status.job.text() == "Verify: done")
    assert window.width() == 700


def test_where_there_is_little_room_the_job_is_read_and_what_is_cut_ends_in_dots(
    qtbot: QtBot,
) -> None:
    jobs = Jobs()
    window, _page, status = shown_in_a_window(qtbot, jobs)
    status.cursor_text.setText("cursor 254 350")
    status.head.setText("head 254 350")
    status.views.setText("all views current")
    status.time.set_text("2026-03-30 10:07:15.853 UTC")
    status.stream.set_text("registration-of-a-long-name v4")
    job = Job(RebuildViews(store=Place(Path("orders.foldline"))))

    jobs.running.append(job)
    job.progress = Progress(fraction=0.5, text=LONG)
    jobs.changed.emit()

    qtbot.waitUntil(lambda: status.time.text().endswith("…"))
    qtbot.waitUntil(lambda: status.stream.text().endswith("…"))
    assert status.job.text().startswith("Rebuild")
    assert right_of(status.cancel, status) < window.width() == 700


def test_what_came_of_a_job_stays_when_the_job_has_ended(qtbot: QtBot) -> None:
    """A job tells what came of it before it is dropped from the list."""
    jobs = Jobs()
    window, _, status = shown_in_a_window(qtbot, jobs)
    job = Job(Verify(store=Place(Path("orders.foldline"))))
    job.succeeded.connect(lambda _report: status.show_message("Verify: done, no problems found"))
    jobs.running.append(job)
    jobs.changed.emit()

    job.succeeded.emit({})
    jobs.running.clear()
    jobs.changed.emit()

    qtbot.waitUntil(lambda: status.job.text() == "Verify: done, no problems found")
    assert status.job.isVisible()
    assert window.isVisible()


def test_a_job_that_ends_without_a_word_leaves_none(qtbot: QtBot) -> None:
    jobs = Jobs()
    window, _, status = shown_in_a_window(qtbot, jobs)
    jobs.running.append(Job(Verify(store=Place(Path("orders.foldline")))))
    jobs.changed.emit()
    assert status.job.isVisible()

    jobs.running.clear()
    jobs.changed.emit()

    assert not status.job.isVisible()
    assert window.isVisible()
