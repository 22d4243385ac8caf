"""The panels of one open store, and the place a person was at in it."""

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QByteArray, Signal, Slot
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from gui.dialogs.columns_dialog import ColumnsDialog
from gui.dialogs.teach_dialog import TeachDialog
from gui.event_menu import EventMenu
from gui.link_place import LinkPlace
from gui.look.docking import Docked, Docking
from gui.offers.event_entries import undo
from gui.offers.event_spots import event_table_spot
from gui.offers.spots import HasSpots
from gui.offers.thing_menus import ThingMenus
from gui.offers.workspace_doors import WorkspaceDoors
from gui.panel import TabPanel, W
from gui.panel_places import PanelPlaces, id_of
from gui.panels import panels
from gui.saved_filter_menu import SavedFilterMenu
from gui.selection import Axis
from gui.session import Session
from gui.settings import Settings
from gui.viewmodels.field_column import column_as_in
from gui.viewmodels.finding import AboutRow
from gui.viewmodels.known_names import NamesViewModel
from gui.viewmodels.new_breakpoint import Scope
from gui.viewmodels.pane_side import Which
from gui.viewmodels.thing_facts import ThingFactsViewModel
from gui.views.breakpoints_view import BreakpointsView
from gui.views.engines_view import EnginesView
from gui.views.events_view import EventsView
from gui.views.find_view import FindView
from gui.views.inspector_view import InspectorView
from gui.views.issued_view import IssuedView
from gui.views.navigator_view import NavigatorView
from gui.views.panes_view import PanesView
from gui.views.rules_view import RulesView
from gui.views.states_view import StatesView
from gui.views.time_view import TimeView
from gui.widgets.grid.grid_header import GridHeader
from gui.widgets.reading_order import begin_at_the_first
from gui.words import said
from gui.workspace_file import WorkspaceFile
from store.filter.tokens import path_of

AXES: Final[dict[str, Axis]] = {
    "position": "position",
    "recorded": "recorded",
    "occurred": "occurred",
}


