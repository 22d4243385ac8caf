"""In a branch that was brought up to date process managers hear what came of the log, once, as in a
branch that is made now."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.commands.decide import CommandHandler
from replay.commands.gateways import gateways_of
from replay.process import Heard, ProcessManager, Reaction
from replay.processes.dispatch import Dispatcher
from store.beside.retry_journal import JournalEntry
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.store import BranchStore
from store.branches.update import bring_up_to_date
from store.place import Place
from tests.replay.issued import issued
from tests.replay.processes.lending import DAY_US, Library, loans
from tests.store.branches.lines import IN_MEMORY


@contextmanager
def working(
    library: Library, path: Path, process: ProcessManager[Any] | None = None
) -> Iterator[tuple[CommandHandler, Dispatcher]]:
    """In a branch."""
    clock: Callable[[], int] = lambda: library.now_us  # noqa: E731
    with closing(BranchStore(path)) as store:
        handler = CommandHandler(store, library.models, clock_us=clock)
        gateways = gateways_of(Place(path))
        dispatcher = Dispatcher(
            store, handler, [process or loans()], gateways=gateways, clock_us=clock
        )
        with closing(dispatcher):
            dispatcher.start_here()
            yield handler, dispatcher


def lend(library: Library, path: Path, books: Sequence[str], *, is_heard: bool) -> None:
    with working(library, path) as (handler, dispatcher):
        for book in books:
            handler.issue(issued("Lend", {"book": book, "to": "ada"}, id_=f"lend-{book}"))
        if is_heard:
            dispatcher.settle()


def opened(library: Library, path: Path) -> dict[str, list[str]]:
    """What each loan of a branch has recorded once all was heard."""
    lend(library, path, [], is_heard=True)
    with closing(BranchStore(path)) as store:
        names = sorted(it for it in store.stream_names() if it.startswith("loan-"))
        return {name: [it.type for it in store.read_stream(name)] for name in names}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with closing(Library(tmp_path / "library.foldline")) as library:
        library.dispatcher.start_here()
        library.lend("omoo")
        library.wait(0)
        yield library


@pytest.mark.parametrize("has_heard", [True, False])
def test_what_came_of_the_log_is_heard_in_the_branch_or_was_in_the_log(
    library: Library, has_heard: bool
) -> None:
    path = create_branch(library.path, "what-if", fork=2)
    lend(library, path, ["moby", "typee"], is_heard=True)
    library.lend("mardi")
    if has_heard:
        library.wait(0)

    bring_up_to_date(path)

    once = ["LoanOpened"]
    assert opened(library, path) == {
        f"loan-{book}": once for book in ("mardi", "moby", "omoo", "typee")
    }


def test_a_branch_in_which_nothing_was_heard_goes_on_where_the_log_is(library: Library) -> None:
    path = create_branch(library.path, "what-if", fork=2)
    library.lend("mardi")
    library.wait(0)

    bring_up_to_date(path)

    fresh = create_branch(library.path, "fresh", fork=2)
    assert heard(path) == heard(fresh) == library.store.head()


def fail(_state: Any, _heard: Heard, _situation: Any) -> Reaction:
    raise OSError("not today")


@pytest.mark.parametrize("is_updated", [True, False])
def test_what_it_heard_in_vain_it_hears_again_wherever_that_is_by_then(
    library: Library, is_updated: bool
) -> None:
    path = create_branch(library.path, "what-if", fork=1)
    with working(library, path, loans(react=fail)) as (handler, dispatcher):
        handler.issue(issued("Lend", {"book": "moby", "to": "ada"}))
        dispatcher.settle()
        assert [it.stream for it in failures(path)] == ["loan-moby"]
    if is_updated:
        library.lend("mardi")
        library.wait(0)
        bring_up_to_date(path)
    else:
        BranchEditor(path).leave_out(2)

    library.now_us += DAY_US // 2
    found = opened(library, path)

    assert failures(path) == []
    assert found.get("loan-mardi") == (["LoanOpened"] if is_updated else None)
    assert found["loan-moby"] == ["LoanOpened"]


@settings(max_examples=12)
@given(
    own=st.integers(0, 3),
    is_heard=st.booleans(),
    after=st.integers(1, 4),
    has_heard=st.booleans(),
)
def test_it_ends_as_a_branch_that_is_made_now(
    own: int, is_heard: bool, after: int, has_heard: bool
) -> None:
    books = [f"own-{n}" for n in range(own)]
    with (
        TemporaryDirectory(dir=IN_MEMORY) as folder,
        closing(Library(Path(folder) / "library.foldline")) as library,
    ):
        library.dispatcher.start_here()
        library.lend("omoo")
        library.wait(0)
        path = create_branch(library.path, "what-if", fork=1)
        lend(library, path, books, is_heard=is_heard)
        for n in range(after):
            library.lend(f"late-{n}")
        if has_heard:
            library.wait(0)
        bring_up_to_date(path)
        fresh = create_branch(library.path, "fresh", fork=1)
        lend(library, fresh, books, is_heard=False)

        assert opened(library, path) == opened(library, fresh)


def failures(path: Path) -> list[JournalEntry]:
    with closing(BranchStore(path)) as store:
        return store.beside.retries.open()


def heard(path: Path) -> int | None:
    with closing(BranchStore(path)) as store:
        return store.beside.processes.heard_until("loan")
