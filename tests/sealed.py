"""A folder that may only be read, for root as well: permissions do not stop that account."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def sealed(folder: Path) -> Iterator[None]:
    """Nothing in the folder can be written, by this process and its children, until the end."""
    if os.geteuid():
        with _without_rights(folder):
            yield
        return
    undo = _mounted(folder) or _immutable(folder)
    assert undo, "this system lets not even root make a folder read-only"
    try:
        assert not os.access(folder, os.W_OK)
        yield
    finally:
        subprocess.run(undo, check=True, capture_output=True)


@contextmanager
def _without_rights(folder: Path) -> Iterator[None]:
    modes = {it: it.stat().st_mode for it in (*folder.rglob("*"), folder)}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path in reversed(modes):
            path.chmod(modes[path])


def _mounted(folder: Path) -> list[str]:
    """How to undo it; empty when root may not mount, as in most containers."""
    at = str(folder)
    if not _went_well(["mount", "--bind", at, at]):
        return []
    if not _went_well(["mount", "-o", "remount,bind,ro", at]):
        subprocess.run(["umount", "-l", at], check=True)
        return []
    return ["umount", "-l", at]


def _immutable(folder: Path) -> list[str]:
    at = str(folder)
    return ["chattr", "-R", "-i", at] if _went_well(["chattr", "-R", "+i", at]) else []


def _went_well(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
