"""The samples come in through the canonical reader and go out again as they were."""

import io
from collections.abc import Iterator
from itertools import count

import pytest

from replay.states.merge_patch import merge
from store.events import RecordedEvent
from store.formats import canonical_jsonl
from store.reading.format import Incoming, Outgoing
from store.reading.source import Source
from tests.resources.sample_lines import NAMES, of_stream, path, text


def outgoing(records: Iterator[object]) -> Iterator[Outgoing]:
    """What the log would hold after an import into an empty one."""
    for position, record in zip(count(1), records, strict=False):
        assert isinstance(record, Incoming), record
        event, version = record.event, record.version
        assert version is not None
        assert event.recorded_at_us is not None
        assert event.occurred_at_us is not None
        recorded = RecordedEvent(
            position,
            record.stream,
            version,
            event.type,
            event.id,
            event.recorded_at_us,
            event.recorded_offset_min,
            event.occurred_at_us,
            event.occurred_offset_min,
            event.data_json,
            event.metadata_json,
            event.source_json,
        )
        yield Outgoing(recorded, event.links)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_the_same_after_in_and_out(name: str) -> None:
    out = io.BytesIO()
    assert canonical_jsonl.FORMAT.write is not None

    with Source(path(name)) as source:
        canonical_jsonl.FORMAT.write(outgoing(iter(canonical_jsonl.read(source))), out)

    assert out.getvalue().decode() == text(name)


def merged(name: str, stream: str, until: int | None = None) -> dict[str, object]:
    state: dict[str, object] = {}
    for line in of_stream(name, stream):
        if until is None or line["position"] <= until:
            state = merge(state, line["data"])
    return state


def test_a_finished_order_shows_seats_total_registrant_and_confirmation() -> None:
    state = merged("conference", "order-61cf")

    assert state["isConfirmed"] is True
    assert state.keys() >= {"seats", "total", "registrant", "accessCode", "reservationExpiration"}


def test_a_finished_registration_has_no_timer_left() -> None:
    state = merged("conference", "registration-61cf")

    assert (state["isCompleted"], state["outcome"]) == (True, "Confirmed")
    assert "expirationCommandId" not in state


def test_a_ship_at_sea_is_bound_for_a_port_and_one_in_port_is_not() -> None:
    ship = of_stream("ships", "ship-king-roy")
    left, arrived = (
        next(line["position"] for line in ship if line["type"] == kind and line["position"] > 85)
        for kind in ("Departure", "Arrival")
    )

    assert merged("ships", "ship-king-roy", until=left)["boundFor"] == "san-francisco"
    assert "boundFor" not in merged("ships", "ship-king-roy", until=arrived)


def test_what_is_aboard_is_what_was_loaded_and_not_yet_unloaded() -> None:
    loaded = {
        line["data"]["cargo"]: line["type"] == "Load"
        for line in of_stream("ships", "ship-lady-beatrice")
        if line["type"] in ("Load", "Unload")
    }

    aboard = merged("ships", "ship-lady-beatrice")["aboard"]
    assert isinstance(aboard, dict)
    assert aboard.keys() == {cargo for cargo, is_aboard in loaded.items() if is_aboard}
