"""Something that listens, and answers whatever comes with the same bytes."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class AnsweringServer:
    """Each connection gets the answer once, and is closed."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            with client, suppress(OSError):
                client.settimeout(5)
                client.recv(65_536)
                client.sendall(self._answer)
                client.shutdown(socket.SHUT_WR)
                client.recv(1)
