"""Cyclic garbage is collected on the GUI thread only; what is there for good is never looked at."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.work.garbage import GuiThreadCollector


class Node:
    """One that refers to itself is garbage that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GuiThreadCollector]:
    found = GuiThreadCollector()
    yield found
    found.stop()


def circles(count: int, freed_on: list[threading.Thread]) -> None:
    """Make so many, and let go of them."""
    for _ in range(count):
        weakref.finalize(Node(), lambda: freed_on.append(threading.current_thread()))


def test_what_a_thread_leaves_is_freed_on_the_gui_thread(
    qtbot: QtBot, collector: GuiThreadCollector
) -> None:
    freed_on: list[threading.Thread] = []
    thread = threading.Thread(target=circles, args=(3 * gc.get_threshold()[0], freed_on))

    thread.start()
    thread.join()
    assert freed_on == []

    qtbot.waitUntil(lambda: len(freed_on) == 3 * gc.get_threshold()[0])
    assert set(freed_on) == {threading.main_thread()}


def test_what_was_there_before_is_not_looked_at_until_it_stops(
    collector: GuiThreadCollector,
) -> None:
    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < gc.get_freeze_count()
    assert not gc.isenabled()

    collector.stop()

    assert gc.get_freeze_count() == 0
