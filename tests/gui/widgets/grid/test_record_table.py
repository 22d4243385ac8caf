"""A table of records shares its room: what is cut gets what others do not need."""

import pytest
from pytestqt.qtbot import QtBot

from gui.widgets.grid.record_table import RecordTable

TITLES = ("line", "type", "occurred at", "data")
WIDTHS = (44, 140, 240, 120)
LONG_TYPE = "ReservationConfirmationReceivedByTheOffice"

pytestmark = pytest.mark.usefixtures("qapp")


def is_sentence(row: object) -> bool:
    return isinstance(row, tuple) and len(row) == 2


@pytest.fixture
def table(qtbot: QtBot) -> RecordTable:
    table = RecordTable("First records", TITLES, WIDTHS, always=2)
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    return table


def needed(table: RecordTable, text: str) -> int:
    return table.fontMetrics().horizontalAdvance(text)


def test_a_text_is_whole_while_another_column_has_room_to_spare(table: RecordTable) -> None:
    table.show_rows(
        [("2", LONG_TYPE, "2026-03-14", "{}"), ("3", "Paid", "2026-03-14", "{}")],
        is_sentence=is_sentence,
    )

    assert table.columnWidth(1) > needed(table, LONG_TYPE)
    assert needed(table, "2026-03-14") < table.columnWidth(2) < WIDTHS[2]
    assert sum(table.columnWidth(at) for at in range(4)) == table.viewport().width()


def test_where_all_are_cut_each_has_its_first_width_and_more_room_goes_to_those(
    table: RecordTable,
) -> None:
    table.show_rows([("2", LONG_TYPE * 3, "2026-03-14", "{}" * 90)], is_sentence=is_sentence)
    narrow = table.columnWidth(1)

    table.resize(1_000, 300)

    assert narrow >= WIDTHS[1]
    assert table.columnWidth(1) > narrow


def test_without_rows_every_title_is_in_sight(table: RecordTable) -> None:
    table.resize(400, 300)

    assert sum(table.columnWidth(at) for at in range(4)) == table.viewport().width()
    assert all(table.columnWidth(at) >= needed(table, it) for at, it in enumerate(TITLES))


def test_what_a_person_has_sized_stays(table: RecordTable) -> None:
    table.show_rows([("2", "Paid", "2026-03-14", "{}")], is_sentence=is_sentence)

    table.horizontalHeader().resizeSection(1, 77)
    table.resize(900, 300)
    table.show_rows([("2", LONG_TYPE, "2026-03-14", "{}")], is_sentence=is_sentence)

    assert table.columnWidth(1) == 77
