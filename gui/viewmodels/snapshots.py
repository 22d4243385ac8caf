"""The list of snapshots of the open store. What changes them runs as a job."""

from functools import partial
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, Signal

from gui.reads import Reads
from gui.tasks import Tasks
from gui.viewmodels.event_rows import span_text
from replay import snapshot_policy
from replay.generic_model import GENERIC
from replay.model_set import bundled_models
from replay.snapshot_desk import SnapshotDesk, SnapshotInfo
from store.times import format_moment, now_us

TITLES: Final = (
    "standing", "stream", "version", "model", "bytes", "events skipped", "saves about ms", "age",
    "made",
)  # fmt: skip


class SnapshotsViewModel(QObject):
    """`listed()` when the list was read, `failed(error)`."""

    listed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.infos: tuple[SnapshotInfo, ...] = ()
        self.policy: dict[str, int] = {}  # bundled model → versions between two; 0: none
        self._tasks = tasks

    def refresh(self) -> None:
        """Read the list again."""
        self._tasks.latest("snapshots", partial(_list), done=self._learn, failed=self.failed.emit)

    def row(self, at: int) -> tuple[tuple[str, ...], bool]:
        """A line of the list, and whether it is of no use."""
        it = self.infos[at]
        texts = (
            it.standing, it.stream, f"{it.version:,}", f"{it.model} {it.model_version}",
            f"{it.bytes:,}", f"{it.skips:,}", "" if it.saves_ms is None else f"{it.saves_ms:,.1f}",
            span_text(max(now_us() - it.made_at_us, 0)),
            format_moment(it.made_at_us)[:19].replace("T", " "),
        )  # fmt: skip
        return texts, it.standing != "usable"

    @property
    def summary(self) -> str:
        """How many, how big, and how many are of no use."""
        size = sum(it.bytes for it in self.infos)
        stale = sum(it.standing != "usable" for it in self.infos)
        words = f"{len(self.infos):,} snapshots, {size:,} bytes"
        return words + (f", {stale:,} never used" if stale else "")

    def _learn(self, found: "_Found") -> None:
        self.infos, self.policy = found
        self.listed.emit()


_Found: TypeAlias = tuple[tuple[SnapshotInfo, ...], dict[str, int]]


def _list(reads: Reads) -> _Found:
    views, said = reads.views(), snapshot_policy.load(reads.log.path)
    names = (GENERIC.name, *(it.name for it in bundled_models().models))
    policy = {it: snapshot_policy.every(said, it) for it in names}
    infos = () if views is None else tuple(SnapshotDesk(views, reads.log).all_with_savings())
    return infos, policy
