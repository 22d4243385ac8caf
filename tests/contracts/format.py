"""What every format must do; each is found by being in its folder.

The tests of a format, in a file of their own in tests/store/formats, name it and an example of
it in a subclass of FormatContract: this is all it takes.
"""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final, get_args

from store.following.follow import follow_file
from store.opening import reading
from store.reading.detect import detect, formats
from store.reading.format import Format, Incoming, Rejected, RowsAfter
from store.reading.remarks import Kind
from store.reading.source import Source
from store.transfer.ingest import ingest
from tests.contracts.written import Written

NAMED_KINDS: Final = frozenset(name for part in get_args(Kind) for name in get_args(part))
FIXTURES: Final = Path(__file__).parents[1] / "fixtures"


def head_of(store: Path) -> int:
    """How many events a store holds."""
    with reading(store) as reader:
        return reader.head()


def rows_of(store: Path) -> list[tuple[object, ...]]:
    """What a store holds, without the times that an event got here."""
    with reading(store) as reader:
        return [(it.stream, it.version, it.type, it.id, it.data_json) for it in reader.read()]


def followed_in_pieces(path: Path, folder: Path) -> Path:
    """A store that followed a file while it grew: in the middle of lines, and at their ends."""
    content, grown = path.read_bytes(), folder / "grown"
    half, store = len(content) // 2, folder / "followed.foldline"
    ends = [content.index(b"\n") + 1, half, content.rfind(b"\n", 0, half) + 1, len(content)]
    for end in sorted({*ends, len(content) // 3}):
        ended = b"" if content.endswith(b"\n") or end < len(content) else b"\n"
        grown.write_bytes(content[:end] + ended)
        follow_file(grown, into=store, is_endless=False)
    return store


def assert_rows_after_keys(format_: Format, rows_after: RowsAfter, path: Path) -> None:
    """Behind any key stands what the whole has behind it."""
    with Source(path) as source:
        events = [it for it in format_.read(source) if isinstance(it, Incoming)]
        grown = list(rows_after(source, {}))
        middle = grown[len(grown) // 2]
        behind = list(rows_after(source, {middle.table: middle.key}))

    found = [it.record for it in grown if isinstance(it.record, Incoming)]
    assert [it.event.id for it in found] == [it.event.id for it in events]
    assert [(it.stream, it.version) for it in found] == [(it.stream, it.version) for it in events]
    assert behind == grown[len(grown) // 2 + 1 :]


class FormatContract:
    """Subclass it, name the format, and make a file of it with everything that may be odd."""

    name: str  # of the format
    file: str  # an example of it, in tests/fixtures
    events: int  # that the example holds

    @property
    def path(self) -> Path:
        return FIXTURES / self.file

    def file_of(self, folder: Path, *events: Written) -> Path:
        """A file of these events, each one record, in their order; what the format has no place
        for is left out."""
        raise NotImplementedError

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A file with good and bad records, some twice, and whatever else the format may hold; and
        how many records and rows there are in it, counted without the reader."""
        raise NotImplementedError

    def test_it_is_found_from_the_content(self, tmp_path: Path) -> None:
        unnamed = tmp_path / "file"
        unnamed.write_bytes(self.path.read_bytes())

        found = detect(unnamed)

        assert found.format.name == self.name
        assert found.confidence >= 0.9

    def test_every_event_goes_in(self, tmp_path: Path) -> None:
        report = ingest(self.path, into=tmp_path / "log.foldline")

        count = self.events
        assert (report.read, report.stored, report.rejected) == (count, count, 0)
        assert head_of(tmp_path / "log.foldline") == count

    def test_a_copy_under_another_name_adds_nothing(self, tmp_path: Path) -> None:
        store, copy = tmp_path / "log.foldline", tmp_path / "copy-of-it"
        copy.write_bytes(self.path.read_bytes())
        ingest(self.path, into=store)

        again = ingest(copy, into=store)

        assert (again.stored, again.duplicates) == (0, self.events)

    def test_reading_twice_gives_the_same_records(self) -> None:
        format_ = next(it for it in formats() if it.name == self.name)

        with Source(self.path) as source:
            first, second = list(format_.read(source)), list(format_.read(source))

        assert first == second
        assert not any(isinstance(record, Rejected) for record in first)
        assert sum(isinstance(record, Incoming) for record in first) == self.events

    def test_whatever_is_in_a_file_is_stored_or_told(self, tmp_path: Path) -> None:
        source, rows = self.odd(tmp_path)

        report = ingest(source, into=tmp_path / "log.foldline", format=self.name)

        troubles = report.duplicates + report.conflicts + report.rejected
        assert (report.read, report.read + report.skipped) == (report.stored + troubles, rows)
        assert report.stored
        assert report.rejected == len(report.bad_lines) > 0
        assert report.conflicts == len(report.conflict_lines)
        assert all(it.line and it.reason for it in report.bad_lines)
        kinds = {it.kind for it in report.remarks}
        assert kinds == {it for it in NAMED_KINDS if report.numbers()[it]}
        assert all(it.text for it in report.remarks)

    def test_what_a_file_has_grown_by_is_read_as_the_whole_would_be(self, tmp_path: Path) -> None:
        format_ = next(it for it in formats() if it.name == self.name)
        if format_.grows_by_lines:
            followed, whole = followed_in_pieces(self.path, tmp_path), tmp_path / "whole.foldline"
            ingest(self.path, into=whole, format=self.name)

            assert rows_of(followed) == rows_of(whole)
        elif format_.rows_after is not None:
            assert_rows_after_keys(format_, format_.rows_after, self.path)

    def test_the_file_and_its_folder_are_left_as_they_were(self, tmp_path: Path) -> None:
        folder = tmp_path / "theirs"
        folder.mkdir()
        theirs = folder / self.path.name
        theirs.write_bytes(self.path.read_bytes())

        ingest(theirs, into=tmp_path / "log.foldline")

        assert [it.name for it in folder.iterdir()] == [theirs.name]
        assert theirs.read_bytes() == self.path.read_bytes()


def contracts() -> Mapping[str, type[FormatContract]]:
    """The contract of each format, by the format's name."""
    folder = import_module("tests.store.formats")
    for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
        import_module(module.name)
    return {it.name: it for it in FormatContract.__subclasses__()}
