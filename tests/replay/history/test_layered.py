"""Where the messages of a conversation are drawn."""

from hypothesis import given
from hypothesis import strategies as st

from replay.history.layered import layered

NODES = [f"n{at}" for at in range(12)]
LINKS = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=30)


@given(LINKS)
def test_every_node_has_a_place_of_its_own(links: list[tuple[str, str]]) -> None:
    places = layered(NODES, links)

    assert set(places) == set(NODES)
    assert len(set(places.values())) == len(NODES)


@given(LINKS)
def test_effects_stand_below_their_causes(links: list[tuple[str, str]]) -> None:
    forward = [(a, b) for a, b in links if NODES.index(a) < NODES.index(b)]
    places = layered(NODES, forward)

    assert all(places[cause][0] < places[effect][0] for cause, effect in forward)


def test_rows_are_untangled() -> None:
    """Two pairs that would cross in the order in which they come."""
    nodes = ["a", "b", "of b", "of a", "end"]
    links = [("a", "of a"), ("b", "of b"), ("of a", "end"), ("of b", "end")]
    places = layered(nodes, links)

    assert (places["a"][1] < places["b"][1]) == (places["of a"][1] < places["of b"][1])


def test_what_is_not_linked_stands_below_in_its_order() -> None:
    places = layered(["a", "b", "c", "d"], [("a", "b"), ("c", "d")])

    assert places == {"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (3, 0)}


def test_a_circle_is_drawn_without_the_link_that_closes_it() -> None:
    assert layered(["a", "b"], [("a", "b"), ("b", "a")]) == {"a": (0, 0), "b": (1, 0)}
