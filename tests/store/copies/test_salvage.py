"""Every readable event of a damaged log comes into the new one, and what does not is named."""

import hashlib
import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from replay import command_line
from store.copies import losses
from store.copies.salvage import SalvageReport, salvage
from store.errors import Cancelled, NotAStore
from store.events import RecordedEvent
from store.opening import reading
from tests.older_logs import make_older_log
from tests.replay.logs import make_log
from tests.test_main import run

EVENTS = 400
PAGE = 4_096


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_log(tmp_path / "a.foldline", EVENTS)


def events_of(path: Path) -> list[RecordedEvent]:
    with reading(path) as log:
        return list(log.read())


def by_id(events: list[RecordedEvent]) -> dict[str, tuple[object, ...]]:
    """What may not change when others are lost."""
    return {
        it.id: (it.stream, it.type, it.data_json, it.metadata_json, it.recorded_at_us)
        for it in events
    }


def page_of(path: Path, sql: str) -> int:
    """A page of the file that a statement on dbstat names."""
    with closing(sqlite3.connect(path)) as db:
        (number,) = db.execute(sql).fetchone()
        return int(number)


def overwrite(path: Path, number: int, content: bytes = b"\xa5" * PAGE) -> None:
    with path.open("rb+") as file:
        file.seek((number - 1) * PAGE)
        file.write(content)


def assert_true(before: list[RecordedEvent], out: Path, report: SalvageReport) -> None:
    """Everything is either there as it was, or named as lost."""
    after = events_of(out)
    assert len(after) == report.events == report.head.position
    assert by_id(after).items() <= by_id(before).items()
    lost = {at for it in report.spans for at in range(it.first, it.last + 1)}
    assert len(lost) == report.lost
    ids = {it.id for it in after}
    assert {it.position for it in before if it.id not in ids} == lost
    assert run("verify", out)[0] == 0


