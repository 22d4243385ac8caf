"""What each action of the table does: one bound method an id."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox

from gui.dialogs.event_change_dialog import EventChangeDialog
from gui.dialogs.keys_dialog import KeysDialog
from gui.work.model_comparing import ModelComparing
from gui.work.own_projection import OwnProjectionOpener
from gui.work.rebuilding import Rebuilding

if TYPE_CHECKING:
    from gui.main_window import MainWindow
    from gui.session import Session
    from gui.workspace import Workspace

ABOUT = (
    "<b>Foldline</b><br>A desktop explorer for event-sourced systems.<br><br>"
    "MIT licence. Fonts: Inter and JetBrains Mono (OFL). Icons: Lucide (ISC)."
)


class ActionSlots(QObject):
    """Passes actions on to whatever is open; without a store those that need one do nothing."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.projections = OwnProjectionOpener(
            window.jobs, window.status.tell, self._tell_problem, window
        )
        self.rebuilding = Rebuilding(window.jobs, window.status.tell, self._tell_problem, window)
        self.comparing = ModelComparing(window.jobs, window.status.tell, self._tell_problem, window)
        self.comparing.event_wanted.connect(self._go_to_event)

    def all(self) -> dict[str, Callable[[], None]]:
        """By action id."""
        return {**self._of_the_file(), **self._of_the_place(), **self._of_the_look()}

    def _of_the_file(self) -> dict[str, Callable[[], None]]:
        window = self._window
        return {
            "open": window.choose_store,
            "import": window.choose_import,
            "export": window.choose_export,
            "model": window.choose_model,
            "reload model": self.reload_model,
            "compare models": self.compare_models,
            "change event": self.change_event,
            "projection": self.choose_projection,
            "bundled models": self.drop_model,
            "rebuild": self.rebuild,
            "certify": window.run_certify,
            "snapshots": window.show_snapshots,
            "verify": window.run_verify,
            "close": window.close_store,
            "quit": self.quit,
        }

    def _of_the_place(self) -> dict[str, Callable[[], None]]:
        return {
            "back": self.back,
            "forward": self.forward,
            "goto": self._window.top.type_moment,
            "commands": self.commands,
            "processes": self.processes,
            "views": self.views,
            "undo": self.undo,
            "search": self.search,
            "search all": self.search_all,
            "previous": self.previous,
            "next": self.next,
            "back ten": self.back_ten,
            "forward ten": self.forward_ten,
            "previous in stream": self.previous_in_stream,
            "next in stream": self.next_in_stream,
            "first": self.first,
            "end": self.end,
            "play": self.play,
            "reverse": self.reverse,
            "cause": self.cause,
            "effect": self.effect,
            "set anchor": self.set_anchor,
            "swap": self.swap,
            "clear anchor": self.clear_anchor,
        }

    def _of_the_look(self) -> dict[str, Callable[[], None]]:
        return {
            "zoom in": self.zoom_in,
            "zoom out": self.zoom_out,
            "pan left": self.pan_left,
            "pan right": self.pan_right,
            "frame": self.frame,
            "reset layout": self.reset_layout,
            "light": self.light,
            "dark": self.dark,
            "system theme": self.system_theme,
            "keys": self.keys,
            "about": self.about,
        }

    @property
    def _session(self) -> "Session":
        session = self._window.session
        if session is None:
            raise RuntimeError("an action that needs a store ran without one")
        return session

    @property
    def _workspace(self) -> "Workspace":
        workspace = self._window.workspace
        if workspace is None:
            raise RuntimeError("an action that needs a store ran without one")
        return workspace

    @Slot()
    def quit(self) -> None:
        self._window.close()

    @Slot()
    def reload_model(self) -> None:
        self._session.model_file.reload()

    @Slot()
    def compare_models(self) -> None:
        """Fold with the model in use and with what it was, and name where they part."""
        session = self._session
        self.comparing.run(session.path, session.model_file.path)

    @Slot(str, int)
    def _go_to_event(self, stream: str, position: int) -> None:
        if (session := self._window.session) is not None:
            session.selection.choose_stream(stream)
            session.selection.seek(position)

    @Slot()
    def change_event(self) -> None:
        """Other fields, another name, or no effect any more: tried on what is stored."""
        window, session = self._window, self._session
        inspection = session.inspector.inspection
        chosen = inspection.event.type if inspection and inspection.event else ""
        own = session.model_file.path
        EventChangeDialog(
            window.jobs,
            session.path,
            [it.name for it in session.navigator.types],
            chosen=chosen,
            model=str(own) if own else "",
            parent=window,
        ).open()

    @Slot()
    def choose_projection(self) -> None:
        """Ask for a projection file; it runs only when it is trusted."""
        window = self._window
        chosen, _ = QFileDialog.getOpenFileName(
            window, "Open a projection", window.settings.folder(), "Projections (*.py)"
        )
        if chosen:
            self.projections.open(self._session.path, Path(chosen))

    @Slot()
    def rebuild(self) -> None:
        """Fold every view again, and show what was different."""
        self.rebuilding.run(self._session.path)

    def _tell_problem(self, what: str, to_do: str) -> None:
        self._window.banner.show_problem(what, to_do=to_do)

    @Slot()
    def drop_model(self) -> None:
        self._session.model_file.drop()

    @Slot()
    def back(self) -> None:
        self._session.history.back()

    @Slot()
    def forward(self) -> None:
        self._session.history.forward()

    @Slot()
    def commands(self) -> None:
        self._workspace.show_commands()

    @Slot()
    def processes(self) -> None:
        self._workspace.show_processes()

    @Slot()
    def views(self) -> None:
        self._workspace.show_views()

    @Slot()
    def undo(self) -> None:
        self._workspace.show_commands()
        self._session.commands.undo(self._session.selection.as_of)

    @Slot()
    def search(self) -> None:
        self._workspace.events.search.setFocus()

    @Slot()
    def search_all(self) -> None:
        self._workspace.show_search()

    @Slot()
    def previous(self) -> None:
        self._session.playback.step_back()

    @Slot()
    def next(self) -> None:
        self._session.playback.step_forward()

    @Slot()
    def back_ten(self) -> None:
        self._session.playback.back_ten()

    @Slot()
    def forward_ten(self) -> None:
        self._session.playback.forward_ten()

    @Slot()
    def previous_in_stream(self) -> None:
        self._session.goto.previous_in_stream()

    @Slot()
    def next_in_stream(self) -> None:
        self._session.goto.next_in_stream()

    @Slot()
    def first(self) -> None:
        self._session.playback.to_first()

    @Slot()
    def end(self) -> None:
        self._session.playback.to_end()

    @Slot()
    def play(self) -> None:
        self._session.playback.toggle()

    @Slot()
    def reverse(self) -> None:
        self._session.playback.reverse()

    @Slot()
    def cause(self) -> None:
        self._session.goto.to_cause()

    @Slot()
    def effect(self) -> None:
        self._session.goto.to_effect()

    @Slot()
    def set_anchor(self) -> None:
        self._session.selection.anchor_here()

    @Slot()
    def swap(self) -> None:
        self._session.selection.swap()

    @Slot()
    def clear_anchor(self) -> None:
        self._session.selection.drop_anchor()

    @Slot()
    def zoom_in(self) -> None:
        self._workspace.time.panel.zoom_in()

    @Slot()
    def zoom_out(self) -> None:
        self._workspace.time.panel.zoom_out()

    @Slot()
    def pan_left(self) -> None:
        self._workspace.time.panel.pan_left()

    @Slot()
    def pan_right(self) -> None:
        self._workspace.time.panel.pan_right()

    @Slot()
    def frame(self) -> None:
        self._workspace.time.panel.frame_all()

    @Slot()
    def reset_layout(self) -> None:
        self._workspace.docking.reset()

    @Slot()
    def light(self) -> None:
        self._window.choose_theme("light")

    @Slot()
    def dark(self) -> None:
        self._window.choose_theme("dark")

    @Slot()
    def system_theme(self) -> None:
        self._window.choose_theme("system")

    @Slot()
    def keys(self) -> None:
        KeysDialog(self._window).open()

    @Slot()
    def about(self) -> None:
        QMessageBox.about(self._window, "About Foldline", ABOUT)


def slots_of(window: "MainWindow") -> dict[str, Callable[[], None]]:
    """Every action's method for one window."""
    return ActionSlots(window).all()
