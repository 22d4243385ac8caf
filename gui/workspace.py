"""The panels of one open store, and the place a person was at in it."""

from functools import partial
from typing import Any

from PySide6.QtCore import QByteArray, Slot
from PySide6.QtWidgets import QMainWindow

from gui.look.docking import Docking, Panel
from gui.selection import Axis
from gui.session import Session
from gui.settings import Settings
from gui.views.adjustments_view import AdjustmentsView
from gui.views.build_view import BuildView
from gui.views.causes_view import CausesView
from gui.views.commands_view import CommandsView
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.issued_view import IssuedView
from gui.views.kept_views_view import KeptViewsView
from gui.views.lab_view import LabView
from gui.views.navigator_view import NavigatorView
from gui.views.outside_view import OutsideView
from gui.views.panes_view import PanesView
from gui.views.processes_view import ProcessesView
from gui.views.search_view import SearchView
from gui.views.sql_view import SqlView
from gui.views.time_view import TimeView
from gui.views.traffic_view import TrafficView
from gui.views.unsent_view import UnsentView
from gui.work.jobs import Jobs

SIZES = {"navigator": 216, "inspector": 348, "time": 300}
AXES: dict[str, Axis] = {"position": "position", "recorded": "recorded", "occurred": "occurred"}


class Workspace(QMainWindow):
    """Lives and dies with a session."""

    def __init__(self, session: Session, settings: Settings, jobs: Jobs) -> None:
        super().__init__()
        self.setAccessibleName("Workspace")
        self.session = session
        self._settings = settings
        self._columns_id = "columns"
        self.navigator = NavigatorView(session.navigator, session.filter, session.inspector)
        self.time = TimeView(
            session.timeline, session.scrub, session.playback, session.selection, session.status
        )
        self.events = EventsView(
            session.events, session.filter, session.navigator, session.selection
        )
        self.inspector = InspectorView(session.inspector, session.selection, session.written_rows)
        self.commands = CommandsView(session.commands, session.selection)
        self.processes = ProcessesView(session.processes, session.selection)
        self.panes = PanesView(session.panes)
        self._add_tabs(session, jobs)
        session.written_rows.row_wanted.connect(self.show_change)
        self.docking = Docking(self)
        self.docking.add(
            [
                Panel(id="navigator", title="Navigator", area="left", widget=self.navigator),
                Panel(id="time", title="Time", area="top", widget=self.time),
                Panel(id="events", title="Events", area="center", widget=self.events),
                Panel(id="commands", title="Commands", area="tab", widget=self.commands),
                Panel(id="processes", title="Processes", area="tab", widget=self.processes),
                Panel(id="views", title="Views", area="tab", widget=self.panes),
                Panel(id="inspector", title="Inspector", area="right", widget=self.inspector),
            ]
        )

    def _add_tabs(self, session: Session, jobs: Jobs) -> None:
        """Further pages of the inspector, the commands, the processes and the views."""
        self.causes = CausesView(session.causes, session.selection)
        self.inspector.tabs.add("causes", "Causes", self.causes)
        self.issued = IssuedView(session.issued, session.selection)
        self.commands.tabs.add("issued", "Issued", self.issued)
        self.commands.sighted.connect(session.issued.want)
        self.issued.counted.connect(partial(self.commands.tabs.set_title, "issued"))
        self.unsent = UnsentView(session.processes, session.selection)
        self.processes.tabs.add("unsent", "Unsent", self.unsent)
        self.unsent.counted.connect(partial(self.processes.tabs.set_title, "unsent"))
        self.adjustments = AdjustmentsView(session.processes, session.selection)
        self.processes.tabs.add("adjustments", "Adjustments", self.adjustments)
        self.adjustments.counted.connect(partial(self.processes.tabs.set_title, "adjustments"))
        self.traffic = TrafficView(session.processes, session.selection)
        self.processes.tabs.add("traffic", "Queues and circles", self.traffic)
        self.outside = OutsideView(session.outside, session.selection)
        self.processes.tabs.add("outside", "Outside", self.outside)
        self.lab = LabView(jobs, session.selection, session.path)
        self.sql = SqlView(session.sql)
        self.panes.tabs.add("sql", "SQL", self.sql)
        self.search = SearchView(session.search)
        self.panes.tabs.add("search", "Search", self.search)
        self.build = BuildView(jobs, session.path)
        self.build.saved.connect(session.panes.list_views)
        self.panes.tabs.add("build", "Build a view", self.build)
        self.panes.tabs.add("lab", "Delivery lab", self.lab)
        self.kept_views = KeptViewsView(session.kept_views, jobs, session.path)
        self.panes.tabs.add("projector", "Projector", self.kept_views)

    def share_out(self) -> None:
        """Give the panels their first sizes; once the window has its own."""
        self.docking.share_out(SIZES)

    def restore(self) -> None:
        """Go back to the layout and place this store was left at; else show its newest event."""
        path = self.session.path
        self.docking.restore(self._settings.bytes(path, "layout"))
        self.events.restore_columns(self._settings.bytes(path, self._columns_id))
        self._restore_place(self._settings.place(path))

    def keep(self) -> None:
        """Remember layout and place for the next start."""
        path = self.session.path
        self._settings.set_bytes(path, "layout", QByteArray(self.docking.save()))
        self._settings.set_bytes(path, self._columns_id, self.events.save_columns())
        self._settings.set_place(path, self._place())

    def show_commands(self) -> None:
        """Bring the commands to the front, ready to be typed into."""
        self.docking.show("commands")
        self.commands.tabs.choose("issue")
        self.commands.choice.setFocus()

    def show_processes(self) -> None:
        """Bring process managers, outbox and clock to the front."""
        self.docking.show("processes")
        self.processes.instances.setFocus()

    def show_views(self) -> None:
        """Bring views side by side to the front."""
        self.docking.show("views")
        self.panes.views["left"].setFocus()

    @Slot(str, object, object)
    def show_change(self, view: str, key: tuple[str | int, ...], position: int) -> None:
        """Bring a row to the front, before and after an event, side by side."""
        self.docking.show("views")
        self.panes.tabs.choose("compare")
        self.session.panes.show_change(view, key, position)

    def show_search(self) -> None:
        """Bring the search over all events to the front."""
        self.docking.show("views")
        self.panes.tabs.choose("search")
        self.search.line.setFocus()

    def _place(self) -> dict[str, Any]:
        selection, view = self.session.selection, self.time.panel.viewport()
        return {
            "position": selection.as_of,
            "anchor": selection.anchor,
            "stream": selection.stream,
            "axis": selection.axis,
            "is_following": selection.is_following,
            "filter": self.session.filter.as_dict(),
            "tab": self.inspector.tabs.chosen(),
            "speed": self.session.playback.speed,
            "viewport": [view.start, view.end],
            "acting": self.session.commands.acting.as_dict(),
        }

    def _restore_place(self, place: dict[str, Any]) -> None:
        selection = self.session.selection
        position, anchor = place.get("position"), place.get("anchor")
        selection.set_axis(AXES.get(str(place.get("axis")), "recorded"))
        selection.choose_stream(str(place.get("stream", "")))
        selection.seek(position if isinstance(position, int) else selection.head)
        selection.set_anchor(anchor if isinstance(anchor, int) else None)
        selection.follow(place.get("is_following") is True)
        acting = place.get("acting")
        self.session.commands.acting.restore(acting if isinstance(acting, dict) else {})
        parts = place.get("filter")
        self.session.filter.restore(parts if isinstance(parts, dict) else {})
        if isinstance(tab := place.get("tab"), str):
            self.inspector.tabs.choose(tab)
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
        self.time.panel.show_range(*self._viewport)
