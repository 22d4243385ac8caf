"""The door to what needs an optional package: looked for when it is wanted."""

import importlib
from typing import Any

from store.remote.errors import EngineMissing


def adapter_part(module: str, *, engine: str, extra: str, packages: tuple[str, ...]) -> Any:
    """A module that imports one of the packages which `extra` brings.

    Raises EngineMissing where that is not installed; any other module that is missing is a fault
    of ours and stays an ImportError.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        if error.name is not None and error.name.partition(".")[0] not in packages:
            raise
        raise EngineMissing(engine=engine, extra=extra) from error
