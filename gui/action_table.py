"""Everything a person can do, in one table: menus, keys, the palette and what is done. This file
has the Go menu."""

from typing import Final

from gui.action_reasons import NO_FILTER, NO_PLACE, no_stream
from gui.actions import ActionSpec, in_session, in_workspace, refused_in_session
from gui.branch_actions import BRANCH_ACTIONS
from gui.file_actions import FILE_ACTIONS
from gui.find_actions import FIND_ACTIONS
from gui.time_actions import TIME_ACTIONS
from gui.view_actions import VIEW_ACTIONS
from gui.views.commands_view import CommandsView
from gui.views.engines_view import EnginesView
from gui.views.events_view import EventsView
from gui.views.field_history_view import FieldHistoryView
from gui.views.inspector_view import InspectorView
from gui.views.panes_view import PanesView
from gui.views.processes_view import ProcessesView
from gui.views.rerun_view import RerunView
from gui.views.rules_view import RulesView
from gui.views.search_view import SearchView
from gui.views.states_view import StatesView
from gui.words import said

ACTIONS: Final = (
    *FILE_ACTIONS,
    ActionSpec(
        id="palette",
        text=said("Go to anything…"),
        menu="Go",
        keys=("Ctrl+K",),
        icon="search",
        needs_store=False,
        does=lambda it: it.show_palette(),
    ),
    ActionSpec(
        id="back",
        text=said("Back to the previous place"),
        menu="Go",
        keys=("Alt+Left",),
        begins_group=True,
        why_not=refused_in_session(lambda it: "" if it.history.can_go_back else NO_PLACE),
        icon="arrow-left",
        does=in_session(lambda it: it.history.back()),
    ),
    ActionSpec(
        id="forward",
        text=said("Forward to the next place"),
        menu="Go",
        keys=("Alt+Right",),
        why_not=refused_in_session(lambda it: "" if it.history.can_go_forward else NO_PLACE),
        icon="arrow-right",
        does=in_session(lambda it: it.history.forward()),
    ),
    ActionSpec(
        id="goto",
        text=said("Go to position or time…"),
        menu="Go",
        keys=("Ctrl+G", "@"),
        icon="clock",
        does=lambda it: it.top.type_moment(),
    ),
    ActionSpec(
        id="commands",
        text=said("Issue a command"),
        menu="Go",
        keys=("C",),
        begins_group=True,
        does=in_workspace(lambda it: it.show_panel(CommandsView)),
    ),
    ActionSpec(
        id="processes",
        text=said("Processes, outbox and clock"),
        menu="Go",
        keys=("P",),
        icon="settings",
        does=in_workspace(lambda it: it.show_panel(ProcessesView)),
    ),
    ActionSpec(
        id="engines",
        text=said("Engines and servers"),
        menu="Go",
        keys=("E",),
        icon="database",
        does=in_workspace(lambda it: it.show_panel(EnginesView)),
    ),
    ActionSpec(
        id="views",
        text=said("Views side by side, and SQL"),
        menu="Go",
        keys=("V",),
        icon="layers",
        does=in_workspace(lambda it: it.show_panel(PanesView)),
    ),
    ActionSpec(
        id="teach",
        text=said("Teach the state…"),
        menu="Go",
        keys=("T",),
        why_not=refused_in_session(no_stream),
        does=in_workspace(lambda it: it.teach()),
    ),
    ActionSpec(
        id="states",
        text=said("State at A, at the cursor and now"),
        menu="Go",
        keys=("Shift+D",),
        icon="git-compare",
        does=in_workspace(lambda it: it.show_panel(StatesView)),
    ),
    ActionSpec(
        id="undo",
        text=said("Undo this…"),
        menu="Go",
        keys=("Ctrl+Z",),
        begins_group=True,
        does=in_workspace(lambda it: it.undo_here()),
    ),
    ActionSpec(
        id="rerun",
        text=said("Re-run recorded commands, as an experiment"),
        menu="Go",
        keys=("Ctrl+Shift+X",),
        does=in_workspace(lambda it: it.show_panel(RerunView)),
    ),
    ActionSpec(
        id="origin",
        text=said("Go to the event that set the selected value"),
        menu="Go",
        keys=("O",),
        does=in_workspace(lambda it: it.of(InspectorView).state.want_origin()),
    ),
    ActionSpec(
        id="field history",
        text=said("History of the selected field"),
        menu="Go",
        keys=("H",),
        does=in_workspace(lambda it: it.show_panel(FieldHistoryView)),
    ),
    ActionSpec(
        id="pin",
        text=said("Pin or unpin the selected field"),
        menu="Go",
        keys=("Shift+P",),
        icon="pin",
        does=in_workspace(lambda it: it.of(InspectorView).state.want_pin()),
    ),
    ActionSpec(
        id="filter by",
        text=said("Filter by the selected event…"),
        menu="Go",
        keys=("Shift+F",),
        begins_group=True,
        icon="funnel",
        does=in_workspace(lambda it: it.event_menu.show_for_row()),
    ),
    ActionSpec(
        id="conversation",
        text=said("Only this conversation"),
        menu="Go",
        keys=("Shift+C",),
        icon="list",
        does=in_session(lambda it: it.narrowing.conversation(it.selection.as_of)),
    ),
    ActionSpec(
        id="filter by value",
        text=said("Filter by the selected value of the state"),
        menu="Go",
        keys=("Shift+K",),
        does=in_workspace(lambda it: it.event_menu.narrow_by_value(is_left_out=False)),
    ),
    ActionSpec(
        id="leave out value",
        text=said("Leave out the selected value of the state"),
        menu="Go",
        keys=("Shift+O",),
        does=in_workspace(lambda it: it.event_menu.narrow_by_value(is_left_out=True)),
    ),
    ActionSpec(
        id="saved filters",
        text=said("Saved filters…"),
        menu="Go",
        keys=("Shift+S",),
        icon="bookmark",
        does=in_workspace(lambda it: it.saved_filter_menu.show()),
    ),
    ActionSpec(
        id="everything",
        text=said("Clear all filters"),
        menu="Go",
        keys=("Shift+E",),
        why_not=refused_in_session(lambda it: "" if it.filter.is_set else NO_FILTER),
        icon="x",
        does=in_session(lambda it: it.filter.clear()),
    ),
    *FIND_ACTIONS,
    ActionSpec(
        id="search",
        text=said("Search events"),
        menu="Go",
        keys=("Ctrl+F", "/"),
        begins_group=True,
        icon="search",
        does=in_workspace(lambda it: it.of(EventsView).search.setFocus()),
    ),
    ActionSpec(
        id="search all",
        text=said("Search all events"),
        menu="Go",
        keys=("Ctrl+Shift+F",),
        icon="search",
        does=in_workspace(lambda it: it.show_panel(SearchView)),
    ),
    ActionSpec(
        id="rules",
        text=said("Rules"),
        menu="Go",
        keys=("Ctrl+Shift+R",),
        does=in_workspace(lambda it: it.show_panel(RulesView)),
    ),
    *TIME_ACTIONS,
    *BRANCH_ACTIONS,
    *VIEW_ACTIONS,
)
