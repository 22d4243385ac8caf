"""A record of a topic as an event, ours and anybody's."""

from typing import Any

import pytest
from confluent_kafka import TIMESTAMP_CREATE_TIME, Message

from store.events import NewEvent
from store.reading.format import Incoming, Rejected
from store.remote.interface import RemoteEvent
from store.remote.kafka.envelope import Envelope
from store.remote.kafka.incoming import Arrived, arrived


def read(key: bytes | None, value: bytes | None, headers: Any = None) -> Arrived:
    message = Message(
        topic="orders",
        partition=2,
        offset=40,
        key=key,
        value=value,
        headers=headers,
        timestamp=(TIMESTAMP_CREATE_TIME, 1_600_000_000_123),
    )
    return arrived(message)


def event_of(it: Arrived) -> Incoming:
    assert isinstance(it.record, Incoming)
    return it.record


def test_what_a_relay_wrote_comes_back_with_its_version_and_place() -> None:
    event = NewEvent.of("Placed", {"n": 1}, {"actor": "ada"}, recorded_at_us=5, occurred_at_us=5)
    sent = RemoteEvent(stream="order-1", version=3, cursor="x", place="17", event=event)

    found = read(b"order-1", event.data_json.encode(), Envelope("shop").headers(sent))

    assert (found.version, found.position, found.store) == (3, 17, "shop")
    assert (event_of(found).stream, event_of(found).event) == ("order-1", event)
    assert event_of(found).origin.cursor == "orders/2/40"


def test_what_anybody_wrote_is_mapped_as_at_an_import() -> None:
    found = event_of(
        read(b"order-1", b'{"eventType":"Placed","eventId":"a","n":1}', [("trace", b"t-1")])
    )

    assert (found.stream, found.event.type, found.event.id) == ("orders/order-1", "Placed", "a")
    assert found.event.metadata_json == '{"trace":"t-1"}'
    assert found.event.recorded_at_us == 1_600_000_000_123_000
    assert (found.version, found.format) == (None, "kcat")


@pytest.mark.parametrize(
    ("key", "value", "stream", "type_", "data"),
    [
        (b"a", None, "orders/a", "Tombstone", "null"),
        (None, b"12", "orders/2", "Record", "12"),
        (b"a", b"", "orders/a", "Record", '""'),
        (b"\xff", b"1", "orders//w==", "Record", "1"),
        (b"a", b"\x00\xff", "orders/a", "Record", '"AP8="'),
    ],
)
def test_any_key_and_value_become_an_event(
    key: bytes | None, value: bytes | None, stream: str, type_: str, data: str
) -> None:
    found = event_of(read(key, value))

    assert (found.stream, found.event.type, found.event.data_json) == (stream, type_, data)


def test_bytes_that_are_no_text_are_said_to_be_base64() -> None:
    found = event_of(read(b"a", b"\x00\xff"))

    assert found.is_opaque
    assert '"data_encoding":"base64"' in found.beyond


def test_a_record_that_cannot_be_stored_is_rejected_with_its_place() -> None:
    found = read(b"a", b'{"type":"half a pair: \\ud800"}')

    assert isinstance(found.record, Rejected)
    assert "orders/2/40" in found.record.reason
