"""Events of which there is nothing to say are placed on a short way: to the same place."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.events import NewEvent
from store.provenance import UNKNOWN, Origin
from store.reading.format import Incoming
from store.sqlite.connect import create_log, open_log
from store.times import now_us
from store.transfer import unique_keys
from store.transfer.known import Placed
from store.transfer.plan import Planner
from store.transfer.recording import Recording
from store.transfer.report import ImportCounts
from store.transfer.unique_keys import in_parts

DAY_US = 86_400_000_000
PLACE = Planner.place
PAYLOADS = ('{"a":1}', '{ "a":1, "b":2 }', '{"a":1,"a":2}', "1e5", '{"a":1.50}', "[]")

times = st.none() | st.sampled_from(
    [1, DAY_US, 900 * DAY_US, 901 * DAY_US, now_us() + 400 * DAY_US]
)
origins = st.just(UNKNOWN) | st.builds(
    Origin,
    cursor=st.none() | st.integers(1, 6).map(str),
    is_exact=st.booleans(),
    recorded_at=st.none() | st.just("2001-01-01T00:00:00Z"),
)
events = st.builds(
    NewEvent,
    type=st.just("Noted"),
    id=st.integers(1, 9).map("e{}".format),
    data_json=st.sampled_from(PAYLOADS),
    metadata_json=st.sampled_from(["{}", '{"user":"ada"}', '{"a":1,"a":2}']),
    recorded_at_us=times,
    recorded_offset_min=st.just(0),
    occurred_at_us=times,
    occurred_offset_min=st.just(0),
    links=st.sampled_from([(), (), ("s-1",), ("s-9",)]),
    source_json=st.none() | st.just('{"format":"x"}'),
)
incoming = st.builds(
    Incoming,
    stream=st.sampled_from(["s-1", "s-2"]),
    event=events,
    version=st.none() | st.integers(0, 4),
    origin=origins,
    beyond=st.sampled_from(["", "", '"extras":1']),
    scope=st.sampled_from(["", "", "here"]),
    has_minted_id=st.booleans(),
    has_naive_time=st.booleans(),
    has_unique_keys=st.just(False),
)


@given(batches=st.lists(st.lists(incoming, max_size=8), max_size=4))
def test_the_short_way_ends_where_the_long_one_does(batches: list[list[Incoming]]) -> None:
    by_both = recorded(batches)
    with patch.object(Planner, "add_plain", lambda *_: False):
        by_the_long_one = recorded(batches)

    assert by_both == by_the_long_one


def recorded(batches: list[list[Incoming]]) -> list[tuple[list[Placed], ImportCounts]]:
    """What is placed of each batch, and what is counted."""
    found = list[tuple[list[Placed], ImportCounts]]()
    with TemporaryDirectory() as folder:
        path = Path(folder, "log.foldline")
        create_log(path)
        with closing(open_log(path, writable=True)) as db:
            recording = Recording(db, format_name="test")
            for batch in batches:
                placed: list[Placed] = []

                def noted(
                    self: Planner, it: list[Incoming], placed: list[Placed] = placed
                ) -> list[Placed]:
                    placed += PLACE(self, it)
                    return placed

                with (
                    patch.object(Planner, "place", noted),
                    recording.transaction(),
                ):
                    recording.take(batch)
                found.append((placed, recording.tally.counts()))
    return found


def of(*payloads: str) -> list[Incoming]:
    made = (NewEvent(type="Noted", id=f"e{n}", data_json=it) for n, it in enumerate(payloads))
    return [Incoming(stream="s", event=it) for it in made]


@pytest.mark.parametrize("payload", ['{"a":1,"a":2}', '{"a":{"b":1,"b":1}}', "1e5", "{"])
def test_payloads_are_not_said_to_have_unique_keys_where_one_may_not(payload: str) -> None:
    parts = list(in_parts(of('{"a":1,"b":2}', payload, '{"a":1,"b":2}')))

    assert [it for _, it in parts] == [False]


def test_payloads_with_unique_keys_are_known_by_one_look() -> None:
    assert [it for _, it in in_parts(of('{"a": 1}', '{"a":1.50}', '["é"]'))] == [True]


def test_behind_a_part_that_cannot_be_told_no_other_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unique_keys, "TOGETHER", 2)

    parts = list(in_parts(of("1", "2", "3e1", "4", "5", "6")))

    assert [it for _, it in parts] == [True, False, False]
    assert [len(part) for part, _ in parts] == [2, 2, 2]
