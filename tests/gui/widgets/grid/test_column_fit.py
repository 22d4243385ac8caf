"""Columns are as wide as what they hold."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.widgets.grid.column_fit import EASY_PX, Wish, fitted, widened
from gui.widgets.grid.grid_view import GridView
from tests.gui.driven_window import PATIENCE_MS
from tests.gui.widgets.grid_kit import COLUMNS, Cells, Numbers

pytestmark = pytest.mark.usefixtures("qapp")

WISHES = st.lists(
    st.builds(lambda least, more: Wish(least=least, most=least + more), *[st.integers(0, 400)] * 2)
)


class Words(Numbers):
    """Rows whose type grows with their number."""

    def cells(self, row: int) -> Cells | None:
        return Cells((f"{row:,}", "09:41", "T" * (5 + row // 100), "summary"), 0, False)


@pytest.fixture
def grid(qtbot: QtBot) -> GridView:
    columns = (replace(COLUMNS[0], widest="9,999,999"), *COLUMNS[1:3])
    grid = GridView("Events", (*columns, replace(COLUMNS[3], is_flexible=True)), fits=True)
    qtbot.addWidget(grid)
    model = Words(2_000)
    model.setParent(grid)
    grid.setModel(model)
    grid.resize(900, 300)
    grid.show()
    return grid


def widths(grid: GridView) -> list[int]:
    return [grid.columnWidth(at) for at in range(4)]


def settle(qtbot: QtBot, grid: GridView) -> None:
    """Until the rows have stood still for the first time: then columns only widen."""
    qtbot.waitUntil(grid.is_settled, timeout=PATIENCE_MS)


@given(wishes=WISHES, room=st.integers(0, 2_000), at=st.integers(0, 5))
def test_each_has_its_least_and_none_more_than_it_asks_for_but_the_flexible_one(
    wishes: list[Wish], room: int, at: int
) -> None:
    wishes.insert(at, Wish(least=120, most=120, is_flexible=True))
    at = min(at, len(wishes) - 1)

    sizes = fitted(wishes, room)

    assert all(it.least <= size for it, size in zip(wishes, sizes, strict=True))
    rest = [(it, size) for it, size in zip(wishes, sizes, strict=True) if not it.is_flexible]
    assert all(size <= it.most for it, size in rest)
    assert sum(sizes) >= room
    if any(size > it.least for it, size in zip(wishes[:at], sizes, strict=False)):
        assert sizes[at] >= min(EASY_PX, room - sum(it.least for it in wishes) + 120)


@given(wishes=WISHES, room=st.integers(0, 2_000), need=st.integers(0, 340))
def test_the_column_that_rows_are_told_by_is_whole_or_the_flexible_one_has_given_all_it_can(
    wishes: list[Wish], room: int, need: int
) -> None:
    leading = Wish(least=min(140, need), most=need, tight=min(104, need), leads=True)
    flexible = Wish(least=160, most=160, is_flexible=True, tight=72)

    sizes = fitted([*wishes, leading, flexible], room)

    assert sizes[-2] == need or sizes[-1] == 72
    assert sizes[-1] >= 72


def test_where_room_is_short_the_others_give_before_the_column_that_rows_are_told_by() -> None:
    stream, leading = Wish(least=112, most=200, tight=84), Wish(least=140, most=230, tight=104)
    flexible, actor = Wish(least=160, most=160, is_flexible=True, tight=72), Wish(least=84, most=84)

    wishes = [stream, replace(leading, leads=True), flexible, actor]

    assert fitted(wishes, 500) == [112, 228, 76, 84]
    assert fitted(wishes, 390) == [94, 140, 72, 84]


def test_the_column_behind_the_flexible_one_is_whole_as_soon_as_the_flexible_one_can_spare_it() -> (
    None
):
    leading = Wish(least=140, most=187, tight=104, leads=True)
    flexible, actor = (
        Wish(least=160, most=160, is_flexible=True, tight=72),
        Wish(least=84, most=114),
    )

    wishes = [leading, flexible, actor, Wish(least=154, most=154)]

    assert fitted(wishes, 384) == [187, 113, 84, 154]  # the last one is scrolled to
    assert fitted(wishes, 479) == [187, 178, 114, 154]
    assert fitted(wishes, 660) == [187, 205, 114, 154]


def test_columns_that_say_what_is_enough_are_all_in_sight_where_that_fits() -> None:
    columns = [
        Wish(least=104, most=104, tight=76),
        Wish(least=200, most=200, tight=120, is_flexible=True),
        Wish(least=62, most=62),
        Wish(least=178, most=178, tight=116),
    ]

    assert fitted(columns, 420) == [90, 121, 62, 147]
    assert fitted(columns, 374) == [76, 120, 62, 116]
    assert fitted(columns, 300) == [76, 162, 62, 116]  # the last ones are scrolled to


def test_without_a_flexible_column_the_widest_are_cut_where_all_are_in_sight_then() -> None:
    long, age = Wish(least=260, most=326, tight=156), Wish(least=174, most=174, tight=104)

    assert fitted([long, age, long], 574) == [200, 174, 200]
    assert fitted([long, age, long], 470) == [157, 156, 157]
    assert fitted([long, age, long], 800) == [313, 174, 313]  # room for more is for the cut ones


def test_without_a_flexible_column_all_are_scrolled_to_where_cutting_is_not_enough() -> None:
    columns = [Wish(least=200, most=300, tight=150), Wish(least=80, most=80)]

    assert fitted([*columns, columns[0]], 400) == [160, 80, 160]
    assert fitted([*columns, columns[0]], 300) == [200, 80, 200]


@given(wishes=WISHES, room=st.integers(0, 2_000))
def test_no_column_is_cut_while_another_one_has_more_than_it_needs(
    wishes: list[Wish], room: int
) -> None:
    sizes = fitted(wishes, room)

    more = [size - it.least for it, size in zip(wishes, sizes, strict=True)]
    cut = [got for it, got, size in zip(wishes, more, sizes, strict=True) if size < it.most]
    assert not cut or sum(sizes) >= min(room, sum(it.most for it in wishes)) - len(wishes)
    assert all(got >= max(more) - len(wishes) for got in cut)  # those that are cut share alike


def test_what_a_column_has_to_spare_goes_to_one_that_is_cut() -> None:
    type_, occurred = Wish(least=140, most=240), Wish(least=154, most=154)
    before = [Wish(least=140, most=180), Wish(least=183, most=183)]

    assert fitted(widened([type_, occurred], before, 340), 340) == [186, 154]
    assert fitted(widened([type_, occurred], before, 500), 500) == [240, 183]  # nothing is cut


def test_columns_fit_the_rows_in_sight_and_what_they_must_have_room_for(grid: GridView) -> None:
    position, recorded, type_, summary = widths(grid)

    assert recorded < COLUMNS[1].width
    assert type_ < COLUMNS[2].width
    assert 70 < position < 100  # seven digits with their commas, though the rows have one
    assert summary == grid.viewport().width() - position - recorded - type_


def test_nothing_moves_sideways_while_one_scrolls(qtbot: QtBot, grid: GridView) -> None:
    settle(qtbot, grid)
    before = widths(grid)

    for row in range(0, 1_900, 100):
        grid.verticalScrollBar().setValue(row)
        grid.viewport().grab()
        assert widths(grid) == before

    qtbot.waitUntil(lambda: grid.columnWidth(2) > before[2], timeout=PATIENCE_MS)  # it stands still
    wide = grid.columnWidth(2)
    grid.verticalScrollBar().setValue(0)
    grid.horizontalHeader().resizeSection(2, 30)
    header = grid.horizontalHeader()
    edge = QPoint(header.sectionViewportPosition(2) + header.sectionSize(2) - 1, 8)
    QTest.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    assert before[2] - 1 <= grid.columnWidth(2) < wide  # a double click fits it to what is here


def test_a_width_that_a_person_chose_stays(grid: GridView) -> None:
    grid.horizontalHeader().resizeSection(2, 300)

    grid.fit_columns()
    grid.resize(1_000, 300)

    assert grid.columnWidth(2) == 300
    assert sum(widths(grid)) == grid.viewport().width()
    next(it for it in grid.column_menu().actions() if it.text().startswith("Fit ")).trigger()
    assert grid.columnWidth(2) < 300


def test_only_columns_that_a_person_sized_are_kept_with_a_width(grid: GridView) -> None:
    grid.horizontalHeader().resizeSection(1, 200)

    text = grid.save_columns().data()

    assert text == (
        b'[["position", true, null], ["recorded", true, 200], ["type", true, null],'
        b' ["summary", true, null]]'
    )


def test_what_the_flexible_one_and_the_one_behind_it_leave_is_for_those_in_front() -> None:
    stream, actor = Wish(least=112, most=340), Wish(least=84, most=150)
    summary = Wish(least=160, most=160, is_flexible=True)

    before, middle, after = fitted([stream, summary, actor], 560)

    assert (before, middle, after) == (170, EASY_PX, 150)
