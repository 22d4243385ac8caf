"""What is not a PostgreSQL server, or none that can be reached, is said in a sentence."""

import socket
import threading
from collections.abc import Iterator

import psycopg
import pytest

from store.errors import Cancelled
from store.remote.address import address_of
from store.remote.errors import (
    NotARemote,
    Refused,
    RemoteError,
    Unreachable,
    WrongAddress,
)
from store.remote.kind import kind_of
from store.remote.postgresql.connection import speaking

HTML = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>no</html>"
SECRET = "open-sesame"


@pytest.fixture
def web_server() -> Iterator[int]:
    """The port of a server that answers everything with HTML."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            with client:
                client.recv(8)
                client.sendall(HTML)

    thread = threading.Thread(target=answer)
    thread.start()
    yield listening.getsockname()[1]
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(60)


@pytest.mark.parametrize("mode", ["prefer", "disable", "require"])
def test_a_server_that_answers_with_html_is_told(web_server: int, mode: str) -> None:
    address = address_of(f"postgresql://eve:{SECRET}@127.0.0.1:{web_server}/shop?sslmode={mode}")

    with pytest.raises(NotARemote, match="not a PostgreSQL server") as raised:
        kind_of(address).open_reader(address)
    assert SECRET not in str(raised.value)


def test_an_address_where_nobody_listens_is_told() -> None:
    address = address_of("postgresql://eve@127.0.0.1:1/shop")

    with pytest.raises(Unreachable, match="cannot be reached") as raised:
        kind_of(address).open_store(address)
    assert str(raised.value).endswith("postgresql://eve@127.0.0.1:1/shop")
    with pytest.raises(Unreachable):
        kind_of(address).create(address)


def test_an_option_that_libpq_does_not_know_is_told() -> None:
    address = address_of("postgresql://eve@127.0.0.1:1/shop?colour=red")

    with pytest.raises(WrongAddress, match="colour"):
        kind_of(address).open_reader(address)


@pytest.mark.parametrize(
    ("raised", "told", "says"),
    [
        (psycopg.errors.QueryCanceled(), Cancelled, "stopped on request"),
        (psycopg.OperationalError("it closed\n\tthe door"), Unreachable, "it closed"),
        (psycopg.InterfaceError("the connection is closed"), Unreachable, "is closed"),
        (psycopg.errors.InsufficientPrivilege("no rights"), Refused, "no rights"),
        (psycopg.errors.UndefinedTable("no such table"), NotARemote, "schema mine holds no event"),
        (psycopg.ProgrammingError("what is this"), RemoteError, "what is this"),
    ],
)
def test_errors_of_the_driver_are_told_in_our_words(
    raised: psycopg.Error, told: type[Exception], says: str
) -> None:
    address = address_of(f"postgresql://eve:{SECRET}@db/shop?schema=mine")

    with pytest.raises(told, match=says), speaking(address):
        raise raised
