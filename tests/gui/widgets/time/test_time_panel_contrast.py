"""Marks, bars, flags, breaches and cursors stand out from their ground by 3 : 1, from the pixels
that are drawn: all 64 looks, in every theme, before and after the cursor, shaded and not."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gui.look.contrast import MARKS, WORDS
from gui.look.theme import themes
from gui.look.tokens import Scheme
from gui.widgets.grid.counted_list import CountedItem, CountedList
from gui.widgets.grid.grid_view import Column, GridView
from gui.widgets.grid.text_rows import TextRow, TextRows
from gui.widgets.time.frame import HANDLE_PX, LANES_TOP, OVERVIEW_TOP, RULER_PX
from gui.widgets.time.mark_lane import EDGE_PX, MarkLane
from gui.widgets.time.panel import TimePanel
from tests.gui.drawn_contrast import contrast_in
from tests.gui.widgets.time_panel_kit import DAY_US, START_US, Events, make_panel, settle, x_of

SCHEMES: tuple[Scheme, ...] = ("light", "dark", "contrast")
LOOKS = 64
LANE_PX = 24
TALL_PX = LANES_TOP + LOOKS * LANE_PX
DAYS = tuple(START_US + day * DAY_US for day in range(9))
CURSOR, SOONER, LATER = START_US + 4.5 * DAY_US, START_US + 2.5 * DAY_US, START_US + 6.5 * DAY_US
FLAG, BREACH = START_US + 1.5 * DAY_US, START_US + 5.5 * DAY_US


@pytest.fixture(params=SCHEMES, autouse=True)
def scheme(request: pytest.FixtureRequest) -> Iterator[str]:
    themes().apply(request.param)
    yield request.param
    themes().apply("light")


@pytest.fixture
def marked(qtbot: QtBot) -> TimePanel:
    """A mark a day in each of 64 lanes, and everything that can stand over them."""
    events = Events(tuple(np.array(DAYS) for _ in range(LOOKS)))
    panel = make_panel(qtbot, events, height=TALL_PX)
    panel.set_gap_share(None)
    panel.set_marks(events.marks(START_US - DAY_US, START_US + 20 * DAY_US))
    panel.set_flags((FLAG,), ())
    panel.set_breaches((BREACH,))
    panel.set_cursor(CURSOR)
    return panel


def picture(panel: TimePanel) -> QImage:
    return panel.grab().toImage()


def faint_marks(panel: TimePanel) -> list[str]:
    image = picture(panel)
    return [
        f"look {look} of day {day} at {ratio:.2f}"
        for look in range(LOOKS)
        for day, at in enumerate(DAYS[1:-1], 1)
        if (ratio := contrast_in(image, _mark_box(panel, at, look))) < MARKS
    ]


def _mark_box(panel: TimePanel, at: float, look: int) -> QRectF:
    middle = LANES_TOP + look * LANE_PX + (LANE_PX - 1) / 2
    return QRectF(x_of(panel, at) - 7, middle - 8, 14, 16)


def test_every_mark_stands_out_before_and_after_the_cursor(marked: TimePanel) -> None:
    assert faint_marks(marked) == []


@pytest.mark.parametrize("anchor", [SOONER, LATER])
def test_every_mark_stands_out_between_a_and_the_cursor(marked: TimePanel, anchor: float) -> None:
    marked.set_anchor(anchor)

    assert faint_marks(marked) == []


def test_every_mark_stands_out_in_a_chosen_range(marked: TimePanel) -> None:
    marked.set_range((SOONER, LATER))

    assert faint_marks(marked) == []


def test_every_bar_stands_out(qtbot: QtBot) -> None:
    days = np.round(np.concatenate([np.linspace(it, it + DAY_US / 4, 40) for it in DAYS]))
    panel = make_panel(qtbot, Events(tuple(days for _ in range(LOOKS))), height=TALL_PX)
    panel.set_gap_share(None)
    panel.set_cursor(CURSOR)
    panel.set_anchor(LATER)
    settle(qtbot, panel)
    image = picture(panel)

    faint = [
        f"look {look} of day {day} at {ratio:.2f}"
        for look in range(LOOKS)
        for day, at in enumerate(DAYS[1:-1], 1)
        if (ratio := contrast_in(image, _bar_box(panel, at, look))) < MARKS
    ]

    assert faint == []


def _bar_box(panel: TimePanel, at: float, look: int) -> QRectF:
    left, right = x_of(panel, at - DAY_US / 8), x_of(panel, at + DAY_US / 4)
    return QRectF(left, LANES_TOP + look * LANE_PX + 2, right - left, LANE_PX - 4)


def test_flags_breaches_and_cursors_stand_out(marked: TimePanel) -> None:
    marked.set_anchor(SOONER)
    image = picture(marked)
    flag, breach, cursor, anchor = (x_of(marked, it) for it in (FLAG, BREACH, CURSOR, SOONER))
    lanes = LANES_TOP + 2.0
    overview = {
        name: marked.scene.frame().name_px + marked.scene.axis_view.whole.x_of(at)
        for name, at in (("flag", FLAG), ("breach", BREACH), ("cursor", CURSOR), ("A", SOONER))
    }

    ratios = {
        "flag": contrast_in(image, QRectF(flag - 2, RULER_PX - 11, 14, 10)),
        "line of the flag": contrast_in(image, QRectF(flag - 5, lanes, 10, 18)),
        "breach": contrast_in(image, QRectF(breach - 8, RULER_PX, 16, 6)),
        "handle": contrast_in(image, QRectF(cursor - 16, 2, 32, HANDLE_PX - 4)),
        "line of the cursor": contrast_in(image, QRectF(cursor - 5, lanes, 10, 18)),
        "tag of A": contrast_in(image, QRectF(anchor - 16, 2, 32, HANDLE_PX - 4)),
        "line of A": contrast_in(image, QRectF(anchor - 5, lanes, 10, 18)),
        **{
            f"{name} in the overview": contrast_in(image, QRectF(x - 6, OVERVIEW_TOP + 1, 12, 10))
            for name, x in overview.items()
        },
    }

    assert {name: it for name, it in ratios.items() if it < MARKS} == {}
    assert contrast_in(image, QRectF(anchor - 5, 3, 10, 10)) >= WORDS, "the letter of A"


def test_the_ticks_of_an_answer_stand_out(qtbot: QtBot) -> None:
    lane = MarkLane("Positions")
    qtbot.addWidget(lane)
    lane.resize(400, 72)
    lane.show_marks([50], end=100)
    lane.show()

    assert contrast_in(lane.grab().toImage(), QRectF(190, EDGE_PX, 20, 40)) >= MARKS


def test_every_mark_of_a_list_stands_out_also_where_it_is_chosen(qtbot: QtBot) -> None:
    names = CountedList("Types", is_multi=True)
    qtbot.addWidget(names)
    names.resize(300, LOOKS * LANE_PX)
    names.set_items([CountedItem(key=f"{at}", text="", color_index=at) for at in range(LOOKS)])
    names.show()

    faint = _faint_rows(names.grab().toImage(), left=8)
    names.choose([f"{at}" for at in range(LOOKS)])

    assert (faint, _faint_rows(names.grab().toImage(), left=8)) == ([], [])


def test_every_mark_of_a_table_stands_out_also_after_the_cursor(qtbot: QtBot) -> None:
    rows = TextRows(("type",))
    rows.show_rows([TextRow(texts=("",), color_index=at) for at in range(LOOKS)])
    grid = GridView("Events", (Column(title="type", width=200, has_swatch=True),))
    grid.setModel(rows)
    qtbot.addWidget(grid)
    grid.resize(300, (LOOKS + 2) * LANE_PX)
    grid.show()
    top = grid.viewport().geometry().top()

    before = _faint_rows(grid.grab().toImage(), left=4, top=top)
    grid.dim_after(-1)

    assert (before, _faint_rows(grid.grab().toImage(), left=4, top=top)) == ([], [])


def _faint_rows(image: QImage, *, left: int, top: int = 0) -> list[str]:
    boxes = (QRectF(left, top + row * LANE_PX + 3, 22, LANE_PX - 6) for row in range(LOOKS))
    ratios = [contrast_in(image, box) for box in boxes]
    return [f"look {row} at {it:.2f}" for row, it in enumerate(ratios) if it < MARKS]
