"""Passwords for servers: typed in this run of the program, from a variable of the environment, or
from the system's keyring.

Those that were typed are handed on to the processes that are started, in one variable of the
environment, by the place that they open. The keyring is asked only for a place that names a user.
"""

import os
from contextlib import suppress
from typing import Any, Final

from store import json_text
from store.errors import StoreError
from store.remote.adapter_part import adapter_part
from store.remote.address import Address
from store.remote.errors import EngineMissing
from store.words import said

VARIABLE: Final = "FOLDLINE_PASSWORDS"
SERVICE: Final = "foldline"  # under which the keyring has them
EXTRA: Final = "keyring"
VARIABLES: Final = {  # by the scheme of an address
    "postgresql": "PGPASSWORD",
    "postgres": "PGPASSWORD",
    "cassandra": "CASSANDRA_PASSWORD",
    "kafka": "KAFKA_PASSWORD",
    "opensearch": "OPENSEARCH_PASSWORD",
    "elasticsearch": "ELASTICSEARCH_PASSWORD",
}


class NoKeyring(StoreError):
    """Nothing was kept."""

    hint = said("Give the password by the environment or a file instead (docs/engines.md).")


def remember_password(address: Address, password: str) -> None:
    """For every later connection to the same server with the same user, until this ends."""
    os.environ[VARIABLE] = json_text.encode({**_known(), address.place: password})


def password_for(address: Address) -> str | None:
    """One that was typed, else that of the environment, else that of the keyring. None where
    there is none: a client looks elsewhere then, such as into a .pgpass file."""
    typed = _known().get(address.place)
    if typed is not None:
        return typed
    given = os.environ.get(VARIABLES.get(address.scheme, ""))
    return given if given is not None else _kept(address)


def keyring_name() -> str:
    """What the system keeps passwords in, for people; empty where there is no such thing."""
    try:
        found = _keyring().get_keyring()
    except EngineMissing:
        return ""
    return str(found.name) if found.priority > 0 else ""


def keep_password(address: Address, password: str) -> None:
    """In the system's keyring, for the server and user that the address names. Raises NoKeyring,
    EngineMissing."""
    keyring = _keyring()
    if "@" not in address.place:
        raise NoKeyring(said("the address names no user, such as {example}", example="user@host"))
    if not keyring_name():
        raise NoKeyring(said("this system has no keyring that can be used"))
    try:
        keyring.set_password(SERVICE, address.place, password)
    except keyring.errors.KeyringError as error:
        raise NoKeyring(said("the keyring refused the password ({reason})", reason=error)) from None


def _kept(address: Address) -> str | None:
    """One that cannot be had is none: the server says that it wants one."""
    if "@" not in address.place:
        return None
    try:
        keyring = _keyring()
    except EngineMissing:
        return None
    with suppress(keyring.errors.KeyringError):
        found = keyring.get_password(SERVICE, address.place)
        return None if found is None else str(found)
    return None


def _keyring() -> Any:
    """Raises EngineMissing."""
    return adapter_part(
        "keyring", engine=said("the system's keyring"), extra=EXTRA, packages=("keyring",)
    )


def _known() -> dict[str, str]:
    with suppress(ValueError):
        found = json_text.decode(os.environ.get(VARIABLE, "{}"))
        if isinstance(found, dict):
            return {str(name): str(it) for name, it in found.items()}
    return {}
