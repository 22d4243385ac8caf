"""The process that looks at the servers around a log, while somebody wants to see them."""

from typing import Final

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.window_words import in_window
from gui.work.child_signals import ChildSignals
from replay.children.command import verb_command
from replay.command_name import command_name
from replay.engines.arrows import Survey
from store.place import Place

AGAIN_MS: Final = 3_000  # before one that ended is started again
SAYS: Final = f"{command_name()}: "


class EngineWatch(QObject):
    """`surveyed(Survey)` as often as it is another one, `troubled(sentence)` when it cannot look.
    GUI thread, which waits for no server."""

    surveyed = Signal(object)
    troubled = Signal(str)

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place
        self._is_wanted = False
        self._process = ChildSignals(self)
        self._process.said.connect(self._hear)
        self._process.complained.connect(self._hear_complaint)
        self._process.ended.connect(self._ended)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._run)

    @property
    def pid(self) -> int | None:
        """Of the process that looks, if any."""
        return self._process.pid

    def want(self, is_wanted: bool) -> None:
        """Look from now on, or no more."""
        if is_wanted == self._is_wanted:
            return
        self._is_wanted = is_wanted
        if is_wanted:
            self._run()
        else:
            self._again.stop()
            self._process.stop()

    def close(self) -> None:
        """Look no more."""
        self.want(False)

    @Slot()
    def _run(self) -> None:
        arguments = ("engines", "of", self._place.text, "--follow", "--json")
        try:
            self._process.start(verb_command(*arguments), gives_way=True)
        except OSError as error:
            self.troubled.emit(error.strerror or str(error))
            self._ended()

    @Slot(object)
    def _hear(self, line: bytes) -> None:
        try:
            self.surveyed.emit(msgspec.json.decode(line, type=Survey))
        except msgspec.MsgspecError:
            self._hear_complaint(line)

    @Slot(object)
    def _hear_complaint(self, line: bytes) -> None:
        said = line.decode("utf-8", "replace").rstrip()
        if said.startswith(SAYS):
            said = in_window(said.removeprefix(SAYS))
            self.troubled.emit(said[:1].upper() + said[1:])

    @Slot()
    def _ended(self) -> None:
        if self._is_wanted:
            self._again.start()
