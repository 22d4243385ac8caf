"""The view models of one open store: the table of the parts of a session."""

from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from gui.selection import Selection
from gui.session_part import EVERY, SessionPart
from gui.viewmodels.advance import AdvanceViewModel
from gui.viewmodels.blame import BlameViewModel
from gui.viewmodels.bookmarks import BookmarksViewModel
from gui.viewmodels.branch_care import BranchCareViewModel
from gui.viewmodels.branch_edits import BranchEditsViewModel
from gui.viewmodels.branches import BranchesViewModel
from gui.viewmodels.breakpoints import BreakpointsViewModel
from gui.viewmodels.breakpoints_ahead import BreakpointsAheadViewModel
from gui.viewmodels.build import BuildViewModel
from gui.viewmodels.causes import CausesViewModel
from gui.viewmodels.commands import CommandsViewModel
from gui.viewmodels.compared_line import ComparedLineViewModel
from gui.viewmodels.completion import CompletionViewModel
from gui.viewmodels.consequences import ConsequencesViewModel
from gui.viewmodels.deciding import DecidingViewModel
from gui.viewmodels.definitions import DefinitionsViewModel
from gui.viewmodels.engines import EnginesViewModel
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.field_rows import FieldRowsViewModel
from gui.viewmodels.filter import FilterViewModel
from gui.viewmodels.finding import FindingViewModel
from gui.viewmodels.first_axis import FirstAxisViewModel
from gui.viewmodels.flags import FlagsViewModel
from gui.viewmodels.forks import ForksViewModel
from gui.viewmodels.found_fields import FoundFieldsViewModel
from gui.viewmodels.goto import GotoViewModel
from gui.viewmodels.history import HistoryViewModel
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.issued import IssuedViewModel
from gui.viewmodels.kept_views import KeptViewsViewModel
from gui.viewmodels.lab import LabViewModel
from gui.viewmodels.line import LineViewModel
from gui.viewmodels.listed_timeline import ListedTimeline
from gui.viewmodels.model_file import ModelFileViewModel
from gui.viewmodels.narrowing import NarrowingViewModel
from gui.viewmodels.navigator import NavigatorViewModel
from gui.viewmodels.new_breakpoint import NewBreakpointViewModel
from gui.viewmodels.other_lines import OtherLinesViewModel
from gui.viewmodels.outside import OutsideViewModel
from gui.viewmodels.own_snapshots import OwnSnapshotsViewModel
from gui.viewmodels.panes import PanesViewModel
from gui.viewmodels.people import PeopleViewModel
from gui.viewmodels.pins import PinsViewModel
from gui.viewmodels.playback import PlaybackViewModel
from gui.viewmodels.processes import ProcessesViewModel
from gui.viewmodels.query_stores import QueryStoresViewModel
from gui.viewmodels.rerunning import RerunningViewModel
from gui.viewmodels.row_copies import RowCopiesViewModel
from gui.viewmodels.rule_marks import RuleMarksViewModel
from gui.viewmodels.rules import RulesViewModel
from gui.viewmodels.running import RunningViewModel
from gui.viewmodels.saved_filters import SavedFiltersViewModel
from gui.viewmodels.scrub import ScrubViewModel
from gui.viewmodels.search import SearchViewModel
from gui.viewmodels.shown_columns import ShownColumns
from gui.viewmodels.snapshots import SnapshotsViewModel
from gui.viewmodels.sql import SqlViewModel
from gui.viewmodels.sql_names import SqlNamesViewModel
from gui.viewmodels.state_completion import StateCompletionViewModel
from gui.viewmodels.state_sides import StateSidesViewModel
from gui.viewmodels.status import StatusViewModel
from gui.viewmodels.teaching import TeachingViewModel
from gui.viewmodels.time_hover import TimeHoverViewModel
from gui.viewmodels.timeline import TimelineViewModel
from gui.viewmodels.two_times import TwoTimesViewModel
from gui.viewmodels.view_work import ViewWorkViewModel
from gui.viewmodels.whole_place import WholePlaces
from gui.viewmodels.written_rows import WrittenRowsViewModel
from gui.viewmodels.years import YearsViewModel
from gui.work.dispatching import Dispatching
from gui.work.jobs import Jobs
from gui.work.tasks import Tasks
from gui.work.there import There
from replay.projector.projector_process import Projector
from replay.workers.worker_process import CommandWorker
from replay.workers.worker_states import WorkerStates
from store.place import Place

T = TypeVar("T")


class Part(SessionPart["SessionTable", T]):
    """One part of a session."""


