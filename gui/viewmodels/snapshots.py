"""The list of snapshots of the open store. What changes them runs as a job."""

from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, Signal

from gui.reads import Reads
from gui.tasks import Tasks
from gui.viewmodels.event_rows import span_text
from replay import snapshot_policy
from replay.generic_model import GENERIC
from replay.model_set import bundled_models
from replay.navigation import Counted, list_streams
from replay.snapshot_desk import Code, SnapshotDesk, SnapshotInfo
from store.times import format_moment, now_us

TITLES: Final = (
    "standing", "stream", "version", "model", "bytes", "events skipped", "saves about ms", "age",
    "made",
)  # fmt: skip


class SnapshotsViewModel(QObject):
    """`listed()` when the list was read, `streams_found()` when the streams to choose from were,
    `failed(error)`."""

    listed = Signal()
    streams_found = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.infos: tuple[SnapshotInfo, ...] = ()
        self.policy: dict[str, int] = {}  # bundled model → versions between two; 0: none
        self.streams: tuple[Counted, ...] = ()  # the longest first
        self.own_file: Path | None = None  # the model file that is in use
        self._own: dict[str, Code] = {}
        self._tasks = tasks

    def learn_own(self, file: Path | None, code: dict[str, Code]) -> None:
        """A model file is in use from now on, or none: its models run elsewhere."""
        self.own_file, self._own = file, code

    def refresh(self) -> None:
        """Read the list again."""
        work = partial(_list, own=self._own)
        self._tasks.latest("snapshots", work, done=self._learn, failed=self.failed.emit)

    def search_streams(self, containing: str) -> None:
        """Look for streams whose name holds a text."""
        work = partial(_streams, containing=containing)
        self._tasks.latest(
            "snapshot streams", work, done=self._learn_streams, failed=self.failed.emit
        )

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

    def _learn_streams(self, found: tuple[Counted, ...]) -> None:
        self.streams = found
        self.streams_found.emit()

    def _learn(self, found: "_Found") -> None:
        self.infos, self.policy = found
        self.listed.emit()


_Found: TypeAlias = tuple[tuple[SnapshotInfo, ...], dict[str, int]]


def _streams(reads: Reads, *, containing: str) -> tuple[Counted, ...]:
    views = reads.views()
    found = list_streams(views, containing=containing).streams if views else ()
    return tuple(sorted(found, key=lambda it: -it.count))


def _list(reads: Reads, *, own: dict[str, Code]) -> _Found:
    views, said = reads.views(), snapshot_policy.load(reads.log.path)
    names = (GENERIC.name, *(it.name for it in bundled_models().models))
    policy = {it: snapshot_policy.every(said, it) for it in names}
    if views is None:
        return (), policy
    return tuple(SnapshotDesk(views, reads.log, elsewhere=own).all_with_savings()), policy
