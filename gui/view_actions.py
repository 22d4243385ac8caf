"""What a person can do to see other things, or the same otherwise: the View and the Help menu."""

from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from gui.actions import ActionSpec, in_session, in_workspace
from gui.fixed_keys import TABS
from gui.look.theme import themes
from gui.panel import Panel
from gui.panels import panels
from gui.views.time_view import TimeView
from gui.words import said
from gui.workspace import Workspace


def _show_panel(workspace: Workspace, *, panel_id: str) -> None:
    workspace.show_panel_of(panel_id)


def _centre() -> list[Panel[QWidget]]:
    """The panels that are tabs of the centre, from left to right."""
    docked = [it for it in panels() if isinstance(it, Panel) and it.area in ("center", "tab")]
    return docked[:TABS]


TAB_ACTIONS: Final = tuple(
    ActionSpec(
        id=f"tab {panel.id}",
        text=said("The tab {title}", title=panel.title),
        menu="View",
        keys=(f"Ctrl+{number}",),
        begins_group=number == 1,
        does=in_workspace(partial(_show_panel, panel_id=panel.id)),
    )
    for number, panel in enumerate(_centre(), 1)
)

VIEW_ACTIONS: Final = (
    ActionSpec(
        id="zoom in",
        text=said("Zoom in"),
        menu="View",
        keys=("W",),
        icon="zoom-in",
        does=in_workspace(lambda it: it.of(TimeView).panel.zoom_in()),
    ),
    ActionSpec(
        id="zoom out",
        text=said("Zoom out"),
        menu="View",
        keys=("S",),
        icon="zoom-out",
        does=in_workspace(lambda it: it.of(TimeView).panel.zoom_out()),
    ),
    ActionSpec(
        id="pan left",
        text=said("Pan to earlier events"),
        menu="View",
        keys=("A",),
        does=in_workspace(lambda it: it.of(TimeView).panel.pan_left()),
    ),
    ActionSpec(
        id="pan right",
        text=said("Pan to later events"),
        menu="View",
        keys=("D",),
        does=in_workspace(lambda it: it.of(TimeView).panel.pan_right()),
    ),
    ActionSpec(
        id="frame",
        text=said("Frame everything"),
        menu="View",
        keys=("F",),
        begins_group=True,
        icon="maximize",
        does=in_workspace(lambda it: it.of(TimeView).panel.frame_all()),
    ),
    ActionSpec(
        id="columns",
        text=said("Columns of the event table…"),
        menu="View",
        keys=("K",),
        begins_group=True,
        icon="list",
        does=in_workspace(lambda it: it.arrange_columns()),
    ),
    ActionSpec(
        id="narrow time",
        text=said("Time panel: only listed events"),
        menu="View",
        keys=("Shift+N",),
        is_checked=lambda it: it.open_session().listed_timeline.is_narrow,
        does=in_session(lambda it: it.listed_timeline.toggle()),
    ),
    *TAB_ACTIONS,
    ActionSpec(
        id="reset layout",
        text=said("Reset layout"),
        menu="View",
        begins_group=True,
        icon="rotate-ccw",
        does=in_workspace(lambda it: it.docking.reset()),
    ),
    ActionSpec(
        id="light",
        text=said("Light"),
        menu="View",
        needs_store=False,
        is_checked=lambda _: themes().choice == "light",
        begins_group=True,
        icon="sun",
        does=lambda it: it.choose_theme("light"),
    ),
    ActionSpec(
        id="dark",
        text=said("Dark"),
        menu="View",
        needs_store=False,
        is_checked=lambda _: themes().choice == "dark",
        icon="moon",
        does=lambda it: it.choose_theme("dark"),
    ),
    ActionSpec(
        id="contrast",
        text=said("High contrast"),
        menu="View",
        needs_store=False,
        is_checked=lambda _: themes().choice == "contrast",
        icon="moon",
        does=lambda it: it.choose_theme("contrast"),
    ),
    ActionSpec(
        id="system theme",
        text=said("Same as the system"),
        menu="View",
        needs_store=False,
        is_checked=lambda _: themes().choice == "system",
        does=lambda it: it.choose_theme("system"),
    ),
    ActionSpec(
        id="keys",
        text=said("Keys"),
        menu="Help",
        keys=("?", "F1"),
        needs_store=False,
        icon="circle-help",
        does=lambda it: it.show_keys(),
    ),
    ActionSpec(
        id="tour",
        text=said("Tour of the window"),
        menu="Help",
        needs_store=False,
        icon="circle-help",
        does=lambda it: it.show_tour(),
    ),
    ActionSpec(
        id="about",
        text=said("About Foldline"),
        menu="Help",
        needs_store=False,
        begins_group=True,
        icon="info",
        does=lambda it: it.show_about(),
    ),
)
