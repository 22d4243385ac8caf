"""A kind of event store on a server, and the door by which its stores are opened."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import store.remotes
from store.remote.address import Address
from store.remote.errors import WrongAddress
from store.remote.interface import RemoteReader, RemoteStore
from store.words import said


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteKind:
    """Defined as KIND by a module of store/remotes/."""

    schemes: tuple[str, ...]  # of addresses, the usual one first
    title: str  # for people
    extra: str  # the optional extra that brings the client
    open_reader: Callable[[Address], RemoteReader]  # to read only: nothing is written there
    open_store: Callable[[Address], RemoteStore]  # raises NotARemote where none was made
    create: Callable[[Address], str]  # an empty store; returns its identity. Raises RemoteExists


@cache
def kinds() -> tuple[RemoteKind, ...]:
    """Every kind in the folder."""
    modules = pkgutil.iter_modules(store.remotes.__path__, f"{store.remotes.__name__}.")
    return tuple(importlib.import_module(it.name).KIND for it in modules)


def kind_of(address: Address) -> RemoteKind:
    """Raises WrongAddress."""
    found = next((it for it in kinds() if address.scheme in it.schemes), None)
    if found is None:
        known = ", ".join(f"{it.schemes[0]}://" for it in kinds())
        raise WrongAddress(
            said(
                "nothing here speaks {scheme}:// (known: {known})",
                scheme=address.scheme,
                known=known,
            )
        )
    return found
