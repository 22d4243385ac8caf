"""Files that verbs write: copies of a log, an export, a checkpoint. A whole one, or none."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from store.opening import reading
from store.signing.checkpoint import check, read_checkpoint
from store.signing.keys import private_key
from tests.crash.campaign.kind import Kind
from tests.crash.campaign.sound import nothing_left, whole
from tests.crash.campaign.victim import run_verb
from tests.replay.logs import make_log

LOG: Final = "a.foldline"
OUT: Final = "out.foldline"
MANIFEST: Final = f"{OUT}-migration.json"
RULE: Final = "rule.json"
KEY: Final = "key"
CHECKPOINT: Final = "a.checkpoint"
EXPORTED: Final = "out.jsonl"
EVENTS: Final = 300
DAMAGED: Final = range(300, 500)  # thousandths of the file


def _prepare(folder: Path) -> None:
    make_log(folder / LOG, EVENTS)


def _prepare_damaged(folder: Path) -> None:
    """Some pages of the log are of no worth."""
    _prepare(folder)
    path = folder / LOG
    content = bytearray(path.read_bytes())
    span = slice(len(content) * DAMAGED.start // 1_000, len(content) * DAMAGED.stop // 1_000)
    content[span] = bytes(len(content[span]))
    path.write_bytes(content)


def _prepare_rule(folder: Path) -> None:
    _prepare(folder)
    with reading(folder / LOG) as log:
        type_ = sorted(log.type_names())[0]
    change = {"type": type_, "version": 1, "becomes": f"{type_}Anew", "becomes_version": 1}
    (folder / RULE).write_text(json.dumps({"about": "a name", "changes": [change]}), "utf-8")


# The work. Once a copy is there another file is written: what a kill left is removed by the next
# writer in the folder.


def _copied(verb: str, folder: Path, time: int) -> int:
    if (folder / OUT).exists():
        return _exported(folder, time)
    return run_verb(verb, folder / LOG, folder / OUT)


def _salvaged(folder: Path, time: int) -> int:
    out = folder / OUT
    if out.exists():
        return run_verb("export", out, folder / EXPORTED, "--overwrite")
    code = run_verb("salvage", folder / LOG, out)
    return 0 if code == 1 and out.exists() else code  # 1: it tells that something was lost


def _migrated(folder: Path, time: int) -> int:
    if (folder / OUT).exists():
        return _exported(folder, time)
    rule = ("--rule", folder / RULE, "--why", "a better name", "--by", "Ada")
    return run_verb("migrate", folder / LOG, folder / OUT, *rule)


def _signed(folder: Path, time: int) -> int:
    key, out = folder / KEY, folder / CHECKPOINT
    if not key.with_name(f"{KEY}.pub").exists() and (code := run_verb("checkpoint", "keys", key)):
        return code
    if not out.exists():
        return run_verb("checkpoint", "sign", folder / LOG, "--key", key, "--out", out)
    if code := _exported(folder, time):
        return code
    return run_verb("checkpoint", "verify", folder / LOG, out, "--key", f"{key}.pub")


def _exported(folder: Path, _time: int) -> int:
    return run_verb("export", folder / LOG, folder / EXPORTED, "--overwrite")


# What holds afterwards.


def _is_copy(folder: Path, _time: int, _said: str, has_ended: bool) -> None:
    ids = [it.id for it in whole(folder / LOG)]
    assert len(ids) == EVENTS
    if _is_there(folder / OUT, has_ended):
        assert [it.id for it in whole(folder / OUT)] == ids


def _is_salvaged(folder: Path, _time: int, _said: str, has_ended: bool) -> None:
    if _is_there(folder / OUT, has_ended):
        assert 0 < len(whole(folder / OUT)) < EVENTS


def _is_migrated(folder: Path, time: int, said: str, has_ended: bool) -> None:
    _is_copy(folder, time, said, has_ended)
    if (folder / OUT).exists():
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
        with reading(folder / OUT) as log:
            assert told["new"]["position"] == log.head()
            assert sum(it.type.endswith("Anew") for it in log.read()) == sum(
                told["changed"].values()
            )


def _is_signed(folder: Path, _time: int, _said: str, has_ended: bool) -> None:
    key, out = folder / KEY, folder / CHECKPOINT
    assert len(whole(folder / LOG)) == EVENTS
    if _is_there(key, has_ended):
        private_key(key)
    if _is_there(out, has_ended):
        assert check(folder / LOG, read_checkpoint(out), key.with_name(f"{KEY}.pub")).is_proved


def _is_exported(folder: Path, _time: int, _said: str, has_ended: bool) -> None:
    assert len(whole(folder / LOG)) == EVENTS
    if _is_there(folder / EXPORTED, has_ended):
        assert (folder / EXPORTED).read_bytes().count(b"\n") == EVENTS


def _is_there(path: Path, has_ended: bool) -> bool:
    assert path.exists() or not has_ended
    return path.exists()


def _kind(
    name: str,
    work: Callable[[Path, int], int | None],
    holds: Callable[[Path, int, str, bool], object],
    made: set[str],
    *,
    prepare: Callable[[Path], object] = _prepare,
) -> Kind:
    ends = partial(nothing_left, but={LOG, EXPORTED, *made})
    return Kind(name=name, prepare=prepare, work=work, holds=holds, ends=ends)


BACKUP: Final = _kind("backup", partial(_copied, "backup"), _is_copy, {OUT})
COMPACT: Final = _kind("compact", partial(_copied, "compact"), _is_copy, {OUT})
SALVAGE: Final = _kind("salvage", _salvaged, _is_salvaged, {OUT}, prepare=_prepare_damaged)
MIGRATE: Final = _kind(
    "migrate", _migrated, _is_migrated, {OUT, RULE, MANIFEST}, prepare=_prepare_rule
)
CHECKPOINTS: Final = _kind("checkpoint", _signed, _is_signed, {KEY, f"{KEY}.pub", CHECKPOINT})
EXPORT: Final = _kind("export", _exported, _is_exported, set())
