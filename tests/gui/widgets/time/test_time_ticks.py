"""Ticks: readable at every zoom, from microseconds to centuries, and on positions."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.widgets.time.axis import AxisKind
from gui.widgets.time.ticks import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    context_text,
    count_text,
    moment_text,
    span_text,
    ticks,
)

WIDTH = 1_000.0
LABEL_PX = 6.0  # about the width of a figure in the ruler's font
T0 = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp()) * SECOND
YEAR = 365 * DAY

spans = st.floats(2.4, 16.5).map(lambda power: 10**power)  # 250 µs to 1,000 years
starts = st.integers(-30 * YEAR, 120 * YEAR)


@given(starts, spans)
def test_time_ticks_ascend_within_sight_and_labels_have_room(start: int, span: float) -> None:
    scale = WIDTH / span
    made = ticks(start, start + span, scale=scale, kind="time")

    coordinates = [tick.coordinate for tick in made]
    assert coordinates == sorted(set(coordinates))
    assert all(start <= it <= start + span for it in coordinates)
    for tick, after in pairwise(made):
        assert (after.coordinate - tick.coordinate) * scale >= len(tick.label) * LABEL_PX * 0.9


@given(starts, spans)
def test_there_are_always_some_ticks_but_never_many(start: int, span: float) -> None:
    made = ticks(start, start + span, scale=WIDTH / span, kind="time")

    assert len(made) <= 18
    if span < 500 * YEAR:
        assert len(made) >= 2


@given(starts, spans)
def test_neighbouring_labels_differ(start: int, span: float) -> None:
    labels = [it.label for it in ticks(start, start + span, scale=WIDTH / span, kind="time")]

    assert all(one != other for one, other in pairwise(labels))


@given(st.integers(0, 10**10), st.floats(0.9, 10).map(lambda power: 10**power))
def test_position_ticks_are_round_and_have_room(start: int, span: float) -> None:
    scale = WIDTH / span
    made = ticks(start, start + span, scale=scale, kind="position")

    steps = {round(b.coordinate - a.coordinate) for a, b in pairwise(made)}
    assert len(steps) <= 1
    assert all(str(step).rstrip("0") in ("1", "2", "5") for step in steps)
    assert all(start <= it.coordinate <= start + span for it in made)
    assert len(made) <= 14


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        (30 * YEAR, ["2028", "2030"]),
        (400 * DAY, ["Apr", "May"]),
        (13 * DAY, ["Mar 02", "Mar 03"]),
        (2 * DAY, ["Mar 02", "03:00"]),
        (30 * MINUTE, ["Mar 02", "00:02"]),
        (30 * SECOND, ["Mar 02", "00:00:05"]),
        (30_000, ["Mar 02", "00:00:00.005"]),
        (300, ["Mar 02", "00:00:00.000050"]),
    ],
)
def test_labels_fit_the_zoom(span: int, labels: list[str]) -> None:
    made = ticks(T0, T0 + span, scale=WIDTH / span, kind="time")

    assert [it.label for it in made[:2]] == labels


def test_a_new_day_stands_out_among_hours() -> None:
    made = ticks(T0 + HOUR, T0 + 2 * DAY, scale=WIDTH / (2 * DAY), kind="time")

    assert [it.label for it in made if it.is_major] == ["Mar 03", "Mar 04"]


def test_a_new_year_stands_out_among_days_and_months() -> None:
    new_year = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp()) * SECOND
    days = ticks(new_year - 7 * DAY, new_year + 7 * DAY, scale=WIDTH / (14 * DAY), kind="time")
    months = ticks(new_year - 90 * DAY, new_year + 90 * DAY, scale=WIDTH / (180 * DAY), kind="time")

    assert [it.label for it in days if it.is_major] == ["2027"]
    assert [it.label for it in months if it.is_major] == ["2027"]


@given(starts, st.integers(10, 300))
def test_a_new_month_is_never_missed_among_days(start: int, days: int) -> None:
    made = ticks(start, start + days * DAY, scale=WIDTH / (days * DAY), kind="time")

    firsts = {it.label for it in made if it.label.endswith(" 01") or it.label.isdigit()}
    assert len(firsts) >= days // 31 or not any(" " in it.label for it in made)


def test_times_beyond_the_calendar_have_no_ticks() -> None:
    assert ticks(-9e17, -8e17, scale=1e-14, kind="time") == []
    assert ticks(3e17, 4e17, scale=1e-14, kind="time") == []


@pytest.mark.parametrize(
    ("scale", "text"),
    [
        (WIDTH / YEAR, "UTC"),
        (WIDTH / (10 * DAY), "2026 · UTC"),
        (WIDTH / HOUR, "Mar 02, 2026 · UTC"),
        (WIDTH / 300, "Mar 02, 2026 · UTC"),
    ],
)
def test_the_corner_says_what_labels_leave_out(scale: float, text: str) -> None:
    assert context_text(T0 + 5, "time", scale=scale) == text


@pytest.mark.parametrize(
    ("scale", "text"),
    [
        (1.0, "2026-03-02 00:00:01.000042"),
        (WIDTH / (20 * SECOND), "2026-03-02 00:00:01.000"),
        (WIDTH / HOUR, "2026-03-02 00:00:01"),
        (WIDTH / YEAR, "2026-03-02 00:00"),
    ],
)
def test_a_moment_is_as_precise_as_the_zoom(scale: float, text: str) -> None:
    assert moment_text(T0 + SECOND + 42, "time", scale=scale) == text


@pytest.mark.parametrize(
    ("length", "kind", "text"),
    [
        (6 * DAY, "time", "6 d"),
        (6.2 * DAY, "time", "6.2 d"),
        (36 * HOUR, "time", "1.5 d"),
        (90 * SECOND, "time", "1.5 min"),
        (2_500, "time", "2.5 ms"),
        (7, "time", "7 µs"),
        (800 * DAY, "time", "2.2 y"),
        (1_234, "position", "1,234"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(length: float, kind: AxisKind, text: str) -> None:
    assert span_text(length, kind) == text


def test_thousands_are_parted_by_thin_spaces() -> None:
    assert count_text(1_234_567) == "1,234,567"
    assert count_text(999) == "999"
