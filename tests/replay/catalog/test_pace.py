"""What is told of a rebuild under way: share, rate and time left, on a clock of the test."""

from replay.catalog.pace import Estimate, Pace
from replay.catalog.rebuild import Progress


class Clock:
    def __init__(self) -> None:
        self.now_s = 50.0

    def __call__(self) -> float:
        return self.now_s

    def passes(self, seconds: float) -> None:
        self.now_s += seconds


def progress(events: int, **facts: int | str) -> Progress:
    given = {"view": "streams", "total": 1_000, "resumed_at": 0, "view_count": 1, "views_left": 0}
    return Progress(events=events, **{**given, **facts})  # type: ignore[arg-type]


def test_the_rate_and_the_time_left_follow_from_what_was_folded() -> None:
    clock = Clock()
    pace = Pace(clock)

    clock.passes(2)
    told = pace.estimate(progress(400))

    assert told == Estimate(fraction=0.4, rate=200, seconds_left=3)


def test_what_an_earlier_rebuild_had_folded_is_no_speed_of_this_one() -> None:
    clock = Clock()
    pace = Pace(clock)

    clock.passes(2)
    told = pace.estimate(progress(600, resumed_at=500))

    assert told == Estimate(fraction=0.6, rate=50, seconds_left=8)


def test_time_that_it_was_held_does_not_count() -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.passes(1)
    pace.estimate(progress(100))

    pace.hold(lambda: clock.passes(3_600))
    clock.passes(1)
    told = pace.estimate(progress(200))

    assert told == Estimate(fraction=0.2, rate=100, seconds_left=8)


def test_of_several_views_all_are_counted_and_each_has_its_own_pace() -> None:
    clock = Clock()
    pace = Pace(clock)
    clock.passes(10)
    pace.estimate(progress(1_000, view_count=4, views_left=3))
    pace.hold(lambda: clock.passes(100))

    clock.passes(1)
    told = pace.estimate(progress(500, view="timeline", view_count=4, views_left=2))

    assert told == Estimate(fraction=0.375, rate=500, seconds_left=5)


def test_where_nothing_was_folded_yet_nothing_is_promised() -> None:
    pace = Pace(Clock())

    told = pace.estimate(progress(500, resumed_at=500))

    assert told == Estimate(fraction=0.5, rate=None, seconds_left=None)
