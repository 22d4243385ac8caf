"""The whole picture on real servers: commands are decided and recorded in Cassandra, a relay hands
the events to Kafka, a consumer stores them, and rows of views go to OpenSearch; while every process
and every server is killed at random."""

import random
import sys
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec.json import encode

from replay.command_line import run
from replay.projector.catch_up import catch_up
from replay.query_store.opensearch.store import SearchStore
from replay.query_store.stored_rows import page_at, shown_view
from replay.questions.view_query import page
from replay.views.read_store import reading_views
from resources.engines.cassandra import CassandraServer
from resources.engines.kafka import KafkaServer
from resources.engines.opensearch import OpenSearchServer
from store.errors import StoreError
from store.opening import open_store, reading
from store.remote.address import address_of
from store.remote.cassandra.writer import CassandraStore
from store.remote.kind import kind_of
from tests.contracts.remote_reader import everything
from tests.engines.bank_commands import COMMANDS, commands, decided_here, facts
from tests.engines.supervised import Supervised, until, verb
from tests.engines.topics import new_topic

VIEWS = ("accounts", "latest_states", "event_types")
# What tells when, or in which order streams came together: that is not promised.
NOT_PROMISED = ("last_position", "last_recorded_at_us", "first_position", "first_recorded_at_us")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same commands in a local store."""
    return decided_here(tmp_path_factory.mktemp("local") / "bank.foldline", commands())


@pytest.fixture
def bank(cassandra: CassandraServer) -> str:
    """The address of an empty event store."""
    url = f"{cassandra.address}/k{uuid4().hex}?shards=4"
    kind_of(address_of(url)).create(address_of(url))
    return url


@pytest.fixture
def rows_at(opensearch: OpenSearchServer) -> str:
    """The address of an empty query store."""
    return f"{opensearch.address}/k{uuid4().hex[:8]}"


class Picture:
    """Four processes between a store on Cassandra and rows in OpenSearch."""

    def __init__(self, folder: Path, *, bank: str, topic: str, rows: str) -> None:
        self.bank, self.rows = bank, rows
        self.office, self.copy = folder / "office.foldline", folder / "copy.foldline"
        self._told, asked = folder / "told", folder / "commands"
        asked.write_bytes(b"".join(encode(it) + b"\n" for it in commands()))
        self._told.touch()
        office = [sys.executable, "-m", "tests.engines.office_process"]
        self.roles = [
            Supervised("office", [*office, str(self.office), bank, str(asked), str(self._told)]),
            Supervised("relay", verb("publish", bank, "--to", topic, "--follow")),
            Supervised("consumer", verb("consume", topic, "--into", str(self.copy), "--follow")),
            Supervised("sink", verb("sink", str(self.copy), *VIEWS, "--to", rows, "--follow")),
        ]

    def begin(self, stack: ExitStack) -> None:
        """All of them, until the block ends."""
        assert run(["mirror", self.bank, "--into", str(self.office)]) == 0
        open_store(self.copy, create=True).close()
        for it in self.roles:
            stack.enter_context(it)

    @property
    def done(self) -> int:
        """Commands that have an outcome."""
        return len(self._told.read_text().split())

    def await_rows(self, within: str) -> None:
        """Until the rows are there as far as the events of the bank."""
        with closing(CassandraStore(address_of(self.bank))) as remote:
            events = len(everything(remote))
        until(lambda: self.has_arrived(events), self.roles[1:], within=within)

    def has_arrived(self, events: int) -> bool:
        """Whether the rows of all views are there as far as that event."""
        with suppress(StoreError), closing(SearchStore(address_of(self.rows))) as store:
            shown = [it.position for it in store.views() if it.is_shown]
            return len(shown) == len(VIEWS) and min(shown) >= events
        return False

    def rows_there(self, view: str) -> list[Row]:
        with closing(SearchStore(address_of(self.rows))) as store:
            return promised(page_at(store, shown_view(store, view)))


def promised(page: Any) -> list[Row]:
    names = [it.name for it in page.columns]
    rows = [dict(zip(names, it.values, strict=True)) for it in page.rows]
    return [{name: it for name, it in row.items() if name not in NOT_PROMISED} for row in rows]


def rows_here(store: Path, view: str) -> list[Row]:
    with reading(store) as log:
        catch_up(log, only=[view], tells_age=False)
        with reading_views(log) as db:
            return promised(page(db, log, view))


def require_the_same(picture: Picture, undisturbed: Path) -> None:
    """Events at each end, and rows at the last one, are those of the undisturbed store."""
    with reading(undisturbed) as log:
        wanted = facts(log.read())
    with closing(CassandraStore(address_of(picture.bank))) as remote:
        there = everything(remote)
    recorded = [(it.stream, it.version, it.event.id) for it in there]
    assert sorted(recorded) == [it[:3] for it in wanted]
    for path in (picture.office, picture.copy):
        with reading(path) as log:
            assert facts(log.read()) == wanted
    for view in VIEWS:
        assert picture.rows_there(view) == rows_here(undisturbed, view)
    assert run(["certify", str(picture.copy), "--against", picture.rows]) == 0


def test_whatever_is_killed_when_nothing_is_missing_and_nothing_is_there_twice(
    tmp_path: Path,
    undisturbed: Path,
    bank: str,
    rows_at: str,
    cassandra: CassandraServer,
    kafka: KafkaServer,
    opensearch: OpenSearchServer,
) -> None:
    """Each process is killed three times and each server once, while commands are issued."""
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    picture = Picture(tmp_path, bank=bank, topic=new_topic(kafka), rows=rows_at)
    victims = [(it.kill, it.begin) for it in picture.roles * 3]
    victims += [(cassandra.kill, cassandra.start), (kafka.kill, kafka.start)]
    victims += [(opensearch.kill, opensearch.start)]
    chance.shuffle(victims)
    moments = sorted(chance.sample(range(COMMANDS), len(victims)))
    with ExitStack() as stack:
        picture.begin(stack)
        for moment, (kill, begin) in zip(moments, victims, strict=True):
            within = f"seed {seed}, before command {moment}"
            until(lambda: picture.done >= moment, picture.roles, within=within)  # noqa: B023
            kill()
            begin()
        until(lambda: picture.done == COMMANDS, picture.roles, within=f"seed {seed}")
        picture.await_rows(f"seed {seed}")

    require_the_same(picture, undisturbed)


def test_a_broker_and_a_query_store_that_are_away_hold_no_command_up(
    tmp_path: Path,
    undisturbed: Path,
    bank: str,
    rows_at: str,
    kafka: KafkaServer,
    opensearch: OpenSearchServer,
) -> None:
    """All commands are issued while they are away; then everything arrives."""
    picture = Picture(tmp_path, bank=bank, topic=new_topic(kafka), rows=rows_at)
    with ExitStack() as stack:
        picture.begin(stack)
        until(lambda: picture.has_arrived(1), picture.roles, within="at first")
        kafka.kill()
        opensearch.kill()
        before = picture.done
        until(lambda: picture.done == COMMANDS, picture.roles[:1], within="while they are away")
        kafka.start()
        opensearch.start()
        picture.await_rows("once they are back")

    assert before < COMMANDS
    require_the_same(picture, undisturbed)
