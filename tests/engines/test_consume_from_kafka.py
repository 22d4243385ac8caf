"""A local copy of a real topic, whoever is killed when, and what it says of the delivery."""

import json
import random
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from replay.command_line import run
from resources.engines.kafka import KafkaServer
from store.errors import StoreError
from store.events import NewEvent
from store.opening import open_store, reading
from store.remote.interface import RemoteEvent
from store.remote.kafka.envelope import Envelope
from store.remote.published_log import PublishedLog
from store.same_log import SameLog
from tests.engines.mirror_process import ended, following, until
from tests.engines.topics import PATIENCE_S, client, name_of, new_topic, produce

EVENTS = 600


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The one that is published."""
    path = tmp_path / "shop.foldline"
    open_store(path, create=True).close()
    return path


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    return tmp_path / "mirror.foldline"


@pytest.fixture
def url(kafka: KafkaServer) -> str:
    return new_topic(kafka)


def write(store: Path, many: int) -> None:
    with closing(open_store(store)) as log:
        for n in range(many):
            event = NewEvent.of("Noted", {"n": n}, {"actor": "ada"}, links=("all",))
            log.append(f"s-{n % 7}", [event], expected=None)


def rows(store: Path) -> list[tuple[Any, ...]]:
    """Everything of a log but its sources."""
    with reading(store) as log:
        return [
            (
                it.position,
                it.stream,
                it.version,
                it.type,
                it.id,
                it.recorded_at,
                it.occurred_at,
                it.data_json,
                it.metadata_json,
                log.links(it.position),
            )
            for it in log.read()
        ]


def head(store: Path) -> int:
    """0 while there is no store yet."""
    with suppress(StoreError), reading(store) as log:
        return log.head()
    return 0


def test_a_published_store_comes_back_in_its_order_over_all_partitions(
    kafka: KafkaServer, url: str, store: Path, mirror: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(store, EVENTS)
    run(["publish", str(store), "--to", url])

    assert run(["consume", url, "--into", str(mirror)]) == 0

    assert f"{EVENTS} events stored in mirror.foldline" in capsys.readouterr().out
    assert rows(mirror) == rows(store)
    with reading(mirror) as log:
        first = log.event(1)
    assert first is not None
    assert str((first.source or {})["origin_cursor"]).startswith(f"{name_of(url)}/")


def test_relay_consumer_and_broker_may_be_killed_and_nothing_is_missing_or_twice(
    kafka: KafkaServer, url: str, store: Path, mirror: Path
) -> None:
    chance = random.Random(3)
    for turn in range(3):
        wanted = head(mirror) + chance.randrange(1, 150)
        write(store, 200)
        relay = following("publish", str(store), "--to", url)
        consumer = following("consume", url, "--into", str(mirror))
        until(lambda: head(mirror) >= wanted, consumer)  # noqa: B023
        if turn == 1:
            kafka.kill()
            kafka.start()
        ended(relay)
        ended(consumer)

    run(["publish", str(store), "--to", url])
    run(["consume", url, "--into", str(mirror)])

    assert rows(mirror) == rows(store)


def test_a_consumer_goes_on_when_the_broker_was_killed_and_is_back(
    kafka: KafkaServer, url: str, store: Path, mirror: Path
) -> None:
    write(store, 50)
    run(["publish", str(store), "--to", url])
    consumer = following("consume", url, "--into", str(mirror))
    until(lambda: head(mirror) == 50, consumer)

    kafka.kill()
    kafka.start()
    write(store, 50)
    run(["publish", str(store), "--to", url])

    until(lambda: head(mirror) == 100, consumer)
    assert ended(consumer) == ""
    assert rows(mirror) == rows(store)


def send(kafka: KafkaServer, url: str, events: list[RemoteEvent], *, store: str) -> None:
    """As a relay would that sends twice, too late or not at all."""
    producer, envelope = Producer(client(kafka)), Envelope(store)
    for it in events:
        headers: Any = envelope.headers(it)
        producer.produce(name_of(url), it.event.data_json, it.stream, headers=headers)
    assert producer.flush(PATIENCE_S) == 0


def test_duplicates_gaps_and_late_events_are_told_by_partition_and_offset(
    kafka: KafkaServer, store: Path, mirror: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = new_topic(kafka, partitions=1)
    with closing(open_store(store)) as log:
        log.append("s", [NewEvent.of("Noted", {"n": n}) for n in range(6)], expected=None)
    with closing(PublishedLog(SameLog(store))) as source:
        one, two, three, four, _, six = source.page(None)
        send(kafka, url, [one, two, two, four, three, six], store=source.identity())

    assert run(["consume", url, "--into", str(mirror), "--json"]) == 0

    lines = [json.loads(it) for it in capsys.readouterr().out.splitlines()]
    found = [it["finding"] for it in lines if "finding" in it]
    topic = name_of(url)
    assert [(it["kind"], it["place"], it["version"]) for it in found] == [
        ("duplicate", f"{topic}/0/2", 2),
        ("gap", f"{topic}/0/3", 4),
        ("reordering", f"{topic}/0/4", 3),
        ("gap", f"{topic}/0/5", 6),
    ]
    (sums,) = [it["delivery"] for it in lines if "delivery" in it]
    assert sums == {"duplicates": 1, "gaps": 2, "reorderings": 1, "missing": 1}
    assert [row[7] for row in rows(mirror)] == [
        '{"n":0}',
        '{"n":1}',
        '{"n":3}',
        '{"n":2}',
        '{"n":5}',
    ]


def test_records_of_anybody_are_mapped_by_the_rules_of_an_import_also_at_the_next_run(
    kafka: KafkaServer, url: str, mirror: Path
) -> None:
    produce(kafka, url, [("k", '{"kind":"Placed","order":"7","n":1}')])
    rules = ["--map", "stream=order-{order}", "--map", "type=kind"]
    assert run(["consume", url, "--into", str(mirror), *rules]) == 0
    produce(kafka, url, [("k", '{"kind":"Paid","order":"7","n":2}')])

    assert run(["consume", url, "--into", str(mirror)]) == 0

    assert [row[1:4] for row in rows(mirror)] == [("order-7", 1, "Placed"), ("order-7", 2, "Paid")]


def test_a_topic_that_holds_something_else_by_now_changes_nothing(
    kafka: KafkaServer, url: str, store: Path, mirror: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(store, 3)
    run(["publish", str(store), "--to", url])
    run(["consume", url, "--into", str(mirror)])
    other = new_topic(kafka)
    produce(kafka, other, [("k", "1")])

    assert run(["consume", other, "--into", str(mirror)]) == 1

    assert "another one than was mirrored" in capsys.readouterr().err
    assert rows(mirror) == rows(store)
