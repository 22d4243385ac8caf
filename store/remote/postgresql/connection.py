"""A connection to a PostgreSQL server, and its errors in our words.

Passwords come as libpq takes them: from PGPASSWORD, a .pgpass file, a service file, or the
address. TLS options (sslmode, sslrootcert, …) stand in the address and pass through.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql

from store.errors import Cancelled
from store.remote.address import Address
from store.remote.errors import NotARemote, Refused, RemoteError, Unreachable, WrongAddress
from store.remote.passwords import password_for
from store.words import said

SCHEMA: Final = "foldline"  # where the address names none
OURS: Final = frozenset({"schema", "preset", "table"})  # options that libpq does not know
CONNECT_S: Final = 10
# A dead peer is noticed within about half a minute, whatever the system's own patience is.
KEPT_ALIVE: Final[dict[str, Any]] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
}
_ANSWERED_OTHERWISE: Final = re.compile(r"invalid response|expected authentication request")
_ABOUT_WHO: Final = re.compile(r"password|authentication failed")  # others are told as they came
_NO_CERTIFICATE: Final = re.compile(r"certificate|SSL error|server does not support SSL")

Connection = psycopg.Connection[tuple[Any, ...]]


def connected(address: Address, *, is_read_only: bool) -> Connection:
    """Raises Unreachable, Refused, NotARemote (no such database), WrongAddress."""
    typed = None if address.password else password_for(address)
    options = f"-c default_transaction_read_only={'on' if is_read_only else 'off'}"
    try:
        return psycopg.connect(
            address.without(OURS),
            autocommit=True,
            connect_timeout=CONNECT_S,
            application_name="foldline",
            options=options,
            password=typed,
            **KEPT_ALIVE,
        )
    except psycopg.OperationalError as error:
        raise _not_connected(error, address) from None
    except psycopg.ProgrammingError as error:
        reason = said("it cannot be read ({reason})", reason=address.scrubbed(_line(error)))
        raise WrongAddress(reason) from None


def schema_of(address: Address) -> sql.Identifier:
    """The schema that an address names."""
    return sql.Identifier(schema_name(address))


def schema_name(address: Address) -> str:
    """The same as text."""
    return address.options.get("schema") or SCHEMA


@contextmanager
def speaking(address: Address) -> Iterator[None]:
    """What the driver raises in this block is raised in our words."""
    try:
        yield
    except psycopg.errors.QueryCanceled:
        raise Cancelled from None
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise lost(error, address) from None
    except psycopg.errors.InsufficientPrivilege as error:
        raise Refused(_server_says(error, address), address.shown) from None
    except psycopg.errors.UndefinedTable:
        raise nothing_there(address) from None
    except psycopg.Error as error:
        raise RemoteError(_server_says(error, address), address.shown) from None


def lost(error: Exception, address: Address) -> Unreachable:
    """The connection was lost, or could not be used."""
    reason = said("the connection was lost ({reason})", reason=address.scrubbed(_line(error)))
    return Unreachable(reason, address.shown)


def nothing_there(address: Address) -> NotARemote:
    """There is no event store of ours in that schema."""
    schema = schema_name(address)
    return NotARemote(
        said("the schema {schema} holds no event store of Foldline", schema=schema), address.shown
    )


def _not_connected(error: psycopg.OperationalError, address: Address) -> RemoteError:
    text = address.scrubbed(_line(error))
    if _ANSWERED_OTHERWISE.search(text):
        return NotARemote(said("what answers there is not a PostgreSQL server"), address.shown)
    if _NO_CERTIFICATE.search(text):
        reason = said("no secure connection could be made ({reason})", reason=text)
        return Unreachable(reason, address.shown)
    if _ABOUT_WHO.search(text):
        return Refused(said("the server refused the user or password"), address.shown)
    if "FATAL" in text:  # the server answered, and said why it does not go on
        reason = said("the server refused the connection ({reason})", reason=text)
        return Refused(reason, address.shown)
    return Unreachable(said("the server cannot be reached ({reason})", reason=text), address.shown)


def _server_says(error: psycopg.Error, address: Address) -> str:
    said_there = error.diag.message_primary or _line(error)
    return said("the server refused this ({reason})", reason=address.scrubbed(said_there))


def _line(error: Exception) -> str:
    """The line that says what happened: libpq adds a question, and names every address that it
    tried."""
    lines = [it.strip() for it in str(error).splitlines()]
    telling = [it for it in lines if it and not it.startswith(("Is the server", "This probably"))]
    found = next((it for it in reversed(telling) if "rror" in it or "fail" in it), "")
    found = found or (telling[0] if telling else type(error).__name__)
    return found.removeprefix("connection failed: ").removesuffix(":")
