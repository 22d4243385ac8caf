"""A disk without room says so, wherever it is met; the store is as it was, and good afterwards."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.opening import reading
from store.place import Place
from store.sqlite.integrity import verify
from tests.small_disk import SmallDisk, small_disk

MB = 1 << 20
LINE = '{"stream":"order-%d","type":"Placed","id":"e%d","data":{"text":"%s"}}\n'
WORDS = ("disk is full", "allow a larger file", "cannot be read or written")  # by kind of disk
WRITING = ("view STORE streams", "rebuild STORE", "snapshots create STORE --all")
LIES = ("backup", "damaged", "None", "Traceback")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 24 * MB) as disk:
        yield disk


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return lines(tmp_path / "orders.jsonl", 0, 500)


@pytest.fixture
def store(disk: SmallDisk, source: Path) -> Path:
    """A store of 500 events on the small disk."""
    path = disk.folder / "orders.foldline"
    done = disk.run("import", source, "--into", path)
    assert done.returncode == 0, done.stderr
    return path


def lines(path: Path, first: int, count: int, *, size: int = 200) -> Path:
    each = (LINE % (n % 7, n, "x" * size) for n in range(first, first + count))
    path.write_text("".join(each), "utf-8")
    return path


def says_so(done: "subprocess.CompletedProcess[str]") -> None:
    assert done.returncode == 1, done.stdout
    assert any(it in done.stderr for it in WORDS), done.stderr
    assert not any(it in done.stderr for it in LIES), done.stderr


def is_as_it_was(store: Path, events: int = 500) -> None:
    assert verify(store).is_sound
    with reading(store) as log:
        assert log.head() == events


@pytest.mark.parametrize("leaving", [0, 40_000, 400_000, 2 * MB])
def test_an_import_into_a_store(disk: SmallDisk, store: Path, tmp_path: Path, leaving: int) -> None:
    more = lines(tmp_path / "more.jsonl", 500, 20_000)
    disk.fill(leaving=leaving)

    says_so(disk.run("import", more, "--into", store))

    disk.make_room()
    is_as_it_was(store)


@pytest.mark.parametrize("leaving", [0, 100_000, 2 * MB])
def test_an_import_into_a_new_store(disk: SmallDisk, tmp_path: Path, leaving: int) -> None:
    more = lines(tmp_path / "more.jsonl", 0, 20_000)
    disk.fill(leaving=leaving)

    says_so(disk.run("import", more, "--into", disk.folder / "new.foldline"))

    disk.make_room()
    assert [it.name for it in disk.folder.iterdir() if "unfinished" not in it.name] == []


@pytest.mark.parametrize("leaving", [0, 20_000])
def test_a_command(disk: SmallDisk, store: Path, leaving: int) -> None:
    disk.fill(leaving=leaving)
    names = {"id": "a1", "owner": "x" * 100_000}

    says_so(disk.run("issue", store, "OpenAccount", "--data", json.dumps(names)))

    disk.make_room()
    is_as_it_was(store)


@pytest.mark.parametrize(
    "verb", ["view STORE streams", "rebuild STORE", "snapshots create STORE --all"]
)
@pytest.mark.parametrize("leaving", [0, 100_000])
def test_what_writes_to_the_views(disk: SmallDisk, store: Path, verb: str, leaving: int) -> None:
    disk.fill(leaving=leaving)

    done = disk.run(*(store if it == "STORE" else it for it in verb.split()))

    if done.returncode:
        says_so(done)
    disk.make_room()
    is_as_it_was(store)
    again = disk.run("view", store, "streams", "--json")
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_an_export(disk: SmallDisk, store: Path, name: str) -> None:
    disk.fill(leaving=50_000)

    done = disk.run("export", store, disk.folder / name)

    if name.endswith(".jsonl"):
        says_so(done)
    assert not (disk.folder / "out.jsonl").exists()
    disk.make_room()
    is_as_it_was(store)


def test_verify_says_what_it_found_of_the_log_and_that_the_views_were_not_checked(
    disk: SmallDisk, store: Path
) -> None:
    assert disk.run("view", store, "streams").returncode == 0
    if not disk.is_disk:
        return
    disk.fill()

    done = disk.run("verify", store)

    assert done.returncode == 1
    told = done.stdout + done.stderr
    assert "disk is full" in told
    assert not any(it in told for it in LIES)
    disk.make_room()
    assert disk.run("verify", store).returncode == 0


def test_a_full_folder_for_temporary_files_is_no_fault_of_the_source(
    disk: SmallDisk, tmp_path: Path
) -> None:
    fixtures = Path(__file__).parents[1] / "fixtures"
    if not disk.is_disk:
        return
    disk.fill(leaving=20_000)  # a folder without any is not chosen

    done = disk.run(
        "import",
        fixtures / "pyeventsourcing-orders.sqlite",
        "--into",
        tmp_path / "new.foldline",
        TMPDIR=str(disk.folder),
    )

    says_so(done)
    assert str(disk.folder) in done.stderr
    assert not Place(tmp_path / "new.foldline").path.exists()
