"""A legacy side that is offline at times: it catches up through a real topic, and drops what comes
twice."""

import json
import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from replay.command_line import run
from resources.engines.kafka import KafkaServer
from store.events import NewEvent
from store.opening import open_store, reading
from store.remote.interface import RemoteEvent
from store.remote.kafka.envelope import Envelope
from store.remote.published_log import PublishedLog
from store.same_log import SameLog
from tests.engines.mirror_process import ended, following, until
from tests.engines.topics import PATIENCE_S, client, name_of, new_topic
from tests.printed_commands import follow, steps

PAGE = (Path(__file__).parents[2] / "docs" / "engines.md").read_text("utf-8")
ACCOUNTS = 5
NIGHTS = 3
BOOKINGS = 100  # of a night


def test_the_lines_of_the_page_print_what_stands_there(
    kafka: KafkaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROKER", kafka.address)

    assert len(steps(PAGE)) > 10
    assert follow(PAGE, tmp_path) == []


@pytest.fixture
def front(tmp_path: Path) -> Path:
    """The store that always takes changes."""
    path = tmp_path / "front.foldline"
    with closing(open_store(path, create=True)) as log:
        for it in range(ACCOUNTS):
            opened = NewEvent.of("BankAccountCreated", {"id": str(it), "owner": "Ada"})
            log.append(f"account-{it}", [opened], expected=None)
    return path


@pytest.fixture
def legacy(tmp_path: Path) -> Path:
    """The side that is offline at times."""
    return tmp_path / "legacy.foldline"


def book(front: Path, many: int) -> None:
    with closing(open_store(front)) as log:
        for n in range(many):
            booked = NewEvent.of("DepositPerformed", {"amount": n})
            log.append(f"account-{n % ACCOUNTS}", [booked], expected=None)


def published(front: Path) -> tuple[str, list[RemoteEvent]]:
    with closing(PublishedLog(SameLog(front))) as source:
        return source.identity(), [*source.page(None, limit=10_000)]


def send_again(kafka: KafkaServer, url: str, front: Path, *, chance: random.Random) -> int:
    """As a relay does that does not know what was published; how many events it sent."""
    identity, events = published(front)
    producer, envelope = Producer(client(kafka)), Envelope(identity)
    again = sorted(chance.sample(range(len(events)), 20))
    for it in map(events.__getitem__, again):
        headers: Any = envelope.headers(it)
        producer.produce(name_of(url), it.event.data_json, it.stream, headers=headers)
    assert producer.flush(PATIENCE_S) == 0
    return len(again)


def rows(store: Path) -> list[tuple[Any, ...]]:
    """Each stream as it is there."""
    with reading(store) as log:
        its = [
            (it.stream, it.version, it.type, it.id, it.recorded_at, it.data_json)
            for it in log.read()
        ]
    return sorted(its)


def head(store: Path) -> int:
    if not store.exists():
        return 0
    with reading(store) as log:
        return log.head()


def digest(store: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["rebuild", str(store), "accounts", "--json"]) == 0
    (view,) = json.loads(capsys.readouterr().out)["views"]
    return str(view["digest"])


def test_a_side_that_was_killed_catches_up_with_all_that_was_published_while_it_was_away(
    kafka: KafkaServer, front: Path, legacy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, chance, sent_again = new_topic(kafka), random.Random(5), 0
    for _ in range(NIGHTS):
        online = following("consume", url, "--into", str(legacy))
        wanted = head(legacy) + chance.randrange(1, BOOKINGS)
        book(front, BOOKINGS)
        assert run(["publish", str(front), "--to", url]) == 0
        until(lambda: head(legacy) >= wanted, online)  # noqa: B023
        ended(online)  # killed: it is offline

        book(front, BOOKINGS)
        assert run(["publish", str(front), "--to", url]) == 0
        sent_again += send_again(kafka, url, front, chance=chance)

    capsys.readouterr()
    assert run(["consume", url, "--into", str(legacy), "--json"]) == 0

    told = [json.loads(it) for it in capsys.readouterr().out.splitlines()]
    (last,) = [it["delivery"] for it in told if "delivery" in it]
    assert (last["gaps"], last["reorderings"], last["missing"]) == (0, 0, 0)
    assert 20 <= last["duplicates"] <= sent_again  # the others came while it followed
    assert rows(legacy) == rows(front)
    assert digest(legacy, capsys) == digest(front, capsys)
