"""JSON text to read."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.widgets.tree.json_pieces import indented
from gui.widgets.tree.json_text_view import JsonTextView

pytestmark = pytest.mark.usefixtures("qapp")

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@pytest.fixture
def view(qtbot: QtBot) -> JsonTextView:
    view = JsonTextView("Data")
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    return view


@given(value=values)
def test_indenting_changes_only_the_white_space(value: Any) -> None:
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    assert json.loads(indented(compact)) == value
    assert indented(indented(compact)) == indented(compact)
    if value not in ({}, []) and isinstance(value, dict | list):
        assert indented(compact) == json.dumps(value, indent=2, ensure_ascii=False)


@pytest.mark.parametrize(
    "text", ['{"a":1.50,"a":1e400,"b":-0}', '{"n":123456789012345678901234567890}', '"\\u00e9"']
)
def test_indenting_keeps_digits_escapes_and_repeated_keys(text: str) -> None:
    assert "".join(indented(text).split()) == text
    assert json.loads(indented(text), parse_float=Decimal) == json.loads(text, parse_float=Decimal)


@pytest.mark.parametrize("text", ["not json", '{"a": ', '"open', "]]}", ""])
def test_text_that_is_no_json_is_shown_all_the_same(view: JsonTextView, text: str) -> None:
    view.show_json(text)

    assert "".join(view.toPlainText().split()) == "".join(text.split())
    assert view.raw() == text


def test_json_text_is_coloured_where_it_is_in_sight(view: JsonTextView) -> None:
    view.show_json(json.dumps([{"id": at} for at in range(5_000)]))
    view.viewport().grab()

    first, last = view.document().findBlockByNumber(2), view.document().lastBlock()

    assert first.layout().formats()
    assert not last.layout().formats()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    QApplication.processEvents()
    assert last.previous().previous().layout().formats()


def test_json_text_is_searched_from_the_top_again_after_the_end(view: JsonTextView) -> None:
    view.show_json('{"a":"x","b":"x"}')

    found = [view.find_text('"x"') for _ in range(3)]

    assert found == [True, True, True]
    assert view.textCursor().block().text().strip() == '"a": "x",'
    assert not view.find_text("nothing like it")
