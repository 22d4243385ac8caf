"""Whether views keep up, as the window shows it: gauge, curve, age and time left."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from pytestqt.exceptions import TimeoutError as NotSo
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.kept_views_view import TITLES, KeptViewsView
from gui.views.panes_view import PanesView
from replay.projector.projector_report import Report
from replay.projector.rates import Rates
from tests.gui.driven_window import PATIENCE_MS
from tests.gui.driven_window import open_store as show_store
from tests.replay.logs import append

TRIES = 6  # at showing a report
LOSING = Rates(coming=3_000, folded=2_000, seconds_left=None, is_losing=True)
GAINING = Rates(coming=500, folded=2_000, seconds_left=8, is_losing=False)


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, store: Path) -> tuple[Session, KeptViewsView]:
    window.resize(1400, 900)
    session, workspace = show_store(qtbot, window, store)
    qtbot.keyClick(window, Qt.Key.Key_V)
    workspace.of(PanesView).tabs.choose("projector")
    wait(qtbot, lambda: workspace.of(KeptViewsView).list.count() > 5)
    session.kept_views.pause()  # what is told from now on is what the test tells
    wait(qtbot, lambda: session.kept_views.is_paused)
    return session, workspace.of(KeptViewsView)


def wait(qtbot: QtBot, is_so) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(is_so, timeout=PATIENCE_MS)


def cell(kept: KeptViewsView, view: str, title: str) -> str:
    names = [kept.list.text(it, 0) for it in range(kept.list.count())]
    return kept.list.text(names.index(view), TITLES.index(title))


def told(session: Session, *, lag: int, rates: Rates) -> Report:
    """A report of the projector, in which one view is so far behind."""
    report = session.kept_views.report
    assert report is not None
    slow = structs.replace(report.views["streams"], lag=lag, rates=rates)
    views = {**report.views, "streams": slow}
    return structs.replace(report, phase="working", head=report.head + lag, views=views)


def hear(qtbot: QtBot, session: Session, report: Report, is_shown: Callable[[], bool]) -> None:
    """As if the projector had told it; again where its own report came in between."""
    for _ in range(TRIES):
        session.reported.emit(report)
        with suppress(NotSo):
            qtbot.waitUntil(is_shown, timeout=PATIENCE_MS // TRIES)
            return
    raise AssertionError(f"not shown: {report}")


def test_fed_above_capacity_the_gauge_turns_and_below_it_tells_the_time(
    qtbot: QtBot, shown: tuple[Session, KeptViewsView]
) -> None:
    session, kept = shown

    losing = told(session, lag=12_000, rates=LOSING)
    hear(qtbot, session, losing, lambda: "12,000 events behind" in kept.gauge.text())

    assert kept.gauge.text() == (
        "streams: 12,000 events behind · 3,000/s arriving, 2,000/s folded"
        " · never up to date at this rate"
    )
    assert kept.gauge.property("role") == "warn"
    assert "never up to date at this rate" in kept.words.text()
    assert kept.curve.accessibleDescription() == kept.gauge.text()
    assert (cell(kept, "streams", "in/s"), cell(kept, "streams", "out/s")) == ("3,000", "2,000")

    gaining = told(session, lag=9_000, rates=GAINING)

    def rises() -> bool:
        """The line stands on nothing and rises to the lag told last."""
        (_, current), (_, behind) = kept.curve.points()[-2:]
        return "9,000 events behind" in kept.gauge.text() and current > behind

    hear(qtbot, session, gaining, rises)

    assert kept.gauge.text().endswith("500/s arriving, 2,000/s folded · up to date in 8.0 s")
    assert kept.gauge.property("role") == "dim"


def test_a_chosen_view_has_the_gauge(qtbot: QtBot, shown: tuple[Session, KeptViewsView]) -> None:
    session, kept = shown
    losing = told(session, lag=12_000, rates=LOSING)
    hear(qtbot, session, losing, lambda: kept.gauge.text().startswith("streams"))
    names = [kept.list.text(it, 0) for it in range(kept.list.count())]

    kept.list.grid.setFocus()
    kept.list.go_to_row(names.index("event_types") - 1)
    qtbot.keyClick(kept.list.grid, Qt.Key.Key_Down)

    wait(qtbot, lambda: kept.gauge.text().startswith("event_types: current"))


def test_how_old_a_view_is_stands_in_the_list_and_in_the_status_line(
    qtbot: QtBot, window: MainWindow, shown: tuple[Session, KeptViewsView], store: Path
) -> None:
    session, kept = shown
    append(store, 5)
    session.projector.wake()
    wait(qtbot, lambda: {it.lag for it in session.status.views} == {5})
    (since_us,) = {it.stale_since_us for it in session.status.views}
    assert since_us is not None

    session.status.clock_us = session.kept_views.clock_us = lambda: since_us + 3_200_000
    wait(qtbot, lambda: cell(kept, "streams", "stale for") == "3.2 s")  # it gets older by itself
    wait(qtbot, lambda: window.status.views.text() == "views 5 behind, 3.2 s old")

    session.kept_views.resume()
    wait(qtbot, lambda: session.status.views_text == "all views current")
    wait(qtbot, lambda: cell(kept, "streams", "stale for") == "")
