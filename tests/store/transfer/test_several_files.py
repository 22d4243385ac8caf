"""Several files that come in as one: on one timeline, each event with the file that it is from."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store import json_text
from store.errors import UnknownChoice, UnreadableSource
from store.shaping.rules import ImportRules
from store.transfer.ingest import ingest
from store.transfer.parts import files_of
from store.transfer.preview import preview
from tests.contracts.format import FIXTURES
from tests.store.event_files import cloud_event, event, events_in, write_lines


def at(second: int) -> str:
    return f"2026-03-14T09:41:{second:02}.000000+00:00"


def lines(prefix: str, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Events at these seconds, at these positions."""
    found = []
    for n in numbers:
        it = event(n, id=f"{prefix}{n}", stream=f"{prefix}-1", recorded_at=at(n), occurred_at=at(n))
        del it["stream_version"]
        found.append({**it, "position": n})
    return found


def two(folder: Path) -> Path:
    """A folder of two files whose events alternate."""
    source = folder / "theirs"
    source.mkdir()
    write_lines(source / "part-10.jsonl", *lines("b", [2, 4, 6]))
    write_lines(source / "part-2.jsonl", *lines("a", [1, 3, 5]))
    return source


def manifest(log: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(log)) as db:
        (text,) = db.execute("SELECT manifest FROM imports").fetchone()
    found: dict[str, Any] = json_text.decode(text)
    return found


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("file", ["a1", "a3", "a5", "b2", "b4", "b6"]),
        ("", ["a1", "a3", "a5", "b2", "b4", "b6"]),
        ("recorded", ["a1", "b2", "a3", "b4", "a5", "b6"]),
        ("position", ["a1", "b2", "a3", "b4", "a5", "b6"]),
    ],
)
def test_a_folder_comes_in_on_one_timeline(tmp_path: Path, order: str, wanted: list[str]) -> None:
    log = tmp_path / "log.foldline"

    report = ingest(two(tmp_path), into=log, rules=ImportRules(order=order))

    assert [it.id for it in events_in(log)] == wanted
    assert (report.stored, report.file, report.format) == (6, "theirs", "canonical")


def test_each_event_keeps_the_file_that_it_came_from(tmp_path: Path) -> None:
    log = tmp_path / "log.foldline"

    ingest(two(tmp_path), into=log, rules=ImportRules(order="recorded"))

    found = [(it.source or {})["origin_file"] for it in events_in(log)]
    assert found == ["part-2.jsonl", "part-10.jsonl"] * 3


def test_report_and_manifest_tell_of_every_file(tmp_path: Path) -> None:
    source, log = two(tmp_path), tmp_path / "log.foldline"
    with (source / "part-2.jsonl").open("a") as file:
        file.write(json.dumps(lines("b", [4])[0]) + "\nnothing\n")
    (source / "readme.txt").write_text("about these files\n")

    report = ingest(source, into=log)

    told = {it.file: it for it in report.files}
    assert (told["part-2.jsonl"].stored, told["part-2.jsonl"].rejected) == (4, 1)
    assert (told["part-10.jsonl"].stored, told["part-10.jsonl"].duplicates) == (2, 1)
    assert "was not recognised" in told["readme.txt"].error
    assert [it.file for it in report.bad_lines] == ["part-2.jsonl"]
    kept = manifest(log)["files"]
    assert [it["file"] for it in kept] == ["part-2.jsonl", "part-10.jsonl"]
    assert all(len(it["sha256"]) == 64 and it["bytes"] for it in kept)


def test_the_same_files_again_add_nothing_in_whatever_way_they_come(tmp_path: Path) -> None:
    source, log = two(tmp_path), tmp_path / "log.foldline"
    ingest(source, into=log, rules=ImportRules(order="recorded"))

    again = ingest([source / "part-10.jsonl", source / "part-2.jsonl"], into=log)
    alone = ingest(source / "part-2.jsonl", into=log)

    assert (again.stored, again.duplicates, again.conflicts) == (0, 6, 0)
    assert (alone.stored, alone.duplicates, alone.conflicts) == (0, 3, 0)


