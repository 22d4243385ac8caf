"""A list with very many entries: the same as a plain one, and an event costs no more for it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.states.long_list import NONE, LongList, of_its_own, plain, with_long_lists
from replay.states.state_part import ABSENT, is_same, part_of
from store import json_text

MANY = 20_000
FIELDS = ("id", "kind")

values = st.one_of(
    st.integers(0, 5),
    st.booleans(),
    st.none(),
    st.sampled_from(["a", "b"]),
    st.sampled_from([Decimal("1.0"), Decimal("2.5"), [1], {"a": 1}]),
)
entries = st.one_of(
    st.fixed_dictionaries({"id": values, "kind": st.integers(0, 1)}),
    st.fixed_dictionaries({"id": values}),
    values,
)
changes = st.one_of(
    st.tuples(st.just("append"), entries, st.just(0)),
    st.tuples(st.just("set"), entries, st.integers(0, 400)),
    st.tuples(st.just("delete"), st.none(), st.integers(0, 400)),
    st.tuples(st.just("change"), values, st.integers(0, 400)),
    st.tuples(st.just("copy"), st.none(), st.just(0)),
)


def place_of(entries: list[Any], name: str, value: Any) -> int:
    """Looked for along the list; NONE where there is none."""
    for at, it in enumerate(entries):
        if type(it) is not dict or name not in it:
            continue
        if it[name] == value and (type(it[name]) is bool) is (type(value) is bool):
            return at
    return NONE


@given(
    begun=st.lists(entries, max_size=6),
    times=st.sampled_from([1, 60]),
    done=st.lists(changes, max_size=20),
    asked=st.tuples(st.sampled_from(FIELDS), values),
)
@settings(max_examples=80, deadline=None)
def test_it_is_the_list_that_a_plain_one_would_be_and_older_versions_stay(
    begun: list[Any], times: int, done: list[tuple[str, Any, int]], asked: tuple[str, Any]
) -> None:
    expected = begun * times
    listed, older = LongList(expected), list[tuple[LongList, list[Any]]]()

    for what, value, at in done:
        if what == "append":
            listed.append(value)
            expected.append(value)
        elif what == "copy":
            older.append((listed, expected.copy()))
            listed = listed.copy()
        elif expected and type(entry := expected[at % len(expected)]) is dict:
            change_one(listed, expected, what, value, entry["id"])
        number, place = listed.find(*asked), place_of(expected, *asked)
        assert (number == NONE) is (place == NONE)
        assert number == NONE or listed[number] == expected[place]

    assert len(listed) == len(expected)
    assert list(listed) == expected
    assert [listed.at(it) for it in range(len(expected))] == expected
    for version, known in older:
        assert list(version) == known


def change_one(listed: LongList, expected: list[Any], what: str, value: Any, id_: Any) -> None:
    """The first entry of an id."""
    number, place = listed.find("id", id_), place_of(expected, "id", id_)
    if what == "delete":
        del listed[number]
        del expected[place]
    elif what == "set":
        listed[number] = expected[place] = value
    else:
        listed.to_change(number, "id")["id"] = value
        expected[place] = {**expected[place], "id": value}


class Counted(str):
    """A text that counts how often it is compared."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)


@pytest.fixture
def counted() -> Iterator[type[Counted]]:
    Counted.compared = 0
    yield Counted
    Counted.compared = 0


def test_an_entry_among_very_many_is_found_without_looking_along_them(
    counted: type[Counted],
) -> None:
    listed = LongList({"id": counted(f"p{it}")} for it in range(MANY))
    listed.find("id", "p0")
    counted.compared = 0

    for it in range(0, MANY, 100):
        number = listed.find("id", f"p{it}")
        listed[number] = {**listed[number], "n": it}
        del listed[listed.find("id", f"p{it + 1}")]
        listed.append({"id": counted(f"q{it}")})

    assert counted.compared < 10 * (MANY // 100)


def test_entries_that_share_a_value_are_found_in_their_order_without_looking_along_them(
    counted: type[Counted],
) -> None:
    listed = LongList({"id": it, "kind": counted("red")} for it in range(MANY))
    listed.find("kind", "red")
    counted.compared = 0

    found = []
    for it in range(100):
        number = listed.find("kind", "red")
        found.append(listed[number]["id"])
        del listed[number]
        listed.append({"id": MANY + it, "kind": counted("red")})

    assert found == list(range(100))
    assert counted.compared < 100 * 1_000


def test_a_version_shares_what_did_not_change(counted: type[Counted]) -> None:
    before = LongList({"id": it, "text": counted("x")} for it in range(MANY))
    after = before.copy()
    after[after.find("id", 7)] = {"id": 7, "text": counted("y")}
    counted.compared = 0

    is_like = after.is_like(before, lambda one, other: bool(one["text"] == other["text"]))

    assert not is_like
    assert counted.compared < 300


def test_a_list_that_is_emptied_and_filled_again_stays_small() -> None:
    listed = LongList()

    for it in range(MANY):
        listed.append({"id": it})
        if it >= 10:
            del listed[listed.find("id", it - 10)]

    assert [it["id"] for it in listed] == list(range(MANY - 10, MANY))
    assert listed.at(9) == {"id": MANY - 1}
    with pytest.raises(IndexError):
        listed.at(10)


def test_long_lists_of_a_value_are_kept_as_such_and_given_as_plain_ones() -> None:
    given = {"a": [{"b": list(range(100))}], "c": list(range(100)), "d": [1], "e": 1}

    kept = with_long_lists(given)
    other = of_its_own(kept)
    other["c"].append(100)
    other["a"][0]["b"].append(100)

    assert isinstance(kept["c"], LongList)
    assert isinstance(kept["a"][0]["b"], LongList)
    assert plain(kept) == given
    assert json_text.encode(kept) == json_text.encode(given)
    assert plain(given) is given
    assert part_of(kept, ("c", 99)) == 99
    assert part_of(kept, ("c", 100)) is ABSENT
    assert is_same(kept["c"], given["c"])
    assert is_same(given, kept)
    assert not is_same(kept["c"], other["c"])
    assert not is_same(kept["c"], 1)
