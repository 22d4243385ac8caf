"""Passwords that a person typed for servers: in this process and those it starts, and in no file.

They are handed on in one variable of the environment, by the place that they open.
"""

import os
from contextlib import suppress
from typing import Final

from store import json_text
from store.remote.address import Address

VARIABLE: Final = "FOLDLINE_PASSWORDS"


def remember_password(address: Address, password: str) -> None:
    """For every later connection to the same server with the same user."""
    os.environ[VARIABLE] = json_text.encode({**_known(), address.place: password})


def password_for(address: Address) -> str | None:
    """None where none was typed: a client looks elsewhere then, such as into a .pgpass file."""
    return _known().get(address.place)


def _known() -> dict[str, str]:
    with suppress(ValueError):
        found = json_text.decode(os.environ.get(VARIABLE, "{}"))
        if isinstance(found, dict):
            return {str(name): str(it) for name, it in found.items()}
    return {}
