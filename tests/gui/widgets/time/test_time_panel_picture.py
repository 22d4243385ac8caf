"""What the time panel shows, read back from its pixels."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.look.contrast import MARKS, contrast
from gui.look.theme import themes
from gui.look.tokens import Scheme
from gui.widgets.time.frame import LANES_TOP, OVERVIEW_TOP, RULER_PX
from gui.widgets.time.lanes import Counts, Density
from gui.widgets.time.panel import TimePanel
from tests.gui.widgets.time_panel_kit import (
    DAY_US,
    NONE,
    START_US,
    Events,
    color_at,
    drag,
    evenly,
    left_of,
    make_panel,
    move,
    pixels,
    row_middle,
    settle,
    x_of,
)

LAST_US = START_US + 10 * DAY_US
MINUTE_US = 60_000_000.0


@pytest.fixture
def busy(qtbot: QtBot) -> TimePanel:
    """Ten days, four lanes, five thousand events in each: density."""
    panel = make_panel(qtbot, evenly(4, 5_000, first=START_US, last=LAST_US))
    settle(qtbot, panel)
    return panel


def test_bars_are_as_tall_as_the_density_says(qtbot: QtBot) -> None:
    counts = np.zeros((2, 400))
    counts[0, 100], counts[0, 200], counts[1, 300] = 1, 40, 10_000
    panel = make_panel(qtbot, _fixed(counts), kind="position")
    settle(qtbot, panel)
    image = pixels(panel)

    heights = [
        _bar_height(image, row=row, x=x_of(panel, 1 + bucket * 2.5 + 1.2))
        for row, bucket in ((0, 100), (0, 200), (1, 300), (0, 150))
    ]

    one, forty, most, none = heights
    assert none == 0
    assert 0 < one <= forty < most == 18


def test_a_bar_has_its_lanes_colour(busy: TimePanel) -> None:
    image = pixels(busy)

    for row in range(4):
        colors = _colors(image, y=LANES_TOP + row * 24 + 21, first=300, last=400)
        assert themes().current.event_color(row).name() in colors


def test_after_the_playhead_everything_is_dimmed(busy: TimePanel) -> None:
    busy.set_cursor(START_US + 5 * DAY_US)
    x = round(x_of(busy, START_US + 5 * DAY_US))
    image, full = pixels(busy), themes().current.event_color(0).name()
    y = LANES_TOP + 21

    assert full in _colors(image, y=y, first=x - 40, last=x - 2)
    after = _colors(image, y=y, first=x + 3, last=x + 40)
    assert full not in after
    later = themes().current.later_event_color(0)
    assert later.name() in after
    assert contrast(later, themes().current["canvas"]) >= MARKS


def test_the_playhead_is_a_line_with_a_handle(busy: TimePanel) -> None:
    cursor = START_US + 5 * DAY_US
    busy.set_cursor(cursor)
    x, accent = x_of(busy, cursor), themes().current["accent"].name()

    assert color_at(busy, x, LANES_TOP + 5).name() == accent
    assert color_at(busy, x - 5, 6).name() == accent
    assert color_at(busy, x + 8, LANES_TOP + 1).name() != accent


def test_a_moved_playhead_leaves_nothing_behind(busy: TimePanel) -> None:
    busy.set_cursor(START_US + 7 * DAY_US)
    expected = pixels(busy)
    busy.set_cursor(START_US + 2 * DAY_US)
    pixels(busy)

    busy.set_cursor(START_US + 7 * DAY_US)

    assert pixels(busy) == expected


def test_what_a_moving_playhead_uncovers_and_covers_is_repainted_and_no_more(
    busy: TimePanel,
) -> None:
    sooner, later = START_US + 2 * DAY_US, START_US + 3 * DAY_US
    busy.set_cursor(sooner)
    QApplication.processEvents()
    painted = _Painted(busy)

    busy.set_cursor(later)
    QApplication.processEvents()

    for coordinate in (sooner, later):
        for dx in (-8, 8):
            assert painted.region.contains(QPoint(round(x_of(busy, coordinate)) + dx, 8))
    assert painted.region.contains(QPoint(round(x_of(busy, (sooner + later) / 2)), 100))
    assert not painted.region.contains(QPoint(round(x_of(busy, START_US + 6 * DAY_US)), 100))
    assert not painted.region.contains(QPoint(20, 100))


def test_a_moving_playhead_asks_for_no_counts(busy: TimePanel) -> None:
    busy.set_cursor(START_US + 5 * DAY_US)
    QApplication.processEvents()
    asked: list[int] = []
    busy.set_density(_counting(asked))
    QApplication.processEvents()
    asked.clear()

    for step in range(20):
        busy.set_cursor(START_US + 5 * DAY_US + step * MINUTE_US)
        QApplication.processEvents()

    assert asked == []


def test_a_stands_dashed_with_its_tag_and_the_range_is_shaded(busy: TimePanel) -> None:
    anchor, cursor = START_US + 3 * DAY_US, START_US + 6 * DAY_US
    y, between = LANES_TOP + 2, x_of(busy, START_US + 4.5 * DAY_US) + 7
    before = color_at(busy, between, y)

    busy.set_anchor(anchor)
    busy.set_cursor(cursor)

    image, x = pixels(busy), round(x_of(busy, anchor))
    dim = themes().current["text_dim"].name()
    column = [QColor(image.pixelColor(x, at)).name() for at in range(LANES_TOP, LANES_TOP + 180)]
    assert 60 < column.count(dim) < 140
    assert QColor(image.pixelColor(x - 6, 4)).name() == dim
    assert color_at(busy, between, y) != before


@pytest.mark.parametrize("days", [5.05, 5.1, 5.15, 5.2, 5.25])
def test_no_label_of_the_ruler_is_cut_at_its_end(qtbot: QtBot, days: float) -> None:
    """The line of a day stands there, near the end, without a label that has no room."""
    panel = make_panel(qtbot, evenly(2, 50, first=START_US, last=START_US + days * DAY_US))
    settle(qtbot, panel)

    image, theme = pixels(panel), themes().current
    at_the_end = {
        QColor(image.pixel(x, y)).name()
        for x in range(image.width() - 3, image.width())
        for y in range(6, RULER_PX - 2)
    }
    assert at_the_end <= {theme["panel"].name(), theme["line"].name(), theme["line_strong"].name()}


def test_a_chosen_range_is_shaded_and_framed_in_the_ruler(busy: TimePanel) -> None:
    busy.set_range((START_US + 3 * DAY_US, START_US + 6 * DAY_US))
    inside = color_at(busy, x_of(busy, START_US + 4.6 * DAY_US), RULER_PX - 2)

    busy.set_range(None)

    assert color_at(busy, x_of(busy, START_US + 4.6 * DAY_US), RULER_PX - 2) != inside


def test_what_is_not_indexed_yet_is_hatched(busy: TimePanel) -> None:
    area = (round(x_of(busy, START_US + 9 * DAY_US)), LANES_TOP + 100, 60, 90)
    before = busy.grab().toImage().copy(*area)

    busy.set_indexed_until(START_US + 8 * DAY_US)
    assert busy.grab().toImage().copy(*area) != before

    busy.set_indexed_until(None)
    assert busy.grab().toImage().copy(*area) == before


def test_an_idle_gap_is_narrow_and_opens_with_a_click(qtbot: QtBot) -> None:
    first = np.linspace(START_US, START_US + 2 * DAY_US, 3_000)
    panel = make_panel(qtbot, Events((np.concatenate([first, first + 8 * DAY_US]),)))
    left, right = START_US + 2.1 * DAY_US, START_US + 7.9 * DAY_US
    assert x_of(panel, right) - x_of(panel, left) < 72
    middle = x_of(panel, START_US + 5 * DAY_US)

    drag(panel, (middle, 12), (middle, 12))

    assert x_of(panel, right) - x_of(panel, left) > 300
    assert panel.cursor_coordinate() is None


def test_gaps_can_be_left_as_they_are(qtbot: QtBot) -> None:
    first = np.linspace(START_US, START_US + 2 * DAY_US, 3_000)
    panel = make_panel(qtbot, Events((np.concatenate([first, first + 8 * DAY_US]),)))

    panel.set_gap_share(None)

    assert panel.scene.axis_view.map.gaps == ()


def test_growing_keeps_the_place_unless_everything_is_framed(busy: TimePanel) -> None:
    busy.set_axis("time", START_US, LAST_US + DAY_US, keep_view=True)
    assert busy.viewport().end > LAST_US + DAY_US

    busy.show_range(START_US + DAY_US, START_US + 2 * DAY_US)
    before = busy.viewport()
    busy.set_axis("time", START_US, LAST_US + 2 * DAY_US, keep_view=True)
    assert busy.viewport() == before


def test_a_viewport_can_be_brought_back(busy: TimePanel) -> None:
    busy.show_range(START_US + DAY_US, START_US + 2 * DAY_US)
    before = busy.viewport()
    busy.frame_all()

    busy.show_range(before.start, before.end)

    assert busy.viewport() == before


def test_a_playhead_out_of_sight_can_be_revealed(busy: TimePanel) -> None:
    busy.show_range(START_US + DAY_US, START_US + 2 * DAY_US)
    busy.set_cursor(START_US + 5 * DAY_US)

    busy.reveal_cursor()

    x = busy.scene.axis_view.map.x_of(START_US + 5 * DAY_US)
    assert x == pytest.approx(0.2 * busy.viewport().width)


def test_an_empty_panel_says_why(qtbot: QtBot) -> None:
    panel = TimePanel()
    qtbot.addWidget(panel)
    panel.resize(600, 200)
    blank = pixels(panel)

    panel.set_empty_text("No events yet.")

    assert pixels(panel) != blank


def test_the_description_tells_where_the_cursors_are(busy: TimePanel) -> None:
    busy.set_cursor(START_US)
    busy.set_anchor(START_US + 1)

    assert busy.accessibleDescription() == (
        "Cursor at 2026-03-02 00:00:00.000000 UTC; A at 2026-03-02 00:00:00.000001 UTC"
    )


def test_the_pointer_shows_the_moment_under_it(busy: TimePanel) -> None:
    before = pixels(busy)

    move(busy, 500, row_middle(1), button=NONE)

    assert pixels(busy).copy(510, 2, 140, 20) != before.copy(510, 2, 140, 20)
    QApplication.sendEvent(busy, QEvent(QEvent.Type.Leave))
    assert pixels(busy) == before


def test_the_overview_shows_what_is_in_sight(busy: TimePanel) -> None:
    y = OVERVIEW_TOP + 2
    beside = left_of(busy) + 100
    framed = color_at(busy, beside, y)

    busy.show_range(START_US + 5 * DAY_US, START_US + 6 * DAY_US)

    assert color_at(busy, beside, y) != framed
    window = left_of(busy) + busy.scene.axis_view.whole.x_of(START_US + 5.5 * DAY_US)
    assert color_at(busy, window, y) == framed


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_the_theme(busy: TimePanel, scheme: Scheme) -> None:
    try:
        themes().apply(scheme)
        assert color_at(busy, left_of(busy) + 300, 240).name() in (
            themes().current["canvas"].name(),
            themes().current["line"].name(),
        )
    finally:
        themes().apply("light")


def test_focus_that_came_by_keys_is_visible(qtbot: QtBot, busy: TimePanel) -> None:
    busy.activateWindow()
    busy.clearFocus()
    before = color_at(busy, 0, 100)

    busy.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(busy.hasFocus)
    assert color_at(busy, 0, 100) == themes().current["accent"] != before

    busy.clearFocus()
    assert color_at(busy, 0, 100) == before


def test_sixty_lanes_and_a_tiny_panel_can_be_drawn(qtbot: QtBot) -> None:
    panel = make_panel(qtbot, evenly(60, 500, first=START_US, last=LAST_US), width=90, height=60)

    for size in ((90, 60), (1, 1), (2_000, 900)):
        panel.resize(*size)
        assert not pixels(panel).isNull()


def test_counts_of_fewer_lanes_than_there_are_do_no_harm(busy: TimePanel) -> None:
    busy.set_density(evenly(2, 5_000, first=START_US, last=LAST_US).density)

    assert not pixels(busy).isNull()
    busy.set_density(None)
    assert not pixels(busy).isNull()


class _Painted(QObject):
    """What of a panel was painted since."""

    def __init__(self, panel: TimePanel) -> None:
        super().__init__(panel)
        self.region = QRegion()
        panel.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
        return super().eventFilter(watched, event)


def _fixed(counts: Counts) -> Events:
    """Positions 1 to 1,000, with so many events in 400 stretches of 2.5 positions."""
    lanes = []
    for row in counts:
        middles = 1 + np.arange(400) * 2.5 + 1.2
        lanes.append(np.sort(np.concatenate([np.repeat(middles, row.astype(int)), [1.0, 1000.0]])))
    return Events(tuple(lanes))


def _counting(asked: list[int]) -> Density:
    events = evenly(4, 5_000, first=START_US, last=LAST_US)

    def density(start: float, end: float, buckets: int) -> Counts:
        asked.append(buckets)
        return events.density(start, end, buckets)

    return density


def _bar_height(image: QImage, *, row: int, x: float) -> int:
    """How many pixels of a lane's colour stand above each other at or beside a pixel."""
    color = themes().current.event_color(row).name()
    top = LANES_TOP + row * 24
    columns = range(round(x) - 2, round(x) + 3)
    return max(
        sum(QColor(image.pixelColor(column, y)).name() == color for y in range(top, top + 24))
        for column in columns
    )


def _colors(image: QImage, *, y: int, first: int, last: int) -> set[str]:
    return {QColor(image.pixelColor(x, y)).name() for x in range(first, last)}
