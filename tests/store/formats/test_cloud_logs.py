"""Logs of clouds and wikis: CloudTrail, EventBridge, GitHub, Wikimedia."""

import json
from pathlib import Path
from typing import Any

from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import events_in, write_lines


class TestCloudTrail(FormatContract):
    name = "cloudtrail"
    file = "calls.cloudtrail.json"
    events = 3

    def file_of(self, folder: Path, *events: Written) -> Path:
        made = [
            it.inside(
                {
                    "eventID": it.id,
                    "eventName": it.type,
                    "eventSource": "s3",
                    "eventTime": it.text,
                    "userIdentity": {"arn": it.stream},
                    "requestParameters": TEXT_HERE,
                }
            )
            for it in events
        ]
        source = folder / "made.json"
        source.write_text(f'{{"Records":[{",".join(made)}]}}', encoding="utf-8")
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A record twice, one without an id, and a time that is none."""
        good = {"eventID": "1", "eventName": "Get", "eventSource": "s3"}
        bad = [{**good, "eventID": None}, {**good, "eventID": "2", "eventTime": "soon"}]
        source = folder / "odd.json"
        source.write_text(json.dumps({"Records": [good, good, *bad]}))
        return source, 4


class TestEventBridge(FormatContract):
    name = "eventbridge"
    file = "shop.eventbridge.jsonl"
    events = 3

    def file_of(self, folder: Path, *events: Written) -> Path:
        lines = [
            it.inside(
                {
                    "id": it.id,
                    "detail-type": it.type,
                    "source": it.stream,
                    "time": it.text,
                    "detail": TEXT_HERE,
                }
            )
            for it in events
        ]
        return write_lines(folder / "made.jsonl", *lines)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An event twice, one without an id, and a line of text."""
        good = {"id": "1", "detail-type": "T", "source": "s", "detail": {}}
        rows: list[dict[str, Any] | str] = [good, good, {**good, "id": ""}, "text"]
        return write_lines(folder / "odd.jsonl", *rows), len(rows)


class TestGitHub(FormatContract):
    name = "github"
    file = "github_events.json"
    events = 30

    def file_of(self, folder: Path, *events: Written) -> Path:
        lines = []
        for it in events:
            about = {"id": it.id, "type": f"{it.type}Event", "repo": {"name": it.stream}}
            lines.append(it.inside(github(1, **about, created_at=it.text, payload=TEXT_HERE)))
        return write_lines(folder / "made.jsonl", *lines)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An event twice, one without a repository, and a time that is none."""
        rows: list[dict[str, Any] | str] = [
            github(1),
            github(1),
            github(2, repo={}),
            github(3, created_at="soon"),
        ]
        return write_lines(folder / "odd.jsonl", *rows), len(rows)


class TestWikimedia(FormatContract):
    name = "wikimedia"
    file = "changes.wikimedia.jsonl"
    events = 3

    def file_of(self, folder: Path, *events: Written) -> Path:
        return write_lines(folder / "made.jsonl", *map(change_of_wiki, events))

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A change twice, one without an id, and one of no wiki."""
        good = {"$schema": "/mediawiki/x", "meta": {"id": "1"}, "wiki": "w", "title": "A"}
        rows: list[dict[str, Any] | str] = [
            good,
            good,
            {**good, "meta": {}},
            {"$schema": "/x", "meta": {"id": "2"}},
        ]
        return write_lines(folder / "odd.jsonl", *rows), len(rows)


def change_of_wiki(it: Written) -> str:
    """A change of a page."""
    about = {"id": it.id, "dt": it.text}
    change = {"wiki": "w", "title": it.stream, "type": it.type, "more": TEXT_HERE}
    return it.inside({"$schema": "/mediawiki/x", "meta": about, **change})


def github(n: int, **facts: Any) -> dict[str, Any]:
    """One event of a repository."""
    known = {"id": str(n), "type": "PushEvent", "actor": {"login": "ada"}, "payload": {}}
    return {**known, "repo": {"name": "a/b"}, "created_at": "2013-01-10T07:58:30Z", **facts}


def test_a_feed_that_goes_back_in_time_comes_in_by_time(tmp_path: Path) -> None:
    theirs = json.loads((FIXTURES / "github_events.json").read_text("utf-8"))

    ingest(FIXTURES / "github_events.json", into=tmp_path / "log.foldline")

    backwards = [(it["created_at"], it["id"]) for it in reversed(theirs)]
    by_time = sorted(backwards, key=lambda it: it[0])
    assert [it.id for it in events_in(tmp_path / "log.foldline")] == [id_ for _, id_ in by_time]


def test_records_of_cloudtrail_come_in_by_time_in_streams_of_who_called(tmp_path: Path) -> None:
    ingest(FIXTURES / "calls.cloudtrail.json", into=tmp_path / "log.foldline")

    told = [(it.type, it.stream) for it in events_in(tmp_path / "log.foldline")]

    ada = "arn:aws:iam::111122223333:user/ada"
    assert told == [
        ("CreateBucket", ada),
        ("AssumeRole", "lambda.amazonaws.com"),
        ("PutObject", ada),
    ]


def test_a_change_of_a_wiki_lies_in_the_stream_of_its_page(tmp_path: Path) -> None:
    ingest(FIXTURES / "changes.wikimedia.jsonl", into=tmp_path / "log.foldline")

    events = events_in(tmp_path / "log.foldline")

    assert [it.stream for it in events] == [
        "enwiki/Event sourcing",
        "enwiki/Category:Software",
        "dewiki/Ereignis",
    ]
    assert [it.metadata["user"] for it in events] == ["Ada", "Ada", "Bob"]
    assert events[0].metadata["correlation_id"] == "q-1"
