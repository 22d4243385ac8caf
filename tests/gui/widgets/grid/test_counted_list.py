"""Lists of named things with counts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from gui.look.theme import themes
from gui.widgets.grid.counted_list import CountedItem, CountedList
from gui.widgets.grid.counted_model import CountedModel

pytestmark = pytest.mark.usefixtures("qapp")

names = st.lists(st.sampled_from("abcdefg"), unique=True, max_size=7)
CTRL = Qt.KeyboardModifier.ControlModifier
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)


def items(*keys: str) -> list[CountedItem]:
    return [CountedItem(key=key, text=f"Name {key}", count=f"{at}") for at, key in enumerate(keys)]


def texts(model: CountedModel) -> list[str]:
    return [model.data(model.index(row), ACCESSIBLE) for row in range(model.rowCount())]


def click(found: CountedList, row: int, modifiers: Qt.KeyboardModifier | None = None) -> None:
    at = found.visualRect(found.model().index(row, 0)).center()
    modifiers = modifiers or Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, modifiers, at)


@pytest.fixture
def found(qtbot: QtBot) -> CountedList:
    found = CountedList("Streams", is_multi=True)
    qtbot.addWidget(found)
    found.resize(200, 240)
    found.show()
    found.set_items(items("a", "b", "c"))
    return found


def test_a_click_tells_the_key(qtbot: QtBot, found: CountedList) -> None:
    with qtbot.waitSignal(found.keys_chosen) as told:
        click(found, 1)

    assert told.args == [("b",)]
    assert found.chosen() == ("b",)


def test_several_can_be_chosen_in_their_order(qtbot: QtBot, found: CountedList) -> None:
    click(found, 2)

    with qtbot.waitSignal(found.keys_chosen) as told:
        click(found, 0, CTRL)

    assert told.args == [("a", "c")]


def test_esc_takes_the_choice_back(qtbot: QtBot, found: CountedList) -> None:
    click(found, 1)

    with qtbot.waitSignal(found.keys_chosen) as told:
        QTest.keyClick(found, Qt.Key.Key_Escape)

    assert told.args == [()]


def test_the_program_chooses_in_silence(qtbot: QtBot, found: CountedList) -> None:
    with qtbot.assertNotEmitted(found.keys_chosen):
        found.choose(["c", "not shown"])
        found.set_items(items("c", "a"))
        found.set_filter("a")

    assert found.chosen() == ("c", "not shown")


def test_choosing_by_the_program_does_not_scroll(found: CountedList) -> None:
    found.set_items(items(*[f"k{at}" for at in range(1_000)]))
    found.executeDelayedItemsLayout()

    found.choose(["k900"])

    assert found.verticalScrollBar().value() == 0
    assert found.chosen() == ("k900",)


def test_what_is_chosen_is_selected_again_after_a_filter(found: CountedList) -> None:
    found.choose(["b"])
    found.set_filter("Name a")
    assert found.selectedIndexes() == []

    found.set_filter("")

    assert [index.row() for index in found.selectedIndexes()] == [1]


def test_the_filter_ignores_case_and_counts(found: CountedList) -> None:
    found.set_filter("NAME B")

    assert found.shown_count() == 1
    assert found.model().index(0, 0).data() == "Name b"


def test_enter_and_double_click_activate(qtbot: QtBot, found: CountedList) -> None:
    click(found, 1)

    with qtbot.waitSignal(found.key_activated) as told:
        QTest.keyClick(found, Qt.Key.Key_Return)

    assert told.args == ["b"]


def test_home_and_end_go_to_the_first_and_last(found: CountedList) -> None:
    click(found, 1)

    QTest.keyClick(found, Qt.Key.Key_End)
    last = found.chosen()
    QTest.keyClick(found, Qt.Key.Key_Home)

    assert (last, found.chosen()) == (("c",), ("a",))


def test_new_counts_leave_scroll_and_choice(found: CountedList) -> None:
    keys = [f"k{at}" for at in range(100_000)]
    found.set_items(items(*keys))
    found.executeDelayedItemsLayout()
    found.verticalScrollBar().setValue(24 * 5_000)
    found.choose(["k5003"])

    found.set_items([CountedItem(key=key, text=key, count="new") for key in [*keys, "one more"]])

    assert found.verticalScrollBar().value() == 24 * 5_000
    assert [index.row() for index in found.selectedIndexes()] == [5003]
    assert found.shown_count() == 100_001


def test_another_order_keeps_the_row_at_the_top(found: CountedList) -> None:
    keys = [f"k{at}" for at in range(1_000)]
    found.set_items(items(*keys))
    found.executeDelayedItemsLayout()
    found.verticalScrollBar().setValue(24 * 500)

    found.set_items(items("first", *keys))

    assert found.verticalScrollBar().value() == 24 * 501


def test_selecting_everything_is_refused(found: CountedList) -> None:
    QTest.keyClick(found, Qt.Key.Key_A, CTRL)

    assert found.chosen() == ()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_row_shows_its_swatch_and_the_ground_of_selections(
    found: CountedList, scheme: str
) -> None:
    themes().apply(scheme)
    found.set_items(
        [
            CountedItem(key="a", text="A", count="1", color_index=3),
            CountedItem(key="b", text="B", count="2", color_index=-1, icon="bookmark"),
        ]
    )
    found.choose(["b"])

    image = found.viewport().grab().toImage()

    first = {image.pixelColor(x, y).name() for x in range(40) for y in range(24)}
    assert themes().current.event_color(3).name() in first
    assert image.pixelColor(3, 30) == themes().current["selection"]
    themes().apply("light")


@given(before=names, after=names, narrowed=st.sampled_from(["", "a", "Name", "zzz"]))
def test_after_a_replacement_the_rows_are_the_new_ones(
    before: list[str], after: list[str], narrowed: str
) -> None:
    model = CountedModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.replace(items(*before), "")

    model.replace(items(*after), narrowed)

    wanted = [it for it in items(*after) if narrowed.casefold() in it.text.casefold()]
    assert texts(model) == [f"{it.text}, {it.count}" for it in wanted]


def test_only_what_differs_is_told(qtbot: QtBot) -> None:
    model = CountedModel()
    model.replace(items("a", "b"), "")

    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        model.replace(items("a", "b"), "")
    with qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        model.replace([CountedItem(key="a", text="Name a", count="9"), *items("x", "b")[1:]], "")


def test_the_model_keeps_qts_rules(qtmodeltester: Any) -> None:
    model = CountedModel()
    model.replace(items("a", "b"), "")

    qtmodeltester.check(model)
