"""Simulated time and chance: in order, and the same each time."""

from functools import partial

import pytest

from resources.samples.chance import CODE_LETTERS, Chance
from resources.samples.places import BERLIN, NEW_YORK, Place
from resources.samples.simulation import SECOND, Agenda, moment_us

START = "2026-02-23T00:00+00:00"


def test_plans_are_carried_out_in_the_order_of_time_then_of_planning() -> None:
    agenda, done = Agenda(START), list[str]()
    for delay_s, name in ((2, "late"), (1, "early"), (2, "later")):
        agenda.after(delay_s * SECOND, partial(done.append, name))

    agenda.run()

    assert done == ["early", "late", "later"]


def test_what_is_done_can_plan_more() -> None:
    agenda, seen = Agenda(START), list[int]()

    def again() -> None:
        seen.append(agenda.now_us - moment_us(START))
        if len(seen) < 3:
            agenda.after(SECOND, again)

    agenda.after(0, again)
    agenda.run()

    assert seen == [0, SECOND, 2 * SECOND]


def test_the_past_is_not_open_to_plans() -> None:
    agenda = Agenda(START)

    with pytest.raises(ValueError, match="passed"):
        agenda.at(agenda.now_us - 1, lambda: None)


def test_the_same_seed_gives_the_same_chance() -> None:
    draws = [
        [chance.whole(0, 999) for _ in range(5)] for chance in (Chance(7), Chance(7), Chance(8))
    ]

    assert draws[0] == draws[1] != draws[2]


def test_numbers_stay_within_their_ends_and_reach_them() -> None:
    chance = Chance(1)

    assert {chance.whole(3, 5) for _ in range(200)} == {3, 4, 5}
    assert all(10 <= chance.skewed(10, 20) < 20 for _ in range(200))


def test_a_choice_comes_as_often_as_its_weight_says() -> None:
    chance = Chance(1)
    draws = [chance.weighted((("rare", 1.0), ("never", 0.0), ("usual", 9.0))) for _ in range(2000)]

    assert draws.count("never") == 0
    assert 100 < draws.count("rare") < 300


def test_a_code_has_no_letters_that_look_alike() -> None:
    assert set(Chance(1).code(500)) <= set(CODE_LETTERS)
    assert not set("O0I1") & set(CODE_LETTERS)


@pytest.mark.parametrize(
    ("place", "at", "offset_min"),
    [
        (BERLIN, "2026-03-29T00:59:59+00:00", 60),
        (BERLIN, "2026-03-29T01:00:00+00:00", 120),
        (NEW_YORK, "2026-03-08T06:59:59+00:00", -300),
        (NEW_YORK, "2026-03-08T07:00:00+00:00", -240),
    ],
)
def test_clocks_change_for_the_summer(place: Place, at: str, offset_min: int) -> None:
    assert place.offset_at(moment_us(at)) == offset_min
