"""Logs and branches for tests, and what a plain list of events would be after the same edits."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import structs

from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.store import BranchStore
from store.events import ANY_VERSION, NewEvent
from store.sqlite.store import open_store
from tests.contracts.plain_log import Given

IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # no disk to be waited for


def written(path: Path, given: Sequence[Given]) -> Path:
    """A log with these events, behind those that it has."""
    with closing(open_store(path, create=True)) as store:
        waiting = [store.append_soon(it.stream, [it.event], expected=ANY_VERSION) for it in given]
        assert all(it.result(60) for it in waiting)
    return path


def content_of(it: Given) -> Content:
    """What a new event says."""
    event = it.event
    return Content(
        stream=it.stream,
        id=event.id,
        links=event.links,
        type=event.type,
        data_json=event.data_json,
        metadata_json=event.metadata_json,
        occurred_at_us=event.occurred_at_us,
        occurred_offset_min=event.occurred_offset_min,
        recorded_at_us=event.recorded_at_us,
        recorded_offset_min=event.recorded_offset_min,
    )


def noted(n: int, stream: str = "order-1") -> Given:
    """An event whose times are its number."""
    event = NewEvent.of("Noted", {"n": n}, id=f"n-{n}", recorded_at_us=n, occurred_at_us=n)
    return Given(stream=stream, event=event)


def wrong(it: Given) -> Given:
    """The same event, with something else to say, at another time."""
    event = structs.replace(it.event, type="Wrong", data_json='{"is": "wrong"}', recorded_at_us=99)
    return Given(stream=it.stream, event=event)


@contextmanager
def edited_into(given: Sequence[Given]) -> Iterator[BranchStore]:
    """A branch whose history is this, of a log in which much is otherwise: one event is there
    that is left out, one is missing, one says something else, two have changed places, and the
    last ones are the branch's own. The log has grown since."""
    kept = len(given) * 2 // 3
    old, own = list(given[:kept]), given[kept:]
    extra = Given(
        stream="cart-1",
        event=NewEvent.of(
            "Withdrawn", {}, id="extra", recorded_at_us=7, occurred_at_us=1, links=("gone-1",)
        ),
    )
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        log = Path(folder) / "log.foldline"
        was, missing = list(old), None
        if len(old) > 3:
            was[0], was[-1] = was[-1], was[0]
            was[1] = wrong(was[1])
            missing = was.pop(2)
        was.insert(len(was) // 2, extra)
        written(log, was)
        path = create_branch(log, "edited", fork=0)
        written(log, [Given(stream="later-1", event=NewEvent.of("Later", {}))])
        editor = BranchEditor(path)
        editor.leave_out(was.index(extra) + 1)
        if missing is not None:
            editor.replace(2, content_of(old[1]))
            editor.insert(3, content_of(missing))
            editor.swap(1, len(old))
        store = BranchStore(path)
        waiting = [store.append_soon(it.stream, [it.event], expected=ANY_VERSION) for it in own]
        assert all(it.result(60) for it in waiting)
        yield store
        store.close()
