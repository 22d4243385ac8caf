"""What reader threads do for a correction: read the event, ask the models, compare."""

from dataclasses import dataclass
from typing import Any

from gui.viewmodels.said import Said
from gui.viewmodels.state_marks import ChangeMark, marks_of
from gui.words import counted, said
from gui.work.reads import Reads
from replay.correcting.kinds import Kind
from replay.correcting.told import CorrectionTold, SideTold
from replay.states.diff import diff
from replay.workers.worker_messages import CorrectEvent
from replay.workers.worker_process import CommandWorker
from store import json_text
from store.events import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is set in the dialog. `before`: as typed; empty: by when it occurred."""

    kind: Kind = "wrong"
    before: str = ""
    text: str = ""  # the data, for "wrong"
    reason: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reality:
    """One stream in its three states; the marks are of fields that differ from what the log has."""

    stream: str
    title: str  # with how many fields differ
    now: Any
    should_be: Any
    after: Any
    should_be_marks: tuple[ChangeMark, ...]
    after_marks: tuple[ChangeMark, ...]
    left: tuple[tuple[str | int, ...], ...]  # fields that new events do not reach
    why_left: str
    appends: tuple[str, ...]  # an event a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The event, and what it says now: as it was corrected last, or as it was recorded."""

    event: RecordedEvent
    text: str
    corrected: str  # by what, as a sentence; empty where it was not


def problem_with(wanted: Wanted, opened: Opened) -> Said:
    """What cannot be asked at all, as a sentence; empty where it can."""
    if wanted.kind == "late" and wanted.before.strip():
        typed = wanted.before.strip().replace(",", "")
        if not (typed.isascii() and typed.isdigit()):
            text = said("The place is the position of an event: a number, such as 12.")
            return Said(text=text, role="error")
    return _problem_of(wanted.text, opened) if wanted.kind == "wrong" else Said()


def _problem_of(text: str, opened: Opened) -> Said:
    """Why a text is not the right data of the event."""
    if not text.strip():
        return Said(text=said("Enter what the event should have said, as JSON."), role="error")
    try:
        data = json_text.decode(text)
    except ValueError as error:
        wrong = said("The data is not valid JSON: {error}.", error=str(error).rstrip("."))
        return Said(text=wrong, role="error")
    if data == json_text.decode(opened.text):
        return Said(text=said("Nothing is changed yet. Correct what was wrong about the data."))
    return Said()


def opened(reads: Reads, *, position: int) -> Opened | None:
    """What there is to correct; None where there is no event."""
    from replay.correcting.correction import corrections_in
    from replay.correcting.marks import CorrectionMarks

    event = reads.log.event(position)
    if event is None:
        return None
    mark = CorrectionMarks().of(reads.log, [event]).get(position)
    data = event.data
    for made in corrections_in(reads.log, [event.stream]) if mark else ():
        if made.correction.event == event.id and made.correction.kind == "wrong":
            data = made.correction.data
    told = "" if mark is None else mark.sentences.splitlines()[-1]
    return Opened(event=event, text=json_text.encode(data), corrected=told)


def previewed(
    _reads: Reads, *, worker: CommandWorker, position: int, wanted: Wanted
) -> tuple[CorrectionTold, tuple[Reality, ...]]:
    """What it would come to. Raises WorkerError, ModelFailed."""
    told = worker.ask(CorrectEvent(**_asked(position, wanted)))
    return told, tuple(map(_reality, told.sides))


def committed(
    _reads: Reads,
    *,
    worker: CommandWorker,
    position: int,
    wanted: Wanted,
    partly: bool,
    seen: CorrectionTold,
) -> tuple[CorrectionTold, tuple[Reality, ...]]:
    """Append it, if the streams are as they were seen. Raises WorkerError, ModelFailed."""
    asked = _asked(position, wanted)
    told = worker.ask(CorrectEvent(**asked, commits=True, partly=partly, seen=seen.newest))
    return told, tuple(map(_reality, told.sides))


def _asked(position: int, wanted: Wanted) -> dict[str, Any]:
    asked: dict[str, Any] = {"position": position, "kind": wanted.kind}
    if wanted.kind == "late" and (before := wanted.before.strip().replace(",", "")):
        asked["before"] = int(before)
    if wanted.kind == "wrong":
        asked["data"] = json_text.decode(wanted.text)
    return {**asked, "actor": wanted.actor, "reason": wanted.reason}


def _reality(side: SideTold) -> Reality:
    should_be, after = (tuple(diff(side.now, it)) for it in (side.should_be, side.after))
    left = tuple(it.path for it in diff(side.after, side.should_be))
    differs = len({it.path for it in (*should_be, *after)})
    fields = counted("{count:,} field differs", "{count:,} fields differ", differs)
    return Reality(
        stream=side.stream,
        title=f"{side.stream} · {fields}",
        now=side.now,
        should_be=side.should_be,
        after=side.after,
        should_be_marks=tuple(marks_of(should_be)),
        after_marks=tuple(marks_of(after)),
        left=left,
        why_left=side.why_left,
        appends=tuple(
            said("{type} {data}", type=type_, data=json_text.encode(data))
            for type_, data in side.events
        ),
    )
