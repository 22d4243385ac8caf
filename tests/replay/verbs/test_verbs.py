"""What each verb prints, for people and as JSON."""

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from store.place import Place
from store.sqlite.connect import connect, create_log
from tests.replay.verbs.conftest import LINES, Run


def parsed(text: str) -> list[Any]:
    return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]


def test_import_ends_with_one_object_of_counts(run: Run, lines: Path, tmp_path: Path) -> None:
    into = tmp_path / "a.foldline"

    code, out, err = run("import", lines, "--into", into, "--json")
    again = run("import", lines, "--into", into, "--json")[1]

    counts = ("read", "stored", "duplicates", "conflicts", "rejected")
    assert (code, err) == (0, "")
    assert [parsed(out)[-1][it] for it in counts] == [3, 3, 0, 0, 0]
    assert [parsed(again)[-1][it] for it in counts] == [3, 0, 3, 0, 0]


def test_import_of_several_sources_adds_their_counts_up(
    run: Run, lines: Path, tmp_path: Path
) -> None:
    out = run("import", lines, lines, "--into", tmp_path / "a.foldline", "--json")[1]

    total = parsed(out)[-1]
    assert (total["read"], total["stored"], total["duplicates"]) == (6, 3, 3)
    assert [it["stored"] for it in total["sources"]] == [3, 0]


def test_a_dry_run_tells_and_keeps_nothing(run: Run, lines: Path, tmp_path: Path) -> None:
    code, out, _ = run("import", lines, "--into", tmp_path / "a.foldline", "--dry-run")

    assert code == 0
    assert "3 of 3 events would be stored" in out
    assert not (tmp_path / "a.foldline").exists()


