"""Every format, and files of it that something has happened to: a clear refusal that leaves no
store, or a report in which every record is stored or named with its place and its reason."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.contracts.format import FormatContract, contracts
from tests.contracts.written import Written
from tests.store.told_imports import told_import

SQLITE: Final = b"SQLite format 3\0"
PARTS: Final = 10
PAGE: Final = 4_096
LARGEST: Final = 64 * 1024  # bytes of a text


def _cut(content: bytes) -> Iterator[tuple[str, bytes]]:
    for part in range(1, PARTS):
        yield f"cut at {part} tenths", content[: len(content) * part // PARTS]


def _of_texts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """What editors, copies and other systems make of a text."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return
    middle = len(content) // 2
    yield "a mark of UTF-8", b"\xef\xbb\xbf" + content
    yield "UTF-16", text.encode("utf-16")
    yield "UTF-16 without a mark", text.encode("utf-16-le")
    yield "UTF-32", text.encode("utf-32")
    yield "Latin-1 in it", content[:middle] + b"\xe9\xff" + content[middle:]
    yield "NUL in it", content[:middle] + b"\0" + content[middle:]
    yield "CR alone", content.replace(b"\r\n", b"\n").replace(b"\n", b"\r")
    yield "CR LF", content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    yield "twice", content + content
    yield "another behind it", content + b'\n{"what":"is this"}\n'
    yield "deep", content[:middle] + b'{"a":[' * 2_000 + content[middle:]
    yield "no number", content.replace(b":1", b":NaN")
    yield "a large number", content.replace(b":1", b":" + b"9" * 400)
    yield "half a pair", content.replace(b'":"', b'":"\\ud800', 5)
    yield "epochs", content.replace(b"2026-", b"1767225600")


def _of_bytes(content: bytes) -> Iterator[tuple[str, bytes]]:
    """What bad disks make of a file."""
    for at in range(0, len(content), max(len(content) // 8, 1)):
        broken = bytearray(content)
        broken[at : at + 16] = bytes(16)
        yield f"zeros at {at}", bytes(broken)
    if content.startswith(SQLITE):
        for page in range(1, len(content) // PAGE, max(len(content) // PAGE // 6, 1)):
            broken = bytearray(content)
            broken[page * PAGE : page * PAGE + PAGE] = b"\xff" * PAGE
            yield f"page {page}", bytes(broken)


HAPPENED: Final[tuple[Callable[[bytes], Iterator[tuple[str, bytes]]], ...]] = (
    _cut,
    _of_texts,
    _of_bytes,
)


@pytest.mark.parametrize("name", sorted(contracts()))
def test_what_has_happened_to_a_file_is_refused_or_named(name: str, tmp_path: Path) -> None:
    for content in _contents(contracts()[name](), tmp_path):
        for happened in HAPPENED:
            for what, changed in happened(content):
                file, store = tmp_path / "file", tmp_path / "log.foldline"
                file.write_bytes(changed)
                told_import(file, store, what)
                store.unlink(missing_ok=True)
                assert file.read_bytes() == changed
                assert [it.name for it in tmp_path.iterdir()] == ["file"], what


def _contents(contract: FormatContract, folder: Path) -> Iterator[bytes]:
    """The example, or what it begins with; and a file that is whole, however large that is."""
    content = contract.path.read_bytes()
    yield content[:LARGEST] if b"\0" not in content[:PAGE] else content
    if len(content) > LARGEST:
        made = contract.file_of(folder, *(Written(n=n) for n in (1, 2, 3)))
        content = made.read_bytes()
        made.unlink()
        yield content
