"""Sessions with a Cassandra cluster, and the driver's errors in our words.

The password comes from CASSANDRA_PASSWORD or the address. Options of an address: `datacenter`,
`tls` (with `cafile`, `certfile` and `keyfile`), `connect_timeout` in seconds.
"""

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from cassandra import (
    AuthenticationFailed,
    ConsistencyLevel,
    DriverException,
    InvalidRequest,
    OperationTimedOut,
    RequestExecutionException,
    Unauthorized,
    UnresolvableContactPoints,
)
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, NoHostAvailable
from cassandra.connection import ConnectionException, ProtocolError
from cassandra.policies import (
    ConstantReconnectionPolicy,
    DCAwareRoundRobinPolicy,
    FallthroughRetryPolicy,
    RoundRobinPolicy,
)
from cassandra.query import tuple_factory

from store.remote.address import Address
from store.remote.errors import NotARemote, Refused, RemoteError, Unreachable, WrongAddress
from store.remote.passwords import password_for
from store.words import said

KEYSPACE: Final = "foldline"  # where the address names none
PORT: Final = 9042
CONNECT_S: Final = 10.0
ANSWER_S: Final = 20.0
RECONNECT_S: Final = 0.5
# The driver sends in pieces of 4 KB; the last one would wait 40 ms for an answer to those before.
WITHOUT_DELAY: Final = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
logging.getLogger("cassandra").propagate = False  # its errors are raised, and told once


def connected(address: Address) -> tuple[Any, Any]:
    """Cluster and session, of no keyspace yet. Raises Unreachable, Refused, NotARemote,
    WrongAddress."""
    settings = _settings(address)
    with speaking(address):
        cluster = Cluster(**settings)
    try:
        with speaking(address):
            return cluster, cluster.connect()
    except BaseException:
        cluster.shutdown()
        raise


def _settings(address: Address) -> dict[str, Any]:
    parts = urlsplit(address.text)
    if not parts.hostname:
        raise WrongAddress(said("it names no host"))
    patience_s = _patience_s(address)
    return {
        "contact_points": [parts.hostname],
        "port": parts.port or PORT,
        "auth_provider": _login(address),
        "ssl_context": _tls(address),
        "execution_profiles": {EXEC_PROFILE_DEFAULT: _profile(address)},
        "reconnection_policy": ConstantReconnectionPolicy(RECONNECT_S, max_attempts=None),
        "connect_timeout": patience_s,
        "control_connection_timeout": patience_s,
        "protocol_version": 4,
        "sockopts": [WITHOUT_DELAY],
        # Else it reads every keyspace there is when it connects, and after each change of one.
        "schema_metadata_enabled": False,
        "token_metadata_enabled": False,
    }


def _patience_s(address: Address) -> float:
    try:
        return float(address.options.get("connect_timeout", CONNECT_S))
    except ValueError:
        raise WrongAddress(said("connect_timeout must be a number of seconds")) from None


def _login(address: Address) -> Any:
    parts = urlsplit(address.text)
    user, password = parts.username, parts.password
    if user is None:
        return None
    given = unquote(password) if password else password_for(address) or ""
    return PlainTextAuthProvider(unquote(user), given)


def _tls(address: Address) -> ssl.SSLContext | None:
    if "tls" not in address.options:
        return None
    try:
        context = ssl.create_default_context(cafile=address.options.get("cafile"))
        if certificate := address.options.get("certfile"):
            context.load_cert_chain(certificate, address.options.get("keyfile"))
    except OSError as error:
        raise WrongAddress(
            said("its certificate cannot be read ({reason})", reason=error)
        ) from None
    return context


def _profile(address: Address) -> Any:
    centre = address.options.get("datacenter")
    return ExecutionProfile(
        load_balancing_policy=DCAwareRoundRobinPolicy(centre) if centre else RoundRobinPolicy(),
        retry_policy=FallthroughRetryPolicy(),  # what an unknown outcome means is ours to say
        consistency_level=ConsistencyLevel.LOCAL_QUORUM,
        serial_consistency_level=ConsistencyLevel.LOCAL_SERIAL,
        request_timeout=ANSWER_S,
        row_factory=tuple_factory,
    )


def keyspace_of(address: Address) -> str:
    """The keyspace that an address names. Raises WrongAddress."""
    name = urlsplit(address.text).path.strip("/") or KEYSPACE
    if not name.isascii() or not name.isidentifier():
        raise WrongAddress(said("{name!r} is no name of a keyspace", name=name))
    return name.lower()


@contextmanager
def speaking(address: Address) -> Iterator[None]:
    """What the driver raises in this block is raised in our words."""
    try:
        yield
    except (DriverException, NoHostAvailable, ConnectionException, OSError) as error:
        raise in_our_words(error, address) from None


def in_our_words(error: BaseException, address: Address) -> RemoteError:
    """What the driver said of a server."""
    first = _first_told(error)
    said_there = first.args[0] if isinstance(first, NoHostAvailable) else first
    text = address.scrubbed(str(said_there).strip() or type(first).__name__).splitlines()[0]
    text = text.rpartition("Last error: ")[2]  # the driver puts the places it has tried before it
    if isinstance(first, AuthenticationFailed):
        return Refused(said("the server refused the user or password"), address.shown)
    if isinstance(first, Unauthorized):
        return Refused(said("the server refused this ({reason})", reason=text), address.shown)
    if isinstance(first, ProtocolError):
        return NotARemote(said("what answers there is not a Cassandra server"), address.shown)
    if isinstance(first, ssl.SSLError) or text.startswith("[SSL"):
        reason = said("no secure connection could be made ({reason})", reason=text)
        return Unreachable(reason, address.shown)
    if isinstance(first, InvalidRequest):
        return RemoteError(said("the server refused this ({reason})", reason=text), address.shown)
    if isinstance(first, (RequestExecutionException, OperationTimedOut)):
        reason = said("the server did not answer in time ({reason})", reason=text)
        return Unreachable(reason, address.shown)
    if isinstance(first, UnresolvableContactPoints):
        text = said("the name of the host is not known")
    return Unreachable(said("the server cannot be reached ({reason})", reason=text), address.shown)


def _first_told(error: BaseException) -> BaseException:
    """Of several hosts, what went wrong with the first. The driver tells it by host, or only which
    hosts there are."""
    told = getattr(error, "errors", None) if isinstance(error, NoHostAvailable) else None
    found = told.values() if isinstance(told, dict) else ()
    return next((it for it in found if isinstance(it, Exception)), error)
