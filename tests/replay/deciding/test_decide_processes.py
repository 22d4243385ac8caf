"""Deciding again goes on through process managers: what they heard, sent, timed and cancelled."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from replay.deciding.decide_branch import decide_branch
from store.branches.create import create_branch
from store.branches.decided import Decided
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.opening import reading_branch
from tests.replay.processes.lending import DAY_US, Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library(tmp_path / "library.foldline")) as library:
        library.dispatcher.start_here()
        yield library


def types(path: Path, stream: str) -> list[str]:
    with reading_branch(path) as branch:
        return [it.type for it in branch.read_stream(stream)]


def decided(library: Library, edit: Callable[[BranchEditor], object]) -> tuple[Path, Decided]:
    """A branch of the whole log, after an edit."""
    path = create_branch(library.path, "what-if", fork=0, later="decide")
    edit(BranchEditor(path))
    return path, decide_branch(path, library.models)


def came(found: Decided) -> list[tuple[str, str]]:
    return [(it.type, it.came) for it in found.commands]


def test_a_book_that_came_back_in_time_is_never_billed(library: Library) -> None:
    library.lend("moby")
    library.wait(0)
    library.wait(DAY_US)
    assert library.types("book-moby") == ["Lent", "Billed"]
    assert library.types("loan-moby") == ["LoanOpened", "Reminded"]

    back = Content(stream="book-moby", type="Returned", data_json='{"book":"moby"}')
    path, found = decided(library, lambda it: it.insert(3, back))

    assert types(path, "book-moby") == ["Lent", "Returned"]
    assert types(path, "loan-moby") == ["LoanOpened", "LoanClosed"]
    assert came(found) == [("Remind", "unsent"), ("Bill", "unsent")]


def test_what_was_never_lent_leads_to_nothing(library: Library) -> None:
    library.lend("moby")
    library.wait(0)
    library.wait(DAY_US)

    path, found = decided(library, lambda it: it.leave_out(1))

    assert types(path, "loan-moby") == types(path, "book-moby") == []
    assert came(found) == [("Remind", "unsent"), ("Bill", "unsent")]


def test_another_reader_is_reminded_when_another_one_borrowed(library: Library) -> None:
    library.lend("moby")
    library.wait(0)
    library.wait(DAY_US)

    other = Content(data_json='{"book":"moby","to":"bob"}')
    path, _ = decided(library, lambda it: it.replace(1, other))

    with reading_branch(path) as branch:
        said = [(it.type, it.data.get("reader")) for it in branch.read_stream("loan-moby")]
    assert said == [("LoanOpened", "bob"), ("Reminded", "bob")]
    assert types(path, "book-moby") == ["Lent", "Billed"]


def test_a_timer_that_is_cancelled_no_more_waits_beyond_the_end(library: Library) -> None:
    library.lend("moby")
    library.wait(0)
    assert library.do("Return", book="moby").status == "done"
    library.wait(0)
    assert library.types("loan-moby") == ["LoanOpened", "LoanClosed"]

    path, found = decided(library, lambda it: it.leave_out(3))

    assert types(path, "loan-moby") == ["LoanOpened"]
    assert came(found) == [("Remind", "waits")]


def test_a_timer_that_is_cancelled_no_more_fires_when_its_time_comes(library: Library) -> None:
    library.now_us = 1_000_000  # long ago: whatever is recorded now is behind its time
    library.lend("moby")
    library.wait(0)
    assert library.do("Return", book="moby").status == "done"
    library.wait(0)
    library.lend("omoo")
    library.wait(0)

    path, found = decided(library, lambda it: it.leave_out(3))

    assert types(path, "loan-moby") == ["LoanOpened", "Reminded"]
    assert types(path, "book-moby") == ["Lent", "Billed"]
    assert [it for it in came(found) if it[0] == "Bill"] == [("Bill", "new")]


def test_other_books_are_not_looked_at(library: Library) -> None:
    for book in ("moby", "omoo", "typee"):
        library.lend(book)
    library.wait(0)
    library.wait(DAY_US)

    _, found = decided(library, lambda it: it.leave_out(1))

    assert {it.stream for it in found.commands} == {"book-moby", "loan-moby"}
    assert found.looked_at <= 2