def test_import_names_the_bad_lines_and_stores_the_good_ones(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "some.jsonl"
    source.write_text("\n".join([*LINES, "{broken", '{"stream":"x-1","data":{}}']) + "\n", "utf-8")

    code, out, _ = run("import", source, "--into", tmp_path / "a.foldline")

    assert code == 0
    assert "3 of 5 events stored" in out
    assert "2 rejected" in out
    assert "line 4, byte " in out
    assert "line 5, byte " in out


def test_import_names_the_conflicts(run: Run, store: Path, tmp_path: Path) -> None:
    source = tmp_path / "other.jsonl"
    source.write_text(LINES[0].replace("0.10", "0.20") + "\n", "utf-8")

    out = run("import", source, "--into", store)[1]

    assert "1 conflict" in out
    assert "event e1" in out


def test_preview_tells_the_format_and_the_first_records(
    run: Run, lines: Path, tmp_path: Path
) -> None:
    lines.write_text("\n".join([*LINES, "{broken"]) + "\n", "utf-8")

    (found,) = parsed(run("preview", lines, "--json")[1])
    text = run("preview", lines, "--limit", 1)[1]

    assert found["format"] == "canonical"
    assert [it.get("id") for it in found["records"]] == ["e1", "e2", "e3", None]
    assert found["records"][3]["reason"]
    assert "Placed" in text
    assert "Paid" not in text
    assert sorted(it.name for it in tmp_path.iterdir()) == ["orders.jsonl"]


def test_log_prints_an_event_a_line_with_every_digit(run: Run, store: Path) -> None:
    code, out, _ = run("log", store, "--json")

    events = parsed(out)
    assert code == 0
    assert [it["position"] for it in events] == [1, 2, 3]
    assert '"total":0.10,"big":123456789012345678901234567890,"huge":1e400' in out
    assert list(events[0])[:5] == ["position", "stream", "stream_version", "type", "id"]
    assert events[0]["metadata"] == {"user": "ada"}


@pytest.mark.parametrize(
    ("wish", "ids"),
    [
        (["--stream", "order-1"], ["e1", "e3"]),
        (["--type", "Paid"], ["e3"]),
        (["--type", "Paid", "--type", "Placed"], ["e1", "e2", "e3"]),
        (["--from", "2"], ["e2", "e3"]),
        (["--to", "2"], ["e1", "e2"]),
        (["--from", "2026-03-01T11:00:00Z", "--to", "2026-03-01T11:00:00Z"], ["e2"]),
        (["--limit", "1"], ["e1"]),
        (["--limit", "0"], []),
        (["--reverse", "--limit", "2"], ["e3", "e2"]),
        (["--from", "9"], []),
    ],
)
def test_log_prints_what_was_asked_for(
    run: Run, store: Path, wish: list[str], ids: list[str]
) -> None:
    assert [it["id"] for it in parsed(run("log", store, "--json", *wish)[1])] == ids


def test_log_reads_well(run: Run, store: Path) -> None:
    out = run("log", store)[1]

    assert out.splitlines()[1].split() == [
        "2",
        "2026-03-01T11:00:00.000000+00:00",
        "order-2",
        "v1",
        "Placed",
        '{"total":5}',
    ]


def test_log_prints_links_and_source_on_one_line(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "linked.jsonl"
    line = json.loads(LINES[1]) | {"links": ["customer-1"], "unknown_field": 7}
    source.write_text(json.dumps(line) + "\n", "utf-8")
    run("import", source, "--into", tmp_path / "a.foldline")

    (event,) = parsed(run("log", tmp_path / "a.foldline", "--json")[1])

    assert event["links"] == ["customer-1"]
    assert "source" in event


@pytest.mark.parametrize(
    ("at", "version", "keys"),
    [
        ([], 2, {"total", "big", "paid"}),
        (["--at", "1"], 1, {"total", "big", "huge"}),
        (["--at", "v1"], 1, {"total", "big", "huge"}),
        (["--at", "2026-03-01T23:00:00Z"], 1, {"total", "big", "huge"}),
        (["--at", "occurred:2026-03-01T23:00:00Z"], 1, {"total", "big", "huge"}),
        (["--at", "0"], 0, set()),
    ],
)
def test_state_is_the_state_at_that_moment(
    run: Run, store: Path, at: list[str], version: int, keys: set[str]
) -> None:
    code, out, _ = run("state", store, "order-1", "--json", *at)

    (found,) = parsed(out)
    assert code == 0
    assert (found["stream"], found["version"]) == ("order-1", version)
    assert found["state"].keys() == keys
    assert (found["last_event"] is None) == (version == 0)


def test_state_keeps_every_digit_and_tells_the_last_event(run: Run, store: Path) -> None:
    (found,) = parsed(run("state", store, "order-1", "--at", "1", "--json")[1])
    text = run("state", store, "order-1")[1]

    assert found["state"]["big"] == 123456789012345678901234567890
    assert str(found["state"]["total"]) == "0.10"
    assert found["state"]["huge"] == Decimal("1e400")
    assert (found["position"], found["last_event"]["id"]) == (1, "e1")
    assert "last event  Paid at 3" in text


def test_state_is_the_same_with_and_without_a_views_file(run: Run, store: Path) -> None:
    without = run("state", store, "order-1", "--json")[1]
    run("view", store, "streams")

    assert Place(store).views.exists()
    assert run("state", store, "order-1", "--json")[1] == without


def test_diff_names_the_fields_that_differ(run: Run, store: Path) -> None:
    (found,) = parsed(run("diff", store, "order-1", "--from", "1", "--to", "3", "--json")[1])
    text = run("diff", store, "order-1", "--from", "v1", "--to", "v2")[1]

    kinds = {tuple(it["path"]): it["kind"] for it in found["changes"]}
    assert kinds == {("huge",): "removed", ("paid",): "added"}
    assert (found["from"]["version"], found["to"]["version"]) == (1, 2)
    assert "+ paid: true" in text
    assert "- huge: 1" in text


def test_a_diff_without_a_difference_says_so(run: Run, store: Path) -> None:
    assert run("diff", store, "order-1", "--from", "1", "--to", "2") == (0, "no difference\n", "")


def test_info_tells_what_the_store_holds(run: Run, store: Path) -> None:
    code, out, _ = run("info", store, "--json")
    text = run("info", store)[1]

    (facts,) = parsed(out)
    assert code == 0
    assert (facts["events"], facts["streams"], facts["head"]) == (3, 2, 3)
    assert facts["types"] == {"Placed": 2, "Paid": 1}
    assert facts["first_recorded_at"].startswith("2026-03-01T10")
    assert facts["last_recorded_at"].startswith("2026-03-02T10")
    assert facts["bytes"] == store.stat().st_size
    assert {it["name"]: it["lag"] for it in facts["views"]}["streams"] == 3
    assert "Placed" in text
    assert "latest_states" in text
    assert not Place(store).views.exists()


def test_info_tells_how_far_the_views_have_come_and_folds_none(run: Run, store: Path) -> None:
    run("view", store, "streams")

    views = {it["name"]: it for it in parsed(run("info", store, "--json")[1])[0]["views"]}

    assert (views["streams"]["lag"], views["streams"]["rows"]) == (0, 2)
    assert (views["event_types"]["lag"], views["event_types"]["rows"]) == (3, 0)


def test_info_of_an_empty_store_is_no_error(run: Run, tmp_path: Path) -> None:
    create_log(tmp_path / "empty.foldline")

    (facts,) = parsed(run("info", tmp_path / "empty.foldline", "--json")[1])

    assert (facts["events"], facts["first_recorded_at"]) == (0, None)


def test_view_prints_a_row_a_line_and_makes_the_views_first(run: Run, store: Path) -> None:
    assert not Place(store).views.exists()

    code, out, err = run("view", store, "streams", "--json")

    rows = parsed(out)
    assert (code, err) == (0, "")
    assert [(it["stream"], it["event_count"]) for it in rows] == [("order-1", 2), ("order-2", 1)]
    assert rows[0]["position"] == 3


def test_view_shows_the_past_one_row_or_a_few(run: Run, store: Path) -> None:
    past = parsed(run("view", store, "streams", "--at", "1", "--json")[1])
    one = parsed(run("view", store, "latest_states", "--key", "order-1", "--json")[1])
    few = parsed(run("view", store, "streams", "--limit", "1", "--json")[1])
    text = run("view", store, "event_types")[1]

    assert [it["stream"] for it in past] == ["order-1"]
    assert one[0]["state"]["big"] == 123456789012345678901234567890
    assert [it["stream"] for it in few] == ["order-1"]
    assert text.splitlines()[0].startswith("type")
    assert len(text.splitlines()) == 3


def test_view_after_more_events_shows_them(run: Run, store: Path, tmp_path: Path) -> None:
    run("view", store, "streams")
    more = tmp_path / "more.jsonl"
    more.write_text(LINES[1].replace('"e2"', '"e4"') + "\n", "utf-8")
    run("import", more, "--into", store)

    rows = parsed(run("view", store, "streams", "--key", "order-2", "--json")[1])

    assert rows[0]["event_count"] == 2


def test_rebuild_reports_each_view(run: Run, store: Path) -> None:
    run("info", store)

    code, out, _ = run("rebuild", store, "streams", "--json")
    text = run("rebuild", store)[1]

    (found,) = parsed(out)
    assert code == 0
    assert [it["view"] for it in found["views"]] == ["streams"]
    assert found["views"][0]["was_different"] is False
    assert "event_types: 3 events" in text


def test_rebuild_names_the_rows_that_were_wrong(run: Run, store: Path) -> None:
    run("view", store, "streams")
    _falsify(store)

    code, out, _ = run("rebuild", store, "streams")

    assert code == 0
    assert "did not match the log" in out
    assert "row order-1, written at position 3: event_count is " in out


def test_verify_finds_a_sound_store_sound(run: Run, store: Path) -> None:
    assert parsed(run("verify", store, "--json")[1])[-1]["is_sound"] is True
    run("view", store, "streams")

    code, out, _ = run("verify", store)

    assert code == 0
    assert "3 events checked, 0 problems" in out
    assert "view streams: matches the log" in out
    assert "view event_types" not in out  # it was never folded, so there is nothing to compare


def test_verify_finds_a_view_that_lies(run: Run, store: Path) -> None:
    run("view", store, "streams")
    _falsify(store)

    code, out, _ = run("verify", store)

    assert code == 1
    assert "view streams: differs from the log" in out


def test_verify_finds_a_changed_event(run: Run, store: Path) -> None:
    db = connect(store)
    db.execute("DROP TRIGGER events_refuse_update")
    db.execute("UPDATE events SET data = '{}' WHERE position = 2")
    db.close()

    code, out, _ = run("verify", store, "--json")
    text = run("verify", store)[1]

    (found,) = parsed(out)
    assert (code, found["is_sound"], found["problem_count"]) == (1, False, 2)
    assert "the event at position 2 was altered" in text


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_export_and_import_give_the_same_events(
    run: Run, store: Path, tmp_path: Path, name: str
) -> None:
    out, copy = tmp_path / name, tmp_path / "copy.foldline"

    (report,) = parsed(run("export", store, out, "--json")[1])
    run("import", out, "--into", copy)

    assert report["events"] == 3
    assert run("log", copy, "--json")[1] == run("log", store, "--json")[1]


def test_export_takes_one_stream_or_one_type(run: Run, store: Path, tmp_path: Path) -> None:
    out = tmp_path / "one.jsonl.gz"

    text = run("export", store, out, "--stream", "order-1", "--type", "Paid")[1]

    lines = gzip.decompress(out.read_bytes()).splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["e3"]
    assert "1 event" in text
    assert "SHA-256" in text


def _falsify(store: Path) -> None:
    """Write a wrong number into a view, as a bug would."""
    db = connect(Place(store).views)
    db.execute("UPDATE streams SET event_count = 99 WHERE stream = 'order-1'")
    db.close()


def test_log_tells_a_field_that_no_event_has(run: Run, store: Path) -> None:
    code, out, err = run("log", store, "--where", "totl > 1")

    assert (code, out) == (1, "")
    assert "no event has the field 'totl'" in err
    assert "Did you mean data.total?" in err
    assert run("log", store, "--where", "total > 999999") == (0, "", "")
    assert run("log", store, "--where", "totl > 1", "--limit", "0") == (0, "", "")
