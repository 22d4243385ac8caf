"""A branch beside its log: what is made, what stays as it was, and what is refused."""

import shutil
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from store.branches import errors
from store.branches.create import create_branch, drop_branch, rename_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.opening import existing_branch, open_branch, reading_branch
from store.branches.store import BranchStore
from store.errors import InvalidEvent, NotAStore, StoreError, StoreExists, VersionConflict
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store, reading
from store.place import Place
from store.sqlite.connect import open_log
from tests.store.branches.lines import noted, written


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Nine events in one stream."""
    return written(tmp_path / "log.foldline", [noted(n) for n in range(1, 10)])


def numbers(path: Path) -> list[int]:
    """What the events say, in their order."""
    with reading(path) as line:
        return [it.data["n"] for it in line.read()]


def test_whatever_is_done_to_a_branch_the_log_is_byte_for_byte_what_it_was(log: Path) -> None:
    before = sha256(log.read_bytes()).hexdigest()
    path = create_branch(log, "fix", fork=3, note="too many", by="ann")
    editor = BranchEditor(path, by="ann")

    editor.leave_out(5)
    editor.replace(6, Content(data_json='{"n": 70}'))
    editor.insert(6, Content(stream="order-1", type="Noted", data_json='{"n": 55}'))
    editor.swap(4, 5)
    editor.move(9, before=4)
    editor.undo()
    with closing(BranchStore(path)) as store:
        store.append("order-1", [NewEvent.of("Noted", {"n": 99})], expected=9)

    assert numbers(path) == [1, 2, 3, 6, 4, 55, 70, 8, 9, 99]
    drop_branch(log, "fix")
    assert sha256(log.read_bytes()).hexdigest() == before
    assert [it.name for it in log.parent.iterdir()] == [log.name]


def test_a_log_that_grows_moves_no_branch(log: Path) -> None:
    path = create_branch(log, "fix", fork=9)
    written(log, [noted(10)])

    assert numbers(path) == list(range(1, 10))
    assert numbers(log) == list(range(1, 11))


def test_a_branch_may_end_where_it_leaves_the_log(log: Path) -> None:
    path = create_branch(log, "what-if", fork=4, is_alone=True)

    with closing(open_store(path)) as branch:
        branch.append("order-1", [NewEvent.of("Noted", {"n": 50})], expected=4)

    assert numbers(path) == [1, 2, 3, 4, 50]


def test_a_branch_of_a_branch_goes_its_own_way(log: Path) -> None:
    one = create_branch(log, "one", fork=2)
    BranchEditor(one).leave_out(3)
    with closing(open_store(one)) as branch:
        branch.append("order-1", [NewEvent.of("Noted", {"n": 99})], expected=ANY_VERSION)
    two = create_branch(one, "two", fork=8)

    BranchEditor(one).undo()
    BranchEditor(two).leave_out(9)

    assert numbers(one) == [*range(1, 10), 99]
    assert numbers(two) == [1, 2, 4, 5, 6, 7, 8, 9]
    BranchEditor(two).undo()
    with pytest.raises(errors.NothingToUndo):
        BranchEditor(two).undo()


def test_an_edit_is_another_history_and_its_reader_says_so(log: Path) -> None:
    path = create_branch(log, "fix", fork=3)
    with reading_branch(path) as branch:
        unedited = branch.store_id()
        BranchEditor(path).leave_out(4)
        with pytest.raises(errors.BranchEdited):
            branch.head()
    with closing(BranchStore(path)) as store:
        assert store.store_id() != unedited
        BranchEditor(path).undo()
        with pytest.raises(errors.BranchEdited):
            store.append("order-1", [NewEvent.of("Noted", {})], expected=ANY_VERSION)

    with reading_branch(path) as branch:
        assert branch.store_id() == unedited


def test_a_writer_of_a_branch_is_told_what_another_one_did(log: Path) -> None:
    path = create_branch(log, "fix", fork=3)
    BranchEditor(path).leave_out(5)
    with closing(BranchStore(path)) as one, closing(BranchStore(path)) as other:
        one.append("order-1", [NewEvent.of("Noted", {"n": 20})], expected=8)
        with pytest.raises(VersionConflict) as conflict:
            other.append("order-1", [NewEvent.of("Noted", {"n": 21})], expected=8)

    assert (conflict.value.expected, conflict.value.actual) == (8, 9)


def test_undone_edits_are_forgotten_by_the_next_one(log: Path) -> None:
    path = create_branch(log, "fix", fork=3)
    editor = BranchEditor(path)
    editor.leave_out(4)
    editor.leave_out(4)

    editor.undo()
    assert numbers(path) == [1, 2, 3, 5, 6, 7, 8, 9]
    editor.redo()
    assert numbers(path) == [1, 2, 3, 6, 7, 8, 9]
    editor.undo()
    editor.leave_out(8)
    with pytest.raises(errors.NothingToUndo):
        editor.redo()
    assert numbers(path) == [1, 2, 3, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (lambda it: it.leave_out(10), errors.BeyondHead),
        (lambda it: it.leave_out(0), errors.BeyondHead),
        (lambda it: it.leave_out(3), errors.BeforeFork),
        (lambda it: it.insert(3, Content(stream="s", type="T")), errors.BeforeFork),
        (lambda it: it.insert(11, Content(stream="s", type="T")), errors.BeyondHead),
        (lambda it: it.insert(5, Content(type="T")), InvalidEvent),
        (lambda it: it.insert(5, Content(stream="s")), InvalidEvent),
        (lambda it: it.replace(5, Content(data_json="{broken")), InvalidEvent),
        (lambda it: it.replace(5, Content(metadata_json="[]")), InvalidEvent),
        (lambda it: it.replace(5, Content()), errors.EditChangesNothing),
        (lambda it: it.move(5, before=6), errors.EditChangesNothing),
        (lambda it: it.move(5, before=2), errors.BeforeFork),
        (lambda it: it.swap(5, 5), errors.EditChangesNothing),
        (lambda it: it.swap(5, 99), errors.BeyondHead),
        (lambda it: it.undo(), errors.NothingToUndo),
    ],
)
def test_what_cannot_be_edited_is_refused_and_changes_nothing(
    log: Path, edit: Callable[[BranchEditor], object], error: type[StoreError]
) -> None:
    path = create_branch(log, "fix", fork=3)

    with pytest.raises(error):
        edit(BranchEditor(path))

    assert numbers(path) == list(range(1, 10))


@pytest.mark.parametrize(
    "name", ["", "a/b", "../x", "-x", "x.json", "x.jsonl", "x-wal", "a b", "ä"]
)
def test_a_name_that_could_be_another_file_is_refused(log: Path, name: str) -> None:
    with pytest.raises(errors.WrongBranchName):
        create_branch(log, name, fork=3)

    assert Place(log).branches() == []


def test_an_empty_log_has_no_branches(tmp_path: Path) -> None:
    log = written(tmp_path / "log.foldline", [])

    with pytest.raises(errors.EmptyLog):
        create_branch(log, "fix", fork=0)
    assert [it.name for it in tmp_path.iterdir()] == ["log.foldline"]


def test_a_branch_leaves_a_log_where_there_is_an_event(log: Path) -> None:
    with pytest.raises(errors.BeyondHead):
        create_branch(log, "fix", fork=10)
    create_branch(log, "fix", fork=9)
    with pytest.raises(StoreExists):
        create_branch(log, "fix", fork=9)


def test_a_branch_of_a_log_that_is_gone_keeps_what_it_holds(log: Path) -> None:
    path = create_branch(log, "fix", fork=3)
    BranchEditor(path).leave_out(4)
    aside = log.rename(log.with_name("aside"))

    with pytest.raises(errors.LogGone):
        open_branch(path)
    with pytest.raises(errors.LogGone):
        BranchEditor(path).leave_out(4)
    aside.rename(log)

    assert numbers(path) == [1, 2, 3, 5, 6, 7, 8, 9]


def test_a_branch_is_not_read_over_another_log(log: Path, tmp_path: Path) -> None:
    path = create_branch(log, "fix", fork=3)
    log.unlink()
    written(log, [noted(n) for n in range(1, 10)])

    with pytest.raises(errors.OtherLog):
        open_branch(path)


def test_a_branch_is_not_read_over_a_log_that_was_put_back_and_went_on_otherwise(
    log: Path, tmp_path: Path
) -> None:
    older = shutil.copy(log, tmp_path / "older")
    written(log, [noted(10)])
    path = create_branch(log, "fix", fork=3)
    shutil.copy(older, log)

    with pytest.raises(errors.LogChanged):
        open_branch(path)
    written(log, [noted(11)])
    with pytest.raises(errors.LogChanged):
        open_branch(path)


def test_a_branch_is_taken_for_no_log(log: Path) -> None:
    path = create_branch(log, "fix", fork=3)
    copied = Path(shutil.copy(path, log.with_name("other.foldline")))

    for it in (path, copied):
        with pytest.raises(NotAStore):
            open_log(it)


def test_a_branch_is_found_and_called_by_its_name(log: Path) -> None:
    create_branch(log, "fix", fork=3)
    BranchEditor(existing_branch(log, "fix")).leave_out(4)

    renamed = rename_branch(log, "fix", "better")

    assert Place(log).branches() == [renamed]
    assert Place(renamed).branch_name == "better"
    assert Place(renamed).log == log
    assert numbers(renamed) == [1, 2, 3, 5, 6, 7, 8, 9]
    with pytest.raises(errors.NoSuchBranch):
        existing_branch(log, "fix")
    create_branch(log, "fix", fork=3)
    with pytest.raises(StoreExists):
        rename_branch(log, "fix", "better")


def test_what_a_person_decided_about_the_log_holds_in_its_branches(log: Path) -> None:
    branch, place = Place(Place(log).branch("fix")), Place(log)

    for suffix in ("-rules.json", "-definitions.jsonl", "-definitions-lock"):
        assert branch.beside(suffix) == place.beside(suffix)
    assert branch.beside("-bookmarks.json") != place.beside("-bookmarks.json")
    assert branch.dispatch_lock != place.dispatch_lock
    assert branch.views != place.views
