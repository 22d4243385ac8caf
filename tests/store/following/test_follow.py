"""A file that its program goes on writing: what comes is stored once, whoever ends when."""

import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.children.environment import environment
from store.errors import NotFollowed, SourceReplaced, UnknownFormat, WrongRules
from store.following.follow import follow_file
from store.following.followed_file import Wanted, wanted_before
from store.following.lag import Lag
from store.opening import reading
from store.shaping.rules import ImportRules
from store.transfer.ingest import ingest
from store.transfer.report import ImportCounts
from tests.contracts.format import FIXTURES, rows_of

EMMETT = FIXTURES / "emmett-carts.sqlite"


def line(n: int, stream: str = "s-1") -> bytes:
    found = {"stream": stream, "type": "Came", "id": f"e{n}", "data": {"n": n, "secret": "x"}}
    return json.dumps(found).encode() + b"\n"


def ids(store: Path) -> list[str]:
    with reading(store) as reader:
        return [it.id for it in reader.read()]


def once(file: Path, store: Path, wanted: Wanted | None = None) -> ImportCounts:
    return follow_file(file, into=store, wanted=wanted, is_endless=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "events.foldline"


class Writing:
    """Writes a piece each time that the follower asks whether to go on, and then ends it."""

    def __init__(self, file: Path, pieces: list[bytes]) -> None:
        self._file, self._pieces = file, iter(pieces)

    def __call__(self) -> bool:
        piece = next(self._pieces, None)
        if piece is None:
            return True
        with self._file.open("ab") as it:
            it.write(piece)
        return False


def test_what_comes_while_it_is_followed_is_stored_in_order(file: Path, store: Path) -> None:
    told: list[Lag] = []
    text = b"".join(line(n) for n in range(30))
    pieces = [text[at : at + 97] for at in range(0, len(text), 97)]  # most end within a line

    follow_file(file, into=store, on_lag=told.append, is_ended=Writing(file, [*pieces, b"", b""]))
    once(file, store)

    assert ids(store) == [f"e{n}" for n in range(30)]
    assert told[-1] == Lag()
    assert any(it.bytes for it in told)


def test_a_file_that_is_not_there_yet_is_waited_for_and_told(file: Path, store: Path) -> None:
    told: list[Lag] = []

    def is_ended() -> bool:
        if told and not file.exists():
            file.write_bytes(line(0))
        return store.exists()

    follow_file(file, into=store, on_lag=told.append, is_ended=is_ended)

    assert told[0].text == "the file is missing"
    assert ids(store) == ["e0"]


def test_a_follower_goes_on_where_the_last_one_ended(file: Path, store: Path) -> None:
    file.write_bytes(line(0) + line(1))
    once(file, store)
    with file.open("ab") as it:
        it.write(line(2) + b"no event\n" + line(3))

    counts = once(file, store)

    assert (counts.read, counts.stored, counts.rejected) == (3, 2, 1)
    assert ids(store) == ["e0", "e1", "e2", "e3"]
    assert once(file, store).read == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 400), max_size=8))
def test_wherever_the_looks_fall_the_store_is_that_of_the_whole_file(sizes: list[int]) -> None:
    from tempfile import TemporaryDirectory

    text = b"\xef\xbb\xbf" + b"".join(line(n, f"s-{n % 3}") + b"\n" * (n % 2) for n in range(12))
    with TemporaryDirectory() as folder:
        file, grown = Path(folder) / "events.jsonl", Path(folder) / "grown.foldline"
        for end in [*sizes, len(text)]:
            with file.open("ab") as it:
                it.write(text[it.tell() : it.tell() + end])
            if b"\n" in file.read_bytes():
                once(file, grown)
        ingest(file, into=Path(folder) / "whole.foldline")

        assert rows_of(grown) == rows_of(Path(folder) / "whole.foldline")


FOLLOW = """
import sys
from pathlib import Path
from store.following.follow import follow_file
def told(counts):
    print(counts.stored, flush=True)
follow_file(Path(sys.argv[1]), into=Path(sys.argv[2]), on_batch=told)
"""


def test_a_follower_that_is_killed_has_stored_what_it_said_and_nothing_twice(
    file: Path, store: Path
) -> None:
    file.write_bytes(b"".join(line(n) for n in range(500)))
    follower = subprocess.Popen(
        [sys.executable, "-c", FOLLOW, str(file), str(store)],
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
    )
    assert follower.stdout is not None
    assert follower.stdout.readline() == "500\n"
    with file.open("ab") as it:
        it.write(b"".join(line(n) for n in range(500, 900)))
    follower.kill()
    follower.communicate()

    once(file, store)

    assert ids(store) == [f"e{n}" for n in range(900)]


@pytest.fixture
def emmett(tmp_path: Path) -> Iterator[tuple[Path, sqlite3.Connection]]:
    """A file of Emmett's that has all but its last twenty messages, and its program's connection,
    which keeps what it writes in a -wal."""
    file = tmp_path / "carts.sqlite"
    shutil.copy(EMMETT, file)
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE held AS SELECT * FROM emt_messages ORDER BY 1")
        last = db.execute("SELECT max(global_position) FROM emt_messages").fetchone()[0]
        db.execute("DELETE FROM emt_messages WHERE global_position > ?", [last - 20])
        db.execute("DELETE FROM held WHERE global_position <= ?", [last - 20])
        db.commit()
        yield file, db


