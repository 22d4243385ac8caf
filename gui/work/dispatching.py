"""The process that lets process managers, timers and the outbox do their work, if a person wants.

It is off when a store is opened: looking at a log must not set anything going.
"""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.window_words import in_window
from gui.work.child_signals import ChildSignals
from replay.children.command import verb_command
from replay.command_name import command_name
from store.place import Place

RESTARTS: Final = 5  # after that many deaths it stays down until a person starts it again
RESTART_MS: Final = 1_000
SAYS: Final = f"{command_name()}: "  # what a verb has to say of a problem begins so


class Dispatching(QObject):
    """`changed()` when it starts, ends or fails; then `problem` says why."""

    changed = Signal()

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.problem = ""
        self._place = place
        self._model: Path | None = None
        self._has_lanes = True
        self._is_wanted = False
        self._deaths = 0
        self._process = ChildSignals(self)
        self._process.ended.connect(self._ended)
        self._process.complained.connect(self._hear)
        self._again = QTimer(self, singleShot=True, interval=RESTART_MS)
        self._again.timeout.connect(self._run)

    @property
    def is_running(self) -> bool:
        """Whether it is wanted and has not given up."""
        return self._is_wanted

    @property
    def pid(self) -> int | None:
        """Of the process that runs now, if any."""
        return self._process.pid

    @property
    def arguments(self) -> tuple[str, ...]:
        """What it runs with: the verb and its options."""
        arguments = ["dispatch", self._place.text, "--follow", "--progress"]
        if self._model is not None:
            arguments += ["--model", str(self._model)]
        if not self._has_lanes:
            arguments.append("--no-lanes")
        return tuple(arguments)

    def use(self, model: Path | None) -> None:
        """Work with this model file too, from now on; it runs only while it is trusted."""
        if model == self._model:
            return
        self._model = model
        self.begin_anew()

    @Slot(bool)
    def use_lanes(self, has_lanes: bool) -> None:
        """Whether one command of a type and of a stream is handled at a time, from now on."""
        self._has_lanes = has_lanes
        self.begin_anew()

    def start(self) -> None:
        """Let it work from now on; a process that dies is started again."""
        if not self._is_wanted:
            self._is_wanted, self._deaths, self.problem = True, 0, ""
            self._run()
            self.changed.emit()

    def stop(self) -> None:
        """Let it rest. It may be ended at any moment: whatever was half done is done again."""
        self._is_wanted = False
        self._again.stop()
        self._process.stop()
        self.changed.emit()

    def begin_anew(self) -> None:
        """What it has read is no longer so. Nothing begins that was not running."""
        if self._is_wanted:
            self.stop()
            self.start()

    @Slot()
    def _run(self) -> None:
        try:
            self._process.start(verb_command(*self.arguments))
        except OSError as error:
            self.problem = error.strerror or str(error)
            self._ended()

    @Slot(object)
    def _hear(self, line: bytes) -> None:
        """What it says is wrong while it goes on; the last of several."""
        said = line.decode("utf-8", "replace").rstrip()
        if said.startswith(SAYS) and self._is_wanted:
            self.problem = in_window(said.removeprefix(SAYS))
            self.changed.emit()

    @Slot()
    def _ended(self) -> None:
        if not self._is_wanted:
            return
        self._deaths += 1
        if self._deaths > RESTARTS:
            self._is_wanted = False
        else:
            self._again.start()
        self.changed.emit()
