"""A client tells of an end when it sees it, and is heard later: meanwhile there may be more."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import pytest
from confluent_kafka import TIMESTAMP_CREATE_TIME, KafkaError, Message

from store.remote.address import address_of
from store.remote.kafka import reader as reader_module
from store.remote.kafka.reader import KafkaReader
from store.remote.kafka.topic import Topic

ENDED = -191  # what librdkafka calls _PARTITION_EOF
TOPIC = Topic(name="orders", identity="1", partitions=(0, 1))


class Client:
    """A consumer that hands over what a test says, one at each poll."""

    def __init__(self, told: Sequence[Message]) -> None:
        self._told = iter(told)

    def poll(self, _timeout_s: float) -> Message | None:
        return next(self._told, None)

    def consume(self, _count: int, _timeout_s: float) -> list[Message]:
        return []

    def get_watermark_offsets(self, *_slot: Any, **_how: Any) -> tuple[int, int]:
        return 0, 0

    def list_topics(self, *_which: Any) -> None:
        """It knows them."""

    def assign(self, _slots: Any) -> None:
        """It reads what the test says."""

    def close(self) -> None:
        """It holds nothing."""


def record(partition: int, offset: int, *, position: int) -> Message:
    return Message(
        topic="orders",
        partition=partition,
        offset=offset,
        key=b"s-%d" % partition,
        value=b"{}",
        headers=[
            ("ce_id", b"%d" % position),
            ("ce_type", b"Noted"),
            ("ce_time", b"2026-01-01T00:00:00Z"),
            ("ce_source", b"foldline:shop"),
            ("ce_sequence", b"%d" % (offset + 1)),
            ("foldline_position", b"%d" % position),
        ],
        timestamp=(TIMESTAMP_CREATE_TIME, 1_600_000_000_123),
    )


def end(partition: int, offset: int) -> Message:
    return Message(topic="orders", partition=partition, offset=offset, error=KafkaError(ENDED))


def read(
    monkeypatch: pytest.MonkeyPatch, told: Sequence[Message], *, ends: dict[int, int]
) -> list[str]:
    """The ids that one page has; `ends` is what brokers say when they are asked."""
    monkeypatch.setattr(reader_module, "look_at", lambda _connection: TOPIC)
    monkeypatch.setattr(reader_module, "made", lambda *_how: Client(told))
    monkeypatch.setattr(reader_module, "committed_ends", lambda *_topic: ends)
    monkeypatch.setattr(reader_module, "HOLD_S", 0)
    with closing(KafkaReader(address_of("kafka://127.0.0.1:1/orders"))) as reader:
        return [it.event.id or "" for it in reader.page(None)]


def test_a_page_is_not_empty_where_all_ends_are_old(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [end(0, 0), end(1, 0), record(0, 0, position=1), end(0, 1)]

    assert read(monkeypatch, told, ends={0: 1, 1: 0}) == ["1"]


def test_the_order_of_the_store_is_kept_where_one_end_is_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [end(0, 0), record(1, 0, position=2), end(1, 1), record(0, 0, position=1), end(0, 1)]

    assert read(monkeypatch, told, ends={0: 1, 1: 1}) == ["1", "2"]


def test_an_end_that_is_heard_after_brokers_were_asked_may_be_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [
        end(0, 0),
        end(1, 0),
        record(1, 0, position=2),
        end(0, 0),
        end(1, 1),
        record(0, 0, position=1),
        end(0, 1),
    ]

    assert read(monkeypatch, told, ends={0: 1, 1: 1}) == ["1", "2"]
