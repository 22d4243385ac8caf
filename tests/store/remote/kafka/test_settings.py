"""What an address says of a topic, without a broker."""

from pathlib import Path

import pytest

from store.remote.address import address_of
from store.remote.errors import WrongAddress
from store.remote.kafka.settings import client_settings, count_of, topic_of


def settings(url: str) -> dict[str, object]:
    """For a client that is to reach a topic."""
    topic_of(address_of(url))
    return client_settings(address_of(url))


def test_a_place_and_a_topic_are_enough() -> None:
    assert settings("kafka://broker/orders")["bootstrap.servers"] == "broker:9092"
    assert topic_of(address_of("kafka://broker/orders")) == "orders"


def test_a_cluster_may_be_named_by_several_brokers() -> None:
    assert settings("kafka://a:1,b,c:3/orders")["bootstrap.servers"] == "a:1,b:9092,c:3"


def test_a_client_stays_with_the_brokers_that_it_knows() -> None:
    """Else an open transaction never ends when the only broker is away for a moment."""
    assert settings("kafka://broker/orders")["metadata.recovery.strategy"] == "none"


def test_options_pass_through_and_our_own_do_not() -> None:
    found = settings("kafka://b/o?security.protocol=SSL&ssl.ca.location=/ca.pem&partitions=6")

    assert (found["security.protocol"], found["ssl.ca.location"]) == ("SSL", "/ca.pem")
    assert "partitions" not in found


def test_a_user_asks_for_sasl_unless_it_is_said_otherwise() -> None:
    plain = settings("kafka://ada:se%20cret@b/o")
    chosen = settings("kafka://ada@b/o?sasl.mechanism=SCRAM-SHA-256&security.protocol=SASL_SSL")

    assert (plain["sasl.username"], plain["sasl.password"]) == ("ada", "se cret")
    assert (plain["sasl.mechanism"], plain["security.protocol"]) == ("PLAIN", "SASL_PLAINTEXT")
    assert (chosen["sasl.mechanism"], chosen["security.protocol"]) == ("SCRAM-SHA-256", "SASL_SSL")


def test_the_password_comes_from_the_environment_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "client.properties"
    file.write_text("# of the shop\nsasl.password = from=file\nclient.id=shop\n", "utf-8")
    monkeypatch.setenv("KAFKA_PASSWORD", "from environment")

    assert settings("kafka://ada@b/o")["sasl.password"] == "from environment"
    found = settings(f"kafka://ada@b/o?properties={file}")
    assert (found["sasl.password"], found["client.id"]) == ("from=file", "shop")


@pytest.mark.parametrize(
    "url",
    [
        "kafka://ada:secret@b/o",
        "kafka://b/o?sasl.password=secret",
        "kafka://b/o?ssl.key.password=secret",
    ],
)
def test_no_password_is_shown(url: str) -> None:
    address = address_of(url)

    assert "secret" not in f"{address} {address!r}"
    assert "secret" not in address.scrubbed("refused secret, and sasl.password=secret")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("kafka://b", "names no topic"),
        ("kafka://b/a/b", "is named by letters"),
        ("kafka:///orders", "names no server"),
        ("kafka://b/o?group.id=theirs", "group.id is set by Foldline"),
        ("kafka://b/o?plugin.library.paths=/tmp/evil", "plugin.library.paths is set by Foldline"),
        ("kafka://b/o?properties=/nowhere/at.all", "cannot be read"),
    ],
)
def test_a_wrong_address_is_one_sentence(url: str, says: str) -> None:
    with pytest.raises(WrongAddress, match=says):
        settings(url)


def test_a_port_that_is_none_is_found_among_several() -> None:
    with pytest.raises(WrongAddress):
        address_of("kafka://a:1,b:99999/orders")


@pytest.mark.parametrize("text", ["0", "-1", "many", "10000", "²"])
def test_a_number_of_partitions_is_one(text: str) -> None:
    with pytest.raises(WrongAddress, match="partitions must be a number"):
        count_of(address_of(f"kafka://b/o?partitions={text}"), "partitions", usual=3)
