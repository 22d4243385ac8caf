"""Events to a real Kafka and back, beside bare clients that write and read the same records.

The bare producer is idempotent and gets keys, values and headers that are made already. Ours reads
the store, makes the records, writes in transactions and keeps how far it is. The bare consumer only
takes the records; ours makes events of them, in the order of the store.
"""

import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from benchmarks.measure import Result, Size, in_turns, seconds
from benchmarks.window import filled_store
from resources.engines.kafka import KafkaServer
from store.remote.address import Address, address_of
from store.remote.interface import PAGE
from store.remote.kafka.envelope import Envelope
from store.remote.kafka.publishing import Publishing
from store.remote.kafka.reader import KafkaReader
from store.remote.kafka.settings import topic_of
from store.remote.kafka.topic import create
from store.remote.published_log import PublishedLog
from store.same_log import SameLog

LEAST: Final = 0.5  # × the bare producer
PARTITIONS: Final = 3
PATIENCE_S: Final = 120
Records = list[tuple[str, str, Any]]  # key, value, headers


def run(size: Size) -> list[Result]:
    """The relay, then the reader, both sides by turns, each relay into a topic of its own."""
    count = size.of(200_000, quick=50_000, tiny=500)
    with tempfile.TemporaryDirectory() as folder:
        server = KafkaServer(Path(folder) / "broker")
        server.start()
        try:
            log = SameLog(filled_store(Path(folder), count))
            return [_relay(server, log, count, size), _reader(server, log, count, size)]
        finally:
            server.kill()


def _relay(server: KafkaServer, log: SameLog, count: int, size: Size) -> Result:
    made = _records(log)
    ratio, ours_s, bare_s = in_turns(
        lambda: _timed(server, lambda to: _published(log, to)),
        lambda: _timed(server, lambda to: _bare(server, to, made)),
        rounds=size.rounds(3),
    )
    return Result(
        name=f"relay of {count:,} events, {PARTITIONS} partitions",
        figure=ratio,
        unit="× bare producer",
        target=LEAST,
        better="higher",
        detail=f"{count / ours_s:,.0f}/s, bare {count / bare_s:,.0f}/s",
    )


def _reader(server: KafkaServer, log: SameLog, count: int, size: Size) -> Result:
    topic = _new_topic(server)
    _published(log, topic)
    ratio, ours_s, bare_s = in_turns(
        lambda: seconds(lambda: _read(topic, count)),
        lambda: seconds(lambda: _bare_read(server, topic, count)),
        rounds=size.rounds(3),
    )
    return Result(
        name=f"reading {count:,} events in the order of the store",
        figure=ratio,
        unit="× bare consumer",
        target=None,
        better="higher",
        detail=f"{count / ours_s:,.0f}/s, bare {count / bare_s:,.0f}/s",
    )


def _timed(server: KafkaServer, work: Any) -> float:
    topic = _new_topic(server)
    return seconds(lambda: work(topic))


def _new_topic(server: KafkaServer) -> Address:
    address = address_of(f"{server.address}/t{uuid4().hex}?partitions={PARTITIONS}")
    create(address)
    return address


def _records(log: SameLog) -> Records:
    with closing(PublishedLog(log)) as source:
        envelope, made, after = Envelope(source.identity()), Records(), None
        while page := source.page(after, limit=PAGE):
            made += [(it.stream, it.event.data_json, envelope.headers(it)) for it in page]
            after = page[-1].cursor
    return made


def _published(log: SameLog, topic: Address) -> None:
    Publishing(lambda: PublishedLog(log), topic, is_endless=False).run()


def _bare(server: KafkaServer, topic: Address, made: Records) -> None:
    name = topic_of(topic)
    more = {"enable.idempotence": True, "acks": "all", "linger.ms": 5, "log_level": 0}
    producer = Producer({**_place(server), **more, "partitioner": "murmur2_random"})
    for key, value, headers in made:
        while True:
            try:
                producer.produce(name, value, key, headers=headers)
                break
            except BufferError:
                producer.poll(0.01)
    assert producer.flush(PATIENCE_S) == 0


def _read(topic: Address, count: int) -> None:
    with closing(KafkaReader(topic)) as reader:
        found, after = 0, None
        while found < count:
            page = reader.page(after)
            found, after = found + len(page), page[-1].cursor if page else after


def _bare_read(server: KafkaServer, topic: Address, count: int) -> None:
    its = {"group.id": "bare", "isolation.level": "read_committed", "log_level": 0}
    consumer = Consumer({**_place(server), **its})
    consumer.assign([TopicPartition(topic_of(topic), it, 0) for it in range(PARTITIONS)])
    found = 0
    while found < count:
        for it in consumer.consume(2_000, 0.1):
            error = it.error()
            if error is not None:
                raise KafkaException(error)
            found += 1
    consumer.close()


def _place(server: KafkaServer) -> dict[str, Any]:
    return {"bootstrap.servers": f"127.0.0.1:{server.port}"}
