"""The pictures of branches: one in view, and beside the log in panes."""

from pathlib import Path
from typing import Final

from gui.main_window import MainWindow
from gui.pictures.stage import Stage
from gui.viewmodels.pane_side import Side
from gui.views.branches_view import BranchesView
from gui.views.panes_view import PanesView
from resources.samples.catalog import SAMPLES
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.transfer.ingest import ingest

SIZE: Final = (1600, 1000)
EXPIRED: Final = 186  # an order that expired, on the first day
NAME: Final = "order-kept"
NOTE: Final = "the order had not expired"


def draw_branches(stage: Stage) -> None:
    """A branch of the conference without the event at which an order expired."""
    store = stage.made / "conference.foldline"
    if not store.exists():
        ingest(next(it.path for it in SAMPLES if it.name == "conference"), into=store)
    branch = create_branch(store, NAME, fork=EXPIRED - 1, note=NOTE)
    BranchEditor(branch, by="ada").leave_out(EXPIRED)
    _draw_line(stage, branch)
    _draw_panes(stage, store)


def _draw_line(stage: Stage, branch: Path) -> None:
    """The branch in view: tinted, with its fork in the time panel and its edits below."""
    window = stage.window("light", SIZE)
    stage.open(window, branch)
    if window.session is not None and window.workspace is not None:
        session = window.session
        window.workspace.show_panel(BranchesView)
        stage.wait(lambda: bool(session.branches.rows) and session.line.branch is not None)
        session.selection.seek(EXPIRED + 10)
        stage.wait(lambda: bool(session.forks.placed))
    stage.keep(window, "branch-light")
    window.close()


def _draw_panes(stage: Stage, store: Path) -> None:
    """One view of main and of the branch, and the first event after which they differ."""
    window = stage.window("light", SIZE)
    stage.open(window, store)
    if window.session is not None and window.workspace is not None:
        window.workspace.show_panel(PanesView)
        _compare(stage, window)
    stage.keep(window, "branch-panes-light")
    window.close()


def _compare(stage: Stage, window: MainWindow) -> None:
    assert window.session is not None
    panes = window.session.panes
    stage.wait(lambda: bool(panes.views) and NAME in panes.lines.names())
    panes.set_side("left", Side(view="priced_orders", moment="now"))
    panes.set_side("right", Side(view="priced_orders", moment="now", line=NAME))
    stage.wait(lambda: panes.shown.names == ("left", "right") and not panes.shown.troubles)
    panes.find_parting()
    stage.wait(lambda: panes.parting.position is not None)
