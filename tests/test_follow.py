"""A second program follows the log while it is written to: it misses nothing and locks nobody."""

import io
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from replay.projector.follow import follow, pass_on
from store.events import ANY_VERSION, NewEvent
from store.opening import open_reader
from store.place import Place
from store.query import EventQuery
from store.sqlite.connect import open_log
from store.sqlite.writer import Writer
from tests.replay.logs import make_log
from tests.test_main import run, start

EVENTS = 40
LOCKS: Final = Path("/proc/locks")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make_log(tmp_path / "a.foldline", EVENTS)


@pytest.fixture
def writer(store: Path) -> Iterator[Writer]:
    db = open_log(store, writable=True)
    yield Writer(db)
    db.close()


@contextmanager
def following(store: Path, *more: object) -> Iterator["subprocess.Popen[str]"]:
    """Another process that follows; killed at the end if it has not ended."""
    with start("log", store, "--follow", "--json", *more) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: "subprocess.Popen[str]", count: int) -> list[int]:
    """The positions of the next events that it prints."""
    assert process.stdout is not None
    return [json.loads(process.stdout.readline())["position"] for _ in range(count)]


def add(writer: Writer, stream: str = "order-1", type_: str = "Noted") -> int:
    return writer.append(stream, [NewEvent.of(type_, {"n": 1})], expected=ANY_VERSION).position


def test_what_is_there_comes_first_and_each_further_event_as_it_is_appended(
    store: Path, writer: Writer
) -> None:
    with following(store) as process:
        assert heard(process, EVENTS) == list(range(1, EVENTS + 1))

        for _ in range(30):
            position = add(writer)
            assert heard(process, 1) == [position]


def test_one_who_follows_and_hangs_holds_up_no_append_and_misses_nothing(
    store: Path, writer: Writer
) -> None:
    with following(store) as process:
        heard(process, EVENTS)
        os.kill(process.pid, signal.SIGSTOP)

        appended = [add(writer) for _ in range(100)]

        os.kill(process.pid, signal.SIGCONT)
        assert heard(process, 100) == appended


def test_a_log_that_is_being_written_to_is_followed_up_to_the_last_commit(
    store: Path, writer: Writer
) -> None:
    with following(store, "--from", EVENTS) as process, writer.transaction():
        writer.append_inside("order-1", [NewEvent.of("Noted", {})], expected=None)
        assert heard(process, 1) == [EVENTS]


def test_only_what_is_asked_for_is_told_even_of_a_stream_that_is_not_there_yet(
    store: Path, writer: Writer
) -> None:
    with following(store, "--stream", "new-1", "--type", "Wanted", "--limit", 2) as process:
        add(writer, "new-1")
        wanted = [add(writer, "new-1", "Wanted") for _ in range(2)]

        assert heard(process, 2) == wanted
        assert process.wait(60) == 0


def test_a_filter_holds_for_what_comes_too_and_the_limit_counts_what_met_it(
    store: Path, writer: Writer
) -> None:
    with following(store, "--where", "stream = new-1", "--limit", 2) as process:
        wanted = [(add(writer), add(writer, "new-1"))[1] for _ in range(2)]

        assert heard(process, 2) == wanted
        assert process.wait(60) == 0


