"""Pills, banners, fields, facts and the other small parts."""

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.widgets.banner import Banner
from gui.widgets.chart.sparkline import Sparkline
from gui.widgets.chip import Chip
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.empty_state import EmptyState
from gui.widgets.grid.counted_list import CountedList
from gui.widgets.grid.grid_view import Column, GridView
from gui.widgets.grid.key_value_grid import Fact, KeyValueGrid
from gui.widgets.pill import Pill
from gui.widgets.progress_row import ProgressRow
from gui.widgets.search_field import SearchField
from gui.widgets.section import Section
from gui.widgets.tree.json_text_view import JsonTextView
from gui.widgets.tree.json_tree import JsonTree
from gui.widgets.underline_tabs import UnderlineTabs

pytestmark = pytest.mark.usefixtures("qapp")

TAB_FOCUS = Qt.FocusPolicy.TabFocus


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    """A window to put widgets in."""
    page = QWidget()
    rows = QVBoxLayout(page)
    rows.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # not known to this platform
    qtbot.addWidget(page)
    page.resize(420, 300)
    page.show()
    return page


def put(page: QWidget, *widgets: QWidget) -> None:
    layout = page.layout()
    assert layout is not None
    for widget in widgets:
        layout.addWidget(widget)
    QApplication.processEvents()


def part(widget: QWidget, kind: type[Any]) -> Any:
    """The one part of this kind."""
    return widget.findChild(kind)


def named(page: QWidget, kind: type[Any], name: str) -> Any:
    return next(it for it in page.findChildren(kind) if it.accessibleName() == name)


def every_widget(page: QWidget) -> list[QWidget]:
    """One of each, filled."""
    facts, tabs, banner = KeyValueGrid("Event"), UnderlineTabs("Inspector"), Banner("Problem")
    progress, empty, chip = (
        ProgressRow("Import a.jsonl"),
        EmptyState("No events"),
        Chip("New events"),
    )
    spark, text, tree = Sparkline("Total over time"), JsonTextView("Data"), JsonTree("State")
    made: list[QWidget] = [
        facts,
        tabs,
        banner,
        progress,
        empty,
        chip,
        spark,
        text,
        tree,
        Pill("Store", text="live", tone="ok", has_dot=True),
        ElidedLabel("a text"),
        SearchField("Find in state", "find in state"),
        Section("Streams", CountedList("Streams")),
        GridView("Events", (Column(title="position", width=80),)),
    ]
    put(page, *made)
    facts.show_facts([Fact("stream", "order-1", link="order-1")])
    tabs.add("event", "Event", QWidget())
    banner.show_problem("It broke.", to_do="Mend it.", details="line 3")
    progress.show_progress(0.5)
    empty.show_state("search", "Nothing here.", "Import…")
    chip.set_text("12 new events")
    spark.show_steps([1, 2], [3, 4])
    text.show_json("{}")
    return made


def test_everything_that_takes_the_focus_has_a_name(page: QWidget) -> None:
    every_widget(page)

    focusable = [it for it in page.findChildren(QWidget) if it.focusPolicy() & TAB_FOCUS]

    assert len(focusable) > 12
    assert [type(it).__name__ for it in focusable if not spoken_name(it)] == []


