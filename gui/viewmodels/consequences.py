"""What follows from the edits of the branch in view, as it is found."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.model_file import ModelFileViewModel
from gui.viewmodels.other_lines import OtherLinesViewModel, line_words
from gui.viewmodels.said import Said
from gui.viewmodels.things import EventThing, StreamThing, TextThing, Thing, ViewThing
from gui.words import counted, said
from gui.work.jobs import Jobs, Progress, sentences
from gui.work.long_work import LongWork
from gui.work.reports import ConsequencesListed
from gui.work.throttle import Throttle
from gui.work.wishes import ListConsequences
from replay.consequences import found as kinds
from replay.consequences.found import Found
from replay.consequences.telling import told_of, where
from store.place import MAIN as LOG
from store.place import Place

SHOWN: Final = 2_000
EVERY_MS: Final = 150  # the list is shown as it grows
MAIN: Final = said("This line is the log: nothing follows from edits.")
IDLE: Final = said("List what would be different: states, commands, messages and view rows.")
NOTHING: Final = said("nothing follows: states, rows and messages are the same")
GROUPS: Final = {
    "stream": said("state"),
    "command": said("command"),
    "message": said("message"),
    "process": said("process"),
    "timer": said("timer"),
    "row": said("view row"),
    "view": said("view"),
    "unchecked": said("not compared"),
}
Row: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a consequence leads: positions of the branch, and what to show there."""

    position: int | None = None
    stream: str = ""
    view: str = ""
    key: tuple[Any, ...] = ()
    is_compared: bool = False  # with what was before the position


