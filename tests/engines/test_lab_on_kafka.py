"""The delivery lab's switches on a real broker: the verdicts agree with those in memory."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka.admin import AdminClient

from replay.command_line import run
from resources.engines.kafka import KafkaServer
from tests.engines.topics import PATIENCE_S, client, name_of, new_topic
from tests.replay.logs import make_log

EVENTS = 300
VIEWS = ("--view", "streams", "--view", "latest_states")
ONE_PARTITION = [
    "",
    "--duplicate 10",
    "--reorder 20",
    "--drop 5 --drop-at 7",
    "--delay 10 --swap-at 3",
    "--duplicate 30 --reorder 30 --drop 10 --delay 10 --guard ids",
    "--duplicate 30 --delay 10 --guard checkpoint",
    "--crash-every 40 --crash-at project",
    "--crash-every 40 --crash-at publish --guard ids",
    "--crash-every 40 --crash-at append --publisher save-then-publish",
]
SEVERAL_PARTITIONS = [
    "--partitions 3 --duplicate 10 --drop 5 --delay 10",
    "--partitions 3 --partition-by type --reorder 20",
    "--partitions 3 --partition-by random --crash-every 70",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_log(tmp_path_factory.mktemp("lab") / "shop.foldline", EVENTS)


@pytest.fixture
def url(kafka: KafkaServer) -> str:
    """Of a topic that is not there."""
    return f"{kafka.address}/lab{uuid4().hex}"


def topics(kafka: KafkaServer) -> set[str]:
    return set(AdminClient(client(kafka)).list_topics(timeout=PATIENCE_S).topics)


def verdicts(capsys: pytest.CaptureFixture[str], *words: str) -> list[Any]:
    run(["lab", *words, "--json"])
    told: list[Any] = json.loads(capsys.readouterr().out)["verdicts"]
    return told


@pytest.mark.parametrize("switches", ONE_PARTITION)
def test_one_partition_leads_to_the_very_verdict(
    kafka: KafkaServer, store: Path, url: str, switches: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = verdicts(capsys, str(store), *VIEWS, *switches.split(), "--through", url)

    assert [it["view"] for it in found] == ["streams", "latest_states"]
    for it in found:
        broker = it.pop("through")
        assert (broker.pop("agrees"), broker.pop("differs")) == (True, [])
        assert broker == it
    assert name_of(url) not in topics(kafka)


@pytest.mark.parametrize("switches", SEVERAL_PARTITIONS)
def test_partitions_agree_in_what_does_not_depend_on_their_order(
    kafka: KafkaServer, store: Path, url: str, switches: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = verdicts(capsys, str(store), *VIEWS, *switches.split(), "--through", url)

    assert kafka.pid
    for it in found:
        assert it["through"]["differs"] == []
        assert it["through"]["seen"]["delivered"] == it["seen"]["delivered"]


def test_it_is_told_in_a_line(
    kafka: KafkaServer, store: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lab", str(store), "--view", "streams", "--through", url]) == 0
    assert "through the broker: the same verdict" in capsys.readouterr().out

    assert run(["lab", str(store), "--view", "streams", "--drop", "20", "--through", url]) == 1
    assert "through the broker: the same verdict" in capsys.readouterr().out
    assert kafka.pid


def test_a_topic_that_is_there_is_left_alone(
    kafka: KafkaServer, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = new_topic(kafka)

    assert run(["lab", str(store), *VIEWS, "--through", url]) == 1

    told = capsys.readouterr().err
    assert "the topic is there already" in told
    assert "Name a topic that is not there" in told
    assert name_of(url) in topics(kafka)


def test_a_position_that_is_not_there_leaves_no_topic_behind(
    kafka: KafkaServer, store: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lab", str(store), *VIEWS, "--drop-at", "9999", "--through", url]) == 1

    assert "there is no event 9,999" in capsys.readouterr().err
    assert name_of(url) not in topics(kafka)
