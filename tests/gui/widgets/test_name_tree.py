"""Names in groups stay within their tree, however narrow it becomes."""

import pytest
from pytestqt.qtbot import QtBot

from gui.widgets.name_tree import LEAST_PX, NameGroup, NameItem, NameTree

NAMES = ("event_types", "latest_states_history", "streams")


@pytest.fixture
def tree(qtbot: QtBot) -> NameTree:
    tree = NameTree("Tables")
    qtbot.addWidget(tree)
    tree.resize(500, 300)
    tree.show()
    words = "every version that the rows of the view have had so far"
    columns = (NameItem(text="a_column_with_quite_a_long_name", detail="text", taken="a"),)
    tree.show_groups(
        [
            NameGroup(
                name=NameItem(text=it, detail=words, taken=it), sample="SELECT", items=columns
            )
            for it in NAMES
        ]
    )
    return tree


def widths(tree: NameTree) -> tuple[int, int]:
    return tree.columnWidth(0), tree.columnWidth(1)


def test_words_are_cut_within_the_tree_when_it_becomes_narrower(tree: NameTree) -> None:
    names, words = widths(tree)
    assert names + words == tree.viewport().width()

    tree.resize(260, 300)

    assert widths(tree) == (names, tree.viewport().width() - names)
    tree.resize(120, 300)
    assert widths(tree) == (tree.viewport().width() - LEAST_PX, LEAST_PX)


def test_a_group_that_is_opened_gets_room_for_the_names_in_it(tree: NameTree) -> None:
    names, _ = widths(tree)

    tree.expand(tree.model().index(0, 0))

    assert tree.columnWidth(0) > names
    assert sum(widths(tree)) == tree.viewport().width()
    tree.collapse(tree.model().index(0, 0))
    assert tree.columnWidth(0) == names
