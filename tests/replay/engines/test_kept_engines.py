"""The servers that a person chose for a log, kept as text beside it."""

from pathlib import Path

import pytest

from replay.engines.kept_engines import (
    FILE,
    KeptEngine,
    WrongEngines,
    forget,
    keep,
    load,
    query_stores,
    role_of,
    topics,
)
from store.place import Place
from store.remote.errors import WrongAddress

TOPIC = KeptEngine(role="topic", address="kafka://localhost:9092/orders")
ROWS = KeptEngine(role="query_store", address="opensearch://ada@localhost:9200/shop")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "shop.foldline")


def test_a_log_without_the_file_has_no_servers(place: Place) -> None:
    assert load(place) == ()


def test_servers_are_kept_in_the_order_in_which_they_were_chosen(place: Place) -> None:
    keep(place, ROWS)
    keep(place, TOPIC)

    assert load(place) == (ROWS, TOPIC)
    assert (topics(place), query_stores(place)) == ((TOPIC,), (ROWS,))


def test_the_same_server_in_the_same_role_is_kept_once(place: Place) -> None:
    keep(place, ROWS)
    keep(place, TOPIC)
    chosen = KeptEngine(role="query_store", address=ROWS.address, views=("orders",))

    keep(place, chosen)

    assert load(place) == (chosen, TOPIC)


def test_no_secret_gets_into_the_file(place: Place) -> None:
    typed = "kafka://ada:s3cret@localhost:9092/orders?sasl.password=s4cret&ssl.ca.location=ca.pem"

    kept = keep(place, KeptEngine(role="topic", address=typed))

    assert kept.address == "kafka://ada@localhost:9092/orders?ssl.ca.location=ca.pem"
    assert "cret" not in FILE.path(place).read_text("utf-8")


def test_a_secret_that_was_written_into_the_file_is_not_handed_on(place: Place) -> None:
    keep(place, ROWS)
    path = FILE.path(place)
    path.write_text(path.read_text("utf-8").replace("ada@", "ada:s3cret@"), "utf-8")

    assert load(place) == (ROWS,)


def test_the_last_one_that_is_forgotten_takes_the_file_away(place: Place) -> None:
    keep(place, ROWS)

    forget(place, ROWS)

    assert not FILE.path(place).exists()


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("topic", "opensearch://localhost:9200/shop"),
        ("topic", "kafka://localhost:9092/"),
        ("query_store", "kafka://localhost:9092/orders"),
        ("query_store", "shop.foldline"),
    ],
)
def test_a_server_is_refused_in_a_role_that_it_cannot_have(
    place: Place, role: str, address: str
) -> None:
    with pytest.raises(WrongAddress):
        keep(place, KeptEngine(role=role, address=address))  # type: ignore[arg-type]

    assert load(place) == ()


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        '[{"role": "broom", "address": "kafka://localhost/orders"}]',
        '[{"role": "topic", "address": "postgresql://localhost/shop"}]',
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_path(place: Place, text: str) -> None:
    path = FILE.path(place)
    path.write_text(text, "utf-8")

    with pytest.raises(WrongEngines, match="file of a store's servers"):
        load(place)

    assert path.read_text("utf-8") == text


@pytest.mark.parametrize("master", ["local[2]", "spark://127.0.0.1:7077"])
def test_a_master_of_spark_is_kept_as_it_was_typed(place: Place, master: str) -> None:
    spark = KeptEngine(role="spark", address=master)
    keep(place, TOPIC)

    keep(place, spark)

    assert role_of(master) == "spark"
    assert load(place) == (TOPIC, spark)
    forget(place, spark)
    assert load(place) == (TOPIC,)


@pytest.mark.parametrize("text", ["local[0]", "spark://", "yarn"])
def test_what_is_no_master_is_not_kept_as_one(place: Place, text: str) -> None:
    with pytest.raises(WrongAddress):
        keep(place, KeptEngine(role="spark", address=text))