class SessionTable(QObject):
    """What every part is made of, and the parts in their order. gui/session.py fills it."""

    path: Path
    place: Place
    jobs: Jobs
    selection: Selection
    worker: CommandWorker
    states: WorkerStates
    tasks: Tasks
    there: There
    projector: Projector
    made: dict[str, Any]  # each part of the table, by its name

    # The table: a new view model is one line here.
    line = Part(
        lambda it: LineViewModel(it.tasks, it.selection, it.place),
        start=LineViewModel.refresh,
        committed=LineViewModel.refresh,
    )
    branch_edits = Part(lambda it: BranchEditsViewModel(it.tasks, it.line, it.place))
    branches = Part(
        lambda it: BranchesViewModel(it.tasks, it.place),
        start=BranchesViewModel.begin,
        close=BranchesViewModel.close,
    )
    other_lines = Part(
        lambda it: OtherLinesViewModel(it.place, it.branches), close=OtherLinesViewModel.close
    )
    compared_line = Part(lambda it: ComparedLineViewModel(it.other_lines))
    branch_care = Part(lambda it: BranchCareViewModel(it.tasks, it.branches, it.line))
    columns = Part(lambda _: ShownColumns())
    events = Part(
        lambda it: EventListViewModel(it.tasks, it.selection, it.columns),
        remodeled=EventListViewModel.read_again,
        edited=EventListViewModel.read_anew,
    )
    filter = Part(lambda it: FilterViewModel(it.events))
    saved_filters = Part(
        lambda it: SavedFiltersViewModel(it.tasks, it.filter, it.place),
        start=SavedFiltersViewModel.load,
        close=SavedFiltersViewModel.close,
        decided={"filters": SavedFiltersViewModel.load},
    )
    narrowing = Part(lambda it: NarrowingViewModel(it.tasks, it.filter))
    found_fields = Part(lambda it: FoundFieldsViewModel(it.tasks))
    completion = Part(lambda it: CompletionViewModel(it.tasks, it.selection))
    state_completion = Part(
        lambda it: StateCompletionViewModel(it.tasks, it.selection),
        remodeled=StateCompletionViewModel.forget,
    )
    inspector = Part(
        lambda it: InspectorViewModel(it.tasks, it.selection, it.compared_line),
        remodeled=InspectorViewModel.refresh,
        edited=lambda it: it.corrections.forget(),
    )
    blame = Part(
        lambda it: BlameViewModel(it.tasks, it.selection, it.inspector),
        close=BlameViewModel.close,
        remodeled=BlameViewModel.refresh,
    )
    field_rows = Part(
        lambda it: FieldRowsViewModel(it.tasks, it.blame), close=FieldRowsViewModel.close
    )
    bookmarks = Part(
        lambda it: BookmarksViewModel(it.tasks, it.selection, it.place),
        start=BookmarksViewModel.load,
        decided={"bookmarks": BookmarksViewModel.load},
        close=BookmarksViewModel.close,
    )
    finding = Part(
        lambda it: FindingViewModel(it.tasks, it.selection, it.inspector, it.bookmarks),
        close=FindingViewModel.cancel,
    )
    flags = Part(
        lambda it: FlagsViewModel(it.tasks, it.selection, it.bookmarks),
        edited=FlagsViewModel.refresh,
    )
    pins = Part(lambda it: PinsViewModel(it.selection, it.inspector, it.columns))
    two_times = Part(
        lambda it: TwoTimesViewModel(it.tasks, it.selection), edited=TwoTimesViewModel.forget
    )
    goto = Part(lambda it: GotoViewModel(it.tasks, it.selection, it.inspector))
    timeline = Part(
        lambda it: TimelineViewModel(it.tasks, it.selection),
        start=TimelineViewModel.refresh,
        edited=TimelineViewModel.read_anew,
    )
    state_sides = Part(
        lambda it: StateSidesViewModel(it.tasks, it.selection, it.inspector, it.compared_line),
        close=StateSidesViewModel.close,
        remodeled=StateSidesViewModel.refresh,
    )
    time_hover = Part(lambda it: TimeHoverViewModel(it.tasks, it.timeline))
    years = Part(lambda it: YearsViewModel(it.timeline, it.columns))
    first_axis = Part(lambda it: FirstAxisViewModel(it.tasks, it.selection))
    forks = Part(
        lambda it: ForksViewModel(it.tasks, it.selection, it.line, it.branches),
        edited=ForksViewModel.refresh,
    )
    listed_timeline = Part(lambda it: ListedTimeline(it.timeline, it.events, it.selection))
    places = Part(lambda it: WholePlaces(it.selection, it.events, it.inspector, it.timeline))
    scrub = Part(lambda it: ScrubViewModel(it.tasks, it.selection, it.places))
    advance = Part(
        lambda it: AdvanceViewModel(it.tasks, it.selection, it.places),
        close=AdvanceViewModel.close,
    )
    causes = Part(lambda it: CausesViewModel(it.tasks, it.inspector, it.selection))
    navigator = Part(
        lambda it: NavigatorViewModel(it.tasks, it.selection),
        start=NavigatorViewModel.refresh,
        advanced=NavigatorViewModel.refresh,
    )
    people = Part(
        lambda it: PeopleViewModel(it.tasks, it.selection), advanced=PeopleViewModel.refresh
    )
    breakpoints = Part(lambda it: BreakpointsViewModel(it.inspector))
    new_breakpoint = Part(lambda it: NewBreakpointViewModel(it.breakpoints, it.inspector))
    running = Part(
        lambda it: RunningViewModel(it.tasks, it.selection, it.events, it.breakpoints),
        close=RunningViewModel.cancel,
    )
    breakpoints_ahead = Part(
        lambda it: BreakpointsAheadViewModel(
            it.tasks, it.selection, it.events, it.breakpoints, it.running
        ),
        remodeled=BreakpointsAheadViewModel.forget,
    )
    playback = Part(
        lambda it: PlaybackViewModel(it.tasks, it.selection, it.events, it.breakpoints_ahead),
        close=PlaybackViewModel.pause,
    )
    history = Part(lambda it: HistoryViewModel(it.selection))
    status = Part(
        lambda it: StatusViewModel(it.tasks, it.selection, it.inspector),
        close=StatusViewModel.close,
    )
    model_file = Part(
        lambda it: ModelFileViewModel(it.place, it.worker, it.states, it.tasks),
        close=ModelFileViewModel.close,
        decided={"models": ModelFileViewModel.follow},
    )
    deciding = Part(
        lambda it: DecidingViewModel(it.jobs, it.tasks, it.line, it.place, it.model_file),
        close=DecidingViewModel.close,
    )
    commands = Part(
        lambda it: CommandsViewModel(it.worker, it.tasks, it.selection, it.inspector),
        close=CommandsViewModel.close,
        remodeled=CommandsViewModel.refresh,
    )
    issued = Part(
        lambda it: IssuedViewModel(it.tasks),
        close=IssuedViewModel.close,
        committed=IssuedViewModel.refresh_soon,
    )
    dispatching = Part(
        lambda it: Dispatching(it.place),
        close=Dispatching.stop,
        decided={"gateways": Dispatching.begin_anew},
    )
    processes = Part(
        lambda it: ProcessesViewModel(it.worker, it.tasks, it.selection, it.dispatching),
        close=ProcessesViewModel.close,
        committed=ProcessesViewModel.refresh_soon,
    )
    outside = Part(
        lambda it: OutsideViewModel(it.worker, it.tasks),
        decided={"gateways": OutsideViewModel.ask_again},
    )
    teaching = Part(
        lambda it: TeachingViewModel(it.tasks, it.inspector, it.commands.acting, it.place),
        decided={"taught": TeachingViewModel.look_for_others},
    )
    query_stores = Part(lambda it: QueryStoresViewModel(it.tasks, it.there))
    panes = Part(
        lambda it: PanesViewModel(
            it.tasks, it.selection, it.query_stores, it.there, it.other_lines
        ),
        close=PanesViewModel.close,
        advanced=PanesViewModel.advance,
    )
    written_rows = Part(
        lambda it: WrittenRowsViewModel(it.tasks, it.selection),
        advanced=WrittenRowsViewModel.refresh,
    )
    row_copies = Part(lambda it: RowCopiesViewModel(it.tasks, it.events))
    sql = Part(
        lambda it: SqlViewModel(it.tasks, it.selection),
        decided={"questions": SqlViewModel.list_saved},
    )
    sql_names = Part(lambda it: SqlNamesViewModel(it.tasks), advanced=SqlNamesViewModel.refresh)
    search = Part(
        lambda it: SearchViewModel(it.tasks, it.selection, it.there),
        close=SearchViewModel.close,
        advanced=SearchViewModel.advance,
    )
    snapshots = Part(lambda it: SnapshotsViewModel(it.tasks))
    own_snapshots = Part(
        lambda it: OwnSnapshotsViewModel(it.worker, it.tasks),
        close=OwnSnapshotsViewModel.close,
        advanced=OwnSnapshotsViewModel.refresh,
    )
    kept_views = Part(
        lambda it: KeptViewsViewModel(it.tasks, it.projector),
        close=KeptViewsViewModel.close,
        decided={"skipped": KeptViewsViewModel.refresh},
    )
    view_work = Part(lambda it: ViewWorkViewModel(it.jobs, it.place), close=ViewWorkViewModel.close)
    consequences = Part(
        lambda it: ConsequencesViewModel(
            it.jobs, it.place, it.selection, it.model_file, it.other_lines
        ),
        edited=ConsequencesViewModel.edited,
        close=ConsequencesViewModel.close,
    )
    rerunning = Part(
        lambda it: RerunningViewModel(it.jobs, it.place, it.selection, it.model_file),
        close=RerunningViewModel.close,
    )
    build = Part(lambda it: BuildViewModel(it.jobs, it.place), close=BuildViewModel.close)
    rule_marks = Part(
        lambda it: RuleMarksViewModel(it.tasks, it.selection),
        start=RuleMarksViewModel.refresh,
        advanced=RuleMarksViewModel.refresh,
    )
    rules = Part(
        lambda it: RulesViewModel(it.jobs, it.tasks, it.selection, it.place),
        close=RulesViewModel.close,
        start=RulesViewModel.refresh,
        advanced=RulesViewModel.refresh,
        decided={"rules": RulesViewModel.refresh},
    )
    definitions = Part(
        lambda it: DefinitionsViewModel(it.tasks),
        decided={EVERY: DefinitionsViewModel.refresh},
    )
    engines = Part(lambda it: EnginesViewModel(it), close=EnginesViewModel.close)
    lab = Part(lambda it: LabViewModel(it.jobs, it.place), close=LabViewModel.close)