def test_files_of_several_formats_are_each_read_in_their_own(tmp_path: Path) -> None:
    log = tmp_path / "log.foldline"
    ours = write_lines(tmp_path / "ours.jsonl", *lines("a", [1, 2]))
    theirs = write_lines(tmp_path / "theirs.jsonl", cloud_event(1), cloud_event(2))

    report = ingest([ours, theirs, FIXTURES / "emmett-carts.sqlite"], into=log)

    assert {it.format for it in report.files} == {"canonical", "cloudevents", "emmett"}
    assert all(it.stored == it.read > 0 for it in report.files)
    alone = ingest(FIXTURES / "emmett-carts.sqlite", into=tmp_path / "alone.foldline")
    assert report.stored == 4 + alone.stored


def test_all_files_of_an_archive_come_in(tmp_path: Path) -> None:
    made = io.BytesIO()
    source = two(tmp_path)
    with zipfile.ZipFile(made, "w") as archive:
        for path in sorted(source.iterdir()):
            archive.write(path, path.name)
    packed = tmp_path / "both.zip"
    packed.write_bytes(made.getvalue())

    report = ingest(packed, into=tmp_path / "log.foldline", rules=ImportRules(order="position"))

    found = [it.id for it in events_in(tmp_path / "log.foldline")]
    assert found == ["a1", "b2", "a3", "b4", "a5", "b6"]
    assert {it.file for it in report.files} == {
        "both.zip/part-10.jsonl",
        "both.zip/part-2.jsonl",
    }


def test_a_folder_is_its_files_by_number_without_links_hidden_ones_and_stores(
    tmp_path: Path,
) -> None:
    source = two(tmp_path)
    for name in (".hidden", "log.foldline", "log.foldline-views", "a.jsonl.answers.jsonl"):
        (source / name).write_text("x")
    (source / "link").symlink_to("/etc/passwd")
    (source / ".git").mkdir()
    (source / ".git" / "config").write_text("x")
    (source / "deeper").mkdir()
    (source / "deeper" / "in.jsonl").write_text("x")

    found = [str(it.relative_to(source)) for it in files_of([source])]

    assert found == ["deeper/in.jsonl", "part-2.jsonl", "part-10.jsonl"]


def test_a_folder_without_files_and_one_of_unreadable_files_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "empty"
    source.mkdir()

    with pytest.raises(UnreadableSource, match="there is no file to import in this folder"):
        ingest(source, into=tmp_path / "log.foldline")


def test_a_choice_that_no_file_leaves_open_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownChoice, match="none of the files has a choice 'colour'"):
        ingest(two(tmp_path), into=tmp_path / "log.foldline", choices={"colour": "blue"})


def test_places_that_are_no_numbers_are_put_in_order_by_the_numbers_in_them(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log.foldline"
    kafka = (FIXTURES / "orders.kcat.jsonl").read_text().splitlines()
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(reversed(kafka)) + "\n")

    ingest(source, into=log, rules=ImportRules(order="position"))

    def numbers(cursor: str) -> list[int]:
        return [int(it) for it in cursor.replace("-", "/").split("/") if it.isdecimal()]

    places = [numbers((it.source or {}).get("origin_cursor", "")) for it in events_in(log)]
    assert [it for it in places if it] == sorted(it for it in places if it)


def test_the_first_records_of_several_are_shown_in_their_order(tmp_path: Path) -> None:
    source = two(tmp_path)
    (source / "a-readme.txt").write_text("about these files\n")

    found = preview(source, rules=ImportRules(order="recorded"), limit=4)

    assert [it.event.id for it in found.records if hasattr(it, "event")] == ["a1", "b2", "a3", "b4"]
