"""A log to make branches of, and branches of it with edits of all kinds."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.events import NewEvent
from store.sqlite.bulk_log import new_bulk_log
from store.sqlite.writer import Writer

LONG: Final = "order-long"  # a stream that every tenth event is of
EVERY: Final = 10
BLOCK: Final = 20  # positions that one short stream is within
BATCH: Final = 10_000
EDITS: Final = 100


def fill(path: Path, count: int) -> None:
    """Many short streams and a long one, as an import writes them: ten million take minutes."""
    placed = _placed(count)
    with new_bulk_log(path) as bulk:
        bulk.db.execute("BEGIN")
        writer = Writer(bulk.db)
        while batch := list(islice(placed, BATCH)):
            writer.record(batch)
        bulk.complete(lambda _done: None)
        bulk.db.execute("COMMIT")
        bulk.appear()


def short_stream(position: int) -> str:
    """The short stream that is around a position of the log."""
    return f"order-{(position - 1) // BLOCK}"


def edited(path: Path, name: str, *, first: int, step: int = 1) -> Path:
    """A branch from before a position on, with edits at every second `step` behind it. They are
    made from the last one back, so that none moves the place of the next."""
    branch = create_branch(path, name, fork=first - 1)
    editor = BranchEditor(branch)
    for n in reversed(range(EDITS)):
        edit(editor, n, first + 2 * step * n, step)
    return branch


def edit(editor: BranchEditor, n: int, at: int, step: int) -> None:
    """The edit with a number: each kind in turn."""
    if n % 4 == 0:
        editor.leave_out(at)
    elif n % 4 == 1:
        editor.replace(at, Content(data_json='{"n":1}'))
    elif n % 4 == 2:
        editor.insert(at, Content(stream=LONG, type="Changed", data_json='{"n":2}'))
    else:
        editor.swap(at, at + step)


def _placed(count: int) -> Iterator[tuple[str, int, NewEvent]]:
    for n in range(count):
        kind = "Changed" if n % 3 else "Added"
        event = NewEvent.of(kind, {"n": n, "field": f"value {n % 7}"})
        if n % EVERY == 0:
            yield LONG, n // EVERY + 1, event
        else:
            within = n % BLOCK
            yield short_stream(n + 1), within - within // EVERY, event
