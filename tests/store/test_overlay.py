"""A log with one event left out is a log to every reader of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from store.events import ANY_VERSION, NewEvent
from store.interface import EventReader
from store.memory import MemoryStore
from store.place import Place
from tests.contracts.overlay import WithoutOne
from tests.contracts.plain_log import Given
from tests.contracts.reading import ReadingContract

LEFT_OUT = Given(
    stream="order-1",
    event=NewEvent.of(
        "Withdrawn",
        {"n": 1},
        id="left-out",
        recorded_at_us=7,
        occurred_at_us=2,
        links=("cart-1", "cart-7"),
    ),
)


class TestOverlay(ReadingContract):
    """Over a log that holds one event more, in the middle."""

    @contextmanager
    def holding(self, given: Sequence[Given]) -> Iterator[EventReader]:
        at = len(given) // 2
        with _without([*given[:at], LEFT_OUT, *given[at:]], at + 1) as log:
            yield log


class TestOverlayOfAnOverlay(ReadingContract):
    """An overlay is a log, so another one may stand on it."""

    @contextmanager
    def holding(self, given: Sequence[Given]) -> Iterator[EventReader]:
        second = Given(stream="cart-1", event=NewEvent.of("Paid", {"n": 3}, id="left-out-too"))
        with _without([LEFT_OUT, *given, second], 1) as log:
            yield WithoutOne(log, len(given) + 1, place=Place(Path("nowhere")))


@contextmanager
def _without(given: Sequence[Given], position: int) -> Iterator[EventReader]:
    store = MemoryStore()
    for it in given:
        store.append(it.stream, [it.event], expected=ANY_VERSION)
    log = WithoutOne(store, position, place=Place(Path("nowhere")))
    yield log
    log.close()
