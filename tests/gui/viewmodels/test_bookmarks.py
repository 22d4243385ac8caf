"""Bookmarks: names, notes and ranges, kept beside the log, and changes that are taken back."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.selection import Selection
from gui.viewmodels.bookmarks import Bookmark, BookmarksViewModel
from gui.work.tasks import Tasks
from replay.bookmarks import FILE, Marked, Unmarked, WrongBookmarks, apply, load
from store.place import Place


@pytest.fixture
def bookmarks(qtbot: QtBot, tasks: Tasks, selection: Selection, store: Path) -> BookmarksViewModel:
    return BookmarksViewModel(tasks, selection, Place(store))


def test_they_are_kept_beside_the_log_as_text(
    qtbot: QtBot, bookmarks: BookmarksViewModel, tasks: Tasks, store: Path
) -> None:
    bookmarks.add(5, "begun", note="two\nlines")
    bookmarks.add(8, "long", until=20)
    bookmarks.add(9, "gone")
    bookmarks.remove(9)
    qtbot.waitUntil(lambda: tasks.is_idle)

    file = FILE.path(Place(store))
    assert json.loads(file.read_text("utf-8")) == [
        {"position": 5, "name": "begun", "note": "two\nlines"},
        {"position": 8, "name": "long", "until": 20},
    ]
    assert bookmarks.kept() == []


def test_what_another_window_marked_meanwhile_stays(
    qtbot: QtBot, bookmarks: BookmarksViewModel, tasks: Tasks, store: Path
) -> None:
    apply(Place(store), [Marked(bookmark=Bookmark(position=3, name="theirs"))])

    bookmarks.add(5, "ours")
    qtbot.waitUntil(lambda: len(bookmarks.all) == 2)

    assert [it.name for it in load(Place(store))] == ["theirs", "ours"]


def test_a_change_is_taken_back_one_by_one(bookmarks: BookmarksViewModel) -> None:
    bookmarks.add(5, "first")
    bookmarks.add(5, "second", note="why")
    bookmarks.remove(5)

    told = []
    while bookmarks.can_undo:
        bookmarks.undo()
        told.append([(it.name, it.note) for it in bookmarks.all])

    assert told == [[("second", "why")], [("first", "")], []]


def test_what_is_not_written_when_the_window_closes_is_written_then(
    bookmarks: BookmarksViewModel, tasks: Tasks, store: Path
) -> None:
    for at in range(1, 6):
        bookmarks.add(at, f"n{at}")

    tasks.close()
    bookmarks.close()

    assert [it.position for it in load(Place(store))] == [1, 2, 3, 4, 5]


def test_those_of_earlier_versions_are_taken_over(
    qtbot: QtBot, bookmarks: BookmarksViewModel, tasks: Tasks, store: Path
) -> None:
    bookmarks.restore([[7, "old"], [0, "nowhere"], ["x"], {"position": 9, "name": "new"}])
    qtbot.waitUntil(lambda: tasks.is_idle)

    assert [(it.position, it.name) for it in load(Place(store))] == [(7, "old"), (9, "new")]
    assert not bookmarks.can_undo


def test_a_range_is_gone_to_as_a_and_the_cursor(
    bookmarks: BookmarksViewModel, selection: Selection
) -> None:
    bookmarks.add(10, "range", until=25)

    bookmarks.go_to((10, 25))

    assert (selection.anchor, selection.as_of) == (10, 25)


def test_an_exported_workspace_gives_them_to_another_store(
    bookmarks: BookmarksViewModel, tasks: Tasks, tmp_path: Path
) -> None:
    bookmarks.add(4, "there", until=6, note="n")
    other = BookmarksViewModel(tasks, Selection(), Place(tmp_path / "other.foldline"))

    other.merge(json.loads(json.dumps(bookmarks.as_json())))

    assert other.all == bookmarks.all


@pytest.mark.parametrize(
    "text",
    ["{", "[1]", '[{"position": 0, "name": "x"}]', '[{"position": 5, "name": "x", "until": 4}]'],
)
def test_a_file_that_cannot_be_used_is_told_and_left_as_it_is(store: Path, text: str) -> None:
    file = FILE.path(Place(store))
    file.write_text(text, "utf-8")

    with pytest.raises(WrongBookmarks):
        apply(Place(store), [Unmarked(key=(5, None))])

    assert file.read_text("utf-8") == text
