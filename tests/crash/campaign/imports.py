"""Import, into a new store and into one that is there: everything, or nothing."""

from pathlib import Path
from typing import Final

from tests.crash.campaign.kind import Kind
from tests.crash.campaign.sound import nothing_left, whole
from tests.crash.campaign.victim import run_verb

LOG: Final = "a.foldline"
LINE: Final = '{"stream":"%s-%d","type":"Came","id":"%s%d","data":{"n":%d}}\n'
BEFORE: Final = 300
FEW: Final = 1_500  # more than one batch
MANY: Final = 10_500  # so many come past the guards of a store, which are made again
OWN: Final = {LOG, "new.jsonl", "old.jsonl"}


def _lines(path: Path, name: str, count: int) -> None:
    path.write_text("".join(LINE % (name, n % 50, name, n, n) for n in range(count)), "utf-8")


def prepare_new(folder: Path) -> None:
    """The source alone."""
    _lines(folder / "new.jsonl", "new", FEW)


def prepare_existing(folder: Path) -> None:
    """A store of some events, and a source of many."""
    _lines(folder / "old.jsonl", "old", BEFORE)
    _lines(folder / "new.jsonl", "new", MANY)
    assert not run_verb("import", folder / "old.jsonl", "--into", folder / LOG)


def work(folder: Path, _time: int) -> int:
    """Import, as a person does."""
    return run_verb("import", folder / "new.jsonl", "--into", folder / LOG)


def work_existing(folder: Path, _time: int) -> int:
    """Import; a second time there is nothing new, which is told by exit code 1."""
    return min(work(folder, _time), 1)


def holds_new(folder: Path, _time: int, _said: str, has_ended: bool) -> None:
    """There is no store, or one with everything in it."""
    if not (folder / LOG).exists():
        assert not has_ended
        return
    assert [it.id for it in whole(folder / LOG)] == [f"new{n}" for n in range(FEW)]


def holds_existing(folder: Path, _time: int, _said: str, has_ended: bool) -> None:
    """The store is as it was, or everything is in it."""
    ids = [it.id for it in whole(folder / LOG)]
    before = [f"old{n}" for n in range(BEFORE)]
    after = [*before, *(f"new{n}" for n in range(MANY))]
    assert ids == after or (ids == before and not has_ended), len(ids)


def ends(folder: Path) -> None:
    """What was half done is gone."""
    nothing_left(folder, but=OWN)


NEW: Final = Kind(name="import-new", prepare=prepare_new, work=work, holds=holds_new, ends=ends)
EXISTING: Final = Kind(
    name="import-existing",
    prepare=prepare_existing,
    work=work_existing,
    holds=holds_existing,
    ends=ends,
)
