"""What a person can do to run through a log until a breakpoint stops."""

from typing import Final

from gui.actions import ActionSpec, in_session, in_workspace
from gui.views.breakpoints_view import BreakpointsView
from gui.words import said

BREAKPOINT_ACTIONS: Final = (
    ActionSpec(
        id="run",
        text=said("Run to the next breakpoint"),
        menu="Time",
        keys=("F8",),
        icon="play",
        begins_group=True,
        does=in_session(lambda it: it.running.run()),
    ),
    ActionSpec(
        id="run back",
        text=said("Run back to the previous breakpoint"),
        menu="Time",
        keys=("Shift+F8",),
        does=in_session(lambda it: it.running.run_back()),
    ),
    ActionSpec(
        id="break on type",
        text=said("Toggle a breakpoint on events of this type"),
        menu="Time",
        keys=("F9",),
        does=in_session(lambda it: it.breakpoints.toggle_type()),
    ),
    ActionSpec(
        id="breakpoints",
        text=said("Breakpoints…"),
        menu="Time",
        keys=("Shift+F9",),
        does=in_workspace(lambda it: it.show_panel(BreakpointsView)),
    ),
)
