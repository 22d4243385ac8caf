"""A way to a server on which replies are lost."""

import random
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class LossyProxy:
    """Passes everything on, but for replies that are to be swallowed: then the connection ends."""

    def __init__(self, server_port: int, *, lost_one_in: int = 0) -> None:
        """`lost_one_in`: how many replies there are, on an average, to one that is swallowed; 0:
        as told only."""
        self._server_port = server_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.swallowed = 0
        self._is_armed = self._is_refusing = False
        self._lost_one_in, self._chance = lost_one_in, random.Random(7)
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._close_all()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for it in self._threads:
            it.join(10)

    def swallow_next(self) -> None:
        """The next reply of the server does not arrive."""
        self._is_armed = True

    def refuse(self) -> None:
        """From now on nobody gets through, and who is connected is cut off."""
        self._is_refusing = True
        self._close_all()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if self._is_refusing:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._server_port))
            self._open += [client, server]
            for pair in ((client, server, False), (server, client, True)):
                thread = threading.Thread(target=self._pass, args=pair)
                self._threads.append(thread)
                thread.start()

    def _pass(self, source: socket.socket, target: socket.socket, is_reply: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if is_reply and self._is_lost():
                    self.swallowed += 1
                    break
                target.sendall(data)
        for it in (source, target):
            with suppress(OSError):
                it.shutdown(socket.SHUT_RDWR)
            it.close()

    def _is_lost(self) -> bool:
        is_lost = self._is_armed
        self._is_armed = False
        return is_lost or (self._lost_one_in > 0 and self._chance.randrange(self._lost_one_in) == 0)

    def _close_all(self) -> None:
        for it in self._open:
            with suppress(OSError):
                it.shutdown(socket.SHUT_RDWR)
