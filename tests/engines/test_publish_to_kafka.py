"""A real topic that a store is published to, whoever is killed when."""

import random
from contextlib import closing
from pathlib import Path

import pytest
from confluent_kafka import Message
from confluent_kafka.admin import AdminClient

from replay.command_line import run
from resources.engines.kafka import KafkaServer
from store.events import NewEvent
from store.opening import open_store, reading
from store.remote.address import address_of
from store.remote.kafka.publishing import Publishing
from store.remote.kafka.relay import Relay, RelayFenced, TooLarge
from store.remote.published_log import PublishedLog
from store.same_log import SameLog
from tests.engines.mirror_process import ended, following, until
from tests.engines.topics import PATIENCE_S, client, header, name_of, new_topic, records

STREAMS = 7


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """An empty one."""
    path = tmp_path / "shop.foldline"
    open_store(path, create=True).close()
    return path


@pytest.fixture
def url(kafka: KafkaServer) -> str:
    return new_topic(kafka)


def write(store: Path, many: int) -> None:
    with closing(open_store(store)) as log:
        for n in range(many):
            log.append(f"s-{n % STREAMS}", [NewEvent.of("Noted", {"n": n})], expected=None)


def rows(store: Path) -> list[tuple[str, int, str, str]]:
    with reading(store) as log:
        return [(it.stream, it.version, it.id, it.data_json) for it in log.read()]


def row_of(it: Message) -> tuple[str, int, str, str]:
    key, value = it.key() or b"", it.value() or b""
    version = int(header(it, "ce_sequence"))
    return key.decode(), version, header(it, "ce_id"), value.decode()


def require_all_once_in_order(kafka: KafkaServer, url: str, store: Path) -> None:
    """What whoever reads committed records sees: every event once, each stream in its order."""
    found = [row_of(it) for it in records(kafka, url)]

    assert sorted(found) == sorted(rows(store))
    for stream in {it[0] for it in found}:
        versions = [it[1] for it in found if it[0] == stream]
        assert versions == list(range(1, len(versions) + 1))


def test_the_verb_publishes_what_is_there_and_then_what_came(
    kafka: KafkaServer, url: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(store, 40)

    assert run(["publish", str(store), "--to", url]) == 0
    assert f"40 events published to {url}" in capsys.readouterr().out
    assert run(["publish", str(store), "--to", url]) == 0
    assert "everything was published already" in capsys.readouterr().out
    write(store, 1)
    assert run(["publish", str(store), "--to", url, "--json"]) == 0
    assert capsys.readouterr().out.startswith('{"published":1}\n')

    require_all_once_in_order(kafka, url, store)
    assert len({it.partition() for it in records(kafka, url)}) > 1


def test_headers_hold_all_that_key_and_value_do_not(
    kafka: KafkaServer, url: str, store: Path
) -> None:
    with closing(open_store(store)) as log:
        event = NewEvent.of("Noted", {"n": 1}, {"actor": "ada"}, occurred_at_us=5_000_000)
        log.append("s-1", [event], expected=None)
        log.append("s-1", [NewEvent(type="Größe", data_json="null")], expected=None)

    run(["publish", str(store), "--to", url])

    first, second = records(kafka, url)
    assert header(first, "foldline_metadata") == '{"actor":"ada"}'
    assert header(first, "ce_time") == "1970-01-01T00:00:05.000000"
    assert header(first, "foldline_position") == "1"
    assert (header(second, "ce_type"), second.value()) == ("Größe", b"null")


def test_relays_that_are_killed_again_and_again_lose_nothing_and_write_nothing_twice(
    kafka: KafkaServer, url: str, store: Path
) -> None:
    """Ended as soon as records are there, most of them in a transaction that is still open."""
    chance = random.Random(11)

    def written() -> int:
        return len(records(kafka, url, isolation="read_uncommitted"))

    for _ in range(4):
        wanted = written() + chance.randrange(1, 300)
        write(store, 300)
        process = following("publish", str(store), "--to", url)
        until(lambda: written() >= wanted, process)  # noqa: B023
        assert ended(process) == ""

    run(["publish", str(store), "--to", url])

    require_all_once_in_order(kafka, url, store)


def test_a_relay_goes_on_when_the_broker_was_killed_and_is_back(
    kafka: KafkaServer, url: str, store: Path
) -> None:
    process = following("publish", str(store), "--to", url)
    write(store, 100)
    until(lambda: len(records(kafka, url)) == 100, process)

    kafka.kill()
    write(store, 100)
    kafka.start()

    until(lambda: len(records(kafka, url)) == 200, process)
    assert ended(process) == ""
    require_all_once_in_order(kafka, url, store)


def test_a_second_relay_on_this_machine_is_refused(
    kafka: KafkaServer, url: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = following("publish", str(store), "--to", url)
    write(store, 10)
    until(lambda: len(records(kafka, url)) == 10, process)

    assert run(["publish", str(store), "--to", url]) == 1
    assert "already published to that topic" in capsys.readouterr().err
    ended(process)


def test_a_relay_that_another_machine_took_over_from_writes_nothing_more(
    kafka: KafkaServer, url: str, store: Path
) -> None:
    write(store, 20)
    with closing(PublishedLog(SameLog(store))) as source:
        first = Relay(source, address_of(url))
        first.publish(list(source.page(None, limit=5)))
        second = Relay(source, address_of(url))
        with pytest.raises(RelayFenced, match="another relay publishes"):
            first.publish(list(source.page(first.reached.cursor, limit=5)))
        second.publish(list(source.page(second.reached.cursor)))
        first.close()
        second.close()

    require_all_once_in_order(kafka, url, store)


def test_what_kafka_forgot_of_a_relay_is_found_again_in_the_topic(
    kafka: KafkaServer, url: str, store: Path
) -> None:
    write(store, 30)
    run(["publish", str(store), "--to", url])
    with reading(store) as log:
        group = f"foldline-relay-{log.store_id()}-{name_of(url)}"
    admin = AdminClient(client(kafka))
    admin.delete_consumer_groups([group])[group].result(PATIENCE_S)
    write(store, 30)

    run(["publish", str(store), "--to", url])

    require_all_once_in_order(kafka, url, store)


def test_a_store_that_lost_events_since_is_not_published(
    kafka: KafkaServer, url: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(store, 5)
    backup = store.with_name("backup.foldline")
    assert run(["backup", str(store), str(backup)]) == 0
    write(store, 5)
    run(["publish", str(store), "--to", url])

    assert run(["publish", str(backup), "--to", url]) == 1

    assert "is not the one that was published" in capsys.readouterr().err
    assert len(records(kafka, url)) == 10


def test_an_event_that_is_too_large_stops_before_it_and_says_so(
    kafka: KafkaServer, url: str, store: Path
) -> None:
    with closing(open_store(store)) as log:
        log.append("s-1", [NewEvent.of("Noted", {"text": "x" * 2_000_000})], expected=None)

    def published() -> int:
        log = SameLog(store)
        return Publishing(lambda: PublishedLog(log), address_of(url), is_endless=False).run()

    with pytest.raises(TooLarge, match="larger than the topic allows"):
        published()
    assert records(kafka, url) == []


def test_a_topic_that_is_not_there_is_not_made(
    kafka: KafkaServer, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["publish", str(store), "--to", f"{kafka.address}/nowhere"]) == 1

    assert "there is no topic nowhere" in capsys.readouterr().err
    assert "nowhere" not in AdminClient(client(kafka)).list_topics(timeout=PATIENCE_S).topics
