"""Opening a deep link: the store it names, if one may, then the place in it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import structs
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.session import Session
from gui.settings import Settings
from gui.widgets.banner import Banner
from gui.words import said
from gui.workspace import Workspace
from replay.deep_link import Link, WrongLink, parse_link, store_of, wrong_filter
from store.place import Place
from store.visible_text import visible

HINT: Final = said("Nothing was opened or changed. Copy a link from the menu of an event.")
NO_STORE: Final = said("The link names no store, and none is open.")
STAYS: Final = said("The window was not changed.")
LATER_MS: Final = 200  # listening waits until the store is in sight


if TYPE_CHECKING:
    from gui.work.link_server import LinkServer


class Lines(Protocol):
    """What shows the log, or a branch of it."""

    def show(self, path: Path, *, then: Callable[[], object]) -> None: ...


class Window(Protocol):
    """What this asks of the window."""

    session: Session | None
    workspace: Workspace | None
    settings: Settings
    banner: Banner

    @property
    def lines(self) -> Lines: ...

    def open_store(self, path: Path) -> None: ...

    def show_error(self, error: Exception) -> None: ...


class LinkOpening(QObject):
    """A link may come from anywhere, so a store that was never opened here is asked about first,
    and what is wrong with a link is said in one sentence. GUI thread."""

    def __init__(self, window: Window, widget: QWidget) -> None:
        super().__init__(widget)
        self._window, self._widget = window, widget
        self._waiting: tuple[Path, Link] | None = None  # for its store to be open
        self.question: QMessageBox | None = None
        self._server: LinkServer | None = None
        self._listening = QTimer(self, singleShot=True, interval=LATER_MS)
        self._listening.timeout.connect(self._listen)

    def open(self, text: str) -> None:
        """Go where the text points, or say why not."""
        self._waiting = None
        try:
            link = self._placed(parse_link(text))
            if problem := wrong_filter(link):
                self._say(problem)
                return
            path = store_of(link)
        except WrongLink as error:
            self._window.show_error(error)
            return
        session = self._window.session
        if path is None and session is None:
            self._say(NO_STORE)
        elif path is None or (session is not None and session.place == Place(path)):
            self._go(link)
        elif session is not None and Place(session.place.log) == Place(Place(path).log):
            self._window.lines.show(path, then=partial(self._go, link))
        elif any(Place(it) == Place(Place(path).log) for it in self._window.settings.recent()):
            self._open_store(path, link)
        else:
            self._ask(path, link)

    def _placed(self, link: Link) -> Link:
        """One that names a branch and no store is about the open one."""
        session = self._window.session
        if link.store or not link.branch or session is None:
            return link
        return structs.replace(link, store=str(session.place.log))

    @Slot()
    def go_on(self) -> None:
        """A store was opened: if it is the one of a link that waits, go to its place. From now on
        its links that are opened elsewhere come here."""
        waiting, self._waiting = self._waiting, None
        session = self._window.session
        self._listening.start()
        if waiting is not None and session is not None and session.place == Place(waiting[0]):
            self._go(waiting[1])

    @Slot()
    def give_up(self) -> None:
        """The store could not be opened: that was said already."""
        self._waiting = None

    def leave(self) -> None:
        """The store is closed: its links open windows of their own again."""
        self._listening.stop()
        if self._server is not None:
            self._server.close()

    @Slot()
    def _listen(self) -> None:
        from gui.work.link_server import LinkServer  # late: what it needs takes long to load

        if self._server is None:
            self._server = LinkServer(self)
            self._server.link_wanted.connect(self._take)
        if (session := self._window.session) is not None:
            self._server.listen(session.place)

    @Slot(str)
    def _take(self, text: str) -> None:
        """Another program was asked to open a link of the store that is shown here."""
        self._widget.raise_()
        self._widget.activateWindow()
        self.open(text)

    def _open_store(self, path: Path, link: Link) -> None:
        self._window.open_store(path)
        self._waiting = path, link

    def _ask(self, path: Path, link: Link) -> None:
        box = self.question = QMessageBox(self._widget)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setAccessibleName(said("Open the store of a link"))
        box.setWindowTitle(said("Open a link"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(said("A link asks to open a store that was never opened here before."))
        box.setInformativeText(visible(str(path)))
        box.setStandardButtons(QMessageBox.StandardButton.Open | QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.accepted.connect(lambda: self._open_store(path, link))
        box.finished.connect(self._forget_question)
        box.open()

    @Slot()
    def _forget_question(self) -> None:
        self.question = None

    def _go(self, link: Link) -> None:
        workspace = self._window.workspace
        if workspace is not None:
            self._window.banner.dismiss()
            workspace.link_place.go(link, self._tell)

    def _tell(self, sentence: str) -> None:
        self._window.banner.show_problem(sentence, to_do=STAYS, tone="warn")

    def _say(self, sentence: str) -> None:
        text = sentence[:1].upper() + sentence[1:]
        self._window.banner.show_problem(text, to_do=HINT, tone="warn")
