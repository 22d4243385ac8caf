"""What may answer where an OpenSearch should be: each is a sentence of its own."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from replay.query_store.errors import NotAQueryStore
from replay.query_store.kind import open_query_store
from resources.engines.processes import free_port
from store.remote.address import address_of
from store.remote.errors import Refused, RemoteError, Unreachable

CERTIFICATES = Path(__file__).parents[3] / "fixtures" / "tls"  # of 127.0.0.1, for eighty years
Answering = Callable[..., str]


class Server:
    """Gives one answer to whatever it is asked."""

    def __init__(self, status: int, text: str, kind: str, context: ssl.SSLContext | None) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("content-type", kind)
            handler.send_header("content-length", str(len(text.encode())))
            handler.end_headers()
            handler.wfile.write(text.encode())

        made = {f"do_{it}": answer for it in ("GET", "POST", "PUT")}
        silent = {"log_message": lambda *_words: None}
        handler = type("Handler", (BaseHTTPRequestHandler,), {**made, **silent})

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_of: object) -> None:
                """A client that goes away is what is tried here."""

        self.server = Quiet(("127.0.0.1", 0), handler)
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Begins a server; returns its host and port."""
    begun = list[Server]()

    def begin(
        status: int,
        text: str,
        kind: str = "application/json",
        context: ssl.SSLContext | None = None,
    ) -> str:
        begun.append(Server(status, text, kind, context))
        return f"127.0.0.1:{begun[-1].server.server_address[1]}"

    yield begin
    for it in begun:
        it.close()


def reason(text: str) -> str:
    return json.dumps({"error": {"type": "some_exception", "reason": text}, "status": 400})


@pytest.mark.parametrize(
    ("status", "text", "kind", "error", "says"),
    [
        (200, "<html>Welcome</html>", "text/html", NotAQueryStore, "neither OpenSearch nor"),
        (404, "<html>Nothing</html>", "text/html", NotAQueryStore, "neither OpenSearch nor"),
        (200, "[1,2]", "application/json", NotAQueryStore, "neither OpenSearch nor"),
        (200, '{"a":"b"}', "application/json", NotAQueryStore, "neither OpenSearch nor"),
        (200, "{nonsense", "application/json", NotAQueryStore, "neither OpenSearch nor"),
        (502, "<html>Bad gateway</html>", "text/html", Unreachable, "answers 502"),
        (401, "Unauthorized", "text/plain", Refused, "refused the user or password"),
        (403, reason("no permissions"), "application/json", Refused, "no permissions"),
        (429, reason("queue is full"), "application/json", Unreachable, "overloaded"),
        (400, reason("bad name"), "application/json", RemoteError, "bad name"),
    ],
)
def test_whatever_answers_is_a_sentence(
    answering: Answering,
    status: int,
    text: str,
    kind: str,
    error: type[RemoteError],
    says: str,
) -> None:
    address = address_of(f"opensearch://ada:sesame@{answering(status, text, kind)}/shop")

    with pytest.raises(error, match=says) as raised:
        open_query_store(address)

    assert str(raised.value).endswith(address.shown)
    assert "sesame" not in str(raised.value) + raised.value.hint


def test_where_to_put_the_password_is_told(answering: Answering) -> None:
    for scheme in ("opensearch", "elasticsearch"):
        address = address_of(f"{scheme}://ada@{answering(401, 'no', 'text/plain')}/shop")

        with pytest.raises(Refused) as raised:
            open_query_store(address)

        assert f"{scheme.upper()}_PASSWORD" in raised.value.hint


def test_where_nobody_listens_that_is_told() -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        open_query_store(address_of(f"opensearch://127.0.0.1:{free_port()}/shop"))


def test_a_server_without_tls_is_told_from_one_with_a_certificate_that_does_not_fit(
    answering: Answering,
) -> None:
    plain = answering(200, "{}")
    with pytest.raises(Unreachable, match="does not speak TLS") as raised:
        open_query_store(address_of(f"opensearch://{plain}/shop?tls=on"))
    assert "tls=off" in raised.value.hint

    made, other = CERTIFICATES / "one.pem", CERTIFICATES / "another.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, made.with_suffix(".key"))
    secure = answering(200, "{}", context=context)
    with pytest.raises(Unreachable, match="no secure connection") as raised:
        open_query_store(address_of(f"opensearch://{secure}/shop?tls=on&tls_ca={other}"))
    assert "tls_ca" in raised.value.hint

    store = open_query_store(address_of(f"opensearch://{secure}/shop?tls=on&tls_ca={made}"))
    assert list(store.views()) == []
    store.close()
