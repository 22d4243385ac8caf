"""The log itself, its -wal, and what is saved of a damaged one."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from store.copies.salvage import salvage
from store.errors import StoreError
from store.events import NewEvent
from store.interface import EventReader
from store.opening import open_store, reading
from store.sqlite.integrity import verify
from tests.fuzz.reader import Reader, require
from tests.older_logs import make_older_log


def log_readers(work: Path) -> list[Reader]:
    """`work` is a folder for what they share."""
    sound = work / "sound.foldline"
    return [
        Reader(name="log", seeds=_logs, tries=_try_log),
        Reader(name="log-wal", seeds=partial(_wals, sound), tries=partial(_try_wal, sound)),
        Reader(name="salvage", seeds=_logs, tries=_try_salvage),
    ]


def _logs() -> Iterator[bytes]:
    with TemporaryDirectory() as name:
        log = Path(name) / "log.foldline"
        _fill(log)
        yield log.read_bytes()
        for version in (1, 2, 3):
            older = make_older_log(Path(name) / f"{version}", version, words=("a", "b", "c"))
            yield older.read_bytes()


def _fill(log: Path) -> None:
    store = open_store(log, create=True)
    for number in range(6):
        event = NewEvent(
            type="Noted", data_json=f'{{"n":{number}}}', id=f"e-{number}", links=("all", "other")
        )
        store.append(f"note-{number % 2}", [event], expected=None)
    store.close()


def _wals(sound: Path) -> Iterator[bytes]:
    """What SQLite keeps beside a log while it is open, and the log as it was then."""
    store = open_store(sound, create=True)
    store.append("a-1", [NewEvent(type="T", data_json="{}", id="1")], expected=None)
    store.close()
    with TemporaryDirectory() as name:
        copy = Path(name) / "log.foldline"
        copyfile(sound, copy)
        writer = open_store(copy)
        writer.append("a-1", [NewEvent(type="T", data_json="{}", id="2")], expected=None)
        yield copy.with_name("log.foldline-wal").read_bytes()
        writer.close()


def _try_log(data: bytes, folder: Path, is_close: bool) -> None:
    """It is read, or refused; and it stays as it is."""
    log = folder / "log.foldline"
    log.write_bytes(data)
    with suppress(StoreError), reading(log) as reader:
        _ask(reader)
    if is_close:
        with suppress(StoreError):
            require(verify(log).events >= 0, "a check ends")
    require(log.read_bytes() == data, "looking changes nothing")
    require([it.name for it in folder.iterdir()] == [log.name], "nothing is left beside it")


def _ask(reader: EventReader) -> None:
    """Every kind of question."""
    head = reader.head()
    events = reader.page(1, min(head, 100))
    list(reader.read(limit=100))
    reader.stream_lengths(), reader.type_counts(), reader.store_id()
    reader.links_between(1, 100)
    reader.position_as_of(0), reader.running_max_us(head), reader.arrived_at_us(1)
    for event in events:
        reader.read_stream(event.stream)
        reader.event_by_id(event.id)


def _try_wal(sound: Path, data: bytes, folder: Path, is_close: bool) -> None:
    """What was in the log before is there, whatever lies beside it."""
    log = folder / "log.foldline"
    copyfile(sound, log)
    log.with_name("log.foldline-wal").write_bytes(data)
    with suppress(StoreError), reading(log) as reader:
        _ask(reader)
    if is_close:
        with suppress(StoreError):
            verify(log)


def _try_salvage(data: bytes, folder: Path, is_close: bool) -> None:
    """What is saved is a sound log."""
    log, out = folder / "log.foldline", folder / "saved.foldline"
    log.write_bytes(data)
    try:
        report = salvage(log, out)
    except StoreError:
        require(not out.exists(), "what fails leaves nothing")
        return
    finally:
        require(log.read_bytes() == data, "the damaged file stays as it is")
    require(verify(out).is_sound, "what is saved is sound")
    with reading(out) as reader:
        require(reader.head() == report.events, "what is reported saved is there")
