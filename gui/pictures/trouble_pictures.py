"""Pictures of what goes wrong: disturbed delivery, and a view that stands still at an event."""

from pathlib import Path
from typing import Final

from gui.pictures.clock import put_clock
from gui.pictures.rest import has_rates, has_sizes
from gui.pictures.stage import Stage
from gui.views.kept_views_view import KeptViewsView
from gui.views.lab_view import LabView
from gui.views.panes_view import PanesView
from replay import command_line
from resources.samples.catalog import SAMPLES
from store.transfer.ingest import ingest

SIZE: Final = (1600, 1000)
PARKED: Final = '''"""Town seats: how many seats each order asked for."""

from msgspec import Struct

from replay.projection import Projection, Rows
from store.events import RecordedEvent


class TownSeats(Struct, frozen=True):
    """One row."""

    stream: str
    seats: int


def apply(rows: Rows[TownSeats], event: RecordedEvent, links: tuple[str, ...]) -> None:
    """Count the seats."""
    rows.put(TownSeats(stream=event.stream, seats=event.data["numberOfSeats"]))


PROJECTION = Projection(
    name="town_seats", version=1, title="Town seats", row=TownSeats, key=("stream",),
    apply=apply, listens=frozenset({"OrderPlaced"}),
)
'''


def draw_lab(stage: Stage, store: Path) -> None:
    """Duplicates, a loss and two swaps, and the views that bear them."""
    window = stage.window("light", SIZE)
    stage.open(window, store)
    if window.workspace is not None:
        lab = window.workspace.of(LabView)
        window.workspace.show_panel(PanesView)
        window.workspace.of(PanesView).tabs.choose("lab")
        lab.shares["duplicate"].setValue(0.2)
        lab.exact["drop"].setText("50")
        lab.exact["swap"].setText("70, 2001")
        lab.run.click()
        stage.wait(lambda: lab.run.isEnabled() and lab.findings.count() > 0)
    stage.keep(window, "lab")
    window.close()


def draw_parked(stage: Stage, folder: Path) -> None:
    """A view of a person's own that stands still at an event while the others go on."""
    store, file = folder / "parked.foldline", folder / "town_seats.py"
    ingest(next(it.path for it in SAMPLES if it.name == "conference"), into=store)
    file.write_text(PARKED, "utf-8")
    command_line.run(["projection", "add", str(store), str(file), "--trust"])
    put_clock(minutes=5)
    window = stage.window("light", SIZE)
    window.open_store(store)  # it never comes to the head with all its views
    stage.wait(lambda: window.session is not None and window.session.path == store)
    if window.workspace is not None:
        kept = window.workspace.of(KeptViewsView)
        window.workspace.show_panel(PanesView)
        window.workspace.of(PanesView).tabs.choose("projector")
        stage.wait(lambda: bool(kept.standing.text()) and has_sizes(window.session))
        stage.wait(lambda: has_rates(window.session))
        names = [kept.list.text(it, 0) for it in range(kept.list.count())]
        kept.list.go_to_row(names.index("town_seats"))
        kept.list.row_chosen.emit(names.index("town_seats"))
        kept.reason.setText("a test order without seats")
    stage.keep(window, "parked")
    window.close()
