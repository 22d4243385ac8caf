"""The servers that a person chose for a log: topics, query stores and masters of Spark, as text
beside it.

Addresses are kept without secrets. Which server a log mirrors is a fact of the log itself, in
`store.remote.origin`.
"""

from typing import Final, Literal

from msgspec import Struct

from replay.beside_log import BesideLog
from replay.query_store.kind import query_kind_of
from replay.spark.master import is_master
from replay.words import said
from store.errors import StoreError
from store.place import Place
from store.remote.address import Address, address_of
from store.remote.errors import WrongAddress
from store.remote.topics import SCHEME, require_topic

Role = Literal["topic", "query_store", "spark"]
TOPIC: Final = "topic"
QUERY_STORE: Final = "query_store"
SPARK: Final = "spark"  # folds views


class WrongEngines(StoreError):
    hint = said("Correct the file, or delete it.")


class KeptEngine(Struct, frozen=True, kw_only=True):
    """One server. The events of the log are published to a topic; rows of views are written to a
    query store, and folded on Spark."""

    role: Role
    address: str  # without secrets
    views: tuple[str, ...] = ()  # of a query store; empty: all that have rows

    def where(self) -> Address:
        """As it is connected to: with secrets from the environment, a file or the keyring."""
        return address_of(self.address)


FILE: Final = BesideLog[tuple[KeptEngine, ...]](
    "-engines.json",
    tuple[KeptEngine, ...],
    empty=tuple,
    what=said("the file of a store's servers"),
    wrong=WrongEngines,
    told=lambda value: _without_secrets(value),
)


def load(place: Place) -> tuple[KeptEngine, ...]:
    """All of them, in the order in which they were chosen; none without a file. Secrets that
    somebody wrote into the file are left out. Raises WrongEngines."""
    try:
        return tuple(sound(it) for it in FILE.load(place))
    except WrongAddress as error:
        path = FILE.path(place)
        raise WrongEngines(
            said(
                "the file of a store's servers cannot be used ({error}): {path}",
                error=error,
                path=path,
            )
        ) from error


def topics(place: Place) -> tuple[KeptEngine, ...]:
    """Where the events of a log are published. Raises WrongEngines."""
    return tuple(it for it in load(place) if it.role == TOPIC)


def query_stores(place: Place) -> tuple[KeptEngine, ...]:
    """Where the rows of its views are written. Raises WrongEngines."""
    return tuple(it for it in load(place) if it.role == QUERY_STORE)


def keep(place: Place, engine: KeptEngine) -> KeptEngine:
    """Keep a server, in place of the same one in the same role; it comes back as it is kept.
    Raises WrongAddress where the role has no such servers, WrongEngines, and what is in the way
    of writing the file."""
    kept = sound(engine)
    load(place)

    def with_it(now: tuple[KeptEngine, ...]) -> tuple[KeptEngine, ...]:
        if any(_same(it, kept) for it in now):
            return tuple(kept if _same(it, kept) else it for it in now)
        return (*now, kept)

    FILE.change(place, with_it)
    return kept


def forget(place: Place, engine: KeptEngine) -> None:
    """Keep it no longer; nothing changes at the server. Raises WrongEngines, and what is in the
    way of writing the file."""
    gone = sound(engine)
    load(place)
    FILE.change(place, lambda now: tuple(it for it in now if not _same(it, gone)))


def role_of(text: str) -> Role:
    """What a server at an address is for. Raises WrongAddress."""
    if is_master(text):
        return SPARK
    return TOPIC if address_of(text).scheme == SCHEME else QUERY_STORE


def _without_secrets(engines: tuple[KeptEngine, ...]) -> tuple[KeptEngine, ...]:
    """Those whose addresses can be read: of the others nothing is known to be harmless."""
    found = []
    for it in engines:
        try:
            found.append(sound(it))
        except WrongAddress:
            continue
    return tuple(found)


def _same(one: KeptEngine, other: KeptEngine) -> bool:
    return (one.role, one.address) == (other.role, other.address)


def sound(engine: KeptEngine) -> KeptEngine:
    """Without secrets. Raises WrongAddress where the role has no such servers."""
    if engine.role == SPARK:
        if not is_master(engine.address):
            raise WrongAddress(said("it is no master of Spark"))
        return KeptEngine(role=SPARK, address=engine.address)
    address = address_of(engine.address)
    if engine.role == TOPIC:
        require_topic(address)
    else:
        query_kind_of(address)
    return KeptEngine(role=engine.role, address=address.shown, views=engine.views)
