"""A server whose certificate was signed by somebody else: its own sentence, and nothing is sent."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest

from store.remote.address import address_of
from store.remote.errors import Unreachable
from store.remote.kafka.client import Connection
from store.remote.kafka.topic import look_at
from store.remote.kind import kind_of

CERTIFICATES: Final = Path(__file__).parents[2] / "fixtures" / "tls"  # of 127.0.0.1
MADE: Final = CERTIFICATES / "one.pem"
OTHER: Final = quote(str(CERTIFICATES / "another.pem"))
SECRET: Final = "sesame"
PATIENCE_S: Final = 10.0


class SecureServer:
    """Whoever comes is offered a secure connection; what is sent in it is in `heard`. One that
    speaks as PostgreSQL is asked for it first."""

    def __init__(self, *, is_asked: bool) -> None:
        self._is_asked = is_asked
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(MADE, MADE.with_suffix(".key"))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.heard = b""
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(PATIENCE_S)

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            with suppress(OSError), client:
                client.settimeout(PATIENCE_S)
                if self._is_asked:
                    client.recv(8)
                    client.sendall(b"S")
                with self._context.wrap_socket(client, server_side=True) as secure:
                    self.heard += secure.recv(1_000)


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[SecureServer]:
    found = SecureServer(is_asked=request.param == "postgresql")
    yield found
    found.close()


def opened(url: str) -> None:
    address = address_of(url)
    if address.scheme == "kafka":
        look_at(Connection(address))
    else:
        kind_of(address).open_reader(address).close()


@pytest.mark.parametrize(
    ("server", "rest"),
    [
        ("postgresql", f"shop?sslmode=verify-ca&sslrootcert={OTHER}"),
        ("kafka", f"orders?security.protocol=SASL_SSL&ssl.ca.location={OTHER}"),
        ("cassandra", f"shop?tls=yes&cafile={OTHER}&connect_timeout=5"),
    ],
    indirect=["server"],
)
def test_a_certificate_that_does_not_fit_is_told(
    server: SecureServer, rest: str, request: pytest.FixtureRequest
) -> None:
    scheme = request.node.callspec.params["server"]

    says = "no secure connection could be made|is not one that is trusted for this address"

    with pytest.raises(Unreachable, match=says) as raised:
        opened(f"{scheme}://ada:{SECRET}@127.0.0.1:{server.port}/{rest}")

    assert "certificate" in str(raised.value)
    assert SECRET not in str(raised.value)
    assert SECRET.encode() not in server.heard
