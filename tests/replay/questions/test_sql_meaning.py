"""Questions in SQL mean what a fold means: keys that stand twice, and text that is half a pair."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from replay.projector.catch_up import catch_up
from replay.questions.sql_query import ask, open_to_ask
from store.opening import reading
from store.provenance import repeats
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.store.event_files import events_in

LINE = (
    '{{"stream":"k-1","type":"A","id":"k{n}","occurred_at":"2026-01-01T10:00:00Z","data":{data}}}'
)
REPEATED = (
    '{"a":1,"a":2,"b":{"c":1,"c":2}}',
    '{"a":3}',
    '{"l":[{"x":1,"x":5}],"a":4.0,"\\u0061":6.50}',
)


def brought(folder: Path, *payloads: str) -> Path:
    source, store = folder / "in.jsonl", folder / "log.foldline"
    lines = (LINE.format(n=n, data=it) for n, it in enumerate(payloads, 1))
    source.write_text("".join(f"{it}\n" for it in lines))
    assert ingest(source, into=store).stored == len(payloads)
    return store


@contextmanager
def asked(store: Path, sql: str) -> Iterator[list[tuple[Any, ...]]]:
    with reading(store) as log:
        catch_up(log)
        db = open_to_ask(log)
        assert db is not None
        try:
            yield list(ask(db, sql).rows)
        finally:
            db.close()


def test_of_a_key_that_stands_twice_the_last_one_counts_for_fold_and_sql(tmp_path: Path) -> None:
    store = brought(tmp_path, *REPEATED)

    folded = [float(it.data["a"]) for it in events_in(store)]
    sql = "SELECT json_extract(data, '$.a'), data ->> '$.a' FROM event_log ORDER BY position"
    with asked(store, sql) as rows:
        assert [row[0] for row in rows] == folded == [2, 3, 6.5]
        assert [float(row[1]) for row in rows] == folded
    with asked(store, "SELECT json_extract(data, '$.b.c') FROM event_log LIMIT 1") as rows:
        assert rows == [(2,)]


def test_a_key_that_stands_twice_is_told_and_its_text_is_kept(tmp_path: Path) -> None:
    store = brought(tmp_path, *REPEATED)
    again = ingest(tmp_path / "in.jsonl", into=tmp_path / "other.foldline")

    assert again.repeated_keys == 2
    assert [(it.line, it.text) for it in again.of_kind("repeated_keys")] == [
        (1, "'a', 'c': the last one counts"),
        (3, "'a', 'x': the last one counts"),
    ]
    assert [it.data_json for it in events_in(store)] == list(REPEATED)
    assert [repeats(it.source_json) for it in events_in(store)] == [("a", "c"), (), ("a", "x")]


@pytest.mark.parametrize("form", ["canonical", "cloudevents"])
def test_the_mark_travels_with_the_event(tmp_path: Path, form: str) -> None:
    store, copy = brought(tmp_path, *REPEATED), tmp_path / "copy.foldline"

    export(store, tmp_path / "out.jsonl", format=form)
    ingest(tmp_path / "out.jsonl", into=copy)

    assert events_in(copy) == events_in(store)
    assert ingest(tmp_path / "out.jsonl", into=store).duplicates == len(REPEATED)


@pytest.mark.parametrize("form", ["canonical", "cloudevents"])
def test_members_of_a_record_that_stand_twice_are_told(tmp_path: Path, form: str) -> None:
    source = tmp_path / "in.jsonl"
    line = LINE.format(n=1, data='{"a":1}')
    if form == "cloudevents":
        line = '{"specversion":"1.0","id":"i","source":"/s","type":"t","data":{"a":1}}'
    source.write_text(line[:-1] + ',"data":{"a":2}}\n')

    report = ingest(source, into=tmp_path / "log.foldline")

    assert (report.stored, report.repeated_keys) == (1, 1)
    assert report.of_kind("repeated_keys")[0].text == "'data': the last one counts"
    assert events_in(tmp_path / "log.foldline")[0].data == {"a": 2}


def test_half_a_pair_is_answered_with_a_replacement_where_it_stood(tmp_path: Path) -> None:
    store = brought(tmp_path, '{"x":"a\\ud800b"}', '{"x":1}', '{"x":"\\ud83d\\ude00"}')

    sql = "SELECT json_extract(data, '$.x'), type FROM event_log ORDER BY position"
    with asked(store, sql) as rows:
        assert rows == [("a\ufffdb", "A"), (1, "A"), ("😀", "A")]


def test_the_text_as_it_came_can_be_asked_for(tmp_path: Path) -> None:
    store = brought(tmp_path, *REPEATED)

    with asked(store, "SELECT data FROM log.event_log") as rows:
        assert [row[0] for row in rows] == list(REPEATED)
