"""SQL over a branch says what its reader says."""

from contextlib import closing
from pathlib import Path

from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.opening import open_branch
from store.branches.store import BranchStore
from store.events import ANY_VERSION, NewEvent
from store.sqlite.asked_log import attach_events
from store.sqlite.connect import connect
from tests.store.branches.lines import noted, written

ASKED = (
    "SELECT position, stream, version, id, data, recorded_at_us FROM event_log ORDER BY position"
)


def test_every_event_stands_where_it_is_read(tmp_path: Path) -> None:
    log = written(tmp_path / "log.foldline", [noted(n, f"s-{n % 3}") for n in range(30)])
    path = create_branch(log, "fix", fork=4)
    written(log, [noted(30)])
    editor = BranchEditor(path)
    for at in (6, 6, 9, 26):
        editor.leave_out(at)
    editor.insert(8, Content(stream="s-1", type="Noted", data_json='{"n": 55}'))
    editor.swap(10, 12)
    editor.move(20, before=7)
    with closing(BranchStore(path)) as store:
        for stream in ("s-1", "s-9", "s-1"):
            store.append(stream, [NewEvent.of("Noted", {"n": 99})], expected=ANY_VERSION)
    editor.leave_out(28)

    with closing(connect(tmp_path / "other.db")) as db, closing(open_branch(path)) as branch:
        attach_events(db, path)

        assert db.execute(ASKED).fetchall() == [
            (it.position, it.stream, it.version, it.id, it.data_json, it.recorded_at_us)
            for it in branch.read()
        ]
