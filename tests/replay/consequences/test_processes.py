"""Process managers and their timers: a book that was lent, came back in time or too late."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.consequences.found import MessageDiffers, ProcessDiffers, TimerDiffers
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from tests.replay.consequences.listed import digests, listed
from tests.replay.processes.lending import DAY_US, Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "loans.foldline")
    yield library
    library.close()


def branch_of(library: Library) -> tuple[Path, BranchEditor]:
    branch = create_branch(library.path, "other", fork=0)
    return branch, BranchEditor(branch)


def position(library: Library, type_: str) -> int:
    return next(it.position for it in library.store.read() if it.type == type_)


def overdue(library: Library) -> None:
    library.lend("b1")
    library.dispatcher.settle()
    library.wait(DAY_US)
    library.dispatcher.settle()


def came_back(library: Library) -> None:
    library.lend("b1")
    library.dispatcher.settle()
    assert library.do("Return", book="b1").status == "done"
    library.dispatcher.settle()
    library.wait(2 * DAY_US)
    library.lend("b2")
    library.dispatcher.settle()


def test_a_loan_that_never_was_is_not_begun_and_its_timer_would_not_have_fired(
    library: Library,
) -> None:
    overdue(library)
    branch, editor = branch_of(library)
    editor.leave_out(position(library, "Lent"))

    found = listed(branch, library.models)

    (process,) = [it for it in found if isinstance(it, ProcessDiffers)]
    assert (process.stream, process.before, process.after) == ("loan-b1", "Overdue", "")
    assert process.position == position(library, "Lent")
    assert "would not record Reminded" in process.text
    assert "would not send Bill" in process.text
    (timer,) = [it for it in found if isinstance(it, TimerDiffers)]
    assert (timer.command, timer.stream, timer.fires) == ("Remind", "loan-b1", False)
    messages = [it for it in found if isinstance(it, MessageDiffers)]
    assert [(it.action, it.sent) for it in messages] == [
        ("cancel", {"lent": "b1", "to": "ada"}),
        ("cancel", {"overdue": "ada"}),
    ]


def test_a_book_that_did_not_come_back_lets_the_timer_fire(library: Library) -> None:
    came_back(library)
    branch, editor = branch_of(library)
    editor.leave_out(position(library, "Returned"))

    found = listed(branch, library.models)

    (process,) = [it for it in found if isinstance(it, ProcessDiffers)]
    assert (process.stream, process.before, process.after) == ("loan-b1", "Over", "Overdue")
    (timer,) = [it for it in found if isinstance(it, TimerDiffers)]
    assert (timer.command, timer.fires) == ("Remind", True)
    messages = [it for it in found if isinstance(it, MessageDiffers)]
    assert [(it.action, it.instead) for it in messages] == [("add", {"overdue": "ada"})]


def test_a_book_that_came_back_in_time_cancels_the_timer(library: Library) -> None:
    overdue(library)
    branch, editor = branch_of(library)
    content = Content(stream="book-b1", type="Returned", data_json='{"book":"b1"}')
    editor.insert(position(library, "LoanOpened") + 1, content)

    found = listed(branch, library.models)

    (process,) = [it for it in found if isinstance(it, ProcessDiffers)]
    assert (process.before, process.after) == ("Overdue", "Over")
    (timer,) = [it for it in found if isinstance(it, TimerDiffers)]
    assert not timer.fires


def test_other_loans_are_not_touched(library: Library) -> None:
    came_back(library)
    branch, editor = branch_of(library)
    editor.leave_out(position(library, "Returned"))

    found = [it for it in listed(branch, library.models) if isinstance(it, ProcessDiffers)]

    assert [it.stream for it in found] == ["loan-b1"]


def test_nothing_is_sent_or_recorded(library: Library) -> None:
    overdue(library)
    branch, editor = branch_of(library)
    editor.leave_out(position(library, "Lent"))
    sent = list(library.mail.sent)
    library.store.close()
    before = digests(library.path)

    assert listed(branch, library.models)

    assert digests(library.path) == before
    assert library.mail.sent == sent
