"""A backup is one whole file of one moment, whoever writes meanwhile."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from store.copies import backup as backup_module
from store.copies.backup import backup
from store.errors import Cancelled, StoreDamaged, StoreExists
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store, reading
from tests.replay.logs import make_log
from tests.test_main import run

ROOT = Path(__file__).parents[3]
EVENTS = 400
WRITER = """
import sys
from pathlib import Path
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store
store = open_store(Path(sys.argv[1]))
n = 0
while True:
    store.append("pair-1", [NewEvent.of("Left", {"n": n}), NewEvent.of("Right", {"n": n})],
                 expected=ANY_VERSION)
    n += 1
    if n == 5:
        print("writing", flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_log(tmp_path / "a.foldline", EVENTS)


@contextmanager
def written_to(store: Path) -> Iterator[None]:
    """Another process appends pairs of events as fast as it can, and is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(store)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        try:
            yield
        finally:
            process.kill()


def test_a_backup_while_others_write_is_of_one_moment(store: Path, tmp_path: Path) -> None:
    with written_to(store):
        reports = [backup(store, tmp_path / f"copy-{n}.foldline") for n in range(5)]

    heads = [it.head.position for it in reports]
    assert heads == sorted(heads)
    assert heads[0] >= EVENTS + 10
    for n, report in enumerate(reports):
        with reading(tmp_path / f"copy-{n}.foldline") as copy, reading(store) as log:
            assert copy.head() == report.head.position
            assert (report.head.position - EVENTS) % 2 == 0  # no pair is torn
            assert copy.store_id() == log.store_id() == report.head.store_id
            assert list(copy.read()) == list(log.read(until=copy.head()))


def test_nothing_lies_beside_a_backup(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()

    report = backup(store, folder / "b.foldline")

    assert [it.name for it in folder.iterdir()] == ["b.foldline"]
    assert report.bytes == (folder / "b.foldline").stat().st_size


def test_a_backup_can_be_gone_on_with(store: Path, tmp_path: Path) -> None:
    backup(store, tmp_path / "b.foldline")

    with closing(open_store(tmp_path / "b.foldline")) as copy:
        copy.append("new-1", [NewEvent.of("Came", {})], expected=ANY_VERSION)

    assert run("verify", tmp_path / "b.foldline")[0] == 0


def test_what_is_there_is_never_replaced(store: Path, tmp_path: Path) -> None:
    taken = tmp_path / "b.foldline"
    taken.write_text("mine", "utf-8")

    with pytest.raises(StoreExists):
        backup(store, taken)

    assert taken.read_text("utf-8") == "mine"


def test_a_cancelled_backup_leaves_nothing(store: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        backup(store, tmp_path / "b.foldline", is_cancelled=lambda: True)

    assert [it.name for it in tmp_path.iterdir()] == ["a.foldline"]


def test_a_copy_that_is_not_sound_does_not_appear(store: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(store)) as db:
        db.execute("DROP TRIGGER events_refuse_update")
        db.execute("UPDATE events SET data = '{}' WHERE position = 7")
        db.commit()

    with pytest.raises(StoreDamaged) as damaged:
        backup(store, tmp_path / "b.foldline")

    assert str(damaged.value).endswith(str(store))
    assert not (tmp_path / "b.foldline").exists()


def test_progress_is_told_in_pages(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "PAGES", 10)
    told: list[tuple[int, int]] = []

    backup(store, tmp_path / "b.foldline", on_progress=lambda *it: told.append(it))

    done = [it for it, _ in told]
    assert done == sorted(done)
    assert len(done) > 5
    assert told[-1][0] == told[-1][1]


def test_the_verb_says_by_what_a_backup_is_known(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.foldline"

    code, said, err = run("backup", store, out, "--json")

    with closing(sqlite3.connect(out)) as db:
        chain = db.execute("SELECT hex(chain) FROM events WHERE position = ?", [EVENTS]).fetchone()
    head = json.loads(said)["head"]
    assert (code, err) == (0, "")
    assert (head["position"], head["chain"]) == (EVENTS, chain[0].lower())
    shown = run("backup", store, tmp_path / "c.foldline")[1]
    assert f"head: position {EVENTS}, chain {head['chain']}" in shown
