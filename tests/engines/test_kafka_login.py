"""A real broker that asks who one is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.command_line import run
from resources.engines.jars import usual_folder
from resources.engines.kafka import KafkaServer
from store.opening import open_store
from store.remote.address import address_of
from store.remote.errors import Refused
from store.remote.kafka.client import Connection
from store.remote.kafka.settings import PASSWORD
from store.remote.kafka.topic import create, look_at

JARS = usual_folder()  # of this account, before a test has a home of its own
USERS = 'user_admin="theirs" user_ada="right"'
MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule"
ASKS = (
    "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:SASL_PLAINTEXT",
    "inter.broker.listener.name=PLAINTEXT",
    "sasl.enabled.mechanisms=PLAIN",
    "sasl.mechanism.inter.broker.protocol=PLAIN",
    "listener.name.plaintext.plain.sasl.jaas.config="
    f'{MODULE} required username="admin" password="theirs" {USERS};',
)


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    server = KafkaServer(tmp_path_factory.mktemp("asking") / "broker", jars=JARS, more=ASKS)
    server.start()
    yield server
    server.kill()


def url(server: KafkaServer, account: str, topic: str = "orders") -> str:
    return f"kafka://{account}127.0.0.1:{server.port}/{topic}"


def test_a_refused_password_is_a_sentence_without_the_password(asking: KafkaServer) -> None:
    with pytest.raises(Refused, match="refused the user or password") as raised:
        look_at(Connection(address_of(url(asking, "ada:sesame@"))))

    assert "sesame" not in str(raised.value)


def test_the_right_password_is_taken_from_the_environment(
    asking: KafkaServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(PASSWORD, "right")
    topic, store = url(asking, "ada@", "mine"), tmp_path / "shop.foldline"
    open_store(store, create=True).close()
    create(address_of(topic))

    assert run(["publish", str(store), "--to", topic]) == 0

    assert "right" not in capsys.readouterr().out.replace("everything was published already", "")
