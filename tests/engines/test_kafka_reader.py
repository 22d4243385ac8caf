"""A real topic as a store that is read."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from resources.engines.kafka import KafkaServer
from store.events import NewEvent
from store.opening import open_store
from store.remote.address import address_of
from store.remote.errors import RemoteExists, RemoteReplaced
from store.remote.interface import RemoteEvent
from store.remote.kafka.reader import KafkaReader
from store.remote.kafka.relay import Relay
from store.remote.kafka.topic import create
from store.remote.published_log import PublishedLog
from store.same_log import SameLog
from tests.contracts.remote_reader import Opened, RemoteReaderContract, Write, everything
from tests.engines.topics import PATIENCE_S, client, name_of, new_topic, produce, records


@pytest.fixture
def url(kafka: KafkaServer) -> str:
    return new_topic(kafka)


class TestKafka(RemoteReaderContract):
    @pytest.fixture
    def opened(self, url: str) -> Iterator[Opened]:
        with ExitStack() as stack:
            yield lambda: stack.enter_context(closing(KafkaReader(address_of(url))))

    @pytest.fixture
    def write(self, url: str, tmp_path: Path) -> Iterator[Write]:
        """Into a local store, which is published at once."""
        path = tmp_path / "published.foldline"
        one_at_a_time = threading.Lock()
        with ExitStack() as stack:
            store = stack.enter_context(closing(open_store(path, create=True)))
            source = stack.enter_context(closing(PublishedLog(SameLog(path))))
            relay = stack.enter_context(closing(Relay(source, address_of(url))))

            def write(stream: str, many: int) -> None:
                with one_at_a_time:
                    events = [NewEvent.of("Noted", {"n": n}) for n in range(many)]
                    store.append(stream, events, expected=None)
                    relay.publish(list(source.page(relay.reached.cursor)))

            yield write


def read(url: str) -> list[RemoteEvent]:
    with closing(KafkaReader(address_of(url))) as reader:
        return everything(reader)


def test_an_end_that_was_seen_before_more_was_written_is_none(kafka: KafkaServer, url: str) -> None:
    with closing(KafkaReader(address_of(url))) as reader:
        records(kafka, url)  # by now its own client has seen all ends, too
        produce(kafka, url, [("s", f'{{"type":"Noted","n":{n}}}') for n in range(3)])

        found = reader.page(None)

        assert [it.event.data_json[-2] for it in found] == ["0", "1", "2"]


def test_a_topic_is_read_as_soon_as_it_is_made(kafka: KafkaServer) -> None:
    """Nobody leads its partitions for an instant."""
    admin = AdminClient(client(kafka))
    for n in range(10):
        name = f"t{uuid4().hex}"
        admin.create_topics([NewTopic(name, num_partitions=5)])[name].result(PATIENCE_S)

        with closing(KafkaReader(address_of(f"{kafka.address}/{name}"))) as reader:
            assert [reader.page(None), reader.head()] == [[], None], n


def test_what_anybody_wrote_is_read_as_an_import_reads_it(kafka: KafkaServer, url: str) -> None:
    produce(
        kafka,
        url,
        [
            ("order-1", '{"type":"Placed","id":"a","total":1.50}'),
            (None, "no JSON at all"),
            ("order-1", None),
            (b"\xff\xfe", b"\x00\xff"),
        ],
    )

    found = read(url)

    topic = name_of(url)
    types = {(it.stream.removeprefix(f"{topic}/"), it.event.type) for it in found}
    assert types >= {("order-1", "Placed"), ("order-1", "Tombstone"), ("//4=", "Record")}
    placed = next(it for it in found if it.event.type == "Placed")
    assert (placed.event.id, placed.version) == ("a", 0)
    assert placed.event.data_json == '{"type":"Placed","id":"a","total":1.50}'
    assert placed.place.startswith(f"{topic}/")
    opaque = [it.record for it in found if it.record is not None and it.record.is_opaque]
    assert {it.event.data_json for it in opaque} == {'"no JSON at all"', '"AP8="'}


def test_records_of_a_transaction_that_was_aborted_or_is_open_are_not_read(
    kafka: KafkaServer, url: str
) -> None:
    producer = Producer(client(kafka, **{"transactional.id": name_of(url)}))
    producer.init_transactions(PATIENCE_S)
    for is_kept in (False, True):
        producer.begin_transaction()
        producer.produce(name_of(url), f'{{"kept":{str(is_kept).lower()}}}', "k")
        assert producer.flush(PATIENCE_S) == 0
        assert read(url) == []
        if is_kept:
            producer.commit_transaction(PATIENCE_S)
        else:
            producer.abort_transaction(PATIENCE_S)

    assert [it.event.data_json for it in read(url)] == ['{"kept":true}']


def test_a_topic_that_was_deleted_and_made_again_is_told(kafka: KafkaServer, url: str) -> None:
    produce(kafka, url, [("k", "1")])
    with closing(KafkaReader(address_of(url))) as reader:
        cursor = everything(reader)[-1].cursor
        admin = AdminClient(client(kafka))
        admin.delete_topics([name_of(url)])[name_of(url)].result(PATIENCE_S)
        made_again(url)
        produce(kafka, url, [("k", "2")] * 5)

        def reads_on() -> None:
            while True:
                reader.page(cursor)

        with pytest.raises(RemoteReplaced, match="deleted and made again"):
            reads_on()


def made_again(url: str) -> None:
    """Kafka deletes in its own time: until then the name is taken."""
    while True:
        try:
            create(address_of(url))
            return
        except RemoteExists:
            continue


def test_what_retention_removed_before_it_was_read_is_told(kafka: KafkaServer) -> None:
    url = new_topic(kafka, partitions=1)
    produce(kafka, url, [("k", f"{n}") for n in range(10)])
    with closing(KafkaReader(address_of(url))) as reader:
        cursor = reader.page(None, limit=3)[-1].cursor
    admin = AdminClient(client(kafka))
    until_here = TopicPartition(name_of(url), 0, 7)
    next(iter(admin.delete_records([until_here]).values())).result(PATIENCE_S)

    with closing(KafkaReader(address_of(url))) as reader:
        found = reader.page(cursor)

        assert [it.event.data_json for it in found] == ["7", "8", "9"]
        assert reader.removed == {0: (3, 7)}


def test_partitions_that_are_added_are_read_as_well(kafka: KafkaServer) -> None:
    url = new_topic(kafka, partitions=1)
    with closing(KafkaReader(address_of(url))) as reader:
        assert list(reader.page(None)) == []
        admin = AdminClient(client(kafka))
        more = NewPartitions(name_of(url), 4)
        admin.create_partitions([more])[name_of(url)].result(PATIENCE_S)
        producer = Producer(client(kafka))
        for n in range(4):
            producer.produce(name_of(url), f"{n}", partition=n)
        assert producer.flush(PATIENCE_S) == 0

        seen, cursor = set[str](), None
        while len(seen) < 4:
            for it in reader.page(cursor):
                seen.add(it.event.data_json)
                cursor = it.cursor

    assert seen == {"0", "1", "2", "3"}


def test_reading_never_joins_a_group(kafka: KafkaServer, url: str) -> None:
    produce(kafka, url, [("k", "1")])
    read(url)

    groups = AdminClient(client(kafka)).list_consumer_groups().result(PATIENCE_S)

    assert "foldline" not in {it.group_id for it in groups.valid}
