"""Waiting for a word of another thread and for files at once."""

import gc
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.file_notices import FileNotices, notices_in, notices_of
from store.wake_event import WakeEvent


@pytest.fixture(autouse=True)
def what_others_left_is_closed() -> None:
    """The system gives an account 128 sets of notices; garbage may still hold some."""
    gc.collect()


@pytest.fixture
def woken() -> Iterator[WakeEvent]:
    with closing(WakeEvent()) as event:
        yield event


def test_setting_it_ends_a_wait_of_another_thread(woken: WakeEvent) -> None:
    reading, writing = os.pipe()
    setting = threading.Thread(target=woken.set)
    setting.start()

    assert woken.wait(60, [reading])

    setting.join()
    assert woken.is_set()
    os.close(reading)
    os.close(writing)


def test_a_file_that_can_be_read_ends_a_wait(woken: WakeEvent) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"here")

    assert woken.wait(60, [reading])

    assert not woken.is_set()
    os.close(reading)
    os.close(writing)


def test_once_cleared_it_can_be_waited_for_again(woken: WakeEvent) -> None:
    reading, writing = os.pipe()
    for _ in range(100_000):  # more than a pipe holds
        woken.set()
    woken.clear()

    assert not woken.wait(0, [reading])
    assert not woken.wait(0)
    os.close(reading)
    os.close(writing)


def test_a_closed_one_can_still_be_set(woken: WakeEvent) -> None:
    woken.close()
    woken.set()

    assert woken.wait(60)


def test_a_write_to_a_file_is_noticed_until_it_is_drained(tmp_path: Path, woken: WakeEvent) -> None:
    path = tmp_path / "a"
    path.write_text("one", "utf-8")
    notices = notices_of(str(path))
    assert notices is not None
    with closing(notices):
        assert not woken.wait(0, [notices.fileno()])

        path.write_text("two", "utf-8")

        assert woken.wait(60, [notices.fileno()])
        notices.drain()
        assert not woken.wait(0, [notices.fileno()])


def test_there_are_no_notices_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert notices_of(str(tmp_path / "a")) is None
    with pytest.raises(FileNotFoundError):
        FileNotices(str(tmp_path / "a"))


def test_a_folder_tells_of_files_made_replaced_and_taken_away_not_of_writes(
    woken: WakeEvent, tmp_path: Path
) -> None:
    notices = notices_in(str(tmp_path))
    assert notices is not None

    def tells(act: Callable[[], object]) -> bool:
        notices.drain()
        act()
        return woken.wait(0, [notices.fileno()])

    with closing(notices), (tmp_path / "a").open("w") as file:
        file.write("more")
        assert not tells(file.flush)
        assert tells((tmp_path / "b").touch)
        assert tells(lambda: (tmp_path / "b").replace(tmp_path / "c"))
        assert tells((tmp_path / "c").unlink)
        assert tells(file.close)


def test_a_folder_that_is_not_there_tells_nothing(tmp_path: Path) -> None:
    assert notices_in(str(tmp_path / "nowhere")) is None
