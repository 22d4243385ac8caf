"""Every panel of the window: whatever a file of gui/views declares as its `PANEL`."""

import pkgutil
from functools import cache
from importlib import import_module

import gui.views
from gui.panel import AnyPanel, Panel, TabPanel


@cache
def panels() -> tuple[AnyPanel, ...]:
    """Those of the window itself first, then the pages within them; each kind in its order.

    Raises ValueError when two have one id, or a page has no panel to be in.
    """
    modules = pkgutil.iter_modules(gui.views.__path__, f"{gui.views.__name__}.")
    loaded = [import_module(module.name) for module in modules]
    return arranged([module.PANEL for module in loaded if hasattr(module, "PANEL")])


def arranged(found: list[AnyPanel]) -> tuple[AnyPanel, ...]:
    """Panels in the order in which they are made. Raises ValueError as `panels` does."""
    ids = [it.id for it in found]
    if twice := sorted({it for it in ids if ids.count(it) > 1}):
        raise ValueError(f"two panels have one id: {', '.join(twice)}")
    docked = sorted((it for it in found if isinstance(it, Panel)), key=lambda it: it.order)
    pages = sorted((it for it in found if isinstance(it, TabPanel)), key=lambda it: it.order)
    names = {it.id for it in docked}
    if lost := [it.id for it in pages if it.parent not in names]:
        raise ValueError(f"no panel has these pages: {', '.join(lost)}")
    return (*docked, *pages)
