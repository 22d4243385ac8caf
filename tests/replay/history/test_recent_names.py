"""Actors and conversations among the newest events."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from replay.history import recent_names
from replay.history.recent_names import NEWEST, RecentNames, grown
from store.events import NewEvent
from store.memory import MemoryStore

NAMES = st.none() | st.sampled_from(["ada", "eve", ""])


def log_of(*metadata: Mapping[str, object]) -> MemoryStore:
    log = MemoryStore()
    log.append("a-1", [NewEvent.of("Set", {}, it) for it in metadata], expected=None)
    return log


def test_who_acted_and_in_which_conversations_is_counted() -> None:
    log = log_of(
        {"user": "ada", "correlation_id": "c1"},
        {"user": 7, "correlation_id": "c1"},
        {"correlation_id": "c2"},
        {},
    )

    found = grown(log, RecentNames(), head=log.head())

    assert dict(found.actors) == {"ada": 1, "7": 1}
    told = [(it.id, it.count, it.begun_by, it.last_position) for it in found.conversations.values()]
    assert told == [("c1", 2, "Set", 2), ("c2", 1, "Set", 3)]
    assert (found.after, found.until) == (0, 4)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=12), st.integers(0, 12))
def test_growing_counts_as_looking_at_all_at_once(
    named: list[tuple[str | None, str | None]], at: int
) -> None:
    log = log_of({}, *({"user": one, "correlation_id": other} for one, other in named))
    head = log.head()

    whole = grown(log, RecentNames(), head=head)
    stepwise = grown(log, grown(log, RecentNames(), head=min(at, head)), head=head)

    assert stepwise == whole


def test_of_a_long_log_the_newest_events_are_looked_at(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(recent_names, "NEWEST", 10)
    monkeypatch.setattr(recent_names, "MOST", 20)
    log = log_of(*({"user": f"u{at}"} for at in range(1, 101)))

    first = grown(log, RecentNames(), head=50)
    on = grown(log, first, head=58)
    far = grown(log, on, head=100)

    assert (first.after, len(first.actors)) == (40, 10)
    assert (on.after, len(on.actors)) == (40, 18)
    assert (far.after, set(far.actors)) == (90, {f"u{at}" for at in range(91, 101)})
    assert NEWEST >= 10
