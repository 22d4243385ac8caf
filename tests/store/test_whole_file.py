"""A file appears whole under its name or not at all; what was killed leaves nothing for long."""

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from replay.children.environment import environment
from store.errors import StoreExists
from store.sqlite.connect import create_log, open_log
from store.whole_file import remove_leftovers, write_whole, written_aside

HELD = """
import sys
from pathlib import Path
from store.whole_file import written_aside
with written_aside(Path(sys.argv[1])) as unfinished:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{unfinished.path}{suffix}").write_text("half")
    print("written", flush=True)
    sys.stdin.read()
"""


def files(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.iterdir())


def refusing(number: int) -> Callable[..., None]:
    def refuse(*_arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def test_nothing_is_there_until_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"

    with written_aside(out) as unfinished:
        unfinished.path.write_text("whole", "utf-8")
        assert not out.exists()
        unfinished.appear()

    assert files(tmp_path) == ["out.txt"]
    assert out.read_text("utf-8") == "whole"


def test_what_fails_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with written_aside(tmp_path / "out.txt") as unfinished:
            unfinished.path.write_text("half", "utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert files(tmp_path) == []


@pytest.mark.parametrize("missing", [[], ["link"], ["link", "exclusive rename"]])
def test_a_file_that_came_meanwhile_is_never_replaced_on_any_file_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: list[str]
) -> None:
    if "link" in missing:
        monkeypatch.setattr(os, "link", refusing(errno.EPERM))
    if "exclusive rename" in missing:
        monkeypatch.setattr(ctypes, "CDLL", lambda *_names, **_modes: object())
    out, free = tmp_path / "out.txt", tmp_path / "free.txt"

    with written_aside(out) as unfinished:
        unfinished.path.write_text("second", "utf-8")
        out.write_text("first", "utf-8")
        with pytest.raises(StoreExists):
            unfinished.appear()
    write_whole(free, b"whole", overwrite=False)

    assert files(tmp_path) == ["free.txt", "out.txt"]
    assert (out.read_text("utf-8"), free.read_text("utf-8")) == ("first", "whole")


def test_another_fault_of_the_system_is_told_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", refusing(errno.ENOSPC))

    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "out.txt", b"whole", overwrite=False)

    assert files(tmp_path) == []


def test_a_replaced_file_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    out, link = tmp_path / "out.txt", tmp_path / "link.txt"
    out.write_text("old", "utf-8")
    out.chmod(0o600)
    link.symlink_to(out)

    write_whole(link, b"new", overwrite=True)

    assert link.is_symlink()
    assert (out.read_text("utf-8"), out.stat().st_mode & 0o777) == ("new", 0o600)


def test_a_name_as_long_as_the_system_takes_can_be_written(tmp_path: Path) -> None:
    out = tmp_path / ("ü" * 127)

    write_whole(out, b"whole", overwrite=False)

    assert out.read_bytes() == b"whole"


def test_leftovers_of_a_killed_writer_go_and_a_live_one_keeps_its_file(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HELD, str(tmp_path / "out.txt")]
    writers = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), text=True
        )
        for _ in range(2)
    ]
    for it in writers:
        assert it.stdout is not None
        assert it.stdout.readline() == "written\n"
    killed, living = writers
    killed.kill()
    killed.communicate()
    assert len(files(tmp_path)) == 10

    write_whole(tmp_path / "other.txt", b"whole", overwrite=False)

    assert len([it for it in files(tmp_path) if ".unfinished" in it]) == 5
    living.communicate("")
    assert files(tmp_path) == ["other.txt"]


def test_who_opens_a_log_to_write_removes_what_killed_writers_left(tmp_path: Path) -> None:
    log = tmp_path / "a.foldline"
    create_log(log)
    writer = subprocess.Popen(
        [sys.executable, "-c", HELD, str(log)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "written\n"
    writer.kill()
    writer.communicate()
    assert len(files(tmp_path)) == 6

    open_log(log, writable=True).close()

    assert files(tmp_path) == ["a.foldline"]


def test_files_of_other_programs_are_no_leftovers(tmp_path: Path) -> None:
    names = [".out.txt.unfinished", f".a.{'0' * 32}.unfinished", "a.unfinished.lock", "b.lock"]
    for it in names:
        (tmp_path / it).write_text("kept", "utf-8")

    remove_leftovers(tmp_path)

    assert files(tmp_path) == sorted(names)
