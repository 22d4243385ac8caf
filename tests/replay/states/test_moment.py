"""What a person may write for a moment, and which place in the log it is."""

from pathlib import Path

import pytest

from replay.states.moment import Axis, Moment, parse_moment_text, position_of
from store.errors import WrongMoment
from store.events import NewEvent
from tests.replay.written_logs import START_US, event, log_of


@pytest.mark.parametrize(
    ("text", "axis", "value"),
    [
        ("1842", "position", 1842),
        (" 0 ", "position", 0),
        ("v3", "version", 3),
        ("V12", "version", 12),
        ("1970-01-01T00:00:01Z", "recorded", 1_000_000),
        ("1970-01-01T01:00:00.000001+01:00", "recorded", 1),
        ("1970-01-02", "recorded", 86_400_000_000),
        ("1970-01-01 00:00:02", "recorded", 2_000_000),
        ("occurred:1970-01-01T00:00:01Z", "occurred", 1_000_000),
        ("1969-12-31T23:59:59Z", "recorded", -1_000_000),
    ],
)
def test_a_moment_is_read_as_it_is_written(text: str, axis: Axis, value: int) -> None:
    assert parse_moment_text(text) == Moment(axis, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "-1",
        "1.5",
        "v",
        "v-1",
        "2026-02-30",
        "2026-13-01",
        "25:00",
        "occurred:7x",
        "99999-01-01",
        "12 000",
        "٣٤٥",
    ],
)
def test_a_text_that_is_no_moment_is_named_with_what_one_looks_like(text: str) -> None:
    with pytest.raises(WrongMoment) as wrong:
        parse_moment_text(text)

    assert str(wrong.value) == f"this is neither a position nor a time: {text!r}"
    assert "1842" in wrong.value.hint
    assert "2026-03-14T09:41:09.921Z" in wrong.value.hint


def test_a_time_includes_the_events_recorded_at_it(tmp_path: Path) -> None:
    with log_of(tmp_path, *_recorded(0, 10, 10, 20)) as log:
        found = [
            position_of(log, Moment("recorded", START_US + at)) for at in (-1, 0, 9, 10, 19, 20, 99)
        ]

    assert found == [0, 1, 1, 3, 3, 4, 4]


def test_an_event_recorded_by_a_clock_that_stepped_back_belongs_to_the_time_before_it(
    tmp_path: Path,
) -> None:
    with log_of(tmp_path, *_recorded(0, 30, 10, 20, 40)) as log:
        found = [
            position_of(log, Moment("recorded", START_US + at)) for at in (0, 20, 29, 30, 39, 40)
        ]

    assert found == [1, 1, 1, 4, 4, 5]


def test_a_version_is_the_position_of_its_event(tmp_path: Path) -> None:
    events = [("a-1", event({})), ("b-1", event({})), ("a-1", event({}))]
    with log_of(tmp_path, *events) as log:
        found = [position_of(log, Moment("version", it), stream="a-1") for it in (0, 1, 2)]

    assert found == [0, 1, 3]


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (Moment("position", 3), "the log ends at position 2: '3'"),
        (Moment("version", 3), "stream a-1 ends at version 2: 'v3'"),
        (Moment("occurred", 3), "an occurred time is not a position in the log: 'occurred:…'"),
    ],
)
def test_a_moment_that_the_log_does_not_have_is_refused_in_a_sentence(
    tmp_path: Path, moment: Moment, sentence: str
) -> None:
    with log_of(tmp_path, *_recorded(0, 1)) as log, pytest.raises(WrongMoment) as wrong:
        position_of(log, moment, stream="a-1")

    assert str(wrong.value) == sentence


def test_the_head_and_zero_are_positions(tmp_path: Path) -> None:
    with log_of(tmp_path, *_recorded(0, 1)) as log:
        assert [position_of(log, Moment("position", it)) for it in (0, 2)] == [0, 2]


def _recorded(*after_us: int) -> list[tuple[str, NewEvent]]:
    return [("a-1", event({}, recorded_at_us=START_US + it)) for it in after_us]
