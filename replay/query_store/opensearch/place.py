"""What an address of an OpenSearch says: `opensearch://user@host:9200/shop?tls=on&tls_ca=FILE`.

The path is how the names of its indexes begin. TLS is on unless the server is on this machine.
The password comes from the address, from a person who typed it, from a file as libpq's .pgpass is,
or from an environment variable.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from replay.words import said
from store.remote.address import Address
from store.remote.errors import WrongAddress
from store.remote.passwords import password_for

PORT: Final = 9200
PREFIX: Final = "foldline"
KNOWN: Final = frozenset({"tls", "tls_ca", "passfile"})
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_HERE: Final = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPlace:
    """Where the server is, who asks, and how the names begin."""

    host: str
    port: int
    is_secure: bool
    ca_file: str | None  # None: those that the system trusts
    user: str
    password: str = field(repr=False)
    prefix: str


def place_at(address: Address) -> SearchPlace:
    """Raises WrongAddress."""
    parts, options = urlsplit(address.text), address.options
    if not parts.hostname:
        raise WrongAddress(said("it names no host"))
    if unknown := sorted(set(options) - KNOWN - {"password"}):
        raise WrongAddress(
            said(
                "it has an unknown option {name!r} (known: {known})",
                name=unknown[0],
                known=", ".join(sorted(KNOWN)),
            )
        )
    prefix = parts.path.strip("/") or PREFIX
    if not _NAME.fullmatch(prefix):
        raise WrongAddress(said("{name!r} cannot begin the name of an index", name=prefix))
    user, port = unquote(parts.username or ""), parts.port or PORT
    return SearchPlace(
        host=parts.hostname,
        port=port,
        is_secure=_is_secure(options.get("tls", ""), parts.hostname),
        ca_file=options.get("tls_ca") or None,
        user=user,
        password=_password(address, parts.hostname, port, user),
        prefix=prefix,
    )


def variable(address: Address) -> str:
    """The environment variable that may hold the password."""
    return f"{address.scheme.upper()}_PASSWORD"


def _is_secure(given: str, host: str) -> bool:
    if given not in ("", "on", "off"):
        raise WrongAddress(said("tls is on or off, not {given!r}", given=given))
    return given != "off" if given else not _HERE.fullmatch(host)


def _password(address: Address, host: str, port: int, user: str) -> str:
    parts, options = urlsplit(address.text), address.options
    if parts.password is not None:
        return unquote(parts.password)
    if "password" in options:
        return options["password"]
    if file := options.get("passfile"):
        return _from_file(Path(file).expanduser(), host, port, user)
    return password_for(address) or ""


def _from_file(path: Path, host: str, port: int, user: str) -> str:
    """Lines of host:port:anything:user:password; a star is whatever it is. Raises WrongAddress."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = said("its passfile cannot be read ({reason})", reason=type(error).__name__)
        raise WrongAddress(reason) from None
    for line in lines:
        *found, password = (line.split(":", 4) + [""] * 5)[:5]
        asked = (host, str(port), None, user)
        if all(wanted in (None, it) or it == "*" for it, wanted in zip(found, asked, strict=True)):
            return password
    return ""