def write_some(db: sqlite3.Connection, count: int) -> None:
    some = "SELECT rowid FROM held ORDER BY global_position LIMIT ?"
    db.execute(f"INSERT INTO emt_messages SELECT * FROM held WHERE rowid IN ({some})", [count])
    db.execute(f"DELETE FROM held WHERE rowid IN ({some})", [count])
    db.commit()


def test_a_sqlite_file_is_followed_while_its_program_has_it_open(
    emmett: tuple[Path, sqlite3.Connection], store: Path, tmp_path: Path
) -> None:
    file, db = emmett
    left = iter([7, 13])

    def is_ended() -> bool:
        count = next(left, None)
        if count is not None:
            write_some(db, count)
        return store.exists() and len(ids(store)) == expected

    ingest(EMMETT, into=tmp_path / "whole.foldline")
    expected = len(ids(tmp_path / "whole.foldline"))

    follow_file(file, into=store, is_ended=is_ended)

    assert rows_of(store) == rows_of(tmp_path / "whole.foldline")


def test_nothing_of_a_followed_sqlite_file_is_changed(
    emmett: tuple[Path, sqlite3.Connection], tmp_path: Path
) -> None:
    file, db = emmett
    write_some(db, 5)
    names = sorted(it.name for it in tmp_path.iterdir())
    before = {name: (tmp_path / name).read_bytes() for name in names}

    once(file, tmp_path / "store.foldline")

    after = sorted(it.name for it in tmp_path.iterdir())
    assert after == sorted([*names, "store.foldline"])
    assert {name: (tmp_path / name).read_bytes() for name in names} == before


@pytest.mark.parametrize("content", [line(7) * 4, line(7)], ids=["other", "shorter"])
def test_a_file_that_was_replaced_is_told_and_nothing_is_guessed(
    file: Path, store: Path, content: bytes
) -> None:
    file.write_bytes(line(0) + line(1))
    once(file, store)
    file.write_bytes(content)

    with pytest.raises(SourceReplaced, match="does not begin with what was read"):
        once(file, store)

    assert ids(store) == ["e0", "e1"]


def test_read_again_from_its_beginning_only_what_is_new_is_stored(file: Path, store: Path) -> None:
    file.write_bytes(line(0) + line(1))
    once(file, store)
    file.write_bytes(line(1) + line(2))

    counts = follow_file(file, into=store, is_endless=False, is_again=True)

    assert (counts.stored, counts.duplicates) == (1, 1)
    assert ids(store) == ["e0", "e1", "e2"]


def test_a_sqlite_file_with_fewer_rows_than_were_read_is_told(
    emmett: tuple[Path, sqlite3.Connection], store: Path
) -> None:
    file, db = emmett
    once(file, store)
    db.execute("DELETE FROM emt_messages WHERE global_position > 10")
    db.commit()

    with pytest.raises(SourceReplaced, match="fewer rows"):
        once(file, store)


def test_rules_are_kept_for_the_next_follower(file: Path, store: Path) -> None:
    file.write_bytes(line(0))
    rules = ImportRules(rename_types={"Came": "Arrived"}, mask={"data.secret": "hash"})
    once(file, store, Wanted(rules=rules))
    with file.open("ab") as it:
        it.write(line(1))

    once(file, store)

    with reading(store) as reader:
        assert [it.type for it in reader.read()] == ["Arrived", "Arrived"]
        assert not any('"x"' in it.data_json for it in reader.read())
    kept = wanted_before(store, file)
    assert kept is not None
    assert kept.rules == rules


def test_records_without_stream_and_type_are_followed_by_a_mapping(file: Path, store: Path) -> None:
    file.write_bytes(b'{"user":"ada","what":"login"}\n')
    with pytest.raises(UnknownFormat):
        once(file, store)
    rules = ImportRules(map={"stream": "user", "type": "what"})

    once(file, store, Wanted(rules=rules))

    with reading(store) as reader:
        assert [(it.stream, it.type) for it in reader.read()] == [("ada", "login")]


def test_an_order_needs_the_whole_file(file: Path, store: Path) -> None:
    file.write_bytes(line(0))

    with pytest.raises(WrongRules, match="is read as it grows"):
        once(file, store, Wanted(rules=ImportRules(order="occurred")))

    assert not store.exists()


def test_what_is_read_as_a_whole_says_so(tmp_path: Path, store: Path) -> None:
    array, packed, wide = (tmp_path / it for it in ("array.json", "packed.jsonl.gz", "wide.jsonl"))
    array.write_bytes(b"[" + line(0).strip() + b",\n" + line(1).strip() + b"]\n")
    packed.write_bytes(gzip.compress(line(0)))
    wide.write_bytes(line(0).decode().encode("utf-16"))
    whole = {array: "one document", packed: "compressed", wide: "UTF-16-LE"}

    for path, reason in whole.items():
        with pytest.raises(NotFollowed, match=reason):
            once(path, store)
    with pytest.raises(NotFollowed, match="read as a whole"):
        once(FIXTURES / "orders.ocel2.json", store)

    assert not store.exists()
