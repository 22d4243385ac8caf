"""A history of git: commits in branches, linked into the files that they change."""

from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import UnreadableSource
from store.formats.git_fast_export import read
from store.reading.fast_export import Commit, FastExport
from store.reading.format import Incoming, Rejected
from store.reading.source import Source
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in, links_in

FILE = FIXTURES / "small.fast-export"
COMMIT = b"""commit refs/heads/main
mark :%d
author Ada <ada@example.org> %s +0100
committer Ada <ada@example.org> 1772361000 +0000
data 2
m
M 100644 inline a b.txt
data 5
x
y

"""


def commit(mark: int, at: bytes = b"1772352000") -> bytes:
    """One commit of a stream."""
    return COMMIT % (mark, at)


class TestGitFastExport(FormatContract):
    name = "git-fast-export"
    file = "small.fast-export"
    events = 6

    def file_of(self, folder: Path, *events: Written) -> Path:
        source = folder / "made.fast-export"
        at = [
            b"%d" % (it.milliseconds // 1_000) if it.at is None else str(it.at).encode()
            for it in events
        ]
        commits = (_commit_of(it, when) for it, when in zip(events, at, strict=True))
        source.write_bytes(b"reset refs/heads/main\n" + b"".join(commits))
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A commit twice, one of no time, one without an author, and a reset."""
        nobody = b"commit refs/heads/main\nmark :9\ndata 0\n\n"
        source = folder / "odd"
        parts = [b"reset refs/heads/main\n", commit(1), commit(2), commit(3, at=b"soon"), nobody]
        source.write_bytes(b"".join(parts))
        return source, 5


def _commit_of(it: Written, at: bytes) -> bytes:
    message = it.data.encode()
    return (
        b"commit refs/heads/%s\nmark :%d\noriginal-oid %040d\n"
        b"author Ada <ada@example.org> %s +0100\ncommitter Ada <ada@example.org> %s +0000\n"
        b"data %d\n%s\nM 100644 inline a.txt\ndata 1\nx\n\n"
    ) % (it.stream.encode(), it.n, it.n, at, at, len(message), message)


def test_a_commit_tells_who_wrote_it_when_it_was_written_and_when_recorded(tmp_path: Path) -> None:
    ingest(FILE, into=tmp_path / "log.foldline")

    first = events_in(tmp_path / "log.foldline")[0]

    assert (first.stream, first.type) == ("branch/main", "Committed")
    assert first.id == "3c7676ebb3590bd6aff620bc1197725ac4006fb5" or len(first.id) == 40
    assert first.data["message"] == "Begin\n\nThe first one.\n"
    assert first.metadata["user"] == "ada@example.org"
    assert first.occurred_at == "2026-03-01T09:00:00.000000+01:00"
    assert first.recorded_at == "2026-03-01T10:30:00.000000+00:00"
    assert first.data["changes"] == [
        {"change": "modified", "path": "a.txt"},
        {"change": "modified", "path": "naïve name.bin"},
    ]


def test_each_file_has_its_own_stream_by_links(tmp_path: Path) -> None:
    ingest(FILE, into=tmp_path / "log.foldline")

    links = links_in(tmp_path / "log.foldline")
    events = events_in(tmp_path / "log.foldline")

    of_bin = [
        events[at - 1].data["message"].strip()
        for at, names in links.items()
        if "file/naïve name.bin" in names
    ]
    assert of_bin == ["Begin\n\nThe first one.", "Remove"]
    renamed = next(it for it in events if it.data["message"].strip() == "Rename")
    assert {"change": "renamed", "from": "a.txt", "path": "b.txt"} in renamed.data["changes"]


def test_a_merge_has_two_parents_and_its_first_one_caused_it(tmp_path: Path) -> None:
    ingest(FILE, into=tmp_path / "log.foldline")

    events = events_in(tmp_path / "log.foldline")

    (merge,) = [it for it in events if it.type == "Merged"]
    ids = {it.id for it in events}
    assert len(merge.data["parents"]) == 2
    assert set(merge.data["parents"]) <= ids
    assert merge.metadata["causation_id"] == merge.data["parents"][0]


def test_what_a_file_holds_is_never_read_as_a_command(tmp_path: Path) -> None:
    """One of the fixture's files holds a line that reads as a commit."""
    export = FastExport(iter([FILE.read_bytes()]), FILE)

    assert b"refs/heads/x" not in {it.ref for it in export.commits()}


def test_it_is_read_alike_in_pieces_of_any_size() -> None:
    content = FILE.read_bytes()

    def told(size: int) -> list[tuple[bytes, bytes, int]]:
        pieces = (content[at : at + size] for at in range(0, len(content), size))
        return [(it.oid, it.message, it.offset) for it in FastExport(pieces, FILE).commits()]

    first = [(oid, message) for oid, message, _ in told(len(content))]
    assert all([it[:2] for it in told(size)] == first for size in (1, 7, 64, 1_000))


ODD = {
    "the message holds commands": (b"data 20\ncommit refs/heads/x\n", b"from :1\nmerge :2\n"),
    "blank lines": (b"data 1\nm\n", b"\nfrom :1\n\nM 100644 :1 a b\n\n\n"),
    "notes": (b"data 1\nm\n", b"from :1\nN :1 :2\nM 100644 :1 a\n"),
    "all kinds": (b"data 1\nm\n", b"deleteall\nM 100644 :1 a\nD b\nR c d\nC e f\n\n"),
    "a file inline": (b"data 1\nm\n", b"M 100644 inline a\ndata 7\ncommit \n\n"),
    "a return in a path": (b"data 0\n", b'M 100644 :1 a\rb\nD "a\\nb"\n'),
    "another encoding": (b"encoding latin-1\ndata 2\n\xe9\n\n", b"M 100644 :1 a\n"),
    "no id of its own": (b"data 1\nm", b"M 100644 :1 a\n"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_commit_that_is_held_as_a_whole_is_read_as_line_by_line(name: str) -> None:
    message, rest = ODD[name]
    head = b"commit refs/heads/main\nmark :3\noriginal-oid %s\n" % (b"a" * 40)
    head += b"author A <a@b> 1 +0100\ncommitter C <c@d> 2 -0030\n"
    content = (head + message + rest) * 3 + b"reset refs/heads/main\nfrom :3\n\n"

    def told(size: int) -> list[Commit]:
        pieces = (content[at : at + size] for at in range(0, len(content), size))
        return list(FastExport(pieces, FILE).commits())

    assert told(len(content)) == told(1)
    assert len(told(1)) == 3


@pytest.mark.parametrize("tenth", range(1, 10))
def test_of_a_history_that_is_cut_short_only_whole_commits_go_in(
    tmp_path: Path, tenth: int
) -> None:
    """Cut inside a content it is refused; cut elsewhere the commit that is not whole is rejected,
    or has fewer changes than it had, which nothing in the file can tell."""
    whole = FILE.read_bytes()
    source, log = tmp_path / "cut.fast-export", tmp_path / "log.foldline"
    source.write_bytes(whole[: len(whole) * tenth // 10])
    ingest(FILE, into=tmp_path / "whole.foldline")

    with suppress(UnreadableSource):
        ingest(source, into=log, format="git-fast-export")

    ids = [it.id for it in events_in(tmp_path / "whole.foldline")]
    found = [it.id for it in events_in(log)] if log.exists() else []
    assert found == ids[: len(found)]


@given(
    seconds=st.integers(-70_000_000_000, 300_000_000_000),
    zone=st.sampled_from([b"+0000", b"-0000", b"+0100", b"-0930", b"+1400", b"+0199", b"-1200"]),
)
def test_a_time_is_written_as_the_calendar_writes_it(
    tmp_path_factory: pytest.TempPathFactory, seconds: int, zone: bytes
) -> None:
    offset = int(zone[1:3]) * 60 + int(zone[3:])
    meant = timezone(timedelta(minutes=-offset if zone.startswith(b"-") else offset))
    source = tmp_path_factory.mktemp("git") / "in"
    text = COMMIT.replace(b"1772361000 +0000", b"%d " % seconds + zone)
    source.write_bytes(b"reset refs/heads/main\n" + text % (1, b"1772352000"))

    with Source(source) as opened:
        (found, _) = read(opened)

    try:
        written = datetime.fromtimestamp(seconds, meant).isoformat()
    except (OverflowError, ValueError):
        assert isinstance(found, Rejected)
    else:
        assert isinstance(found, Incoming)
        assert found.origin.recorded_at == written
