"""A connection to OpenSearch or Elasticsearch, and its errors in our words."""

import logging
import re
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from opensearchpy import OpenSearch, exceptions
from opensearchpy.connection import Urllib3HttpConnection

from replay.query_store.errors import NotAQueryStore
from replay.query_store.opensearch.place import SearchPlace, place_at, variable
from replay.words import said
from store.remote.address import Address
from store.remote.errors import Refused, RemoteError, Unreachable, WrongAddress

ANSWER_S: Final = 60.0
_OURS: Final = re.compile(  # what urllib3 says before the reason of the system
    r"^HTTPS?Connection\([^)]*\): (Failed to establish a new connection: (\[Errno -?\d+\] )?)?"
)
_WORDLESS: Final = HTTPStatus.REQUEST_ENTITY_TOO_LARGE  # told without a body
_AWAY: Final = (
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)

Answer = dict[str, Any]


class Connection:
    """One thread. Raises Unreachable, Refused, NotAQueryStore, RemoteError."""

    def __init__(self, address: Address) -> None:
        """Nothing is asked yet. Raises WrongAddress."""
        logging.getLogger("opensearch").setLevel(logging.CRITICAL)  # we tell what went wrong
        self.address, self.place = address, place_at(address)
        self._client = OpenSearch(
            hosts=[{"host": self.place.host, "port": self.place.port}],
            http_auth=(self.place.user, self.place.password) if self.place.user else None,
            connection_class=Urllib3HttpConnection,
            max_retries=0,
            timeout=ANSWER_S,
            **_secure(self.place),
        )

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | bytes | None = None,
        *,
        passes: tuple[int, ...] = (),
        **parameters: str | int,
    ) -> Answer:
        """What the server answers. With a status that `passes` it is its error, under `status`."""
        headers = {"content-type": "application/x-ndjson"} if isinstance(body, bytes) else None
        sent = body.decode() if isinstance(body, bytes) else body
        try:
            found = self._client.transport.perform_request(
                method, path, params=dict(parameters), body=sent, headers=headers
            )
        except exceptions.TransportError as error:
            if error.status_code in passes and isinstance(error.info, dict):
                return {**error.info, "status": error.status_code}
            if error.status_code in passes and error.status_code == _WORDLESS:
                return {"status": error.status_code}
            raise self._told(error) from None
        except exceptions.OpenSearchException as error:
            raise self._somebody_else() from error
        if not isinstance(found, dict):
            raise self._somebody_else()
        return found

    def close(self) -> None:
        """Free the sockets."""
        self._client.close()

    def _told(self, error: exceptions.TransportError) -> RemoteError:
        status, shown = error.status_code, self.address.shown
        if isinstance(error, exceptions.ConnectionError):
            return _not_connected(error, self.address, is_secure=self.place.is_secure)
        reason = self.address.scrubbed(_reason(error))
        if status == HTTPStatus.UNAUTHORIZED:
            refused = Refused(said("the server refused the user or password"), shown)
            refused.hint = said(
                "Name the user in the address, and set the password in {variable} or in a "
                "file that ?passfile= names.",
                variable=variable(self.address),
            )
            return refused
        if not isinstance(error.info, dict):
            if status in _AWAY:
                return Unreachable(said("the server answers {status}", status=status), shown)
            return self._somebody_else()
        if status == HTTPStatus.FORBIDDEN:
            return Refused(said("the server refused this ({reason})", reason=reason), shown)
        if status in (HTTPStatus.TOO_MANY_REQUESTS, *_AWAY):
            return Unreachable(said("the server is overloaded ({reason})", reason=reason), shown)
        return RemoteError(said("the server refused this ({reason})", reason=reason), shown)

    def _somebody_else(self) -> NotAQueryStore:
        reason = said("what answers there is neither OpenSearch nor Elasticsearch")
        return NotAQueryStore(reason, self.address.shown)


def _secure(place: SearchPlace) -> dict[str, Any]:
    """What the client needs for TLS. The certificate is always checked. Raises WrongAddress."""
    if not place.is_secure:
        return {"use_ssl": False}
    try:
        context = ssl.create_default_context(cafile=place.ca_file)
    except (OSError, ssl.SSLError):
        raise WrongAddress(said("the file that tls_ca names holds no certificate")) from None
    return {"use_ssl": True, "ssl_context": context}


def _not_connected(
    error: exceptions.ConnectionError, address: Address, *, is_secure: bool
) -> RemoteError:
    cause = address.scrubbed(_cause(error))
    if isinstance(error, exceptions.SSLError):
        if "WRONG_VERSION_NUMBER" in cause or "record layer" in cause:
            reason = said("the server does not speak TLS there")
            told = Unreachable(reason, address.shown)
            told.hint = said("If it is meant to be so, add ?tls=off to the address.")
            return told
        reason = said("no secure connection could be made ({reason})", reason=cause)
        told = Unreachable(reason, address.shown)
        told.hint = said("Name the certificate that signed the server's with ?tls_ca=FILE.")
        return told
    if isinstance(error, exceptions.ConnectionTimeout):
        return Unreachable(said("the server did not answer in time"), address.shown)
    told = Unreachable(said("the server cannot be reached ({reason})", reason=cause), address.shown)
    if not is_secure and ("closed" in cause or "reset" in cause or "Protocol" in cause):
        told.hint = said("If the server wants TLS, add ?tls=on to the address.")
    return told


def _cause(error: exceptions.ConnectionError) -> str:
    """What went wrong, without the client's own names around it."""
    text = str(error.info if len(error.args) > 2 else error)
    return _OURS.sub("", text.rpartition(">: ")[2]).strip("'\") ,(")


def _reason(error: exceptions.TransportError) -> str:
    told = error.info.get("error") if isinstance(error.info, dict) else None
    if isinstance(told, dict):
        return str(told.get("reason") or told.get("type"))
    return str(told or error.error)
