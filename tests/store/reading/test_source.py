"""A document in pieces: decompressed, as UTF-8, and told plainly when it cannot be read."""

import gzip
import json
from pathlib import Path

import pytest

from store.errors import UnreadableSource
from store.reading.raw_file import CHUNK_BYTES
from store.reading.source import Source
from store.transfer.ingest import ingest
from tests.store.event_files import cloud_event, event, events_in

EVENTS = 260
TEXT = json.dumps(
    [cloud_event(n, data={"text": "café 🙂" * 200}) for n in range(EVENTS)], ensure_ascii=False
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_document_is_the_same_in_every_encoding(
    tmp_path: Path, encoding: str, is_packed: bool
) -> None:
    path, content = tmp_path / "in.json", TEXT.encode(encoding)
    path.write_bytes(gzip.compress(content, 1) if is_packed else content)

    with Source(path) as source:
        pieces = list(source.pieces())
    report = ingest(path, into=tmp_path / "log.foldline")

    assert b"".join(pieces) == TEXT.encode()
    assert len(content) > 2 * CHUNK_BYTES
    assert len(pieces) > 2
    assert (report.format, report.stored) == ("cloudevents-batch", EVENTS)
    assert events_in(tmp_path / "log.foldline")[-1].data == {"text": "café 🙂" * 200}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (gzip.compress(TEXT.encode(), 1)[:-300], "the gzip file is truncated"),
        (TEXT[:-300].encode(), "the document is not valid JSON"),
        (TEXT[:-300].encode() + b"]", "the document is not valid JSON"),
        (TEXT.encode("utf-16")[:-301], "the text is not valid UTF-16"),
        (TEXT.encode()[:-300] + b"\xff" + TEXT.encode()[-300:], "is not valid UTF-8"),
        (TEXT.encode() + b"[]", "unexpected text"),
    ],
)
def test_a_document_with_a_fault_near_its_end_is_refused_and_leaves_no_log(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "in.json"
    path.write_bytes(content)

    with pytest.raises(UnreadableSource, match=reason):
        ingest(path, into=tmp_path / "log.foldline")

    assert [it.name for it in tmp_path.iterdir()] == ["in.json"]


LINES = "".join(json.dumps(event(n)) + "\n" for n in range(1, 4))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [LINES, TEXT, "stream;type\ns-1;Noted\n", "<log/>"])
def test_wide_text_without_a_mark_is_named_and_read_once_it_is_chosen(
    tmp_path: Path, encoding: str, text: str
) -> None:
    path = tmp_path / "in"
    path.write_bytes(text.encode(encoding))

    with pytest.raises(UnreadableSource, match=encoding.upper()) as refused:
        ingest(path, into=tmp_path / "log.foldline")
    with Source(path, encoding=encoding) as source:
        found = b"".join(source.pieces())

    assert f"--encoding {encoding}" in refused.value.hint
    assert found == text.encode()


def test_lines_that_end_with_cr_alone_are_lines(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(LINES.replace("\n", "\r").encode())

    with Source(path) as source:
        found = [(it.number, it.offset, it.text) for it in source.lines()]
    report = ingest(path, into=tmp_path / "log.foldline")

    texts = LINES.encode().splitlines(keepends=True)
    assert [(number, text) for number, _, text in found] == [*enumerate(texts, 1)]
    assert [at for _, at, _ in found] == [sum(map(len, texts[:n])) for n in range(3)]
    assert (report.format, report.stored) == ("canonical", 3)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"actionsById":{"1":{"a":NaN}},"stagedActionIds":[1]}', "NaN is not JSON"),
        (b'[{"a":1},{"a":1', "not valid JSON"),
        (b"<log><trace><event>\xe9</event></trace></log>", "it is not valid UTF-8"),
        (b"<log><trace><event>\0</event></trace></log>", "it contains a NUL character"),
    ],
)
def test_what_cannot_be_read_says_why_and_not_that_it_is_unknown(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "in"
    path.write_bytes(content)

    with pytest.raises(UnreadableSource, match=reason):
        ingest(path, into=tmp_path / "log.foldline")


def test_what_was_found_out_once_is_not_looked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text(TEXT, "utf-8")
    looks = []

    def look(source: Source) -> int:
        looks.append(source.path)
        return len(looks)

    with Source(path) as source:
        assert [source.once(look), source.once(look)] == [1, 1]
        scratch = source.scratch()
        scratch.execute("CREATE TABLE found (n)")
        folder = Path(scratch.execute("PRAGMA database_list").fetchone()[2]).parent

    assert looks == [path]
    assert not folder.exists()
