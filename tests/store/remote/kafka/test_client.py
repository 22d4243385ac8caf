"""What is told where no broker answers. Nothing is sent to a network but loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from store.remote.address import address_of
from store.remote.errors import NotARemote, RemoteError, Unreachable, WrongAddress
from store.remote.kafka.client import Connection
from store.remote.kafka.topic import look_at


@pytest.fixture
def web() -> Iterator[int]:
    """The port of a server that answers whoever comes with a page."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    with client, suppress(OSError):
                        client.recv(1_000)
                        client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n<html></html>")

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def asked(url: str) -> RemoteError:
    with pytest.raises(RemoteError) as raised:
        look_at(Connection(address_of(url)))
    return raised.value


def test_nobody_who_answers_is_one_sentence() -> None:
    found = asked("kafka://ada:secret@127.0.0.1:1/orders")

    assert isinstance(found, Unreachable)
    assert "cannot be reached" in str(found)
    assert "secret" not in str(found)


def test_what_answers_with_a_page_is_not_a_broker(web: int) -> None:
    found = asked(f"kafka://127.0.0.1:{web}/orders")

    assert isinstance(found, NotARemote)
    assert "what answers there is not a Kafka server" in str(found)


def test_what_does_not_speak_tls_is_told(web: int) -> None:
    found = asked(f"kafka://127.0.0.1:{web}/orders?security.protocol=SSL")

    assert "no secure connection could be made" in str(found)


@pytest.mark.parametrize(
    "option", ["tea=1", "security.protocol=tea", "security.protocol=SSL&ssl.ca.location=/nowhere"]
)
def test_an_option_that_the_client_refuses_is_a_wrong_address(option: str) -> None:
    with pytest.raises(WrongAddress, match="it cannot be read"):
        Connection(address_of(f"kafka://127.0.0.1:1/orders?{option}"))
