"""The bar at the top: which store, whether it is live, and one field to go anywhere."""

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton

from gui.widgets.line_button import LineButton
from gui.widgets.pill import Pill
from gui.words import counted, said

LINK: Final = "foldline:"  # how a link to a place begins


class TopBar(QFrame):
    """`search_wanted(text)`, `goto_wanted(moment)`, `theme_wanted()`."""

    search_wanted = Signal(str)
    goto_wanted = Signal(str)
    theme_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(said("Store"))
        self.setProperty("role", "bar")
        self.name = QLabel(said("Foldline"))
        self.name.setProperty("role", "card-title")
        self.line = LineButton()
        self.branch = Pill(said("Not the log itself"), tone="branch", has_dot=True)
        self.live = Pill(said("Live"), text=said("live"), tone="ok", has_dot=True)
        self.access = Pill(said("Access"), tone="warn")
        self.events = Pill(said("Events in the store"))
        self.omnibox = QLineEdit()
        self.omnibox.setAccessibleName(said("Search, or go to a position or time"))
        self.omnibox.setPlaceholderText(said("/ search    @ position, time or link"))
        self.omnibox.setMaximumWidth(620)
        self.zone = QLabel("UTC")
        self.zone.setProperty("role", "dim")
        self.theme = QToolButton()
        self.theme.setText("☾")
        self.theme.setAccessibleName(said("Switch between light and dark"))
        self.theme.setToolTip(said("Light or dark"))
        self._lay_out()
        self.omnibox.returnPressed.connect(self._go)
        self.theme.clicked.connect(self.theme_wanted)
        self.show_store("", None)

    def show_store(self, name: str, head: int | None) -> None:
        """The open store and how many events it holds; None when none is open."""
        is_open = head is not None
        self.name.setText(name or said("Foldline"))
        if not is_open:
            self.show_access("", "")
            self.show_line("", "", is_branch=False)
        for widget in (self.line, self.live, self.events, self.omnibox, self.zone):
            widget.setVisible(is_open)
        if head is not None:
            self.events.set_text(counted("1 event", "{count:,} events", head))

    def show_line(self, name: str, about: str, *, is_branch: bool) -> None:
        """Which line of the store is in view, and what there is to say of it."""
        self.line.show_line(name, about, is_branch=is_branch)
        self.branch.set_text(said("branch") if is_branch else "")
        self.setProperty("line", "branch" if is_branch else "")
        self.update()

    def show_access(self, only_read: str, views: str) -> None:
        """That the store may only be read, and why; nothing where it may be written. `views` is
        where its views are kept instead."""
        self.access.set_text("read-only" if only_read else "")
        told = said(
            "Read-only: {only_read}. No file beside it is created or changed.", only_read=only_read
        )
        self.access.setToolTip(
            said("{told}\nIts views are stored in {views}", told=told, views=views)
            if only_read
            else ""
        )

    def show_live(self, *, is_live: bool, why: str = "") -> None:
        """Whether news of the store come; `why` not."""
        self.live.set_text(said("live") if is_live else said("not live"))
        self.live.set_tone("ok" if is_live else "error")
        self.live.setToolTip(why)

    def type_moment(self) -> None:
        """Begin to type a moment to go to."""
        self._begin("@")

    def type_search(self) -> None:
        """Begin to type what to search for."""
        self._begin("/")

    def _begin(self, sign: str) -> None:
        self.omnibox.setText(sign)
        self.omnibox.setFocus()

    def _lay_out(self) -> None:
        cells = QHBoxLayout(self)
        cells.setContentsMargins(12, 6, 12, 6)
        cells.setSpacing(10)
        for widget in (self.name, self.line, self.branch, self.live, self.access, self.events):
            cells.addWidget(widget)
        cells.addStretch(1)
        cells.addWidget(self.omnibox, 3)
        cells.addStretch(1)
        cells.addWidget(self.zone)
        cells.addWidget(self.theme)

    @Slot()
    def _go(self) -> None:
        text = self.omnibox.text().strip()
        if text.startswith("@"):
            self.goto_wanted.emit(text[1:])
        elif text.lower().startswith(LINK):
            self.goto_wanted.emit(text)
        else:
            self.search_wanted.emit(text.removeprefix("/").strip())
        self.omnibox.clear()
