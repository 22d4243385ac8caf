"""The address of an event store on a server: `postgresql://user@host:5433/shop?schema=events`.

A password in an address is used and never shown, stored or repeated in a message.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from store.remote.errors import WrongAddress
from store.words import said

_SECRETS: Final = frozenset(
    {"password", "sslpassword", "sasl_password", "token", "secret"}
    | {"sasl.password", "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config"}
    | {"ssl.key.password", "ssl.key.pem", "ssl.keystore.password"}
)
_NAMED: Final = re.compile(r"\b([\w.]*password|token|secret)\s*=\s*('[^']*'|\S+)", re.I)


@dataclass(frozen=True, slots=True)
class Address:
    """What a person typed, in parts. `text` may hold a password; `shown` and `str` never do."""

    text: str = field(repr=False)
    scheme: str
    shown: str  # without secrets: for windows, messages and files
    options: Mapping[str, str] = field(repr=False)  # behind the `?`

    def __str__(self) -> str:
        return self.shown

    @property
    def place(self) -> str:
        """Scheme, user, host and port: what a password is for."""
        parts = urlsplit(self.shown)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def password(self) -> str:
        """That the text holds; empty without one."""
        return unquote(urlsplit(self.text).password or "") or self.options.get("password", "")

    def without(self, names: frozenset[str]) -> str:
        """The text without these options, for a client that would not know them."""
        parts = urlsplit(self.text)
        rest = [(name, it) for name, it in _query(parts) if name not in names]
        return _joined(parts._replace(query=urlencode(rest)))

    def scrubbed(self, text: str) -> str:
        """What somebody else says about the address, without its secrets."""
        for secret in self._secrets():
            text = text.replace(secret, "…")
        return _NAMED.sub(r"\1=…", text)

    def _secrets(self) -> list[str]:
        parts = urlsplit(self.text)
        named = [it for name, it in self.options.items() if name in _SECRETS]
        return [it for it in (parts.password, *named) if it]


def is_address(text: str) -> bool:
    """Whether a text names a server: a scheme and `://`."""
    return bool(re.match(r"[a-z][a-z0-9+.-]+://", text))


def address_of(text: str) -> Address:
    """Raises WrongAddress."""
    try:
        parts = urlsplit(text)
        for place in parts.netloc.rpartition("@")[2].split(
            ","
        ):  # a cluster may be named by several
            _ = urlsplit(f"//{place}").port
    except ValueError as error:
        raise WrongAddress(said("it cannot be read ({reason})", reason=error)) from None
    if not is_address(text):
        raise WrongAddress(said("it begins with no scheme, such as postgresql://"))
    return Address(text, parts.scheme, _shown(parts), dict(_query(parts)))


def _shown(parts: SplitResult) -> str:
    user, at, place = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    open_options = [(it, value) for it, value in _query(parts) if it not in _SECRETS]
    query = urlencode(open_options, safe="/:,")
    return _joined(parts._replace(netloc=f"{name}{at}{place}", query=query))


def _joined(parts: SplitResult) -> str:
    """With `//` also where no host is named, as in postgresql:///shop: urlunsplit leaves it out."""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}{query}"


def _query(parts: SplitResult) -> list[tuple[str, str]]:
    return parse_qsl(parts.query, keep_blank_values=True)
