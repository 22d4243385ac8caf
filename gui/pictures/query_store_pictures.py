"""The picture of panes that show rows of a query store. It needs an OpenSearch, which is started
here, so it is drawn only when it is asked for."""

from pathlib import Path
from typing import Final

from gui.pictures.stage import Stage
from gui.viewmodels.pane_side import Side
from gui.views.panes_view import PanesView
from replay import command_line
from resources.engines.opensearch import OpenSearchServer

PART: Final = "panes-there"
SIZE: Final = (1600, 1000)
PORTS: Final = 9_240, 9_340  # the picture names the first
NEWER: Final = 3_000  # the position that the right pane stays at


def draw_panes_there(stage: Stage, store: Path) -> None:
    """The same view here and there, at two moments, and where it first changes in between."""
    server = OpenSearchServer(stage.made / "opensearch", ports=PORTS)
    server.start()
    try:
        url = f"{server.address}/shop"
        command_line.run(["sink", str(store), "seats_left", "--to", url])
        _draw(stage, store, url)
    finally:
        server.kill()


def _draw(stage: Stage, store: Path, url: str) -> None:
    window = stage.window("light", SIZE)
    stage.open(window, store)
    if window.workspace is not None and window.session is not None:
        panes = window.session.panes
        window.workspace.show_panel(PanesView)
        panes.set_side("left", Side(view="seats_left", moment="now"))
        there = Side(view="seats_left", moment="exact", at=NEWER, source=url)
        panes.set_side("right", there)
        stage.wait(lambda: panes.pane("right").as_of == NEWER)
        panes.find_parting()
        stage.wait(lambda: panes.parting.position is not None)
    stage.keep(window, PART)
    window.close()