class Workspace(QMainWindow):
    """Every panel that a file of gui/views declares. Lives and dies with a session.
    `panel_made(widget)` once it stands; `name_wanted(text)`: what begins so is to be found;
    `line_wanted(path)`: that line of the log is to be in view."""

    panel_made = Signal(QWidget)
    name_wanted = Signal(str)
    line_wanted = Signal(object)

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__()
        self.setAccessibleName(said("Workspace"))
        self.session = session
        self._settings = settings
        self._columns_id = "columns"
        self._places = PanelPlaces(session, self)
        self.docked = self._places.docked
        self.docking = Docking(self)
        self.docking.add(
            [
                Docked(id=it.id, title=it.title, area=it.area, widget=self._places.places[it.id])
                for it in self.docked
            ]
        )
        session.written_rows.row_wanted.connect(self.show_change)
        session.consequences.row_wanted.connect(self.show_change)
        self.saved_filter_menu = SavedFilterMenu(session, self.of(EventsView))
        self.doors = WorkspaceDoors(self, self)
        facts = self._menu_facts = ThingFactsViewModel(session.tasks, session.selection)
        facts.failed.connect(session.failed)
        self.file = WorkspaceFile(session.tasks)
        self.file.failed.connect(session.failed)
        self.file.written.connect(self._tell_written)
        self.link_place = LinkPlace(self, self)
        self.names = NamesViewModel(session.tasks)
        self.names.failed.connect(session.failed)
        self.menus = ThingMenus(self.doors, facts, self)
        self._places.made.connect(self._take_panel)
        events, inspector = self.of(EventsView), self.of(InspectorView)
        self.menus.watch([event_table_spot(session, events.grid)])
        self.event_menu = EventMenu(self.doors, self.menus, events, inspector)
        for part in (self.of(InspectorView).data, self.of(InspectorView).metadata):
            part.offers_columns = True
        self.of(InspectorView).data.column_wanted.connect(self._show_data)
        self.of(InspectorView).metadata.column_wanted.connect(self._show_metadata)
        self.of(EventsView).grid.arrange_wanted.connect(self.arrange_columns)
        self.of(InspectorView).state.moment_wanted.connect(self._find_moment)
        self.of(InspectorView).teach_wanted.connect(self.teach)
        session.first_axis.told.connect(self.of(EventsView).say)
        session.running.stopped.connect(self.of(EventsView).say)

    def of(self, kind: type[W]) -> W:
        """The panel of this class. Raises KeyError when there is none."""
        return self._places.of(kind)

    def is_made(self, kind: type[QWidget]) -> bool:
        """Whether the panel of this class stands already."""
        return self._places.is_made(id_of(kind))

    def panel_of(self, panel_id: str) -> QWidget:
        """The panel that declares this id. Raises KeyError when there is none."""
        return self._places.panel_of(panel_id)

    @property
    def is_whole(self) -> bool:
        """Whether all panels have been made; those in no sight follow on the others."""
        return self._places.is_whole

    @Slot(object)
    def _take_panel(self, widget: QWidget) -> None:
        """A panel was made, at the latest when it is in sight."""
        self.panel_made.emit(widget)
        if isinstance(widget, HasSpots):
            self.menus.watch(widget.spots())
        if isinstance(widget, NavigatorView):
            widget.others_wanted.connect(self.find_type)
        if isinstance(widget, FindView):
            widget.rule_wanted.connect(self._begin_rule)
        if isinstance(widget, EnginesView):
            widget.events_wanted.connect(self._show_events)
        if isinstance(widget, StatesView):
            self.event_menu.watch_states(widget)
        if isinstance(widget, PanesView):
            widget.store_wanted.connect(self.name_store)

    @Slot(str)
    def name_store(self, which: Which) -> QWidget:
        """Ask for a query store whose rows a pane is to show."""
        from gui.dialogs.query_store_dialog import QueryStoreDialog  # loaded as it is wanted

        dialog = QueryStoreDialog(self.session.panes.naming(which), self.window())
        dialog.open()
        return dialog

    @Slot()
    def _show_events(self) -> None:
        self.show_panel(EventsView)

    @Slot()
    def arrange_columns(self) -> None:
        """Ask which columns the event table has."""
        header, session = self.of(EventsView).grid.horizontalHeader(), self.session
        if isinstance(header, GridHeader):
            ColumnsDialog(header, session.columns, session.found_fields, self.window()).open()

    @Slot(str)
    def teach(self, category: str = "") -> None:
        """Ask what the events of a category do to the state; of the one in sight, if none is
        named."""
        teaching = self.session.teaching
        if category := category or teaching.category_in_sight():
            teaching.begin(category)
            TeachDialog(teaching, self.window()).open()

    @Slot()
    def find_type(self) -> None:
        """Look for an event type by its name."""
        self.name_wanted.emit("#")

    @Slot(str)
    def _tell_written(self, path: str) -> None:
        self.of(EventsView).say(said("The workspace was saved to {path}.", path=path))

    @Slot(str, str)
    def _begin_rule(self, condition: str, stream: str) -> None:
        """A condition on one stream becomes a rule for all of its category, once it has a name."""
        self.show_panel(RulesView)
        self.of(RulesView).enter(condition, stream.rpartition("-")[0])

    @Slot(object)
    def _show_data(self, path: tuple[str | int, ...]) -> None:
        self._show_field(("data", *path))

    @Slot(object)
    def _show_metadata(self, path: tuple[str | int, ...]) -> None:
        self._show_field(("metadata", *path))

    def _show_field(self, path: tuple[str | int, ...]) -> None:
        """As a column; whether it is one of numbers, the event under the cursor shows."""
        inspection = self.session.inspector.inspection
        if inspection is not None and inspection.event is not None:
            self.session.columns.add(column_as_in(inspection.event, path))

    @Slot(object)
    def want_line(self, path: Path) -> None:
        """Bring another line of the log into view."""
        self.line_wanted.emit(path)

    def has_tab(self, tab: str) -> bool:
        """Whether a link may name it: a panel, or a page of the inspector or of the views."""
        is_panel = tab in {it.id for it in panels()}
        return is_panel or self._places.parent_of_tab(tab) is not None

    def show_tab(self, tab: str) -> None:
        """Bring a panel, or a page of the inspector or of the views, to the front."""
        if tab in {it.id for it in panels()}:
            self.show_panel_of(tab)
        elif (parent := self._places.parent_of_tab(tab)) is not None:
            self.docking.show(parent)
            self._places.tabs_of(parent).choose(tab)

    def undo_here(self) -> None:
        """What is chosen in the list of issued commands while that is in sight; else the last edit
        of the branch in view; else the event under the cursor."""
        issued = self.of(IssuedView)
        if issued.isVisible() and issued.undo_chosen():
            return
        if self.session.line.can_undo:
            self.session.branch_edits.undo()
        else:
            undo(self.doors, self.session.selection.as_of)

    def show_panel(self, kind: type[QWidget]) -> None:
        """Bring a panel to the front, with the keyboard where work begins."""
        self.show_panel_of(id_of(kind))

    def show_panel_of(self, panel_id: str) -> None:
        """The same, by the id that it declares. Raises StopIteration when there is none."""
        panel, widget = next(it for it in panels() if it.id == panel_id), self.panel_of(panel_id)
        if isinstance(panel, TabPanel):
            self.docking.show(panel.parent)
            self._places.tabs_of(panel.parent).choose(panel.id)
        else:
            self.docking.show(panel.id)
        if panel.begin is not None:
            panel.begin(widget)
        if not widget.isAncestorOf(QApplication.focusWidget() or self):
            begin_at_the_first(widget)

    def share_out(self) -> None:
        """Give the panels their first sizes; once the window has its own."""
        self.docking.share_out({it.id: it.size_px for it in self.docked if it.size_px})

    def restore(self, place: dict[str, Any] | None = None) -> None:
        """Go to a place that `place_now` told, perhaps of another line of the log; else to where
        this store was left, and if it never was to its newest event. The layout is the log's."""
        self.docking.restore(self._settings.bytes(self.session.place.log, "layout"))
        self._take(self._settings.place(self.session.path) if place is None else place)
        self._places.begin()

    def export_to(self, path: Path) -> None:
        """Write place, saved filters and bookmarks into a file."""
        place = {**self.place_now(), "saved_filters": self.session.saved_filters.as_json()}
        self.file.export(place, self.session.bookmarks.as_json(), path)

    def import_from(self, path: Path) -> None:
        """Take over the place, saved filters and bookmarks of a file; others stay."""
        self.file.read(path, self._take_file)

    def _take_file(self, found: dict[str, Any]) -> None:
        place = dict(found["place"])
        self.session.saved_filters.merge(place.pop("saved_filters", None))
        self._take(place)
        self.session.bookmarks.merge(found.get("bookmarks"))

    def _take(self, place: dict[str, Any]) -> None:
        self.session.columns.restore(place.get("columns"))
        self.session.pins.restore(place.get("pins"))
        self.session.bookmarks.restore(place.get("bookmarks"))
        self.session.sql.asked.restore(place.get("questions"))
        self.session.breakpoints.restore(place.get("breakpoints"))
        self.session.panes.restore(place.get("panes"))
        self.session.compared_line.restore(place.get("compared_line"))
        widths = self._settings.bytes(self.session.place.log, self._columns_id)
        self.of(EventsView).restore_columns(widths)
        self._restore_place(place)

    def keep(self) -> None:
        """Remember layout and place for the next start: the store is about to be closed."""
        self._places.end()
        if self.session.line.is_passing:
            self._settings.drop(self.session.path)
            return
        log = self.session.place.log
        self._settings.set_bytes(log, "layout", QByteArray(self.docking.save()))
        self._settings.set_bytes(log, self._columns_id, self.of(EventsView).save_columns())
        self._settings.set_place(self.session.path, self.place_now())

    @Slot(str, object, object)
    def show_change(self, view: str, key: tuple[str | int, ...], position: int) -> None:
        """Bring a row to the front, before and after an event, side by side."""
        self.docking.show("views")
        self.of(PanesView).tabs.choose("compare")
        self.session.panes.show_change(view, key, position)

    @Slot(object)
    def _find_moment(self, path: tuple[str | int, ...]) -> None:
        """Begin a condition with a field of the state; the items of a list are one field."""
        names = [it for it in path if isinstance(it, str)]
        if names:
            self.find_moment(f"{path_of(names)} ")

    def find_moment(self, condition: str, row: AboutRow | None = None) -> None:
        """Put a condition into the line that looks for when it came true, to be gone on with; of a
        row of a view, or of the state of the stream."""
        self.show_panel(FindView)
        self.of(FindView).begin_with(condition, row)

    def begin_breakpoint(self, where: str, scope: Scope) -> None:
        """Put a text into the line of a new breakpoint, to be gone on with."""
        self.show_panel(BreakpointsView)
        self.of(BreakpointsView).begin_with(where, scope)

    def place_now(self) -> dict[str, Any]:
        """Where a person is, and what is looked for there, as JSON values."""
        selection, view = self.session.selection, self.of(TimeView).panel.viewport()
        return {
            "position": selection.as_of,
            "anchor": selection.anchor,
            "stream": selection.stream,
            "axis": selection.axis,
            "known": selection.known,
            "is_following": selection.is_following,
            "filter": self.session.filter.as_dict(),
            "saved_filters": self.session.saved_filters.kept(),
            "tab": self.of(InspectorView).tabs.chosen(),
            "speed": self.session.playback.speed,
            "viewport": [view.start, view.end],
            "acting": self.session.commands.acting.as_dict(),
            "columns": self.session.columns.kept(),
            "navigator": self.of(NavigatorView).as_dict(),
            "pins": self.session.pins.kept(),
            "bookmarks": self.session.bookmarks.kept(),
            "questions": self.session.sql.asked.kept(),
            "breakpoints": self.session.breakpoints.kept(),
            "panes": self.session.panes.kept(),
            "compared_line": self.session.compared_line.name,
        }

    def _restore_place(self, place: dict[str, Any]) -> None:
        selection = self.session.selection
        position, anchor = place.get("position"), place.get("anchor")
        if (axis := AXES.get(str(place.get("axis")))) is not None:
            selection.set_axis(axis)
        else:
            self.session.first_axis.choose()
        if isinstance(known := place.get("known"), int) and selection.axis == "occurred":
            selection.set_known(known)
        selection.choose_stream(str(place.get("stream", "")))
        selection.seek(position if isinstance(position, int) else selection.head)
        selection.set_anchor(anchor if isinstance(anchor, int) else None)
        selection.follow(place.get("is_following") is True)
        acting = place.get("acting")
        self.session.commands.acting.restore(acting if isinstance(acting, dict) else {})
        self.session.saved_filters.restore(place.get("saved_filters"))
        parts = place.get("filter")
        self.session.filter.restore(parts if isinstance(parts, dict) else {})
        self.of(NavigatorView).restore(place.get("navigator"))
        if isinstance(tab := place.get("tab"), str):
            self.of(InspectorView).tabs.choose(tab)
        if isinstance(speed := place.get("speed"), float):
            self.session.playback.set_speed(speed)
        self._wait_for_axis(place.get("viewport"))

    def _wait_for_axis(self, viewport: Any) -> None:
        """The zoom can be put back only when the axis has its extent."""
        if isinstance(viewport, list) and len(viewport) == 2:
            self._viewport = (float(viewport[0]), float(viewport[1]))
            self.session.timeline.indexed.connect(self._restore_zoom)

    def _restore_zoom(self) -> None:
        self.session.timeline.indexed.disconnect(self._restore_zoom)
        self.of(TimeView).panel.show_range(*self._viewport)
