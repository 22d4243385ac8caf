"""Nothing that is shown acts on a terminal or turns a line round."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.visible_text import look_alikes, spelled_out, visible, visible_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("order-1", "order-1"),
        ("Zürich · 船 · 🚢", "Zürich · 船 · 🚢"),
        ("👩\u200d🚀", "👩\u200d🚀"),  # one picture
        ("می\u200cخواهم", "می\u200cخواهم"),  # two parts of a word
        ("ab\u200dcd", "ab\\u200dcd"),
        ("order-a\u202eevil", "order-a\\u202eevil"),
        ("\x1b]0;gone\x07", "\\u001b]0;gone\\u0007"),
        ("one\r\ntwo\tthree", "one\\r\\ntwo\\tthree"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("c1\x9b2J", "c1\\u009b2J"),
        ("lone\ud83d", "lone\\ud83d"),
        ("tag\U000e0041", "tag\\udb40\\udc41"),
        ("line\u2028break", "line\\u2028break"),
    ],
)
def test_what_acts_is_written_and_what_is_read_stays(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters(codec=None)))
def test_a_json_text_says_the_same_with_escapes(text: str) -> None:
    assert json.loads(visible(json.dumps(text, ensure_ascii=False))) == text


@given(st.text(st.characters(codec=None)))
def test_what_is_shown_can_be_written_on_one_line_anywhere(text: str) -> None:
    shown = visible(text)

    assert shown.encode("utf-8").decode("utf-8") == shown
    assert visible(shown) == shown
    assert len(shown.splitlines()) <= 1


def test_lines_may_stay_lines() -> None:
    assert visible_lines("a\x1b\n\tb") == "a\\u001b\n\\tb"


def test_names_that_look_alike_are_found_and_told_apart() -> None:
    names = [
        "café-1",
        "cafe\u0301-1",
        "order-1",
        "ord\u200ber-1",
        "order-1 ",
        "order-2",
        "a\u00a0b",
    ]

    found = look_alikes(names)

    assert found == [("cafe\u0301-1", "café-1"), ("order-1", "order-1 ", "ord\u200ber-1")]
    assert [spelled_out(it) for group in found for it in group] == [
        "cafe\\u0301-1",
        "caf\\u00e9-1",
        "order-1",
        "order-1\\u0020",
        "ord\\u200ber-1",
    ]


def test_a_name_of_blanks_is_spelled_out() -> None:
    assert (spelled_out("  "), spelled_out(" a "), spelled_out("")) == (
        "\\u0020\\u0020",
        "\\u0020a\\u0020",
        "",
    )
