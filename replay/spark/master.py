"""The master of a Spark cluster as a person names it, and whether anybody answers there."""

import re
import socket
from dataclasses import dataclass
from typing import Final

from replay.parts.errors import MasterSilent, WrongMaster
from replay.words import said

SECRET: Final = "_SPARK_AUTH_SECRET"  # a variable of the environment, as Spark has it
ANSWER_S: Final = 5.0  # for a connection to a master
PAGE_S: Final = 1.0  # for the first bytes of a web page
PAGE: Final = b"HTTP/"
_LOCAL: Final = re.compile(r"local(?:\[(\d{1,4}|\*)\])?")
_CLUSTER: Final = re.compile(r"spark://((?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5},?)+")
_LOOPBACK: Final = ("127.", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Master:
    """`text` is as Spark takes it."""

    text: str

    @property
    def is_local(self) -> bool:
        """Whether the workers are threads of a process here."""
        return self.text.startswith("local")

    @property
    def is_on_loopback(self) -> bool:
        """Whether it can only be on this machine."""
        return self.is_local or all(it.startswith(_LOOPBACK) for it in self._places)

    @property
    def _places(self) -> list[str]:
        return self.text.removeprefix("spark://").split(",")

    def require_answer(self) -> None:
        """Raises MasterSilent when nobody answers within some seconds."""
        if self.is_local:
            return
        reason = ""
        for place in self._places:
            try:
                _connected(place).close()
            except OSError as error:
                reason = error.strerror or str(error)
            else:
                return
        raise MasterSilent(self.text, said("no master answers there ({reason})", reason=reason))

    def require_master(self) -> None:
        """Raises MasterSilent as `require_answer` does, and when only web servers answer: Spark
        itself would try these for a minute. A master notes a line in its log."""
        self.require_answer()
        if not self.is_local and all(map(_is_web_server, self._places)):
            found = MasterSilent(self.text, said("a web server answers there, no master of Spark"))
            found.hint = said(
                "Spark shows the address of a master on its web page: it begins with spark://, "
                "and its port is usually 7077."
            )
            raise found


def _connected(place: str) -> socket.socket:
    host, _, port = place.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWER_S)


def _is_web_server(place: str) -> bool:
    """A master closes the connection at once, or says nothing."""
    try:
        with _connected(place) as there:
            there.settimeout(PAGE_S)
            there.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return there.recv(len(PAGE)) == PAGE
    except OSError:
        return False


def master_of(text: str) -> Master:
    """Raises WrongMaster."""
    if is_master(text):
        return Master(text)
    raise WrongMaster(text)


def is_master(text: str) -> bool:
    """Whether it is written as a master is: local[2], spark://HOST:7077."""
    local = _LOCAL.fullmatch(text)
    is_cluster = _CLUSTER.fullmatch(text) is not None and not text.endswith(",")
    return is_cluster or (local is not None and local[1] != "0")
