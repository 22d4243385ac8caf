"""Packed files: read as what is in them, within a limit, and refused in a sentence."""

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from store.errors import UnreadableSource
from store.reading.choices import offers
from store.reading.detect import detect_in
from store.reading.packed import FLOOR_BYTES, TIMES
from store.reading.source import Source
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES
from tests.store.event_files import event, events_in
from tests.store.packed_files import PACKERS, alone, zipped

TEXT = "".join(json.dumps(event(n)) + "\n" for n in range(1, 401)).encode()


def written(folder: Path, content: bytes) -> Path:
    path = folder / "packed"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("file", ["orders.canonical.jsonl", "emmett-carts.sqlite", "orders.xes"])
def test_a_packed_file_is_read_as_what_is_in_it(
    tmp_path: Path, pack: Callable[[bytes], bytes], file: str
) -> None:
    plain, packed = tmp_path / "plain.foldline", tmp_path / "packed.foldline"

    ingest(FIXTURES / file, into=plain)
    report = ingest(written(tmp_path, pack((FIXTURES / file).read_bytes())), into=packed)

    assert report.stored > 0
    assert events_in(packed) == events_in(plain)


def test_frames_of_zstandard_behind_one_another_are_one_file(tmp_path: Path) -> None:
    half = TEXT.index(b"\n", len(TEXT) // 2) + 1
    frames = zstd.compress(TEXT[:half]) + zstd.compress(TEXT[half:])

    assert ingest(written(tmp_path, frames), into=tmp_path / "log.foldline").stored == 400


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_packed_file_that_is_cut_short_is_refused_and_leaves_no_log(
    tmp_path: Path, pack: Callable[[bytes], bytes], tenth: int
) -> None:
    whole = pack(TEXT)
    source = written(tmp_path, whole[: len(whole) * tenth // 10])

    with pytest.raises(UnreadableSource, match=r"is truncated|is damaged"):
        ingest(source, into=tmp_path / "log.foldline", format="canonical")

    assert [it.name for it in tmp_path.iterdir()] == ["packed"]


@pytest.mark.parametrize("pack", PACKERS)
def test_a_packed_file_with_a_byte_changed_is_refused_or_reads_the_same(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    """A byte of a name or a time of the packing changes nothing that is read."""
    whole = pack(TEXT)
    for at in range(8, len(whole), max(len(whole) // 40, 1)):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        try:
            with Source(written(tmp_path, bytes(damaged))) as source:
                found = b"".join(source.pieces())
        except UnreadableSource:
            continue
        assert found == TEXT


@pytest.mark.parametrize("pack", PACKERS[:3])
def test_what_becomes_far_larger_than_its_file_is_refused_unless_somebody_says_so(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    line = json.dumps(event(1, data={"text": " " * 1_000_000})).encode() + b"\n"
    bomb = written(tmp_path, pack(line * (FLOOR_BYTES // len(line) + 2)))

    with pytest.raises(UnreadableSource, match=f"more than {FLOOR_BYTES:,} bytes") as refused:
        ingest(bomb, into=tmp_path / "log.foldline")
    report = ingest(bomb, into=tmp_path / "log.foldline", choices={"unpack": "unlimited"})

    assert str(TIMES) in refused.value.hint
    assert "--choice unpack=unlimited" in refused.value.hint
    assert (report.stored, report.duplicates) == (1, report.read - 1)


def test_a_database_that_becomes_far_larger_than_its_file_is_refused(tmp_path: Path) -> None:
    content = b"SQLite format 3\0" + bytes(FLOOR_BYTES)

    with pytest.raises(UnreadableSource, match="more than"):
        ingest(written(tmp_path, gzip.compress(content)), into=tmp_path / "log.foldline")


def test_of_an_archive_one_file_can_be_chosen(tmp_path: Path) -> None:
    source = written(tmp_path, zipped({"a.jsonl": b"nothing\n", "b/c.jsonl": TEXT}))

    report = ingest(
        source, into=tmp_path / "log.foldline", choices={"member": "b/c.jsonl"}, format="canonical"
    )

    assert (report.stored, report.file) == (400, "packed/b/c.jsonl")


def test_what_can_be_chosen_of_a_packed_file_is_offered(tmp_path: Path) -> None:
    source = written(tmp_path, zipped({"a.jsonl": TEXT, "b.jsonl": TEXT, "c/": b""}))

    with Source(source) as opened:
        found = {it.name: it.values for it in offers(detect_in(opened).format, opened)}

    assert found["member"] == ("all", "a.jsonl", "b.jsonl")
    assert found["unpack"] == ("limited", "unlimited")


@pytest.mark.parametrize("name", ["../out.jsonl", "/etc/out.jsonl", "a/../../out.jsonl", "C:\\o"])
def test_nothing_is_written_by_a_name_in_an_archive(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)

    report = ingest(written(folder, zipped({name: TEXT})), into=folder / "log.foldline")

    assert report.stored == 400
    assert [it.name for it in tmp_path.iterdir()] == ["deep"]
    assert sorted(it.name for it in folder.iterdir()) == ["log.foldline", "packed"]


def test_links_and_what_systems_put_beside_files_are_no_files_of_an_archive(
    tmp_path: Path,
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("a-link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("__MACOSX/._in.jsonl", b"x")
        archive.writestr(".DS_Store", b"x")
        archive.writestr("in.jsonl", TEXT)

    with Source(written(tmp_path, made.getvalue())) as source:
        assert source.members == ("in.jsonl",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped({"f/": b""}), "contains no file"),
        (zipped({"a": zipped({"b": TEXT})}), "a zip archive inside a packed file is not supported"),
        (gzip.compress(gzip.compress(gzip.compress(TEXT))), "inside 2 others is not supported"),
        (zipped({"a.jsonl": TEXT}, zipfile.ZIP_LZMA), "uses an unsupported compression method"),
        (b"PK\x03\x04" + bytes(40), "the zip archive is damaged"),
        (b"\x28\xb5\x2f\xfd" + b"\xff" * 40, "the Zstandard file is damaged"),
    ],
)
def test_what_cannot_be_unpacked_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(UnreadableSource, match=reason):
        ingest(written(tmp_path, content), into=tmp_path / "log.foldline")


def test_an_encrypted_file_of_an_archive_is_refused_with_what_to_do(tmp_path: Path) -> None:
    content = bytearray(alone(TEXT))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + at] |= 1

    with pytest.raises(UnreadableSource, match=r"'in.jsonl' of the zip archive is encrypted") as it:
        ingest(written(tmp_path, bytes(content)), into=tmp_path / "log.foldline")

    assert "password" in it.value.hint


def test_a_wrong_checksum_at_the_end_is_no_success(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(TEXT))
    content[-8:-4] = (zlib.crc32(TEXT) ^ 1).to_bytes(4, "little")

    with pytest.raises(UnreadableSource, match="the gzip file is damaged"):
        ingest(written(tmp_path, bytes(content)), into=tmp_path / "log.foldline")
