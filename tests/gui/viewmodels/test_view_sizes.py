"""How much views take is asked rarely, however often they change, and never forgotten."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gui.viewmodels import view_sizes
from gui.viewmodels.view_sizes import ViewSizes
from gui.work.tasks import Tasks
from replay.catalog.all_views import all_views
from store.opening import open_reader
from tests.replay.logs import catch_up, open_runner


def test_a_hundred_changes_are_one_question_now_and_one_after_a_pause(
    qtbot: QtBot, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Callable[[Any], None]] = []  # each question is answered by hand
    monkeypatch.setattr(tasks, "latest", lambda *_of, done, **_more: asked.append(done))
    monkeypatch.setattr(view_sizes, "LEAST_MS", 5)
    sizes = ViewSizes(tasks)
    for _ in range(100):
        sizes.refresh()
    assert len(asked) == 1

    with qtbot.waitSignal(sizes.changed):
        asked[0](({"streams": 4_096}, 2.0))
    for _ in range(100):
        sizes.refresh()
    assert len(asked) == 1
    assert sizes.pause_ms == 2 * view_sizes.SHARE

    qtbot.waitUntil(lambda: len(asked) == 2)
    with qtbot.assertNotEmitted(sizes.changed):
        asked[1](({"streams": 4_096}, 0.1))
    assert sizes.of("streams") == 4_096
    assert sizes.of("types") is None


def test_the_sizes_are_those_of_the_tables(qtbot: QtBot, tasks: Tasks, store: Path) -> None:
    log = open_reader(store)
    views, runner = open_runner(log, all_views())
    catch_up(runner)
    sizes = ViewSizes(tasks)

    with qtbot.waitSignal(sizes.changed):
        sizes.refresh()

    pages = "SELECT sum(pgsize) FROM dbstat WHERE name = 'event_types'"
    least = views.db.execute(pages).fetchone()[0]
    assert (sizes.of("event_types") or 0) >= least > 0
    assert sizes.of("search") != sizes.of("timeline")
    sizes.close()
    views.close()
    log.close()
