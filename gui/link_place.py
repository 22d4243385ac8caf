"""The place of a link in the panels of an open store."""

import re
from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from gui.offers.doors import Doors
from gui.session import Session
from gui.viewmodels.link_place import LinkPlaceViewModel
from gui.views.inspector_view import InspectorView
from gui.words import said
from replay.deep_link import Link

_PART: Final = re.compile(r'\[(\d+)\]|"((?:[^"\\]|\\.)*)"|([^.\["]+)')

Path = tuple[str | int, ...]


class Panels(Protocol):
    """What this asks of the workspace."""

    session: Session

    @property
    def doors(self) -> Doors: ...

    def of(self, kind: type[InspectorView]) -> InspectorView: ...

    def has_tab(self, tab: str) -> bool: ...

    def show_tab(self, tab: str) -> None: ...


class LinkPlace(QObject):
    """Nothing moves before all that the link names is known to be there. GUI thread."""

    def __init__(self, panels: Panels, parent: QWidget) -> None:
        super().__init__(parent)
        self._panels = panels
        self._place = LinkPlaceViewModel(panels.session.tasks)
        self._place.failed.connect(panels.session.failed)
        self._field: tuple[str, Path, Callable[[str], None]] | None = None
        panels.session.inspector.inspected.connect(self._show_field)

    def go(self, link: Link, refused: Callable[[str], None]) -> None:
        """Show the place; `refused(sentence)` says what of it is not here."""
        self._field = None
        if link.tab and not self._panels.has_tab(link.tab):
            refused(said("The link names an unknown tab: {tab}", tab=link.tab))
            return
        self._place.check(link, lambda missing: self._arrive(link, missing, refused))

    def _arrive(self, link: Link, missing: str, refused: Callable[[str], None]) -> None:
        if missing:
            refused(missing)
            return
        session, doors = self._panels.session, self._panels.doors
        if link.filter:
            session.filter.clear()
            session.filter.set_typed(link.filter)
        if link.stream:
            session.selection.choose_stream(link.stream)
        if link.at is not None:
            session.bookmarks.go_to((link.at, link.until))
        if link.view:
            doors.show_view(link.view, link.at)
        if link.tab:
            self._panels.show_tab(link.tab)
        if link.field:
            self._field = (link.stream, path_of_field(link.field), refused)
            self._show_field()

    @Slot()
    def _show_field(self) -> None:
        """Once the state is here that the field is in."""
        session = self._panels.session
        inspection = session.inspector.inspection
        if self._field is None or inspection is None:
            return
        stream, path, refused = self._field
        is_there = inspection.position == session.selection.as_of
        if not is_there or (stream and session.inspector.stream != stream):
            return
        self._field = None
        self._panels.show_tab("state")
        if not self._panels.of(InspectorView).state.go_to(path):
            refused(said("The link names a field that the state does not have here."))


def path_of_field(text: str) -> Path:
    """The path that `lines[0].sku` names, keys with a dot in them in quotes."""
    return tuple(
        int(number) if number else re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        for number, quoted, plain in _PART.findall(text)
    )