def test_a_sound_log_is_salvaged_whole(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.foldline"

    report = salvage(store, out)

    with reading(store) as log, reading(out) as other:
        assert list(other.read()) == list(log.read())
        assert other.store_id() == log.store_id()
        assert other.links_between(1, EVENTS) == log.links_between(1, EVENTS)
    assert report.is_complete
    assert (report.events, report.lost, report.renumbered) == (EVENTS, 0, 0)


LEAF = "SELECT pageno FROM dbstat WHERE name = 'events' AND pagetype = 'leaf' ORDER BY pageno"
ROOT = "SELECT rootpage FROM sqlite_schema WHERE name = '{}'"


@pytest.mark.parametrize("which", range(4))
def test_a_page_of_events_that_is_flipped_costs_what_stood_there(
    store: Path, tmp_path: Path, which: int
) -> None:
    before, out = events_of(store), tmp_path / "b.foldline"
    overwrite(store, page_of(store, f"{LEAF} LIMIT 1 OFFSET {3 + 5 * which}"))

    report = salvage(store, out)

    assert 0 < report.lost < 60
    assert_true(before, out, report)
    assert report.streams


@pytest.mark.parametrize("name", ["events", "streams", "types", "links"])
def test_a_root_that_is_flipped_costs_nothing_that_stands_in_leaves(
    tmp_path: Path, name: str
) -> None:
    store = make_log(tmp_path / "a.foldline", 3_000)
    before, out = events_of(store), tmp_path / "b.foldline"
    with closing(sqlite3.connect(store)) as db:
        (kind,) = db.execute(
            "SELECT pagetype FROM dbstat WHERE name = ? AND path = '/'", [name]
        ).fetchone()
    overwrite(store, page_of(store, ROOT.format(name)))

    if name in ("streams", "types") and kind == "leaf":
        with pytest.raises(NotAStore):  # the names of all of them stood there
            salvage(store, out)
        return
    report = salvage(store, out)

    assert report.lost == 0 or name == "links"
    assert_true(before, out, report)


@pytest.mark.parametrize("index", ["events_by_type", "links_by_position", "events_by_id"])
def test_a_broken_index_costs_nothing(store: Path, tmp_path: Path, index: str) -> None:
    before, out = events_of(store), tmp_path / "b.foldline"
    overwrite(store, page_of(store, ROOT.format(index)))

    report = salvage(store, out)

    assert report.lost == 0
    assert events_of(out) == before


def test_a_file_that_is_cut_short_gives_what_is_left(store: Path, tmp_path: Path) -> None:
    before, out = events_of(store), tmp_path / "b.foldline"
    whole = store.read_bytes()
    store.write_bytes(whole[: len(whole) * 2 // 3 + 17])

    report = salvage(store, out)

    assert 0 < report.events < EVENTS
    assert by_id(events_of(out)).items() <= by_id(before).items()
    assert run("verify", out)[0] == 0


def test_a_first_page_that_is_gone_costs_no_event(store: Path, tmp_path: Path) -> None:
    before, out = events_of(store), tmp_path / "b.foldline"
    overwrite(store, 1)

    report = salvage(store, out)

    assert (report.events, report.lost) == (EVENTS, 0)
    assert by_id(events_of(out)) == by_id(before)


def test_missing_rows_are_named_with_their_streams(store: Path, tmp_path: Path) -> None:
    before, out = events_of(store), tmp_path / "b.foldline"
    with closing(sqlite3.connect(store)) as db:
        db.execute("DROP TRIGGER events_refuse_delete")
        db.execute("DELETE FROM events WHERE position IN (7, 8, 200)")
        db.commit()

    report = salvage(store, out)

    assert [(it.first, it.last, it.is_damaged) for it in report.spans] == [
        (7, 8, False),
        (200, 200, False),
    ]
    lost = {(it.stream, it.version) for it in before if it.position in (7, 8, 200)}
    told = {
        (it.stream, n) for it in report.streams for a, b in it.versions for n in range(a, b + 1)
    }
    assert told == lost
    assert_true(before, out, report)


def test_a_changed_event_is_not_taken_for_what_was_written(store: Path, tmp_path: Path) -> None:
    before, out = events_of(store), tmp_path / "b.foldline"
    with closing(sqlite3.connect(store)) as db:
        db.execute("DROP TRIGGER events_refuse_update")
        db.execute("UPDATE events SET data = '{\"n\":0}' WHERE position = 9")
        db.commit()

    report = salvage(store, out)

    assert [(it.first, it.is_damaged) for it in report.spans] == [(9, True)]
    assert before[8].stream in {it.stream for it in report.streams}
    assert_true(before, out, report)


def test_what_has_another_place_carries_the_one_it_had(store: Path, tmp_path: Path) -> None:
    before, out = events_of(store), tmp_path / "b.foldline"
    overwrite(store, page_of(store, f"{LEAF} LIMIT 1 OFFSET 4"))

    report = salvage(store, out)

    was = {it.id: it for it in before}
    moved = [it for it in events_of(out) if it.position != was[it.id].position]
    assert moved
    assert report.renumbered >= len(moved)
    for it in moved:
        assert it.source is not None
        assert it.source["format"] == "salvaged"
        assert it.source["origin_cursor"] == str(was[it.id].position)


def test_the_new_log_says_of_what_it_was_salvaged(store: Path, tmp_path: Path) -> None:
    overwrite(store, page_of(store, f"{LEAF} LIMIT 1 OFFSET 4"))
    digest = hashlib.sha256(store.read_bytes()).hexdigest()
    with reading(store) as log:
        store_id = log.store_id()

    report = salvage(store, tmp_path / "b.foldline")

    with closing(sqlite3.connect(tmp_path / "b.foldline")) as db:
        facts = dict(db.execute("SELECT key, value FROM store_facts"))
    told = json.loads(facts["salvaged_from"])
    assert told["sha256"] == digest == report.source_sha256
    assert hashlib.sha256(store.read_bytes()).hexdigest() == digest
    assert (told["store_id"], told["lost"]) == (store_id, report.lost)
    assert facts["store_id"] != store_id


def test_a_log_without_a_chain_is_salvaged_too(tmp_path: Path) -> None:
    store = make_older_log(
        tmp_path / "a.foldline", 3, words=[f"word {n}" * 20 for n in range(200)], commands=["c"]
    )
    before, out = events_of(store), tmp_path / "b.foldline"
    overwrite(store, page_of(store, f"{LEAF} LIMIT 1 OFFSET 2"))

    report = salvage(store, out)

    assert 0 < report.lost < 60
    assert_true(before, out, report)
    with closing(sqlite3.connect(out)) as db:
        assert db.execute("SELECT id FROM commands").fetchall() == [("c",)]


def test_whatever_pages_are_flipped_nothing_is_pretended(store: Path, tmp_path: Path) -> None:
    before, whole = events_of(store), store.read_bytes()
    rolls = random.Random(5)
    for turn in range(12):
        damaged = bytearray(whole)
        for _ in range(rolls.randint(1, 400)):
            damaged[rolls.randrange(len(damaged))] ^= 1 << rolls.randrange(8)
        store.write_bytes(damaged)
        out = tmp_path / f"out-{turn}.foldline"
        try:
            report = salvage(store, out)
        except NotAStore:
            continue
        assert by_id(events_of(out)).items() <= by_id(before).items()
        assert (
            report.events + report.lost >= max(it.last for it in report.spans or ())
            if report.spans
            else True
        )
        assert run("verify", out)[0] == 0


@pytest.mark.parametrize("content", [b"", b"no store at all" * 1_000])
def test_what_holds_no_event_is_refused(tmp_path: Path, content: bytes) -> None:
    store = tmp_path / "a.foldline"
    store.write_bytes(content)

    with pytest.raises(NotAStore):
        salvage(store, tmp_path / "b.foldline")

    assert [it.name for it in tmp_path.iterdir()] == ["a.foldline"]


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO streams VALUES (9223372036854775807, 'far')",
        "INSERT INTO types VALUES (9223372036854775807, 'far')",
        "INSERT INTO imports VALUES (7, 0, 281474976710655, '{}')",
    ],
)
def test_a_number_that_no_log_can_have_is_not_counted_up_to(tmp_path: Path, change: str) -> None:
    store = make_older_log(tmp_path / "older.foldline", 3, words=("a", "b"))
    with closing(sqlite3.connect(store, isolation_level=None)) as db:
        db.execute(change)

    report = salvage(store, tmp_path / "out.foldline")

    assert (report.events, report.lost) == (2, 0)


def test_a_cancelled_one_leaves_nothing(store: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        salvage(store, tmp_path / "b.foldline", is_cancelled=lambda: True)

    assert [it.name for it in tmp_path.iterdir()] == ["a.foldline"]


def test_the_verb_names_what_was_lost_and_exits_1(store: Path, tmp_path: Path) -> None:
    overwrite(store, page_of(store, f"{LEAF} LIMIT 1 OFFSET 4"))

    code, said, _err = run("salvage", store, tmp_path / "b.foldline")

    assert code == 1
    assert " lost\n" in said
    assert "  position" in said
    assert ": not in the file\n" in said
    assert "  stream " in said
    assert run("salvage", tmp_path / "b.foldline", tmp_path / "c.foldline")[0] == 0


def test_losses_beyond_those_that_are_named_are_counted(
    store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(losses, "NAMED", 21)
    with closing(sqlite3.connect(store)) as db:
        db.execute("DROP TRIGGER events_refuse_delete")
        db.execute("DELETE FROM events WHERE position % 5 = 0 AND position <= 125")
        db.commit()

    code = command_line.run(["salvage", str(store), str(tmp_path / "b.foldline")])

    said = capsys.readouterr().out
    assert code == 1
    assert "  and 5 more (--json lists the first 21)\n" in said
