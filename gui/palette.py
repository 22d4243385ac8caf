"""The palette of one window: what is typed, what is found, and where that leads."""

from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from gui.key_bindings import KeyBindings
from gui.palette_things import Act, Host, ask_here, go_to, here, things
from gui.viewmodels.palette import WORDS, PaletteRow, PaletteViewModel, Used, used_first
from gui.widgets.palette_box import Offer, PaletteBox
from gui.words import said

KEPT: Final = 60  # of what was used


class Palette(QObject):
    """Made once for a window; the box is over it only while it is open."""

    def __init__(self, host: Host, window: QWidget, bindings: KeyBindings) -> None:
        """`window` is the host as Qt sees it."""
        super().__init__(window)
        self._host, self._bindings = host, bindings
        self._came_from: QWidget | None = None
        self._acts: dict[str, Act] = {}  # of what can be done with the chosen event
        self.model = PaletteViewModel()
        self.box = PaletteBox(window)
        self.model.listed.connect(self._show)
        self.box.typed.connect(self.model.ask)
        self.box.taken.connect(self._take)
        self.box.left.connect(self.close)

    @Slot()
    def show(self) -> None:
        """Open it over the window, or close it when it is open."""
        if self.box.isVisible():
            self.close()
        else:
            self.begin_with("")

    @Slot(str)
    def begin_with(self, text: str) -> None:
        """Open it with a text, to be gone on with."""
        self._came_from = QApplication.focusWidget()
        workspace, store = self._host.workspace, self._store()
        used = [(it[0], it[1]) for it in self._used() if it[2] in ("", store)]
        names = workspace.names if workspace is not None else None
        self.box.begin(text)
        items = list(things(self._host, self._bindings))
        self.model.begin(items, used=used, names=names, text=text)
        self._acts = {}
        if workspace is not None:
            ask_here(workspace, self._learn_here)

    @Slot()
    def close(self) -> None:
        """Give the keyboard back to where it was."""
        if self.box.isHidden():
            return
        had_keyboard = self.box.isAncestorOf(QApplication.focusWidget() or self.box)
        self.box.hide()
        if had_keyboard and self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus()
        self._came_from = None

    @Slot()
    def _show(self) -> None:
        self.box.show_offers([_offer(it) for it in self.model.rows], self.model.words)

    @Slot(int)
    def _take(self, at: int) -> None:
        item = self.model.rows[at].item
        if item.refusal:
            self.box.say(said("This cannot be done now: {refusal}.", refusal=item.refusal))
            return
        self.close()
        used = used_first(self._used(), (item.kind, item.id), self._store())
        self._host.settings.set_last_used([list(it) for it in used[:KEPT]])
        if item.kind == "here":
            self._acts[item.id]()
        else:
            go_to(self._host, item)

    def _learn_here(self, acts: dict[str, Act]) -> None:
        """What can be done with the chosen event."""
        if self.box.isVisible():
            self._acts = acts
            self.model.add(here(acts))

    def _used(self) -> list[Used]:
        return [(it[0], it[1], it[2]) for it in self._host.settings.last_used()]

    def _store(self) -> str:
        """Of which store the things are that only it has."""
        workspace = self._host.workspace
        return workspace.session.place.text if workspace is not None else ""


def _offer(row: PaletteRow) -> Offer:
    item = row.item
    return Offer(
        text=row.text,
        found=lambda: row.marks,
        detail=item.detail or WORDS[item.kind],
        key=item.key,
        refusal=item.refusal,
    )
