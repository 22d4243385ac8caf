"""Processes and ports of this machine, as starting and killing a server needs them."""

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def free_port() -> int:
    """A port of loopback that nobody listens at now."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens at a port of loopback now."""
    with socket.socket() as it, suppress(OSError):
        it.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that have ended
        it.bind(("127.0.0.1", port))
        return True
    return False


def is_alive(pid: int) -> bool:
    """Whether a process runs: one that has ended and was not waited for yet does not. As long as
    one of its threads is still ending it holds its ports."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # as another account
    return _stated(pid)[:1] != ["Z"] or _threads_of(pid) > 1


def children_of(pid: int) -> list[int]:
    """The processes that it began, where the system lists them (Linux)."""
    found = [int(it.name) for it in _PROC.glob("[0-9]*")]
    return [it for it in found if _stated(it)[1:2] == [str(pid)]]


def _threads_of(pid: int) -> int:
    with suppress(OSError):
        return sum(1 for _ in (_PROC / str(pid) / "task").iterdir())
    return 0


def began_at(pid: int) -> str:
    """When a process began, by a clock of the system; empty where it does not say (not Linux)."""
    return "".join(_stated(pid)[19:20])


def _stated(pid: int) -> list[str]:
    """State, parent and further facts of a process; nothing where they cannot be read."""
    with suppress(OSError):
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return []
