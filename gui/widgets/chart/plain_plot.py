"""A plot of two axes that only shows: no menu, no mouse, no keyboard of its own."""

from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

EDGE_PX: Final = 8  # above the plot, for the half of a number that stands at its top


def plain_plot(name: str) -> Any:
    """Its name is for those who hear it. It is deleted whole with its parent: the library makes
    seven menus for each plot, shown or not, as windows that belong to nobody."""
    plot = pg.PlotWidget()
    plot.setAccessibleName(name)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.setMenuEnabled(False)
    plot.setMouseEnabled(x=False, y=False)
    plot.hideButtons()
    item = plot.getPlotItem()
    item.setContentsMargins(0, EDGE_PX, EDGE_PX, 0)
    item.ctrlMenu.setParent(plot, item.ctrlMenu.windowFlags())
    for it in item.ctrlMenu.findChildren(QWidget):
        it.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # they are never shown
    return plot
