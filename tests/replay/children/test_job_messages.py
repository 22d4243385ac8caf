"""What a verb with --progress says is read back as it was meant; a stray line is no message."""

from decimal import Decimal
from typing import Any

import pytest

from replay.children.job_messages import JobHeld, JobProgress, line_of, report_from, told_on_the_way


@pytest.mark.parametrize(
    "message",
    [JobProgress(fraction=None), JobProgress(fraction=0.5, events=1, rate=2.0), JobHeld(True)],
)
def test_a_message_comes_back_as_it_was(message: JobProgress | JobHeld) -> None:
    assert told_on_the_way(line_of(message).encode()) == message


@pytest.mark.parametrize(
    "text",
    [b'{"stored":3}', b"[1]", b'{"job":"other"}', b'{"job":"held"}', b"Traceback:\n", b"\xff"],
)
def test_what_is_no_message_is_left_for_the_report(text: bytes) -> None:
    assert told_on_the_way(text) is None


def test_a_report_keeps_every_digit_and_what_text_cannot_hold() -> None:
    assert report_from(b'{"seats":0.10}', dict[str, Any]) == {"seats": Decimal("0.10")}
    assert report_from(b'{"name":"\\ud800"}', dict[str, Any]) == {"name": "\ud800"}


@pytest.mark.parametrize("text", [b"[1]", b"Traceback (most recent call last):\n", b""])
def test_a_line_of_another_kind_is_no_report(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        report_from(text, dict[str, Any])


def test_progress_is_put_in_words_what_matters_first() -> None:
    progress = JobProgress(fraction=0.1, events=120_000, rate=31_000.0, seconds_left=12.0)

    assert progress.text == "12 s left · 120,000 events · 31,000/s"
    assert JobProgress(fraction=None).text == ""
