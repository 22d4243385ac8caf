"""The loopback ports of a server that is started here: those of its last run, so that addresses
which were kept stay right."""

from pathlib import Path
from typing import Final

from resources.engines.processes import free_port, is_free

_NAME: Final = "ports"


class KeptPorts:
    """`count` ports, in a file of the server's folder; the first is the one that clients use.
    `wished`: as many for the first run."""

    def __init__(self, folder: Path, *, count: int, wished: tuple[int, ...] = ()) -> None:
        self._file, self._count = folder / _NAME, count
        self._wished = wished or (0,) * count

    @property
    def first(self) -> int:
        """0, or what is wished for, before there was a run."""
        return self._last()[0]

    @property
    def settled(self) -> tuple[int, ...]:
        """All of the last run; zeros, or those wished for, before there was one."""
        return self._last()

    def settle(self) -> tuple[int, ...]:
        """For the next run: each the last one as long as it is free, else another."""
        ports = list[int]()
        for last in self._last():
            port = last if last and is_free(last) else free_port()
            while port in ports:  # a port that is only looked at is given out again
                port = free_port()
            ports.append(port)
        self._file.write_text(" ".join(map(str, ports)), "utf-8")
        return tuple(ports)

    def _last(self) -> tuple[int, ...]:
        try:
            found = tuple(map(int, self._file.read_text("utf-8").split()))
        except (OSError, ValueError):
            found = ()
        return found if len(found) == self._count else self._wished
