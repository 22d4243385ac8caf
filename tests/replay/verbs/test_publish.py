"""`publish` where no broker is needed to tell what is wrong."""

import sys
from pathlib import Path

import pytest

from replay.command_line import run
from store.locks import ProcessLock
from store.opening import open_store
from store.place import Place

TO = "kafka://127.0.0.1:1/orders"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "shop.foldline"
    open_store(path, create=True).close()
    return path


def test_a_broker_that_cannot_be_reached_is_one_sentence(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ((), ("--follow",)):
        assert run(["publish", str(store), "--to", TO, *more]) == 1
        assert capsys.readouterr().err.startswith("main.py: the server cannot be reached")


@pytest.mark.parametrize("url", ["orders", "postgresql://db/shop", "kafka://broker", "mqtt://b/o"])
def test_what_is_no_topic_is_wrong_usage(
    store: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["publish", str(store), "--to", url]) == 2
    assert "no address of a server" in capsys.readouterr().err


def test_a_store_that_is_not_there_is_told_before_anybody_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["publish", str(tmp_path / "none.foldline"), "--to", TO]) == 1
    assert "none.foldline" in capsys.readouterr().err


def test_who_comes_second_on_this_machine_is_refused(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = ProcessLock(Place(store).publish_lock(TO))
    assert lock.acquire()

    assert run(["publish", str(store), "--to", f"{TO}?client.id=other"]) == 1

    assert "already published to that topic" in capsys.readouterr().err
    lock.release()


def test_without_the_package_the_line_to_type_is_named(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [it for it in sys.modules if it.startswith("store.remote.kafka")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)

    assert run(["publish", str(store), "--to", TO]) == 1

    told = capsys.readouterr().err
    assert "the package that speaks to Kafka is not installed" in told
    assert "pip install 'foldline[kafka]'" in told
