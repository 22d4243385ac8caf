"""Positions in outcomes and messages of a branch follow their events through later edits."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from replay.commands.decide import CommandHandler
from store.beside.outcomes import Done
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.opening import reading_branch
from store.branches.reader import BranchReader
from store.branches.store import BranchStore
from store.branches.update import bring_up_to_date
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store
from tests.replay.consequences.shop import MODELS, Shop
from tests.replay.deciding.test_decide_again import EDITS, edit
from tests.replay.issued import issued
from tests.store.branches.lines import IN_MEMORY

SALES = (1, 2, 3)


def branched(folder: Path, fork: int = 1) -> Path:
    """A branch of a shop's log, in which three more sales were made."""
    with closing(Shop(folder / "shop.foldline").store) as store:
        handler = CommandHandler(store, MODELS)
        handler.issue(issued("SetPrice", {"price": 10}))
        handler.issue(issued("Stock", {"pieces": 50}))
        handler.issue(issued("Sell", {"pieces": 5}))
        path = create_branch(store.place.path, "what-if", fork=fork)
    with closing(BranchStore(path)) as branch:
        handler = CommandHandler(branch, MODELS)
        for pieces in SALES:
            handler.issue(issued("Sell", {"pieces": pieces}, id_=f"sale-{pieces}"))
    return path


def events_of(branch: BranchReader, command_id: str) -> list[int]:
    return [it.position for it in branch.read() if it.metadata.get("command_id") == command_id]


def told(branch: BranchReader, command_id: str) -> tuple[int | None, int | None]:
    outcome = branch.beside.commands.outcome_of(command_id)
    assert isinstance(outcome, Done)
    return outcome.first_position, outcome.last_position


def messages(branch: BranchReader) -> list[int]:
    return sorted(it.position for it, _ in branch.beside.outbox.latest(limit=9))


def require_followed(path: Path) -> None:
    with reading_branch(path) as branch:
        for pieces in SALES:
            there = events_of(branch, f"sale-{pieces}")
            first_and_last = (there[0], there[-1]) if there else (None, None)
            assert told(branch, f"sale-{pieces}") == first_and_last
        listed = {it.id: outcome for it, outcome in branch.beside.commands.latest(limit=9)}
        done = [it.first_position for it in listed.values() if isinstance(it, Done)]
        assert sorted(it for it in done if it is not None) == sorted(
            at for pieces in SALES for at in events_of(branch, f"sale-{pieces}")
        )


def test_they_follow_what_is_left_out_or_put_in_before_them(tmp_path: Path) -> None:
    path = branched(tmp_path)
    with reading_branch(path) as branch:
        assert (told(branch, "sale-1"), messages(branch)) == ((4, 4), [4, 5, 6])

    BranchEditor(path).leave_out(3)

    with reading_branch(path) as branch:
        assert (told(branch, "sale-1"), messages(branch)) == ((3, 3), [3, 4, 5])
        assert [it.id for it, _ in branch.beside.commands.done(after=3, until=4)] == ["sale-2"]
    BranchEditor(path).undo()
    with reading_branch(path) as branch:
        assert told(branch, "sale-1") == (4, 4)


def test_an_event_that_is_left_out_is_no_event_of_its_command(tmp_path: Path) -> None:
    path = branched(tmp_path)

    BranchEditor(path).leave_out(5)

    with reading_branch(path) as branch:
        assert told(branch, "sale-2") == (None, None)
        assert (told(branch, "sale-3"), messages(branch)) == ((5, 5), [4, 4, 5])


def test_they_follow_when_the_branch_is_brought_up_to_date(tmp_path: Path) -> None:
    path = branched(tmp_path)
    with closing(open_store(tmp_path / "shop.foldline")) as log:
        log.append("other-1", [NewEvent.of("Seen", {})] * 1, expected=ANY_VERSION)

    bring_up_to_date(path)

    require_followed(path)
    with reading_branch(path) as branch:
        assert (told(branch, "sale-1"), messages(branch)) == ((5, 5), [5, 6, 7])


def test_what_is_recorded_after_an_edit_is_told_where_it_is(tmp_path: Path) -> None:
    path = branched(tmp_path)
    BranchEditor(path).leave_out(3)
    with closing(BranchStore(path)) as branch:
        found = CommandHandler(branch, MODELS).issue(issued("Sell", {"pieces": 4}, id_="late"))
        assert found.status == "done"

    with reading_branch(path) as branch_now:
        assert told(branch_now, "late") == (6, 6)
        assert events_of(branch_now, "late") == [6]


@settings(max_examples=20)
@given(
    edits=st.lists(
        st.tuples(st.sampled_from(EDITS), st.integers(1, 40), st.integers(1, 40)), max_size=5
    )
)
def test_they_follow_any_edits(edits: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        path = branched(Path(folder), fork=0)
        for kind, a, b in edits:
            with reading_branch(path) as branch:
                head = branch.head()
            if head:
                edit(BranchEditor(path), kind, head, a, b)
        require_followed(path)
