"""An event store on a server that is not there, for more than one process: lines of a file.

`lines:///FILE`: each line is an event as JSON, in the order of the store; a file that is not there
is a server that nobody can reach. With `?only=read` it belongs to another program.
"""

import json
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from store.events import NewEvent
from store.remote.address import Address
from store.remote.errors import Refused, Unreachable
from store.remote.interface import Abilities, RemoteEvent
from store.remote.kind import RemoteKind
from store.remote.passwords import password_for
from tests.store.remote.memory_remote import MemoryRemote, Server

PASSWORD: Final = "open sesame"  # of whoever is named in an address


class LinesRemote(MemoryRemote):
    def __init__(self, address: Address) -> None:
        self._file = Path(urlsplit(address.text).path)
        self._where = address
        if address.options.get("only") == "read":
            self.abilities = Abilities(
                order="global", has_wake_up=False, can_append=False, program="Another"
            )
        super().__init__(Server(identity=f"lines-{self._file.name}"))
        self.address = address

    def ask(self) -> None:
        super().ask()
        if "@" in self._where.place and password_for(self._where) != PASSWORD:
            raise Refused("the server refused the user or password", self._where.shown)
        try:
            lines = self._file.read_text("utf-8").splitlines()
        except OSError:
            raise Unreachable("the server cannot be reached", self._where.shown) from None
        events = list[RemoteEvent]()
        for text in lines:
            stream, id_ = json.loads(text)
            version = 1 + sum(it.stream == stream for it in events)
            events.append(self._recorded(stream, version, NewEvent.of("Came", {}, id=id_)))
            self._server.events = events

    def wait(self, timeout_s: float) -> bool:
        before = len(self._server.events)
        self.ask()
        return len(self._server.events) > before or super().wait(timeout_s)


def _no_store(address: Address) -> LinesRemote:
    raise NotImplementedError


KIND: Final = RemoteKind(
    schemes=("lines",),
    title="Lines",
    extra="lines",
    open_reader=LinesRemote,
    open_store=_no_store,
    create=lambda _address: "",
)


def write_lines(file: Path, first: int, last: int) -> None:
    with file.open("a", encoding="utf-8") as it:
        it.writelines(json.dumps([f"s-{n % 2}", f"e{n}"]) + "\n" for n in range(first, last))
