"""Links between programs of one person: a window takes those of the store that it shows."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from replay.deep_link import LONGEST
from store.place import Place

TAKEN: Final = b"taken\n"
WAIT_MS: Final = 2_000  # for a window that is busy


class LinkServer(QObject):
    """`link_wanted(text)` when another program of the same account hands over a link. Where
    nothing can be listened on, links open windows of their own."""

    link_wanted = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)

    def listen(self, place: Place) -> None:
        """Take links of this store from now on, unless another window does."""
        self.close()
        name = _name(place)
        if not name or _answers(name):
            return
        QLocalServer.removeServer(name)  # of a window that was killed
        self._server.listen(name)

    def close(self) -> None:
        """Take no more."""
        self._server.close()

    @Slot()
    def _welcome(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)

    @Slot()
    def _read(self) -> None:
        socket = self.sender()
        assert isinstance(socket, QLocalSocket)
        if socket.bytesAvailable() > LONGEST:
            socket.abort()
        elif socket.canReadLine():
            text = bytes(socket.readLine().data()).decode("utf-8", "replace").strip()
            socket.write(TAKEN)
            socket.flush()
            self.link_wanted.emit(text)


def hand_over(text: str, place: Place) -> bool:
    """Give a link to the window that shows the store; whether there was one. Waits for it."""
    name = _name(place)
    socket = QLocalSocket()
    if not name:
        return False
    socket.connectToServer(name)
    if not socket.waitForConnected(WAIT_MS):
        return False
    socket.write(text.strip().encode("utf-8", "replace") + b"\n")
    socket.waitForBytesWritten(WAIT_MS)
    if not socket.bytesAvailable():  # else it came while we waited for our own words to go
        socket.waitForReadyRead(WAIT_MS)
    is_taken = bytes(socket.readAll().data()) == TAKEN
    socket.abort()
    return is_taken


def _answers(name: str) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(name)
    is_there = socket.waitForConnected(WAIT_MS)
    socket.abort()
    return is_there


def _name(place: Place) -> str:
    """By the store's place, in a folder that nobody else may look into; empty without one."""
    key = hashlib.sha256(os.fsencode(place.path)).hexdigest()[:16]
    if os.name == "nt":
        return f"foldline-{key}"  # a pipe of this session
    folder = _folder()
    return "" if folder is None else str(folder / f"link-{key}")


def _folder() -> Path | None:
    given = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(given or tempfile.gettempdir()) / f"foldline-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        facts = folder.lstat()
    except OSError:
        return None
    is_ours = facts.st_uid == os.getuid() and not facts.st_mode & 0o077
    return folder if is_ours and folder.is_dir() and not folder.is_symlink() else None
