"""Everything a person can do, in one table: menus, keys, the sheet of keys and what is done. The
File menu stands in `gui.file_actions`."""

from typing import Final

from gui.actions import ActionSpec, in_session, in_workspace
from gui.breakpoint_actions import BREAKPOINT_ACTIONS
from gui.file_actions import FILE_ACTIONS
from gui.find_actions import FIND_ACTIONS
from gui.views.commands_view import CommandsView
from gui.views.events_view import EventsView
from gui.views.field_history_view import FieldHistoryView
from gui.views.inspector_view import InspectorView
from gui.views.panes_view import PanesView
from gui.views.processes_view import ProcessesView
from gui.views.rules_view import RulesView
from gui.views.search_view import SearchView
from gui.views.states_view import StatesView
from gui.views.time_view import TimeView
from gui.workspace import Workspace


def _undo(workspace: Workspace) -> None:
    """Prepare the command that compensates the event under the cursor."""
    workspace.show_panel(CommandsView)
    workspace.session.commands.undo(workspace.session.selection.as_of)


ACTIONS: Final = (
    *FILE_ACTIONS,
    ActionSpec(
        id="back",
        text="Back to the previous place",
        menu="Go",
        keys=("Alt+Left",),
        does=in_session(lambda it: it.history.back()),
    ),
    ActionSpec(
        id="forward",
        text="Forward to the next place",
        menu="Go",
        keys=("Alt+Right",),
        does=in_session(lambda it: it.history.forward()),
    ),
    ActionSpec(
        id="goto",
        text="Go to position or time…",
        menu="Go",
        keys=("Ctrl+G", "@"),
        does=lambda it: it.top.type_moment(),
    ),
    ActionSpec(
        id="commands",
        text="Issue a command",
        menu="Go",
        keys=("C",),
        does=in_workspace(lambda it: it.show_panel(CommandsView)),
    ),
    ActionSpec(
        id="processes",
        text="Processes, outbox and clock",
        menu="Go",
        keys=("P",),
        does=in_workspace(lambda it: it.show_panel(ProcessesView)),
    ),
    ActionSpec(
        id="views",
        text="Views side by side, and SQL",
        menu="Go",
        keys=("V",),
        does=in_workspace(lambda it: it.show_panel(PanesView)),
    ),
    ActionSpec(
        id="states",
        text="State at A, at the cursor and now",
        menu="Go",
        keys=("Shift+D",),
        does=in_workspace(lambda it: it.show_panel(StatesView)),
    ),
    ActionSpec(
        id="undo",
        text="Undo by a compensating command",
        menu="Go",
        keys=("Ctrl+Z",),
        does=in_workspace(_undo),
    ),
    ActionSpec(
        id="origin",
        text="To where the chosen value came from",
        menu="Go",
        keys=("O",),
        does=in_workspace(lambda it: it.of(InspectorView).state.want_origin()),
    ),
    ActionSpec(
        id="field history",
        text="History of the chosen field",
        menu="Go",
        keys=("H",),
        does=in_workspace(lambda it: it.show_panel(FieldHistoryView)),
    ),
    ActionSpec(
        id="pin",
        text="Pin or unpin the chosen field",
        menu="Go",
        keys=("Shift+P",),
        does=in_workspace(lambda it: it.of(InspectorView).state.want_pin()),
    ),
    ActionSpec(
        id="previous change",
        text="Previous event that changed the chosen field",
        menu="Time",
        keys=(",",),
        does=in_session(lambda it: it.blame.previous_change()),
    ),
    ActionSpec(
        id="next change",
        text="Next event that changed the chosen field",
        menu="Time",
        keys=(".",),
        does=in_session(lambda it: it.blame.next_change()),
    ),
    ActionSpec(
        id="filter by",
        text="Filter by the chosen event…",
        menu="Go",
        keys=("Shift+F",),
        does=in_workspace(lambda it: it.event_menu.show_for_row()),
    ),
    ActionSpec(
        id="conversation",
        text="Only this conversation",
        menu="Go",
        keys=("Shift+C",),
        does=in_session(lambda it: it.narrowing.conversation(it.selection.as_of)),
    ),
    ActionSpec(
        id="filter by value",
        text="Filter by the chosen value of the state",
        menu="Go",
        keys=("Shift+K",),
        does=in_workspace(lambda it: it.event_menu.narrow_by_value(is_left_out=False)),
    ),
    ActionSpec(
        id="leave out value",
        text="Leave out the chosen value of the state",
        menu="Go",
        keys=("Shift+O",),
        does=in_workspace(lambda it: it.event_menu.narrow_by_value(is_left_out=True)),
    ),
    ActionSpec(
        id="saved filters",
        text="Saved filters…",
        menu="Go",
        keys=("Shift+S",),
        does=in_workspace(lambda it: it.saved_filter_menu.show()),
    ),
    ActionSpec(
        id="everything",
        text="List everything again",
        menu="Go",
        keys=("Shift+E",),
        does=in_session(lambda it: it.filter.clear()),
    ),
    *FIND_ACTIONS,
    ActionSpec(
        id="search",
        text="Search events",
        menu="Go",
        keys=("Ctrl+F", "/"),
        does=in_workspace(lambda it: it.of(EventsView).search.setFocus()),
    ),
    ActionSpec(
        id="search all",
        text="Search all events",
        menu="Go",
        keys=("Ctrl+Shift+F",),
        does=in_workspace(lambda it: it.show_panel(SearchView)),
    ),
    ActionSpec(
        id="rules",
        text="Standing rules",
        menu="Go",
        keys=("Ctrl+Shift+R",),
        does=in_workspace(lambda it: it.show_panel(RulesView)),
    ),
    ActionSpec(
        id="previous",
        text="Previous event",
        menu="Time",
        keys=("Left",),
        does=in_session(lambda it: it.playback.step_back()),
    ),
    ActionSpec(
        id="next",
        text="Next event",
        menu="Time",
        keys=("Right",),
        does=in_session(lambda it: it.playback.step_forward()),
    ),
    ActionSpec(
        id="back ten",
        text="Ten events back",
        menu="Time",
        keys=("Shift+Left",),
        does=in_session(lambda it: it.playback.back_ten()),
    ),
    ActionSpec(
        id="forward ten",
        text="Ten events on",
        menu="Time",
        keys=("Shift+Right",),
        does=in_session(lambda it: it.playback.forward_ten()),
    ),
    ActionSpec(
        id="previous in stream",
        text="Previous event of the stream",
        menu="Time",
        keys=("Ctrl+Left",),
        does=in_session(lambda it: it.goto.previous_in_stream()),
    ),
    ActionSpec(
        id="next in stream",
        text="Next event of the stream",
        menu="Time",
        keys=("Ctrl+Right",),
        does=in_session(lambda it: it.goto.next_in_stream()),
    ),
    ActionSpec(
        id="first",
        text="First event",
        menu="Time",
        keys=("Home",),
        does=in_session(lambda it: it.playback.to_first()),
    ),
    ActionSpec(
        id="end",
        text="Newest event, and follow",
        menu="Time",
        keys=("End",),
        does=in_session(lambda it: it.playback.to_end()),
    ),
    ActionSpec(
        id="play",
        text="Play or pause",
        menu="Time",
        keys=("Space",),
        does=in_session(lambda it: it.playback.toggle()),
    ),
    *BREAKPOINT_ACTIONS,
    ActionSpec(
        id="reverse",
        text="Reverse",
        menu="Time",
        keys=("-",),
        does=in_session(lambda it: it.playback.reverse()),
    ),
    ActionSpec(
        id="cause",
        text="To the cause",
        menu="Time",
        keys=("[",),
        does=in_session(lambda it: it.goto.to_cause()),
    ),
    ActionSpec(
        id="effect",
        text="To the effect",
        menu="Time",
        keys=("]",),
        does=in_session(lambda it: it.goto.to_effect()),
    ),
    ActionSpec(
        id="set anchor",
        text="Set A here",
        menu="Time",
        keys=("Shift+X",),
        does=in_session(lambda it: it.selection.anchor_here()),
    ),
    ActionSpec(
        id="swap",
        text="Swap cursor and A",
        menu="Time",
        keys=("X",),
        does=in_session(lambda it: it.selection.swap()),
    ),
    ActionSpec(
        id="clear anchor",
        text="Remove A",
        menu="Time",
        does=in_session(lambda it: it.selection.drop_anchor()),
    ),
    ActionSpec(
        id="zoom in",
        text="Zoom in",
        menu="View",
        keys=("W",),
        does=in_workspace(lambda it: it.of(TimeView).panel.zoom_in()),
    ),
    ActionSpec(
        id="zoom out",
        text="Zoom out",
        menu="View",
        keys=("S",),
        does=in_workspace(lambda it: it.of(TimeView).panel.zoom_out()),
    ),
    ActionSpec(
        id="pan left",
        text="Pan to earlier",
        menu="View",
        keys=("A",),
        does=in_workspace(lambda it: it.of(TimeView).panel.pan_left()),
    ),
    ActionSpec(
        id="pan right",
        text="Pan to later",
        menu="View",
        keys=("D",),
        does=in_workspace(lambda it: it.of(TimeView).panel.pan_right()),
    ),
    ActionSpec(
        id="frame",
        text="Frame everything",
        menu="View",
        keys=("F",),
        does=in_workspace(lambda it: it.of(TimeView).panel.frame_all()),
    ),
    ActionSpec(
        id="columns",
        text="Columns of the event table…",
        menu="View",
        keys=("K",),
        does=in_workspace(lambda it: it.arrange_columns()),
    ),
    ActionSpec(
        id="narrow time",
        text="Time panel: only what is listed",
        menu="View",
        keys=("Shift+N",),
        does=in_session(lambda it: it.listed_timeline.toggle()),
    ),
    ActionSpec(
        id="reset layout",
        text="Reset layout",
        menu="View",
        does=in_workspace(lambda it: it.docking.reset()),
    ),
    ActionSpec(
        id="light",
        text="Light",
        menu="View",
        needs_store=False,
        does=lambda it: it.choose_theme("light"),
    ),
    ActionSpec(
        id="dark",
        text="Dark",
        menu="View",
        needs_store=False,
        does=lambda it: it.choose_theme("dark"),
    ),
    ActionSpec(
        id="system theme",
        text="As the system",
        menu="View",
        needs_store=False,
        does=lambda it: it.choose_theme("system"),
    ),
    ActionSpec(
        id="keys",
        text="Keys",
        menu="Help",
        keys=("?", "F1"),
        needs_store=False,
        does=lambda it: it.show_keys(),
    ),
    ActionSpec(
        id="about",
        text="About Foldline",
        menu="Help",
        needs_store=False,
        does=lambda it: it.show_about(),
    ),
)
