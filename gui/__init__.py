"""The window: everything of Qt lives here."""

import sys
from importlib import import_module


def _load_modules_without_their_sources() -> None:
    """PySide reads the source of each module that is loaded after it, and keeps its lines: the
    module might ask for other names of Qt's methods (`from __feature__ import snake_case`). Nobody
    does here, and it took a tenth of a start."""
    import_module("PySide6.QtCore")
    feature = sys.modules.get("PySide6.support.feature")
    if feature is not None and hasattr(feature, "_mod_uses_pyside"):
        vars(feature)["_mod_uses_pyside"] = lambda _module: True  # and it wants no such names


_load_modules_without_their_sources()
