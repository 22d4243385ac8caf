"""Names are found by letters in their order; words that begin with them come first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.viewmodels.fuzzy import FuzzyNames, folded, marks

NAMES = [
    "order-12",
    "reorder",
    "Order",
    "oxford road-1",
    "OrderPlaced",
    "ProcessOrder",
    "owner",
    "Go to position or time…",
    "Größe ändern",
    "注文-1",
]


def found(sought: str, names: list[str] = NAMES) -> list[str]:
    known = FuzzyNames(names)
    hits, _ = known.find(sought, most=100)
    return [known.names[it.number] for it in hits]


def test_the_likeliest_comes_first() -> None:
    assert found("order") == [
        "Order",  # the whole name
        "order-12",  # names that begin with it, the shorter first
        "OrderPlaced",
        "ProcessOrder",  # a word of it
        "reorder",  # somewhere
    ]


@pytest.mark.parametrize(
    ("sought", "first"),
    [
        ("gtp", "Go to position or time…"),
        ("op", "OrderPlaced"),
        ("o12", "order-12"),
        ("oxr1", "oxford road-1"),
        ("GRÖ", "Größe ändern"),
        ("注1", "注文-1"),
        ("proc order", "ProcessOrder"),
    ],
)
def test_letters_in_order_find_a_name(sought: str, first: str) -> None:
    assert found(sought)[0] == first


def test_what_no_name_has_finds_nothing_and_nothing_sought_finds_all() -> None:
    assert found("zzz") == []
    assert found("drowner") == []
    assert found("") == NAMES
    assert found("a", []) == []


def test_at_most_so_many_are_given_and_all_are_counted() -> None:
    known = FuzzyNames([f"order-{n}" for n in range(1_000)])

    hits, total = known.find("order", most=10)

    assert (len(hits), total) == (10, 1_000)
    assert [known.names[it.number] for it in hits] == [f"order-{n}" for n in range(10)]


@pytest.mark.parametrize(
    ("sought", "name", "places"),
    [
        ("pos", "Go to position", (6, 7, 8)),
        ("gp", "Go to position", (0, 6)),
        ("OP", "OrderPlaced", (0, 5)),
        ("rdr", "OrderPlaced", (1, 2, 4)),
        ("x", "OrderPlaced", ()),
        ("", "OrderPlaced", ()),
    ],
)
def test_the_letters_that_were_sought_are_marked(
    sought: str, name: str, places: tuple[int, ...]
) -> None:
    assert marks(sought, name) == places


LETTERS = st.text(alphabet="aAbB-_1 \nßéİ注", max_size=8)


@given(names=st.lists(LETTERS, max_size=12), sought=LETTERS)
def test_found_are_exactly_the_names_that_hold_the_letters_in_order(
    names: list[str], sought: str
) -> None:
    letters = folded("".join(sought.split()))
    expected = []
    for name in names:
        rest = iter(folded(name.replace("\n", " ")))
        if all(letter in rest for letter in letters):
            expected.append(name)

    known = FuzzyNames(names)
    hits, total = known.find(sought, most=5)

    assert total == len(expected)
    assert len(hits) == min(total, 5)
    assert all(known.names[it.number] in expected for it in hits)
    keys = [(it.tier, it.order) for it in hits]
    assert keys == sorted(keys)
    for it in hits:
        name = known.names[it.number]
        assert "".join(folded(name)[at] for at in marks(sought, name)) == letters
