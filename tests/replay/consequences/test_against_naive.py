"""Any edits of any log: the states and rows that are reported are those of a naive comparison with
a store that was really written with the other history."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from replay.catalog.all_views import all_views, views_of
from replay.consequences.found import RowDiffers, StreamDiffers, ViewFails
from replay.lab.memory_rows import MemoryRows
from replay.states.stream_states import StreamStates
from replay.views.hearing import heard_by
from replay.views.read_store import open_views
from replay.views.runner import Runner
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.store import BranchStore
from store.events import ANY_VERSION, NewEvent
from store.interface import EventReader
from store.opening import reading
from store.sqlite.store import SqliteStore
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.plain_log import Given
from tests.replay.consequences.listed import listed, listed_against
from tests.store.branches.lines import IN_MEMORY, written

STREAMS = ("account-1", "account-2", "note-1", "note-2")
EDITS = ("leave out", "replace", "insert", "move", "swap", "own")


def event_of(stream: str, n: int, links: tuple[str, ...]) -> Given:
    """Money of an account, or something that is noted."""
    facts: dict[str, Any] = {"id": f"e-{stream}-{n}", "recorded_at_us": n + 1, "links": links}
    if stream.startswith("note"):
        return Given(stream=stream, event=NewEvent.of("Noted", {f"f{n % 3}": n % 5}, **facts))
    kind = ("DepositPerformed", "WithdrawalPerformed", "OwnerChanged")[n % 3]
    data: dict[str, Any] = {"accountId": stream[-1], "amount": n % 4}
    if kind == "OwnerChanged":
        data = {"accountId": stream[-1], "newOwner": f"o{n % 2}"}
    return Given(stream=stream, event=NewEvent.of(kind, data, **facts))


@st.composite
def logs(draw: st.DrawFn) -> list[Given]:
    """Few streams, some events linked into another one."""
    found = []
    for n in range(draw(st.integers(3, 14))):
        stream = draw(st.sampled_from(STREAMS))
        link = draw(st.sampled_from(["", "", "note-2"]))
        found.append(event_of(stream, n, (link,) if link and link != stream else ()))
    return found


Wish = tuple[str, int, int]
WISHES = st.lists(
    st.tuples(st.sampled_from(EDITS), st.integers(0, 99), st.integers(0, 99)), max_size=4
)


def edit(branch: Path, wish: Wish, number: int) -> None:
    """One edit, whatever is there by now."""
    kind, one, other = wish
    with reading(branch) as line:
        head = line.head()
        p, q = one % head + 1 if head else 1, other % head + 1 if head else 1
        event = line.event(p)
    new = event_of(STREAMS[other % 4], one, ())
    content = Content(type=new.event.type, data_json=new.event.data_json)
    if kind == "own":
        with closing(BranchStore(branch)) as store:
            own = structs.replace(new.event, id=f"own-{number}", recorded_at_us=None)
            store.append(new.stream, [own], expected=ANY_VERSION)
    elif event is None or kind == "insert":
        content = structs.replace(content, stream=new.stream, id=f"new-{number}")
        BranchEditor(branch).insert(p, content)
    elif kind == "leave out":
        BranchEditor(branch).leave_out(p)
    elif kind == "replace":
        content = structs.replace(content, type=event.type)
        BranchEditor(branch).replace(p, content)
    elif kind == "move" and q not in (p, p + 1):  # else it is there already
        BranchEditor(branch).move(p, q)
    elif kind == "swap" and p != q:
        BranchEditor(branch).swap(p, q)


def states_of(log: EventReader) -> dict[str, Any]:
    states = StreamStates()
    return {it: states.at(log, it, log.head()).state for it in log.stream_names()}


def rows_of(log: EventReader, view: Any) -> dict[Any, Any]:
    rows = MemoryRows(view.projection)
    for event in log.read():
        for heard in heard_by(view.projection, [event]):
            view.projection.apply(rows, heard, log.links(event.position))
    return rows.rows


def told_apart(one: dict[Any, Any], other: dict[Any, Any]) -> set[Any]:
    return {it for it in {*one, *other} if one.get(it) != other.get(it)}


def in_place(rows: dict[Any, Any]) -> dict[Any, Any]:
    """Rows without what a shift of all later events changes."""
    return {
        key: {
            name: value
            for name, value in structs.asdict(row).items()
            if "position" not in name and "recorded_at" not in name
        }
        for key, row in rows.items()
        if row is not None
    }


def fold_views(log: Path) -> None:
    with reading(log) as reader, closing(open_views(reader)) as views:
        runner = Runner(views.db, reader, all_views())
        while runner.advance():
            continue


@pytest.mark.parametrize("are_folded", [False, True], ids=["from the events", "from stored rows"])
@settings(max_examples=12)
@given(given_=logs(), wishes=WISHES)
def test_what_is_reported_is_what_a_naive_comparison_tells(
    given_: Sequence[Given], wishes: Sequence[Wish], *, are_folded: bool
) -> None:
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        log = written(Path(folder) / "log.foldline", given_)
        if are_folded:
            fold_views(log)
        branch = create_branch(log, "b", fork=0)
        for number, wish in enumerate(wishes):
            edit(branch, wish, number)
        copy = written_out(branch, Path(folder) / "copy")

        found = listed(branch)

        with reading(log) as left, reading(copy) as right:
            compare(found, left, right)


@pytest.mark.parametrize("is_of_it", [False, True], ids=["of the log", "of the other branch"])
@settings(max_examples=25)
@given(given_=logs(), wishes=WISHES, others=WISHES, grown=st.integers(0, 2))
def test_two_branches_are_compared_as_a_naive_comparison_tells(
    given_: Sequence[Given],
    wishes: Sequence[Wish],
    others: Sequence[Wish],
    grown: int,
    *,
    is_of_it: bool,
) -> None:
    """Also where the log has grown between them, and where one was made from the other."""
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        log = written(Path(folder) / "log.foldline", given_[: len(given_) - grown])
        left = create_branch(log, "a", fork=0)
        for number, wish in enumerate(others):
            edit(left, wish, number)
        with closing(SqliteStore(log)) as store:
            for it in given_[len(given_) - grown :]:
                store.append(it.stream, [it.event], expected=ANY_VERSION)
        right = create_branch(left if is_of_it else log, "b", fork=0)
        for number, wish in enumerate(wishes):
            edit(right, wish, number + 100 * is_of_it)
        copies = [written_out(it, Path(folder) / f"{n}") for n, it in enumerate((left, right))]

        found = listed_against(right, left)

        with reading(copies[0]) as one, reading(copies[1]) as other:
            compare(found, one, other)


def written_out(branch: Path, to: Path) -> Path:
    """A store that was really written with the history of a branch."""
    export(branch, to.with_suffix(".jsonl"))
    ingest(to.with_suffix(".jsonl"), into=to.with_suffix(".foldline"))
    return to.with_suffix(".foldline")


def compare(found: Sequence[Any], left: EventReader, right: EventReader) -> None:
    assert not [it for it in found if isinstance(it, ViewFails)]
    one, other = states_of(left), states_of(right)
    none = {name: StreamStates().at(left, name, 0).state for name in {*one, *other}}
    states = told_apart(none | one, none | other)
    assert {it.stream for it in found if isinstance(it, StreamDiffers)} == states
    for view in views_of(left):
        if view.projection is None:
            continue
        rows, others = rows_of(left, view), rows_of(right, view)
        listed_ = {it.key for it in found if isinstance(it, RowDiffers) and it.view == view.name}
        keys = {it if isinstance(it, tuple) else (it,) for it in told_apart(rows, others)}
        surely = told_apart(in_place(rows), in_place(others))
        assert listed_ <= keys, view.name
        assert {it if isinstance(it, tuple) else (it,) for it in surely} <= listed_, view.name
