"""The three forms of KurrentDB."""

import json
from pathlib import Path
from typing import Any

from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import events_in, write_lines

CLIENT: dict[str, Any] = {
    "streamId": "cart-1",
    "id": "e1",
    "revision": "0",
    "type": "Opened",
    "isJson": True,
    "data": {},
    "metadata": {},
    "created": "2025-03-13T12:14:12.920Z",
}


def read_event(n: int, **facts: Any) -> dict[str, Any]:
    """The nth event of its stream, as a client reads it."""
    event = {**CLIENT, "id": f"e{n}", "revision": str(n - 1), **facts}
    return {"event": event, "commitPosition": str(100 * n)}


class TestKurrentDump(FormatContract):
    name = "kurrentdb-dump"
    file = "client-resolved-events.synthetic.jsonl"
    events = 57

    def file_of(self, folder: Path, *events: Written) -> Path:
        lines = []
        for it in events:
            about = {"id": it.id, "type": it.type, "created": it.text, "data": TEXT_HERE}
            lines.append(it.inside(read_event(it.place, streamId=it.stream, **about)))
        return write_lines(folder / "made.jsonl", *lines)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An event twice, one of the system, a link without its event, and bad ones."""
        rows: list[dict[str, Any] | str] = [
            read_event(1),
            read_event(1),
            read_event(2, type="$metadata"),
            {"event": None, "link": {"id": "l"}},
            read_event(3, revision="many"),
            read_event(2, isJson=False, data="AQI="),
            "{",
        ]
        return write_lines(folder / "odd.jsonl", *rows), len(rows)


class TestKurrentAtom(FormatContract):
    name = "kurrentdb-atom"
    file = "atom-embed-body-page1.synthetic.json"
    events = 20

    def file_of(self, folder: Path, *events: Written) -> Path:
        entries = [
            entry(
                it.place - 1,
                eventId=it.id,
                eventType=it.type,
                streamId=it.stream,
                data=it.data,
                updated=it.text,
            )
            for it in reversed(events)
        ]
        page = {"streamId": "s", "headOfStream": True, "entries": entries}
        return write_lines(folder / "made.json", page)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """Entries without data, with a wrong number, of the system, and a line that is no page."""
        good = entry(0)
        entries = [{"title": "0@s"}, {**entry(1), "eventNumber": "x"}, entry(2, eventType="$>")]
        page = {"streamId": "s", "headOfStream": True, "entries": [*entries, good]}
        return write_lines(folder / "odd.json", page, "{"), 5


class TestKurrentAppend(FormatContract):
    name = "kurrentdb"
    file = "append.kurrentdb.json"
    events = 3

    def file_of(self, folder: Path, *events: Written) -> Path:
        made = [
            it.inside({"eventId": it.id, "eventType": it.type, "data": TEXT_HERE}) for it in events
        ]
        source = folder / "made.json"
        source.write_text(f"[{','.join(made)}]", encoding="utf-8")
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An event twice, and one without a type."""
        good = {"eventId": "1", "eventType": "Opened", "data": {}}
        rows: list[dict[str, Any] | str] = [
            good,
            good,
            {"eventId": "2", "data": {}, "eventType": ""},
        ]
        return write_lines(folder / "odd.json", *rows), len(rows)


def entry(number: int, **facts: Any) -> dict[str, Any]:
    """One entry of a page."""
    known = {"eventId": f"e{number}", "eventType": "Opened", "eventNumber": number, "streamId": "s"}
    return {**known, "data": "{}", "isJson": True, "updated": "2025-03-13T13:04:59Z", **facts}


def test_a_page_is_read_from_its_oldest_entry(tmp_path: Path) -> None:
    ingest(FIXTURES / "atom-embed-body-page1.synthetic.json", into=tmp_path / "log.foldline")

    page = json.loads((FIXTURES / "atom-embed-body-page1.synthetic.json").read_text("utf-8"))
    events = events_in(tmp_path / "log.foldline")
    assert [it.id for it in events] == [it["eventId"] for it in reversed(page["entries"])]
    assert json.loads(events[0].source_json or "{}")["origin_version"] == 10
    assert events[-1].data == {"Description": "Café ☕", "qty": 56}
    assert events[-1].metadata["correlation_id"] == "c-14"


def test_two_pages_on_lines_are_one_history(tmp_path: Path) -> None:
    pages = [
        json.dumps(json.loads((FIXTURES / f"atom-embed-body-page{n}.synthetic.json").read_text()))
        for n in (1, 2)
    ]
    source = write_lines(tmp_path / "pages.jsonl", *pages)

    report = ingest(source, into=tmp_path / "log.foldline", format="kurrentdb-atom")

    assert (report.stored, report.gaps) == (29, 0)
    assert [it.version for it in events_in(tmp_path / "log.foldline")] == [*range(1, 30)]


def test_a_feed_without_data_says_how_to_read_it(tmp_path: Path) -> None:
    page = {"streamId": "s", "headOfStream": True, "entries": [{"title": "0@s"}, entry(0)]}
    source = write_lines(tmp_path / "page.json", page)

    report = ingest(source, into=tmp_path / "log.foldline")

    assert "?embed=body" in report.bad_lines[0].reason


def test_a_client_names_correlation_cause_and_author_in_its_own_words(tmp_path: Path) -> None:
    said = {"$correlationId": "c", "$causationId": "x", "$causedBy": "ada"}
    source = write_lines(tmp_path / "in.jsonl", read_event(1, metadata=said))

    ingest(source, into=tmp_path / "log.foldline", format="kurrentdb-dump")

    metadata = events_in(tmp_path / "log.foldline")[0].metadata
    assert metadata == {**said, "correlation_id": "c", "causation_id": "x", "user": "ada"}


def test_what_is_written_to_be_appended_is_read_back_as_the_same_events(tmp_path: Path) -> None:
    log, again = tmp_path / "log.foldline", tmp_path / "again.foldline"
    ingest(FIXTURES / "client-resolved-events.synthetic.jsonl", into=log)

    export(log, tmp_path / "out.json", format="kurrentdb")
    ingest(tmp_path / "out.json", into=again, format="kurrentdb")

    def told(store: Path) -> list[Any]:
        return [
            (it.stream, it.version, it.id, it.type, it.data_json, it.recorded_at, it.metadata)
            for it in events_in(store)
        ]

    assert told(again) == told(log)
