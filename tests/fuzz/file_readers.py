"""Every format that can be read, and the detection of the form: into a log, once and again, and
out of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zlib import crc32

from store.errors import StoreError
from store.events import RecordedEvent
from store.opening import reading
from store.reading.detect import formats
from store.reading.format import Format, Incoming, Rejected
from store.reading.remarks import Skipped
from store.reading.source import Source
from store.sqlite.integrity import verify
from store.transfer.export import export
from store.transfer.ingest import ingest
from store.transfer.preview import preview
from store.transfer.report import ImportReport
from tests.contracts.format import FIXTURES, contracts
from tests.fuzz.reader import Reader, require

LARGEST_SEED: Final = 62 * 1024
LINES: Final = 12  # of a long example
ODDITIES: Final = ("*.jsonl", "*.jsonocel", "*.sqlite", "*.json")


def file_readers() -> list[Reader]:
    """One a format, and one that finds the format out."""
    known = [
        Reader(name=it.name, seeds=partial(_seeds, it), tries=partial(_try_file, it))
        for it in formats()
    ]
    return [*known, Reader(name="any-file", seeds=_all_seeds, tries=partial(_try_file, None))]


# -- seeds ----------------------------------------------------------------------------------


def _seeds(format_: Format) -> Iterator[bytes]:
    """Small files of a format: its odd one, its example cut to some lines, what we write of it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        contract = contracts()[format_.name]()
        odd, _ = contract.odd(folder)
        yield odd.read_bytes()
        if format_.write is not None:
            yield _written(format_, folder)
    example = contract.path.read_bytes()
    lines = example.splitlines(keepends=True)
    if len(example) <= LARGEST_SEED:
        yield example
    elif len(lines) > LINES:
        yield b"".join(lines[:LINES])


def _written(format_: Format, folder: Path) -> bytes:
    lines = contracts()["canonical"]().path.read_bytes().splitlines(keepends=True)
    few, log, out = folder / "few.jsonl", folder / "few.foldline", folder / "few.out"
    few.write_bytes(b"".join(lines[:LINES]))
    ingest(few, into=log)
    export(log, out, format=format_)
    return out.read_bytes()


def _all_seeds() -> Iterator[bytes]:
    for format_ in formats():
        yield from _seeds(format_)
    for pattern in ODDITIES:
        for path in sorted(FIXTURES.glob(pattern)):
            if path.stat().st_size <= LARGEST_SEED:
                yield path.read_bytes()


# -- promises -------------------------------------------------------------------------------


def _try_file(format_: Format | None, data: bytes, folder: Path, is_close: bool) -> None:
    source = folder / "theirs"
    source.write_bytes(data)
    try:
        read, passed = _counted(format_, source)
    except StoreError as error:
        require(bool(str(error)), "an error says what is wrong")
        return
    finally:
        require(source.read_bytes() == data, "the file is left as it was")
        require([it.name for it in folder.iterdir()] == ["theirs"], "nothing is left beside it")
    if is_close:
        _try_import(format_, source, folder / "log.foldline", read=read, passed=passed)


def _counted(format_: Format | None, source: Path) -> tuple[int, int]:
    """Records, and rows passed over, of all of the file."""
    seen = preview(source, format=format_)
    with Source(source) as opened:
        read = passed = 0
        for record in seen.detection.format.read(opened):
            match record:
                case Incoming() | Rejected():
                    read += 1
                case Skipped(count=count):
                    passed += count
    return read, passed


def _try_import(format_: Format | None, source: Path, log: Path, *, read: int, passed: int) -> None:
    rehearsed = _imported(source, log, format_, is_dry_run=True)
    require(not log.exists(), "a dry run keeps nothing")
    report = _imported(source, log, format_)
    require(report.read == read, "what is read is counted")
    require(report.skipped == passed, "what is passed over is counted")
    require(rehearsed.numbers() == report.numbers(), "a dry run says what happens")
    require(log.exists() == bool(report.stored), "a log is there when it holds events")
    if not report.stored:
        return
    events = _events(log)
    require(len(events) == report.stored, "what is reported stored is there")
    require(verify(log).is_sound, "the log is sound")
    again = _imported(source, log, format_)
    require((again.read, again.stored) == (read, 0), "importing again adds nothing")
    require(_events(log) == events, "importing again changes nothing")
    others = [it for it in formats() if it.write is not None]
    _try_round_trip(log, events, others[crc32(source.read_bytes()) % len(others)])


def _imported(
    source: Path, log: Path, format_: Format | None, *, is_dry_run: bool = False
) -> ImportReport:
    report = ingest(source, into=log, format=format_, dry_run=is_dry_run)
    told = report.stored + report.duplicates + report.conflicts + report.rejected
    require(report.read == told, "read = stored + duplicates + conflicts + rejected")
    return report


def _try_round_trip(log: Path, events: Sequence[RecordedEvent], format_: Format) -> None:
    """What we write we read, and every event of it."""
    out, copy = log.with_name(f"out-{format_.name}"), log.with_name(f"{format_.name}.foldline")
    try:
        written = export(log, out, format=format_)
    except StoreError as error:
        require(bool(str(error)), "an error says what is wrong")
        return
    require(written.events == len(events), f"{format_.name}: every event is written")
    report = _imported(out, copy, format_)
    require(report.stored == len(events), f"{format_.name}: every event comes back")
    found = _events(copy)
    require(verify(copy).is_sound, f"{format_.name}: the copy is sound")
    for same in ("id", "stream", "type"):
        ours = Counter(getattr(it, same) for it in events if not _loses(format_, it, same))
        theirs = Counter(getattr(it, same) for it in found)
        require(not ours - theirs, f"{format_.name}: {same} comes back")
    if format_.name == "canonical":
        require([*map(_facts, found)] == [*map(_facts, events)], "canonical: all comes back")


def _loses(format_: Format, event: RecordedEvent, same: str) -> bool:
    """Whether the format says that it does not hold this of an event, whatever its links are."""
    return any(same in it.aspects and it.is_lost(event, ()) for it in format_.losses)


def _facts(it: RecordedEvent) -> tuple[object, ...]:
    return (it.stream, it.version, it.type, it.id, it.data_json, it.metadata_json)


def _events(log: Path) -> list[RecordedEvent]:
    with reading(log) as reader:
        return list(reader.read())
