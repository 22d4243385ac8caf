"""Ports of a server that is started here are the same at each start, as far as they are free."""

import socket
from pathlib import Path

import pytest

from resources.engines.kept_ports import KeptPorts


def test_the_ports_of_the_last_run_are_taken_again(tmp_path: Path) -> None:
    assert KeptPorts(tmp_path, count=2).first == 0
    settled = KeptPorts(tmp_path, count=2).settle()

    again = KeptPorts(tmp_path, count=2)

    assert again.first == settled[0]
    assert again.settle() == settled
    assert len(set(settled)) == 2


def test_a_port_that_somebody_else_has_now_is_replaced(tmp_path: Path) -> None:
    first, second = KeptPorts(tmp_path, count=2).settle()

    with socket.create_server(("127.0.0.1", first)):
        other = KeptPorts(tmp_path, count=2).settle()

    assert other[0] != first
    assert other[1] == second


@pytest.mark.parametrize("text", ["", "no number", "1", "1 2 3"])
def test_a_file_that_says_something_else_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "ports").write_text(text)

    assert KeptPorts(tmp_path, count=2).first == 0


def test_ports_that_are_wished_for_are_those_of_the_first_run_where_nothing_listens(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        wished = KeptPorts(tmp_path, count=2).settle()
        ports = KeptPorts(tmp_path / "new", count=2, wished=(wished[0], taken))
        (tmp_path / "new").mkdir()

        first, second = ports.settle()

    assert first == wished[0]
    assert second != taken
