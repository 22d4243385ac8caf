"""Projections, one a file; each defines PROJECTION and is found by being in this folder."""

import importlib
import pkgutil
from typing import Any

from replay.projection import Projection


def find_projections() -> tuple[Projection[Any], ...]:
    """Every projection of this folder, by name."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    )
    return tuple(sorted((it.PROJECTION for it in modules), key=lambda found: found.name))
