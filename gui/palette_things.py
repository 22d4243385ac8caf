"""What there is to go to from the palette, and how each is gone to."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

from gui.actions import MENUS, Actions
from gui.key_bindings import KeyBindings
from gui.panel import TabPanel
from gui.panels import panels
from gui.settings import Settings
from gui.start_work import StartWork
from gui.viewmodels.palette import PaletteItem
from gui.viewmodels.things import Entry
from gui.views.events_view import EventsView
from gui.views.panes_view import PanesView
from gui.widgets.lettered_menu import plain
from gui.words import said
from gui.workspace import Workspace
from resources.samples.catalog import SAMPLES

SAMPLE: Final = "sample "
BELOW: Final = " ▸ "
Act = Callable[[], object]


class Host(Protocol):
    """What of the window is needed."""

    actions_: Actions
    settings: Settings
    workspace: Workspace | None
    start_work: StartWork

    def open_store(self, path: Path) -> None: ...


def things(host: Host, bindings: KeyBindings) -> Iterator[PaletteItem]:
    """All but streams and event types, which are asked of the store."""
    yield from _actions(host, bindings)
    if host.workspace is not None:
        yield from _of_store(host.workspace)
    for path in host.settings.recent():
        yield PaletteItem(kind="store", id=str(path), text=path.name, detail=str(path.parent))
    for sample in SAMPLES:
        yield PaletteItem(
            kind="store",
            id=f"{SAMPLE}{sample.name}",
            text=said("Sample: {title}", title=sample.title),
        )


def _actions(host: Host, bindings: KeyBindings) -> Iterator[PaletteItem]:
    for spec in host.actions_.specs:
        if spec.id != "palette":
            yield PaletteItem(
                kind="action",
                id=spec.id,
                text=spec.text,
                detail=MENUS[spec.menu],
                key=bindings.shown(spec.id),
                refusal=host.actions_.why_not(spec.id),
            )


def _of_store(workspace: Workspace) -> Iterator[PaletteItem]:
    session = workspace.session
    titles = {it.id: it.title for it in panels()}
    for panel in panels():
        within = titles[panel.parent] if isinstance(panel, TabPanel) else ""
        detail = said("tab of {within}", within=within) if within else said("panel")
        yield PaletteItem(kind="panel", id=panel.id, text=panel.title, detail=detail)
    for view in session.status.views:
        yield PaletteItem(kind="view", id=view.name, text=view.name, detail=said("view"))
    for name in session.saved_filters.names:
        yield PaletteItem(kind="filter", id=name, text=name, detail=said("saved filter"))
    for mark in session.bookmarks.all:
        detail = said("bookmark, position {position:,}", position=mark.position)
        yield PaletteItem(kind="bookmark", id=str(mark.position), text=mark.name, detail=detail)


def ask_here(workspace: Workspace, told: Callable[[dict[str, Act]], None]) -> None:
    """What the menu of the chosen event offers, by the words that lead there; a moment later."""
    spot = workspace.menus.spot_of(workspace.of(EventsView).grid)
    if spot is not None:
        workspace.menus.list_for(spot, lambda groups: told(dict(_flat(groups))))


def here(acts: Iterable[str]) -> tuple[PaletteItem, ...]:
    """As things to go to."""
    return tuple(
        PaletteItem(kind="here", id=it, text=it, detail=said("the selected event")) for it in acts
    )


def _flat(entries: Iterable[Entry], before: str = "") -> Iterator[tuple[str, Act]]:
    for entry in entries:
        text = f"{before}{plain(entry.text)}"
        if entry.inside:
            yield from _flat(entry.inside, f"{text}{BELOW}")
        elif entry.act is not None and entry.is_allowed:
            yield text, entry.act


def go_to(host: Host, item: PaletteItem) -> None:
    """Do what a click on the thing would do."""
    workspace = host.workspace
    if item.kind == "action":
        host.actions_.do(item.id)
    elif item.kind == "store":
        _open(host, item.id)
    elif workspace is not None:
        _go_in(workspace, item)


def _open(host: Host, id_: str) -> None:
    if id_.startswith(SAMPLE):
        host.start_work.open_sample(id_.removeprefix(SAMPLE))
    else:
        host.open_store(Path(id_))


def _go_in(workspace: Workspace, item: PaletteItem) -> None:
    session = workspace.session
    match item.kind:
        case "panel":
            workspace.show_panel_of(item.id)
        case "view":
            _show_view(workspace, item.id)
        case "type":
            session.filter.set_types((item.id,))
        case "filter":
            session.saved_filters.apply(item.id)
        case "bookmark":
            session.selection.seek(int(item.id))
        case "stream":
            session.inspector.choose_stream(item.id)
        case "moment":
            session.goto.go(item.id)


def _show_view(workspace: Workspace, name: str) -> None:
    """In every pane, each at the moment that it shows."""
    panes = workspace.session.panes
    workspace.show_panel_of("views")
    workspace.of(PanesView).tabs.choose("compare")
    for which, side in list(panes.sides.items()):
        panes.set_side(which, replace(side, view=name))
