"""Changes of wikis, as they come over HTTP."""

from pathlib import Path

from store.reading.server_sent import server_sent
from store.reading.source import Source
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in
from tests.store.formats.test_cloud_logs import change_of_wiki

LINES = (FIXTURES / "changes.wikimedia.jsonl").read_text().splitlines()


class TestWikimediaServerSent(FormatContract):
    name = "wikimedia-sse"
    file = "changes.wikimedia.sse"
    events = len(LINES)

    def file_of(self, folder: Path, *events: Written) -> Path:
        source = folder / "made.sse"
        sent = (f"event: message\ndata: {change_of_wiki(it)}\n\n" for it in events)
        source.write_text(f":ok\n\n{''.join(sent)}", encoding="utf-8")
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """One twice, one of no wiki, one that is no JSON, and one that the file ends in."""
        no_wiki = '{"$schema":"/mediawiki/x","meta":{"id":"1"},"type":"edit"}'
        source = folder / "odd.sse"
        sent = [LINES[0], LINES[1], LINES[0], no_wiki, "soon"]
        text = "".join(f"event: message\ndata: {it}\n\n" for it in sent)
        source.write_text(f":ok\n\n{text}data: {LINES[2][:80]}")
        return source, 6


def test_it_is_the_same_event_however_it_came(tmp_path: Path) -> None:
    log = tmp_path / "log.foldline"
    ingest(FIXTURES / "changes.wikimedia.jsonl", into=log)

    again = ingest(FIXTURES / "changes.wikimedia.sse", into=log)

    assert (again.stored, again.duplicates, again.conflicts) == (0, len(LINES), 0)


def test_where_a_client_goes_on_is_kept(tmp_path: Path) -> None:
    ingest(FIXTURES / "changes.wikimedia.sse", into=tmp_path / "log.foldline")

    first = events_in(tmp_path / "log.foldline")[0]

    assert first.source is not None
    assert '"timestamp":1772352900000' in first.source["origin_cursor"]


def test_data_of_several_lines_comments_and_ends_of_lines_are_as_the_standard_says(
    tmp_path: Path,
) -> None:
    path = tmp_path / "in.sse"
    path.write_bytes(
        b": hello\r\nid: 7\r\ndata: a\r\ndata:b\r\nevent: x\r\n\r\n"
        b"retry: 10\n\ndata:  c\n\nid\ndata: d\n\nid: 8\n\ndata: cut"
    )

    with Source(path) as source:
        found = [(it.number, it.id, it.data) for it in server_sent(source)]

    assert found == [(1, "7", b"a\nb"), (9, "7", b" c"), (11, "", b"d"), (16, "8", b"cut")]
