"""What a test leaves behind in the process: windows, and what they hold of the system."""

import gc
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget


@contextmanager
def nothing_left(arguments: dict[str, Any]) -> Iterator[None]:
    """What is made inside is gone afterwards: windows with what they watch, and the `arguments`
    of the test, which pytest holds for longer. Raises AssertionError when something is left.

    As in the running window, no reader thread destroys a Qt object. Of what was there before
    nothing is looked at: that would take longer than most tests.
    """
    shown, opened = windows(), open_logs()
    gc.disable()
    gc.freeze()
    yield
    delete_what_is_to_be_deleted()
    arguments.clear()
    gc.collect()
    delete_what_is_to_be_deleted()
    gc.unfreeze()
    gc.enable()
    left = [_described(it) for it in windows() - shown]
    assert not left, f"windows left behind: {left}"
    held = list((open_logs() - opened).elements())
    assert not held, f"logs and notices left open: {held}"


def delete_what_is_to_be_deleted() -> None:
    """Else it waits for the event loop of another test."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def windows() -> set[QWidget]:
    """What stands by itself on the screen, or would if it was shown; menus too."""
    return set(QApplication.topLevelWidgets())


def open_logs() -> Counter[str]:
    """Logs and views that this process has open, and sets of the system's notices, of which an
    account has few; where the system tells (Linux)."""
    found = Counter[str]()
    for it in Path("/proc/self/fd").glob("*"):
        with suppress(OSError):  # it was closed meanwhile
            target = os.readlink(it)
            if ".foldline" in target or "inotify" in target:
                found[target] += 1
    return found


def _described(widget: QWidget) -> str:
    name = widget.windowTitle() or widget.objectName() or widget.accessibleName()
    return f"{type(widget).__name__} {name}"
