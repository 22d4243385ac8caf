"""Views of logs that may only be read are removed when nothing uses them any more."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from replay import command_line
from replay.views import unused_views
from replay.views.unused_views import DAY_S, GONE_S, STAMP, UNUSED_S, remove_unused
from store.access import folder_of_ours
from store.locks import ProcessLock
from store.place import Place, locks_of_views
from tests.replay.logs import make_log

EVENTS = 20
HOUR_S = 3_600


@pytest.fixture
def views_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Makes a log that may only be read, for it has a second name, and its views."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def make(name: str) -> Path:
        log = make_log(tmp_path / f"{name}.foldline", EVENTS)
        os.link(log, tmp_path / f"{name}-second")
        assert command_line.run(["view", str(log), "streams"]) == 0
        views = Place(log).views
        assert views.parent == folder_of_ours()
        assert views.exists()
        return views

    return make


def lose(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.foldline").unlink()


def age(views: Path, seconds: float) -> None:
    used = views.stat().st_mtime - seconds
    os.utime(views, (used, used))


def test_views_that_were_not_used_for_long_go_and_others_stay(
    views_of: Callable[[str], Path],
) -> None:
    old, new = views_of("old"), views_of("new")
    age(old, UNUSED_S + HOUR_S)
    age(new, UNUSED_S - HOUR_S)

    assert remove_unused() == [old]

    assert (old.exists(), new.exists()) == (False, True)
    assert [it for it in locks_of_views(old) if it.exists()] == []


def test_views_whose_log_is_gone_go_after_a_week(
    views_of: Callable[[str], Path], tmp_path: Path
) -> None:
    lost, fresh, there = views_of("lost"), views_of("fresh"), views_of("there")
    for it in (lost, there):
        age(it, GONE_S + HOUR_S)
    for name in ("lost", "fresh"):
        lose(tmp_path, name)

    assert remove_unused() == [lost]

    assert fresh.exists()
    assert there.exists()


def test_too_much_of_all_is_brought_down_by_what_was_not_used_for_longest(
    views_of: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, today = views_of("a"), views_of("b"), views_of("c")
    age(first, 3 * DAY_S)
    age(second, 2 * DAY_S)
    monkeypatch.setattr(unused_views, "MOST_BYTES", second.stat().st_size + today.stat().st_size)

    assert remove_unused() == [first]
    monkeypatch.setattr(unused_views, "MOST_BYTES", 0)
    assert remove_unused() == [second]
    assert today.exists()  # what was used within a day stays


def test_views_that_somebody_keeps_stay_however_old(views_of: Callable[[str], Path]) -> None:
    views = views_of("kept")
    age(views, UNUSED_S + HOUR_S)
    lock = ProcessLock(locks_of_views(views)[0])
    assert lock.acquire()

    assert remove_unused() == []
    lock.release()

    assert remove_unused() == [views]


def test_opening_the_views_of_one_log_looks_through_the_folder_once_a_day(
    views_of: Callable[[str], Path],
) -> None:
    old = views_of("old")
    age(old, UNUSED_S + HOUR_S)

    views_of("same-day")
    assert old.exists()
    age(folder_of_ours() / STAMP, DAY_S + HOUR_S)
    views_of("next-day")

    assert not old.exists()


def test_reading_views_says_that_they_are_in_use(views_of: Callable[[str], Path]) -> None:
    views = views_of("used")
    age(views, UNUSED_S + HOUR_S)
    log = views_log(views)

    assert command_line.run(["view", str(log), "streams"]) == 0

    assert remove_unused() == []


def views_log(views: Path) -> Path:
    """The log of the test with these views."""
    name = views.name.rsplit("-", 2)[0]
    return folder_of_ours().parents[2] / f"{name}.foldline"


def test_views_beside_a_log_are_never_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, views_of: Callable[[str], Path]
) -> None:
    own = make_log(tmp_path / "own.foldline", EVENTS)
    assert command_line.run(["view", str(own), "streams"]) == 0
    age(Place(own).views, UNUSED_S + HOUR_S)

    remove_unused()

    assert Place(own).views.exists()
    shutil.rmtree(folder_of_ours(), ignore_errors=True)
    assert remove_unused() == []
