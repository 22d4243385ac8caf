"""A document of any size is shown at once: its beginning, and all of it when asked for."""

import json

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.widgets.tree.json_pieces import BEGINNING, LONGEST_LINE, LONGEST_VALUE, pieces
from gui.widgets.tree.json_text_view import JsonTextView

DOCUMENTS = {
    "one text": json.dumps({"first": 1, "text": "lorem ipsum " * 850_000, "last": 2}),
    "numbers": json.dumps({"values": [at * 1.5 for at in range(900_000)]}),
    "fields": json.dumps({f"field {at}": {"a": "x" * 60, "b": [at]} for at in range(100_000)}),
    "no JSON": "lorem ipsum " * 850_000,
    "an open text": '{"text": "' + "lorem ipsum " * 850_000,
}


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> JsonTextView:
    view = JsonTextView("Data")
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    return view


def longest_line(view: JsonTextView) -> int:
    return max(map(len, view.toPlainText().split("\n")))


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_ten_megabytes_are_laid_out_no_further_than_their_beginning(
    view: JsonTextView, document: str
) -> None:
    view.show_json(document)

    assert view.document().characterCount() < BEGINNING + 2 * LONGEST_VALUE
    assert longest_line(view) <= 2 * LONGEST_VALUE + 100
    assert view.is_cut
    assert view.more.text() == f"Show all {len(document):,} characters"
    assert view.raw() == document


def test_a_long_value_says_how_much_of_it_is_left_out(view: JsonTextView) -> None:
    view.show_json(json.dumps({"text": "x" * 5_000, "last": 2}))

    assert f"({5_002 - LONGEST_VALUE:,} more characters)" in view.toPlainText()
    assert '"last": 2' in view.toPlainText()


def test_a_short_document_is_shown_whole(view: JsonTextView) -> None:
    view.show_json(DOCUMENTS["one text"])
    view.show_json('{"text": "… (3 more characters)"}')

    assert not view.is_cut
    assert view.more.text() == ""


@pytest.mark.parametrize("size", [30_000, 400_000])
def test_all_of_it_is_laid_out_in_pieces_when_asked_for(
    qtbot: QtBot, view: JsonTextView, size: int
) -> None:
    document = json.dumps({"first": [1, 2], "text": "ab c" * (size // 4), "last": {"x": 2}})
    view.show_json(document)

    view.more.click()
    qtbot.waitUntil(lambda: not view.is_cut)

    assert "".join(view.toPlainText().split()) == "".join(document.split())
    assert longest_line(view) <= LONGEST_LINE + 2
    assert not view.is_cut


def test_the_value_in_a_line_is_known_in_a_long_document_too(
    qtbot: QtBot, view: JsonTextView
) -> None:
    view.show_json(json.dumps({"first": 1, "text": "ab c" * 30_000, "last": {"x": 2}}))
    assert view.find_text('"x": 2')
    assert view.current_path() == ("last", "x")

    view.show_all()
    qtbot.waitUntil(lambda: not view.is_cut)

    assert view.find_text('"x": 2')
    assert view.current_path() == ("last", "x")


def test_what_is_left_out_is_found_once_all_is_shown(qtbot: QtBot, view: JsonTextView) -> None:
    view.show_json(json.dumps({"text": "ab c" * 30_000 + "needle"}))

    assert view.find_text("needle")
    qtbot.waitUntil(lambda: not view.is_cut)

    assert view.textCursor().selectedText() == "needle"


def test_another_document_ends_the_laying_out_of_the_one_before(
    qtbot: QtBot, view: JsonTextView
) -> None:
    view.show_json(DOCUMENTS["one text"])
    view.show_all()

    view.show_json('{"a": 1}')
    qtbot.waitUntil(lambda: not view.is_cut)

    assert view.toPlainText() == '{\n  "a": 1\n}'


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_pieces_are_short_and_hold_every_character(document: str) -> None:
    found = list(pieces(document))

    assert max(len(it.text) for it in found) < 4 * 50_000
    assert "".join("".join(it.text for it in found).split()) == "".join(document.split())