def spoken_name(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_follows_the_theme(page: QWidget, scheme: str) -> None:
    themes().apply("light")
    made = every_widget(page)
    before = [widget.grab().toImage() for widget in made]

    themes().apply("dark")
    QApplication.processEvents()
    after = [widget.grab().toImage() for widget in made]

    same = [type(it).__name__ for it, a, b in zip(made, before, after, strict=True) if a == b]
    themes().apply(scheme)
    assert same == []


def test_rows_are_as_high_as_the_text_needs(page: QWidget) -> None:
    every_widget(page)
    listed, grid = part(page, CountedList), part(page, GridView)

    themes().set_scale(2.0)
    heights = [it.verticalHeader().defaultSectionSize() for it in (listed, grid)]
    themes().set_scale(1.0)

    assert heights == [48, 48]
    assert listed.verticalHeader().defaultSectionSize() == 24


def test_a_pill_says_its_text_to_a_screen_reader_and_hides_without_one(page: QWidget) -> None:
    pill = Pill("Store")
    put(page, pill)
    assert not pill.isVisible()

    pill.set_text("live")

    assert pill.isVisible()
    assert pill.accessibleName() == "Store: live"
    narrow = pill.sizeHint().width()
    pill.set_text("live, and much longer")
    assert pill.sizeHint().width() > narrow


def test_a_pill_without_a_place_opens_no_window() -> None:
    pill, chip = Pill("Store", text="live"), Chip("New events")
    chip.set_text("12 new events")

    assert not pill.isVisible()
    assert not chip.isVisible()


def test_a_chip_is_a_button_while_it_has_something_to_say(qtbot: QtBot, page: QWidget) -> None:
    chip = Chip("New events")
    put(page, chip)
    assert not chip.isVisible()

    chip.set_text("12 new events")
    with qtbot.waitSignal(chip.clicked):
        QTest.keyClick(chip, Qt.Key.Key_Space)

    chip.set_text("")
    assert not chip.isVisible()


def test_a_long_text_is_cut_and_told_on_hover(page: QWidget) -> None:
    label = ElidedLabel("short")
    put(page, label)
    assert label.toolTip() == ""

    label.set_text("a text\nthat is far too long " * 20)

    assert label.text().endswith("…")
    assert label.toolTip() == label.full_text()
    assert "\n" not in label.full_text()


def test_an_empty_panel_offers_the_next_step(qtbot: QtBot, page: QWidget) -> None:
    empty = EmptyState("Events")
    put(page, empty)
    empty.show_state("search", "No event matches this filter.", "Clear the filter")

    with qtbot.waitSignal(empty.step_wanted):
        QTest.keyClick(part(empty, QPushButton), Qt.Key.Key_Space)

    assert empty.accessibleDescription() == "No event matches this filter."
    empty.show_state("search", "Nothing.")
    assert not part(empty, QPushButton).isVisible()


def test_progress_says_share_rate_and_time_left(page: QWidget) -> None:
    row = ProgressRow("Import a.jsonl")
    put(page, row)

    row.show_progress(0.42, rate="81 200 events/s", left="12 s left")

    assert row.accessibleDescription() == "42% · 81 200 events/s · 12 s left"
    assert part(row, QProgressBar).value() == 420
    row.show_progress(None, rate="81 200 events/s")
    assert part(row, QProgressBar).maximum() == 0
    row.show_progress(7.0)
    assert part(row, QProgressBar).value() == 1000


def test_a_job_is_cancelled_once(qtbot: QtBot, page: QWidget) -> None:
    row = ProgressRow("Import a.jsonl")
    put(page, row)
    button = named(page, QToolButton, "Cancel Import a.jsonl")

    with qtbot.waitSignal(row.cancel_wanted):
        button.click()

    assert not button.isEnabled()
    row.finish("Cancelled, nothing was kept", tone="warn")
    assert not part(row, QProgressBar).isVisible()
    assert row.accessibleDescription() == "Cancelled, nothing was kept"


@pytest.mark.parametrize("end", ["it is done", "it was cancelled"])
def test_the_next_job_has_its_bar_and_can_be_cancelled_too(page: QWidget, end: str) -> None:
    row = ProgressRow("Sign")
    put(page, row)
    button = named(page, QToolButton, "Cancel Sign")
    if end == "it was cancelled":
        button.click()
    row.finish("done")

    row.begin()

    assert part(row, QProgressBar).isVisible()
    assert part(row, QProgressBar).maximum() == 0
    assert button.isVisible()
    assert button.isEnabled()
    assert row.accessibleDescription() == ""


def test_a_banner_says_what_and_what_to_do_and_can_be_copied(page: QWidget) -> None:
    banner = Banner("Problem")
    put(page, banner)
    assert not banner.isVisible()

    banner.show_problem("It broke.", to_do="Mend it.", details="line 3")
    named(page, QPushButton, "Copy details").click()

    assert banner.isVisible()
    assert QApplication.clipboard().text() == "It broke.\nMend it.\nline 3"


def test_a_banner_goes_by_button_or_key(page: QWidget) -> None:
    banner = Banner("Problem")
    put(page, banner)
    banner.show_problem("It broke.")

    named(page, QToolButton, "Dismiss").click()
    assert not banner.isVisible()
    banner.show_problem("Again.", tone="warn")
    assert banner.isVisible()
    QTest.keyClick(banner, Qt.Key.Key_Escape)

    assert not banner.isVisible()


def test_tabs_are_known_by_id(qtbot: QtBot, page: QWidget) -> None:
    tabs = UnderlineTabs("Inspector")
    put(page, tabs)
    assert tabs.chosen() == ""
    for tab_id in ("event", "state"):
        tabs.add(tab_id, tab_id.title(), QWidget())

    with qtbot.waitSignal(tabs.tab_chosen) as told:
        tabs.choose("state")
    tabs.choose("of an older layout")
    tabs.set_title("state", "State 3")

    assert told.args == ["state"]
    assert tabs.chosen() == "state"
    assert tabs.tabText(1) == "State 3"


def test_tabs_are_walked_by_keys(qtbot: QtBot, page: QWidget) -> None:
    tabs = UnderlineTabs("Inspector")
    put(page, tabs)
    for tab_id in ("event", "state"):
        tabs.add(tab_id, tab_id.title(), QWidget())

    with qtbot.waitSignal(tabs.tab_chosen):
        QTest.keyClick(tabs.tabBar(), Qt.Key.Key_Right)

    assert tabs.chosen() == "state"


def test_facts_are_written_over_and_keep_their_rows(page: QWidget) -> None:
    grid = KeyValueGrid("Event")
    put(page, grid)
    grid.show_facts([Fact("position", "1"), Fact("type", "Placed", False), Fact("actor", "ada")])
    fields = grid.findChildren(QLineEdit)

    grid.show_facts([Fact("position", "2"), Fact("type", "Paid", True)])

    assert grid.findChildren(QLineEdit) == fields
    assert [it.text() for it in fields if it.isVisible()] == ["2", "Paid"]
    assert grid.text() == "position: 2\ntype: Paid"


def test_a_fact_can_be_copied_and_followed(qtbot: QtBot, page: QWidget) -> None:
    grid = KeyValueGrid("Event")
    put(page, grid)
    grid.show_facts([Fact("stream", "order-1", link="the stream")])
    row = named(page, QLineEdit, "stream").parentWidget()
    copy = named(page, QToolButton, "Copy stream")
    assert not copy.isVisible()

    QApplication.sendEvent(row, QEnterEvent(QPointF(), QPointF(), QPointF()))
    copy.click()
    with qtbot.waitSignal(grid.link_chosen) as told:
        named(page, QToolButton, "Go to stream").click()

    assert QApplication.clipboard().text() == "order-1"
    assert told.args == ["the stream"]
    QApplication.sendEvent(row, QEvent(QEvent.Type.Leave))
    assert not copy.isVisible()


def test_a_sparkline_goes_along_its_steps_by_keys(qtbot: QtBot, page: QWidget) -> None:
    spark = Sparkline("Total")
    put(page, spark)
    spark.show_steps([1, 4, 9], [0, 10, 5], cursor=5, label="total", unit="€")

    with qtbot.waitSignal(spark.x_chosen) as back:
        QTest.keyClick(spark, Qt.Key.Key_Left)
    with qtbot.waitSignal(spark.x_chosen) as on:
        QTest.keyClick(spark, Qt.Key.Key_Right)

    assert (back.args, on.args) == ([1.0], [9.0])
    assert spark.accessibleDescription() == "total: 10 € since 4"


def test_a_sparkline_is_drawn_and_cleared(page: QWidget) -> None:
    spark = Sparkline("Total")
    put(page, spark)
    empty = spark.grab().toImage()

    spark.show_steps([1, 4, 9], [7, 7, 7])
    drawn = spark.grab().toImage()
    spark.clear()

    assert drawn != empty
    assert spark.grab().toImage() == empty


def test_a_sparkline_with_a_cursor_before_its_first_step_is_calm(page: QWidget) -> None:
    spark = Sparkline("Total")
    put(page, spark)

    spark.show_steps([5, 6], [1, 2], cursor=1, label="not yet")

    assert spark.grab().toImage().width() > 0


def test_a_section_shows_its_title_in_capitals_and_swaps_its_content(page: QWidget) -> None:
    first, second = QLabel("one"), QLabel("two")
    section = Section("Event types", first)
    put(page, section)

    section.set_content(second)
    QApplication.processEvents()
    section.set_count("8")

    assert section.accessibleName() == "Event types"
    assert "EVENT TYPES" in {it.text() for it in section.findChildren(QLabel)}
    assert second.isVisible()
    assert "8" in {it.text() for it in section.findChildren(QLabel) if it.isVisible()}
