"""The list of snapshots of the open store. What changes them runs as a job."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.event_rows import span_text
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.navigation import Counted, list_streams
from replay.snapshots import snapshot_policy
from replay.snapshots.snapshot_desk import Code, SnapshotDesk, SnapshotInfo, Standing
from replay.states.generic_model import GENERIC
from replay.states.model_set import bundled_models
from replay.taught.teaching import teaching_of_log
from store.times import format_moment, now_us

TITLES: Final = (
    said("status"),
    said("stream"),
    said("version"),
    said("model"),
    said("bytes"),
    said("saves events"),
    said("saves ms"),
    said("age"),
    said("created"),
)
STANDINGS: Final[dict[Standing, str]] = {
    "usable": said("usable"),
    "older model": said("older model"),
    "other code of the model": said("other code of the model"),
    "wrong hash": said("wrong hash"),
    "unknown model": said("unknown model"),
}
LISTED: Final = 2_000  # at most; a search narrows them


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotList:
    """What there is. `infos` and `rows` are of those that are listed, the figures of all."""

    infos: tuple[SnapshotInfo, ...] = ()
    rows: tuple[tuple[tuple[str, ...], bool], ...] = ()  # texts, and whether it is of no use
    count: int = 0
    bytes: int = 0
    stale: int = 0
    policy: Mapping[str, int] = field(default_factory=dict)  # model → versions between; 0: none
    streams: tuple[Counted, ...] = ()  # to choose from: the first by name, the longest first
    stream_count: int = 0  # whose name holds what is searched for


class SnapshotsViewModel(QObject):
    """`listed()` when the list was read, `failed(error)`."""

    listed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.found = SnapshotList()
        self.own_file: Path | None = None  # the model file that is in use
        self._own: dict[str, Code] = {}
        self._containing = ""
        self._tasks = tasks

    def learn_own(self, file: Path | None, code: dict[str, Code]) -> None:
        """A model file is in use from now on, or none: its models run elsewhere."""
        self.own_file, self._own = file, code

    def search(self, containing: str) -> None:
        """List the snapshots and streams whose stream's name holds a text."""
        self._containing = containing
        self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        work = partial(_list, own=self._own, containing=self._containing)
        self._tasks.latest("snapshots", work, done=self._learn, failed=self.failed.emit)

    @property
    def summary(self) -> str:
        """How many, how big, and how many are of no use."""
        found = self.found
        words = ", ".join(
            (
                counted("{count:,} snapshot", "{count:,} snapshots", found.count),
                counted("{count:,} byte", "{count:,} bytes", found.bytes),
            )
        )
        words += said(", {stale:,} never used", stale=found.stale) if found.stale else ""
        return words + (
            said("; {count:,} listed", count=len(found.infos))
            if len(found.infos) < found.count
            else ""
        )

    def _learn(self, found: SnapshotList) -> None:
        self.found = found
        self.listed.emit()


def _list(reads: Reads, *, own: dict[str, Code], containing: str) -> SnapshotList:
    """On a reader thread, texts included: there may be thousands."""
    views, said = reads.views(), snapshot_policy.load(reads.log.place)
    bundled = (it.name for it in bundled_models().models)
    plain = (it.name for it in teaching_of_log(reads.log).models)
    names = dict.fromkeys((GENERIC.name, *plain, *bundled, *own))
    policy = {it: snapshot_policy.every(said, it) for it in names}
    if views is None:
        return SnapshotList(policy=policy)
    every = SnapshotDesk(views, reads.log, elsewhere=own).all_with_savings()
    listed = [it for it in every if containing.lower() in it.stream.lower()][:LISTED]
    streams = list_streams(views, containing=containing)
    return SnapshotList(
        infos=tuple(listed),
        rows=tuple(map(_row, listed)),
        count=len(every),
        bytes=sum(it.bytes for it in every),
        stale=sum(it.standing != "usable" for it in every),
        policy=policy,
        streams=tuple(sorted(streams.streams, key=lambda it: -it.count)),
        stream_count=streams.total,
    )


def _row(it: SnapshotInfo) -> tuple[tuple[str, ...], bool]:
    texts = (
        STANDINGS[it.standing],
        it.stream,
        f"{it.version:,}",
        f"{it.model} {it.model_version}",
        f"{it.bytes:,}",
        f"{it.skips:,}",
        "" if it.saves_ms is None else f"{it.saves_ms:,.1f}",
        span_text(max(now_us() - it.made_at_us, 0)),
        format_moment(it.made_at_us)[:19].replace("T", " "),
    )
    return texts, it.standing != "usable"
