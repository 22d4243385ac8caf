"""Random events for property tests: a few streams, linked crosswise, with clocks that step back and
tie."""

from collections.abc import Callable, Sequence
from typing import Final

from hypothesis import strategies as st

from store.events import NewEvent
from tests.contracts.plain_log import Given

STREAMS: Final = ("order-1", "order-2", "cart-1")
TYPES: Final = ("Placed", "Paid", "Sent")
TIMES: Final = st.integers(-3, 9)


@st.composite
def events(
    draw: st.DrawFn,
    name: str,
    *,
    most: int,
    least: int = 1,
    homes: Sequence[str] = STREAMS,
    types: Sequence[str] = TYPES,
    data: Callable[[str, int], object] = lambda _type, n: {"n": n},
    offset_min: int | None = None,
) -> list[Given]:
    """So many; ids begin with the name. `offset_min`: of the clock that recorded them."""
    parts = st.tuples(
        st.sampled_from(homes),
        st.sampled_from(types),
        TIMES,
        TIMES,
        st.sets(st.sampled_from(STREAMS)),
    )
    return [
        Given(
            stream=stream,
            event=NewEvent.of(
                type_,
                data(type_, n),
                id=f"{name}-{n}",
                recorded_at_us=recorded,
                recorded_offset_min=offset_min,
                occurred_at_us=occurred,
                links=tuple(links),
            ),
        )
        for n, (stream, type_, recorded, occurred, links) in enumerate(
            draw(st.lists(parts, min_size=least, max_size=most))
        )
    ]
