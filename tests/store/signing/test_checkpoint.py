"""A signed checkpoint proves, with the public key alone, that a history was not rewritten."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from zlib import crc32

import msgspec
import pytest

from store.errors import BadCheckpoint, StoreDamaged, StoreExists, UnusableKey
from store.events import NewEvent
from store.signing.checkpoint import Checkpoint, check, read_checkpoint, sign
from store.signing.keys import make_keys
from store.sqlite.chain import BEGINNING, chained, event_bytes
from store.sqlite.connect import connect, create_log, open_log
from store.sqlite.integrity import verify
from store.sqlite.writer import Writer
from tests.older_logs import make_older_log

FACTS = """
SELECT e.position, s.name, e.version, t.name, e.id, e.recorded_at_us, e.recorded_offset_min,
       e.recorded_max_us, e.occurred_at_us, e.occurred_offset_min, e.data, e.metadata, e.source
FROM events e JOIN streams s ON s.id = e.stream_id JOIN types t ON t.id = e.type_id
ORDER BY e.position
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.foldline"
    create_log(path)
    append(path, 3)
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "ours"
    make_keys(path)
    return path


@pytest.fixture
def public(key: Path) -> Path:
    return key.with_name("ours.pub")


def append(path: Path, count: int) -> None:
    with closing(open_log(path, writable=True)) as db:
        events = [NewEvent.of("Noted", {"at": at}, links=("cart-1",)) for at in range(count)]
        Writer(db).append("note-1", events, expected=None)


def rewrite(path: Path, *, data: str) -> None:
    """As a forger does who makes every checksum and the whole chain fit again."""
    with closing(connect(path)) as db:
        guards = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE events SET data = ? WHERE position = 1", [data])
        chain = BEGINNING
        for facts in db.execute(FACTS).fetchall():
            content = event_bytes(*facts, links=["cart-1"])
            chain = chained(chain, content)
            changed = [crc32(content), chain, facts[0]]
            db.execute("UPDATE events SET checksum = ?, chain = ? WHERE position = ?", changed)
        for _, sql in guards:
            db.execute(sql)


def test_what_was_signed_is_proved_also_after_more_was_recorded(
    log: Path, key: Path, public: Path
) -> None:
    signed = sign(log, key)
    append(log, 2)

    report = check(log, signed, public)

    assert (report.problems, report.events, signed.position) == ((), 5, 3)


def test_a_history_that_was_rewritten_with_its_whole_chain_is_not_proved(
    log: Path, key: Path, public: Path
) -> None:
    signed = sign(log, key)
    rewrite(log, data='{"at":9}')

    report = check(log, signed, public)

    assert verify(log).is_sound
    assert report.problems == ("the history up to position 3 was changed since it was signed",)


def test_events_that_were_cut_off_are_missed(log: Path, key: Path, public: Path) -> None:
    shorter = log.with_name("shorter.foldline")
    shutil.copy(log, shorter)
    append(log, 2)
    signed = sign(log, key)

    report = check(shorter, signed, public)

    text = "events 4 to 5 are missing; they existed when it was signed"
    assert report.problems == (text,)


def test_another_key_and_a_changed_statement_prove_nothing(
    log: Path, key: Path, public: Path, tmp_path: Path
) -> None:
    signed = sign(log, key)
    other = make_keys(tmp_path / "other")
    changed = msgspec.structs.replace(signed, signed_at="2020-01-01T00:00:00Z")

    assert check(log, signed, other).problems == ("the signature does not match this key",)
    assert check(log, changed, public).problems == ("the signature does not match this key",)


def test_another_store_is_told(log: Path, key: Path, public: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.foldline"
    create_log(other)
    append(other, 3)

    report = check(other, sign(log, key), public)

    assert report.problems[0].startswith("this is a different store")
    assert not report.is_proved


def test_events_of_before_the_chain_are_signed_with_the_rest(
    key: Path, public: Path, tmp_path: Path
) -> None:
    old = make_older_log(tmp_path / "old.foldline", 3, words=["one", "two"])
    signed = sign(old, key)
    open_log(old, writable=True).close()

    assert check(old, signed, public).is_proved
    with closing(connect(old)) as db:
        db.execute("DROP TRIGGER events_refuse_update")
        db.execute("UPDATE events SET data = '[]' WHERE position = 1")
    assert not check(old, signed, public).is_proved


def test_a_store_that_is_not_sound_is_not_signed(log: Path, key: Path) -> None:
    with closing(connect(log)) as db:
        db.execute("DROP TRIGGER events_refuse_update")

    with pytest.raises(StoreDamaged, match="cannot be signed: the trigger events_refuse_update"):
        sign(log, key)


def test_a_checkpoint_is_read_from_its_text(log: Path, key: Path, tmp_path: Path) -> None:
    signed = sign(log, key)
    path = tmp_path / "checkpoint.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(signed)))

    assert read_checkpoint(path) == signed


@pytest.mark.parametrize("text", ["", "{}", "[1]", json.dumps({"foldline_checkpoint": "x"})])
def test_what_is_no_checkpoint_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "checkpoint.json"
    path.write_text(text, "utf-8")

    with pytest.raises(BadCheckpoint):
        read_checkpoint(path)


def test_a_private_key_is_its_owners_alone_and_never_written_over(key: Path, log: Path) -> None:
    assert key.stat().st_mode & 0o777 == 0o600
    with pytest.raises(StoreExists):
        make_keys(key)

    key.chmod(0o640)
    with pytest.raises(UnusableKey, match="other accounts can read"):
        sign(log, key)


def test_what_is_no_key_is_told(log: Path, public: Path, key: Path, tmp_path: Path) -> None:
    signed: Checkpoint = sign(log, key)
    nothing = tmp_path / "nothing"
    public.chmod(0o600)

    with pytest.raises(UnusableKey):
        sign(log, nothing)
    with pytest.raises(UnusableKey):
        sign(log, public)
    with pytest.raises(UnusableKey):
        check(log, signed, key)
