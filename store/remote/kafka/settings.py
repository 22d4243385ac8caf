"""What an address says of a Kafka topic and of how its brokers are reached.

`kafka://user@host:9092,other:9092/topic?security.protocol=SASL_SSL&sasl.mechanism=SCRAM-SHA-256`:
options behind the `?` are librdkafka's own; `properties=FILE` names a file with further ones, one
`name=value` a line. The password comes from such a file, from the address, or from where
`store.remote.passwords` finds it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from store.remote.address import Address
from store.remote.errors import WrongAddress
from store.remote.passwords import VARIABLES, password_for
from store.words import said

PASSWORD: Final = VARIABLES["kafka"]  # in the environment
OURS: Final = frozenset({"properties", "partitions", "replicas"})
# What the promises here rest on, or what would run a program that an address names.
KEPT_BACK: Final = frozenset(
    {
        "acks",
        "auto.offset.reset",
        "bootstrap.servers",
        "enable.auto.commit",
        "enable.idempotence",
        "enable.partition.eof",
        "group.id",
        "group.instance.id",
        "isolation.level",
        "message.send.max.retries",
        "metadata.broker.list",
        "partitioner",
        "plugin.library.paths",
        "queuing.strategy",
        "request.required.acks",
        "transactional.id",
    }
)
# Where no broker answers, librdkafka would forget those it knows. A transaction that is open then
# waits for good for a broker that it has forgotten (2.16). A client that fails is made anew here,
# from the address: that finds brokers that have moved as well.
STAYING: Final = {"metadata.recovery.strategy": "none"}
_TOPIC: Final = re.compile(r"[A-Za-z0-9._-]{1,249}")


def topic_of(address: Address) -> str:
    """The topic that an address names. Raises WrongAddress."""
    name = unquote(urlsplit(address.text).path.strip("/"))
    if not name:
        raise WrongAddress(said("it names no topic: write kafka://HOST:PORT/TOPIC"))
    if not _TOPIC.fullmatch(name) or name in (".", ".."):
        raise WrongAddress(
            said("a topic is named by letters, digits, dots, dashes and underscores")
        )
    return name


def count_of(address: Address, option: str, *, usual: int) -> int:
    """A number among the options. Raises WrongAddress."""
    text = address.options.get(option, str(usual))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10_000):
        raise WrongAddress(said("{option} must be a number from 1", option=option))
    return int(text)


def client_settings(address: Address) -> dict[str, Any]:
    """For any client of librdkafka. Raises WrongAddress."""
    parts = urlsplit(address.text)
    place = parts.netloc.rpartition("@")[2]
    if not place:
        raise WrongAddress(said("it names no server: write kafka://HOST:PORT/TOPIC"))
    brokers = [it if re.search(r":\d+$", it) else f"{it}:9092" for it in place.split(",") if it]
    settings: dict[str, Any] = {
        "bootstrap.servers": ",".join(brokers),
        "client.id": "foldline",
        **STAYING,
    }
    given = {name: it for name, it in address.options.items() if name not in OURS}
    if "properties" in address.options:
        given = {**_properties(address.options["properties"]), **given}
    _require_free(given)
    return {**settings, **_account(address, given), **given}


def _account(address: Address, given: Mapping[str, str]) -> dict[str, str]:
    """Who one is, where SASL asks for it."""
    parts = urlsplit(address.text)
    user, password = parts.username, parts.password
    found = {}
    if user is not None:
        found["sasl.username"] = unquote(user)
        if "sasl.mechanism" not in given and "sasl.mechanisms" not in given:
            found["sasl.mechanism"] = "PLAIN"
        if "security.protocol" not in given:
            found["security.protocol"] = "SASL_PLAINTEXT"
    if password is not None:
        found["sasl.password"] = unquote(password)
    elif "sasl.password" not in given and (kept := password_for(address)):
        found["sasl.password"] = kept
    return found


def _properties(name: str) -> dict[str, str]:
    try:
        lines = Path(name).expanduser().read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise WrongAddress(
            said("the file of properties cannot be read: {name}", name=name)
        ) from None
    pairs = [it.partition("=") for it in map(str.strip, lines) if it and not it.startswith("#")]
    return {option.strip(): value.strip() for option, _, value in pairs}


def _require_free(given: Mapping[str, str]) -> None:
    if taken := sorted(KEPT_BACK & given.keys()):
        raise WrongAddress(said("the option {name} is set by Foldline itself", name=taken[0]))
