"""Files that verbs write: a backup, a smaller file, an export. There is a whole one, or none."""

from pathlib import Path
from typing import Final

from tests.crash.campaign.kind import Kind
from tests.crash.campaign.sound import nothing_left, whole
from tests.crash.campaign.victim import run_verb
from tests.replay.logs import make_log

LOG: Final = "a.foldline"
MADE: Final = ("backup", "compact")
OWN: Final = {LOG, "backup.foldline", "compact.foldline", "out.jsonl"}
EVENTS: Final = 300


def prepare(folder: Path) -> None:
    """A log."""
    make_log(folder / LOG, EVENTS)


def work(folder: Path, _time: int) -> int:
    """Make what is not there yet."""
    for verb in MADE:
        made = folder / f"{verb}.foldline"
        if not made.exists() and (code := run_verb(verb, folder / LOG, made)):
            return code
    return run_verb("export", folder / LOG, folder / "out.jsonl", "--overwrite")


def holds(folder: Path, _time: int, _said: str, has_ended: bool) -> None:
    """Whatever has its name is whole."""
    ids = [it.id for it in whole(folder / LOG)]
    assert len(ids) == EVENTS
    for verb in MADE:
        path = folder / f"{verb}.foldline"
        assert path.exists() or not has_ended
        if path.exists():
            assert [it.id for it in whole(path)] == ids
    out = folder / "out.jsonl"
    if out.exists():
        assert out.read_bytes().count(b"\n") == EVENTS


def ends(folder: Path) -> None:
    """What was half done is gone."""
    nothing_left(folder, but=OWN)


KIND: Final = Kind(name="copies", prepare=prepare, work=work, holds=holds, ends=ends)
