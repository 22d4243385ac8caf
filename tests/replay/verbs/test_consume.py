"""`consume` where no broker is needed to tell what is wrong."""

from pathlib import Path

import pytest

from replay.command_line import run

URL = "kafka://127.0.0.1:1/orders"


@pytest.mark.parametrize("more", [[], ["--follow"]])
def test_a_broker_that_cannot_be_reached_is_one_sentence_and_makes_no_store(
    tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "mirror.foldline"

    assert run(["consume", URL, "--into", str(store), *more]) == 1

    assert capsys.readouterr().err.startswith("main.py: the server cannot be reached")
    assert not store.exists()


@pytest.mark.parametrize("url", ["orders", "postgresql://db/shop", "kafka://broker"])
def test_what_is_no_topic_is_wrong_usage(
    tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["consume", url, "--into", str(tmp_path / "m.foldline")]) == 2
    assert "no address of a server" in capsys.readouterr().err


def test_who_may_only_read_consumes_nothing(tmp_path: Path) -> None:
    store = tmp_path / "mirror.foldline"

    assert run(["consume", URL, "--into", str(store), "--role", "read only"]) == 1
    assert not store.exists()
