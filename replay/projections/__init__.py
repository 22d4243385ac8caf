"""Projections, one a file; each defines PROJECTION and is found by being in this folder. Installed
packages add theirs through the entry point `foldline.projections`."""

import importlib
import pkgutil
from importlib.metadata import entry_points
from typing import Any, Final

from replay.projection import Projection

GROUP: Final = "foldline.projections"


def find_projections() -> tuple[Projection[Any], ...]:
    """Every projection of this folder and of installed packages, by name.

    Raises TypeError when an entry point is none.
    """
    modules = (
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    )
    found = [it.PROJECTION for it in modules]
    for it in entry_points(group=GROUP):
        projection = it.load()
        if not isinstance(projection, Projection):
            raise TypeError(f"this entry point is no projection: {it.name} = {it.value}")
        found.append(projection)
    return tuple(sorted(found, key=lambda it: it.name))