@pytest.fixture
def heeded_ctrl_c() -> Iterator[None]:
    """As from a terminal, though the tests themselves were put in the background by a shell, which
    lets its children ignore the signal."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded_ctrl_c")
def test_ctrl_c_ends_it_without_a_word(store: Path) -> None:
    with following(store) as process:
        heard(process, EVENTS)

        process.send_signal(signal.SIGINT)

        assert process.wait(60) == 128 + signal.SIGINT
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_it_ends_when_nobody_listens_though_nothing_comes(store: Path) -> None:
    with following(store) as process:
        heard(process, EVENTS)
        assert process.stdout is not None

        process.stdout.close()

        assert process.wait(60) == 128 + signal.SIGPIPE
        assert process.stderr is not None
        assert process.stderr.read() == ""


class Enough(Exception):
    """What ends a test that follows."""


def test_it_pauses_only_when_there_is_nothing_new(store: Path, writer: Writer) -> None:
    log = open_reader(store)
    came: list[int] = []
    pauses: list[int] = []

    def pause() -> None:
        pauses.append(len(came))
        if len(pauses) == 3:
            raise Enough
        add(writer)

    with suppress(Enough):
        for event in follow(log, EventQuery(), after=EVENTS - 2, pause=pause):
            came.append(event.position)  # noqa: PERF401  (what came counts until it is enough)

    assert came == [EVENTS - 1, EVENTS, EVENTS + 1, EVENTS + 2]
    assert pauses == [2, 3, 4]
    log.close()


def test_nobody_who_listens_is_noticed_and_a_file_or_a_terminal_is_somebody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.projector.follow.LOOK_S", 0.0)
    reading, writing = os.pipe()
    with open(writing, "w", encoding="utf-8") as pipe, (tmp_path / "out").open("w") as file:
        for heard_by in (pipe, file, io.StringIO()):
            monkeypatch.setattr("sys.stdout", heard_by)
            pass_on()

        os.close(reading)
        monkeypatch.setattr("sys.stdout", pipe)
        with pytest.raises(BrokenPipeError):
            pass_on()


@pytest.mark.parametrize("end", [("--to", "3"), ("--reverse",)])
def test_what_has_an_end_is_not_followed(store: Path, end: tuple[str, ...]) -> None:
    code, out, err = run("log", store, "--follow", *end)

    assert (code, out) == (2, "")
    assert "leave out --to and --reverse" in err


def test_who_follows_says_that_the_file_is_gone_and_goes_on_when_it_is_back(store: Path) -> None:
    aside = store.with_name("aside.foldline")
    with following(store, "--from", EVENTS) as process:
        assert heard(process, 1) == [EVENTS]
        store.rename(aside)
        assert "is missing" in said(process)
        aside.rename(store)
        append(store)
        assert heard(process, 1) == [EVENTS + 1]


def test_who_follows_goes_on_in_a_copy_that_is_put_in_the_logs_place(store: Path) -> None:
    with following(store, "--from", EVENTS) as process:
        assert heard(process, 1) == [EVENTS]
        copy = store.with_name("copy.foldline")
        copy.write_bytes(store.read_bytes())
        copy.rename(store)
        assert "another file has replaced" in said(process)
        append(store)
        assert heard(process, 1) == [EVENTS + 1]


def test_a_dispatcher_waits_while_another_log_stands_in_the_place_of_its_own(store: Path) -> None:
    aside = store.with_name("aside.foldline")
    other = make_log(store.with_name("other.foldline"), 3)
    before = other.read_bytes()
    with start("dispatch", store, "--follow") as process:
        try:
            wait_for_lock(store, process)
            os.link(store, aside)  # so that at no moment there is no file of the name
            other.replace(store)
            assert "another file has replaced" in said(process)
            assert store.read_bytes() == before
            aside.rename(store)
            append(store)
            assert process.poll() is None
        finally:
            process.kill()


def said(process: "subprocess.Popen[str]") -> str:
    """The next sentence that it complains with."""
    assert process.stderr is not None
    sentence = process.stderr.readline()
    process.stderr.readline()  # what to do
    return sentence


def append(store: Path) -> None:
    db = open_log(store, writable=True)
    add(Writer(db))
    db.close()


def wait_for_lock(store: Path, process: "subprocess.Popen[str]") -> None:
    """Until the process has the dispatcher's lock. Who tried to take it would send the process
    away, so the system is asked."""
    lock = Place(store).dispatch_lock
    while not lock.exists() or f":{lock.stat().st_ino} " not in LOCKS.read_text():
        assert process.poll() is None, "it ended without the lock"