class ConsequencesViewModel(QObject):
    """`changed()` when the list grew, a run began or ended; `row_wanted(view, key, position)` when
    a view row is to be shown. GUI thread; close it."""

    changed = Signal()
    row_wanted = Signal(str, object, object)

    def __init__(
        self,
        jobs: Jobs,
        place: Place,
        selection: Selection,
        model_file: ModelFileViewModel,
        lines: OtherLinesViewModel,
    ) -> None:
        super().__init__()
        self.against = LOG  # the name of the line that the branch is compared with
        self._lines = lines
        lines.changed.connect(self.changed)
        self.found: list[Found] = []
        self.count = 0
        self.said = Said(text=IDLE if place.branch_name else MAIN, role="dim")
        self._place, self._selection, self._model_file = place, selection, model_file
        self._is_wanted = False  # asked for once: then edits ask again
        self._is_to_restart = False
        self._growing = Throttle(self.changed.emit, every_ms=EVERY_MS, parent=self)
        self._work = LongWork(jobs)
        self._work.found.connect(self._take)
        self._work.progressed.connect(self._tell)
        self._work.succeeded.connect(self._learn)
        self._work.failed.connect(self._learn_failed)
        self._work.cancelled.connect(self._learn_cancelled)
        self._work.ended.connect(self._end)

    @property
    def is_branch(self) -> bool:
        """Whether there can be consequences."""
        return bool(self._place.branch_name)

    @property
    def is_against_branch(self) -> bool:
        """Whether it is compared with another branch, and not with the log."""
        return self.against != LOG

    @property
    def is_running(self) -> bool:
        """Whether they are looked for just now."""
        return self._work.is_running

    def rows(self) -> list[Row]:
        """Kind, what differs, and where: grouped by kind, each in the order of finding."""
        return [(GROUPS[kinds.kind_of(it)], told_of(it), _place(it)) for it in self.found]

    def offered(self) -> list[tuple[str, str]]:
        """Names of lines that the branch can be compared with, and words for a person; none where
        there is only the log."""
        names = dict.fromkeys([*self._lines.names(), self.against])
        others = [it for it in names if it != self._lines.here]
        return [(it, line_words(it)) for it in others] if len(others) > 1 else []

    @Slot(str)
    def choose(self, name: str) -> None:
        """Compare with this line from now on."""
        if name == self.against:
            return
        self.against = name
        self.found, self.count = [], 0
        self.said = Said(text=IDLE, role="dim")
        self.changed.emit()
        if self._is_wanted:
            self.start()

    @Slot()
    def start(self) -> None:
        """Look for all of them, from the beginning."""
        if not self.is_branch:
            return
        self._is_wanted = True
        if self.is_running:
            self._is_to_restart = True
            self._work.cancel()
            return
        self.found, self.count = [], 0
        other = line_words(self.against)
        self.said = Said(text=said("comparing the branch with {line}…", line=other), role="dim")
        self._work.start(
            ListConsequences(
                store=self._place,
                name=self._place.branch_name,
                against="" if self.against == LOG else self.against,
                model=str(self._model_file.path or ""),
            )
        )
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Look no further; what was found stays."""
        self._is_wanted = self._is_to_restart = False
        self._work.cancel()

    @Slot()
    def edited(self) -> None:
        """The branch has another history: what was listed is looked for again."""
        if self._is_wanted:
            self.start()

    def close(self) -> None:
        """Stop what runs."""
        self._is_to_restart = False
        self._growing.close()
        self._work.close()

    def go_to(self, row: int) -> None:
        """Show what a line is about."""
        if not 0 <= row < len(self.found):
            return
        spot = spot_of(self.found[row])
        if spot.view:
            self.row_wanted.emit(spot.view, spot.key, self._selection.as_of)
            return
        if spot.stream:
            self._selection.choose_stream(spot.stream)
        if spot.position is not None:
            if spot.is_compared:
                self._selection.set_anchor(max(spot.position - 1, 0))
            self._selection.seek(spot.position)

    def things(self, row: int, _column: int) -> list[Thing]:
        """What a line is about, for its menu."""
        if not 0 <= row < len(self.found):
            return []
        spot = spot_of(self.found[row])
        found: list[Thing] = [] if spot.position is None else [EventThing(position=spot.position)]
        found += [StreamThing(name=spot.stream)] if spot.stream else []
        found += [ViewThing(name=spot.view)] if spot.view else []
        return found or [TextThing(text=told_of(self.found[row]))]

    @Slot(object)
    def _take(self, value: bytes) -> None:
        it = msgspec.json.decode(value, type=Found)
        self.count += 1
        if self.count <= SHOWN:
            # kept grouped: a line goes behind the last one of its kind
            at = _order(it)
            place = next((n for n, one in enumerate(self.found) if _order(one) > at), None)
            self.found.insert(len(self.found) if place is None else place, it)
        self._growing.want_later()

    @Slot(object)
    def _tell(self, progress: Progress) -> None:
        share = "" if progress.fraction is None else f"{progress.fraction:.0%} · "
        self.said = Said(text=f"{share}{_many(self.count)}", role="dim")
        self._growing.want_later()

    @Slot(object)
    def _learn(self, report: ConsequencesListed) -> None:
        total = sum(report.consequences.values())
        told = _many(total) if total else NOTHING
        if total > SHOWN:
            told = said("{told}; the first {shown:,} are listed", told=told, shown=SHOWN)
        self.said = Said(text=told, role="warn" if total else "ok")
        self.changed.emit()

    @Slot(str, str)
    def _learn_failed(self, what: str, hint: str) -> None:
        self.said = Said(text=sentences(what, hint), role="error")
        self.changed.emit()

    @Slot()
    def _learn_cancelled(self) -> None:
        told = said("stopped: {many} until then", many=_many(self.count))
        self.said = Said(text=told, role="dim")
        self.changed.emit()

    @Slot()
    def _end(self) -> None:
        if self._is_to_restart:
            self._is_to_restart = False
            self.start()
        else:
            self.changed.emit()


def spot_of(it: Found) -> Spot:
    """Where it is to be seen in the branch; what only the log has, near its place there."""
    match it:
        case kinds.StreamDiffers():
            position = it.failed_at or it.branch_position or it.position
            return Spot(position=position, stream=it.stream, is_compared=True)
        case kinds.CommandDiffers():
            return Spot(position=it.branch_position, stream=it.stream)
        case kinds.MessageDiffers():
            return Spot(position=it.branch_position or it.position)
        case kinds.ProcessDiffers():
            return Spot(position=it.branch_position or it.position, stream=it.stream)
        case kinds.TimerDiffers():
            return Spot(position=it.position, stream=it.stream)
        case kinds.RowDiffers():
            return Spot(view=it.view, key=it.key)
        case kinds.ViewFails():
            return Spot(position=it.failed_at)
    return Spot()


def _place(it: Found) -> str:
    spot = spot_of(it)
    return spot.view if spot.view else "" if spot.position is None else where(spot.position, None)


def _order(it: Found) -> int:
    return kinds.KINDS.index(kinds.kind_of(it))


def _many(count: int) -> str:
    return counted("{count:,} consequence", "{count:,} consequences", count)
