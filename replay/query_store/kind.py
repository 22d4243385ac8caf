"""A kind of query store, and the door by which one is opened."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import replay.query_stores
from replay.query_store.interface import QueryStore
from replay.words import said
from store.remote.address import Address
from store.remote.errors import WrongAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryKind:
    """Defined as KIND by a module of replay/query_stores/."""

    schemes: tuple[str, ...]  # of addresses, the usual one first
    title: str  # for people
    extra: str  # the optional extra that brings the client
    open: Callable[[Address], QueryStore]  # raises what a question raises, and EngineMissing


@cache
def query_kinds() -> tuple[QueryKind, ...]:
    """Every kind in the folder."""
    found = pkgutil.iter_modules(replay.query_stores.__path__, f"{replay.query_stores.__name__}.")
    return tuple(importlib.import_module(it.name).KIND for it in found)


def open_query_store(address: Address) -> QueryStore:
    """Raises WrongAddress where no kind has this scheme, and what opening raises."""
    return query_kind_of(address).open(address)


def query_kind_of(address: Address) -> QueryKind:
    """Raises WrongAddress."""
    found = next((it for it in query_kinds() if address.scheme in it.schemes), None)
    if found is None:
        known = ", ".join(f"{scheme}://" for it in query_kinds() for scheme in it.schemes)
        reason = said(
            "{scheme}:// is no query store (known: {known})", scheme=address.scheme, known=known
        )
        error = WrongAddress(reason)
        error.hint = said(
            "Write an address such as opensearch://user@host:9200/name or "
            "postgresql://user@host:5432/database."
        )
        raise error
    return found
