"""An event that occurred before something its stream already held is told as late, and where it
would have been."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from replay.states.late_events import Late, LateEvents, find_late, late_mark
from store.events import NewEvent
from store.memory import MemoryStore

STREAM = "a-1"
Step = tuple[int, str, int]  # when it occurred; its home; how many links to the stream

steps = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([STREAM, "b-1"]), st.integers(0, 1)), max_size=30
)


def test_a_late_event_says_after_which_event_it_belongs() -> None:
    store = _log([(100, STREAM, 0), (300, STREAM, 0), (200, STREAM, 0), (50, STREAM, 0)])

    found = LateEvents().of(store, store.read())

    assert found == {
        3: Late(position=3, after=1, overtaken=1),
        4: Late(position=4, after=0, overtaken=3),
    }
    assert "after the event at 1, before 1 event of its stream" in found[3].words
    assert (
        "before 3 events of its stream that were recorded earlier, as the first" in found[4].words
    )
    assert [late_mark(it) for it in found.values()] == ["late, after 1", "late, first"]
    store.close()


def test_an_event_of_the_same_time_is_not_late() -> None:
    store = _log([(5, STREAM, 0), (5, STREAM, 0)])
    assert LateEvents().of(store, store.read()) == {}
    store.close()


def test_an_event_of_another_stream_makes_none_late() -> None:
    store = _log([(9, "b-1", 0), (5, STREAM, 0)])
    assert LateEvents().of(store, store.read()) == {}
    store.close()


@given(steps=steps, asked=st.integers(1, 4))
def test_it_is_what_a_plain_comparison_with_all_earlier_events_gives(
    steps: list[Step], asked: int
) -> None:
    """However much the log has grown between the questions."""
    store, late = MemoryStore(), LateEvents()
    for number, step in enumerate(steps, 1):
        _append(store, step)
        if number % asked == 0:
            assert late.of(store, store.read()) == _by_hand(store)
    counts = {it.type: it.count for it in find_late(store)}
    assert counts == ({"T": len(_by_hand(store))} if _by_hand(store) else {})
    store.close()


def _by_hand(log: MemoryStore) -> dict[int, Late]:
    found = {}
    for event in log.read():
        mine = (event.occurred_at_us, event.position)
        others = list(log.read_stream(event.stream))
        overtaken = [
            it
            for it in others
            if it.position < event.position and it.occurred_at_us > event.occurred_at_us
        ]
        if overtaken:
            keys = sorted((it.occurred_at_us, it.position) for it in others)
            before = [position for at, position in keys if (at, position) < mine]
            found[event.position] = Late(
                position=event.position,
                after=before[-1] if before else 0,
                overtaken=len(overtaken),
            )
    return found


def _log(steps: Sequence[Step]) -> MemoryStore:
    store = MemoryStore()
    for step in steps:
        _append(store, step)
    return store


def _append(store: MemoryStore, step: Step) -> None:
    occurred_us, home, links = step
    event = NewEvent.of(
        "T", {"at": occurred_us}, occurred_at_us=occurred_us, links=(STREAM,) * links
    )
    store.append(home, [event], expected=None)
