"""Between coordinates and pixels: monotone, invertible, and gaps are never wide."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gui.widgets.time.axis import Axis, Viewport, fit, frame, mapping, pan, zoom
from gui.widgets.time.axis_map import GAP_PX, AxisMap, Gap, axis_map, idle_gaps, walk
from gui.widgets.time.axis_view import AxisView

HOUR_US = 3_600_000_000.0
START_US = 1_772_409_600_000_000.0
WIDTH = 1_000.0


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    """An axis of hours to years with up to six idle gaps, in order and apart."""
    lengths = draw(st.lists(st.integers(1, 5_000), min_size=1, max_size=13))
    edges = START_US + np.cumsum([0, *lengths]) * HOUR_US
    pairs = zip(edges[1::2], edges[2::2], strict=False)
    gaps = tuple(Gap(float(start), float(end)) for start, end in pairs)
    return Axis(kind="time", first=float(edges[0]), last=float(edges[-1]) + HOUR_US, gaps=gaps)


@st.composite
def sights(draw: st.DrawFn) -> tuple[Axis, Viewport]:
    """An axis and a part of it that one gets to by zooming and panning."""
    axis = draw(axes())
    view = frame(axis, WIDTH)
    for factor, x in draw(st.lists(st.tuples(st.floats(0.2, 8), st.floats(0, WIDTH)), max_size=4)):
        view = zoom(axis, view, factor, x)
    return axis, pan(axis, view, draw(st.floats(-2_000, 2_000)))


@given(sights(), st.lists(st.floats(0, WIDTH), min_size=2, max_size=20))
def test_a_pixel_comes_back_from_its_coordinate(
    sight: tuple[Axis, Viewport], xs: list[float]
) -> None:
    to_x = mapping(*sight)

    for x in xs:
        assert to_x.x_of(to_x.at(x)) == pytest.approx(x, abs=_grain(to_x))


@given(sights(), st.lists(st.floats(-500, WIDTH + 500), min_size=2, max_size=20))
def test_what_is_later_is_never_further_left(sight: tuple[Axis, Viewport], xs: list[float]) -> None:
    to_x = mapping(*sight)
    coordinates = [to_x.at(x) for x in sorted(xs)]

    assert coordinates == sorted(coordinates)
    back = [to_x.x_of(it) for it in coordinates]
    assert back == sorted(back)


@given(sights())
def test_what_is_in_sight_fills_the_width(sight: tuple[Axis, Viewport]) -> None:
    to_x = mapping(*sight)

    assert to_x.x_of(sight[1].start) == 0
    assert to_x.x_of(sight[1].end) == WIDTH
    assert [piece.left for piece in to_x.pieces()][1:] == [it.right for it in to_x.pieces()][:-1]


@given(sights())
def test_many_coordinates_have_the_same_pixels_as_each(sight: tuple[Axis, Viewport]) -> None:
    to_x = mapping(*sight)
    coordinates = np.linspace(sight[1].start, sight[1].end, 50)

    each = [to_x.x_of(float(it)) for it in coordinates]
    np.testing.assert_allclose(to_x.xs_of(coordinates), each, atol=_grain(to_x))


@given(sights())
def test_a_collapsed_gap_is_never_wider_than_its_zigzag(sight: tuple[Axis, Viewport]) -> None:
    to_x = mapping(*sight)

    assert all(it.right - it.left <= GAP_PX + 1e-6 for it in to_x.pieces() if it.is_gap)


@given(sights(), st.floats(0.1, 10), st.floats(0, WIDTH))
def test_zooming_keeps_what_is_under_the_pointer(
    sight: tuple[Axis, Viewport], factor: float, x: float
) -> None:
    axis, view = sight
    held = mapping(axis, view).at(x)

    zoomed = zoom(axis, view, factor, x)

    assume(zoomed.start > axis.first and zoomed.end < axis.last)  # not held back by an end
    assert mapping(axis, zoomed).x_of(held) == pytest.approx(x, abs=1)


@given(sights(), st.floats(-5_000, 5_000))
def test_panning_keeps_the_scale_and_stays_on_the_axis(
    sight: tuple[Axis, Viewport], pixels: float
) -> None:
    axis, view = sight

    moved = pan(axis, view, pixels)

    scale = mapping(axis, view).scale
    assert mapping(axis, moved).scale == pytest.approx(scale, rel=1e-3)
    assert moved.start >= axis.first - 7 / scale
    assert moved.end <= axis.last + 7 / scale


@given(axes())
def test_a_frame_shows_the_first_and_the_last_event(axis: Axis) -> None:
    view = frame(axis, WIDTH)

    to_x = mapping(axis, view)
    assert to_x.x_of(axis.first) == pytest.approx(6, abs=0.5)
    assert to_x.x_of(axis.last) == pytest.approx(WIDTH - 6, abs=0.5)
    assert fit(axis, view) == view


@given(axes(), st.floats(-3_000, 3_000), st.floats(0.0, 1.0))
def test_a_walk_there_and_back_ends_where_it_began(axis: Axis, pixels: float, share: float) -> None:
    scale = 100 / HOUR_US
    origin = axis.first + share * (axis.last - axis.first)

    there = walk(origin, pixels, scale, axis.gaps)

    assert walk(there, -pixels, scale, axis.gaps) == pytest.approx(origin, abs=HOUR_US * 0.01)


@pytest.mark.parametrize("kind", ["position", "time"])
def test_one_single_event_stands_in_the_middle(kind: str) -> None:
    axis = Axis(kind="time" if kind == "time" else "position", first=5.0, last=5.0)

    to_x = mapping(axis, frame(axis, WIDTH))

    assert to_x.x_of(5.0) == pytest.approx(WIDTH / 2)


def test_a_sight_of_nothing_but_a_gap_is_plain() -> None:
    gap = Gap(START_US, START_US + 100 * HOUR_US)

    to_x = axis_map(START_US + 10 * HOUR_US, START_US + 20 * HOUR_US, WIDTH, [gap])

    assert to_x.gaps == ()
    assert to_x.x_of(START_US + 15 * HOUR_US) == pytest.approx(WIDTH / 2)


def test_a_long_pause_between_busy_times_is_a_gap() -> None:
    counts = np.array([3, 1, 4, 1, 5] + [0] * 10 + [9, 2, 6, 5, 3])

    assert idle_gaps(counts, 0.0, 200.0, share=0.1) == (Gap(50.0, 150.0),)
    assert idle_gaps(counts, 0.0, 200.0, share=0.6) == ()


def test_evenly_sparse_events_have_no_gaps() -> None:
    counts = np.zeros(1_000)
    counts[::100] = 1

    assert idle_gaps(counts, 0.0, 1_000.0, share=0.05) == ()


@pytest.mark.parametrize("busy", [[], [3]])
def test_fewer_than_two_busy_places_have_no_gap_between_them(busy: list[int]) -> None:
    counts = np.zeros(100)
    counts[busy] = 1

    assert idle_gaps(counts, 0.0, 100.0, share=0.01) == ()


def _grain(to_x: AxisMap) -> float:
    """The pixels that one step of a float takes at the coordinates in sight."""
    return 2 * max(to_x.scale, 1e-12) * float(np.spacing(to_x.coordinates[-1])) + 1e-6


def test_many_gaps_leave_room_for_events_in_a_narrow_panel() -> None:
    hours = [
        Gap(START_US + at * HOUR_US, START_US + (at + 9) * HOUR_US) for at in range(1, 100, 10)
    ]
    sight = AxisView()
    sight.set_width(200)

    sight.set_axis(
        Axis(kind="time", first=START_US, last=START_US + 100 * HOUR_US, gaps=tuple(hours)),
        keep_view=False,
    )

    taken = sum(it.right - it.left for it in sight.map.pieces() if it.is_gap)
    assert taken == pytest.approx(0.6 * 200, rel=0.01)


def test_who_asks_for_the_inside_of_a_gap_sees_it_evenly() -> None:
    gap = Gap(START_US + HOUR_US, START_US + 99 * HOUR_US)
    sight = AxisView()
    sight.set_width(WIDTH)
    sight.set_axis(
        Axis(kind="time", first=START_US, last=START_US + 100 * HOUR_US, gaps=(gap,)),
        keep_view=False,
    )
    assert sight.map.gaps

    sight.show(START_US + 20 * HOUR_US, START_US + 40 * HOUR_US)

    assert sight.map.gaps == ()
    assert sight.map.x_of(START_US + 30 * HOUR_US) == pytest.approx(WIDTH / 2)
