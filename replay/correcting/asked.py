"""What a person asks to be corrected, held against the log: a correction, or why there is none."""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct, structs

from replay.correcting.correction import Correction, Made, correction_of, corrections_in
from replay.correcting.errors import CannotCorrect, no_such_event
from replay.correcting.kinds import Kind
from replay.states.model_set import ModelSet
from replay.words import said
from store import json_text
from store.branches.edits import Edit
from store.branches.unsaved import UnsavedLine
from store.events import RecordedEvent
from store.interface import EventReader


class Asked(Struct, frozen=True, kw_only=True):
    """`before`: a position, for "late"; None: where it belongs by when it occurred. `data`: a JSON
    value, for "wrong"."""

    position: int
    kind: Kind
    before: int | None = None
    data: Any = UNSET


class Found(Struct, frozen=True, kw_only=True):
    """The event, the correction that is asked for, the streams that it may change, and what was
    corrected in them before. `already`: the earlier correction that is the same."""

    event: RecordedEvent
    correction: Correction
    streams: tuple[str, ...]
    earlier: tuple[Made, ...]
    already: Made | None

    @property
    def times_before(self) -> int:
        """How often this event was corrected before."""
        return sum(it.correction.event == self.event.id for it in self.earlier)


def found_in(log: EventReader, models: ModelSet, asked: Asked, *, head: int) -> Found:
    """Raises CannotCorrect."""
    event = _event(log, asked.position, head)
    streams = (event.stream, *log.links(event.position))
    earlier = corrections_in(log, streams)
    of_event = [it for it in earlier if it.correction.event == event.id]
    line = line_of(log, earlier, head=head)
    correction = _correction(log, line, event, asked, of_event, head)
    already = of_event[-1] if of_event and _holds(line, correction, of_event[-1]) else None
    if already is None:
        _require_sensible(line, models, event, correction, of_event)
    return Found(
        event=event,
        correction=correction,
        streams=streams,
        earlier=tuple(earlier),
        already=already,
    )


def line_of(
    log: EventReader, made: Sequence[Made], *, head: int, more: Sequence[Correction] = ()
) -> UnsavedLine:
    """The log as it should have been by these corrections, without the events that they appended,
    and by some more. Raises CannotCorrect where an earlier one names what is gone."""
    edits = list[Edit]()
    for it in made:
        edits += [Edit(number=0, kind="leave out", target=event.id) for event in it.events]
        edits.append(it.correction.edit())
    edits += [it.edit() for it in more]
    line = UnsavedLine(log, edits, last=head)
    if line.unfit:
        reason = said("an earlier correction no longer fits: {why}", why=line.unfit[0][1])
        raise CannotCorrect(reason, said("Make a branch, and edit its history there."))
    return line


def _event(log: EventReader, position: int, head: int) -> RecordedEvent:
    event = log.event(position) if 0 < position <= head else None
    if event is None:
        raise no_such_event(position, head)
    if correction_of(event) is not None:
        raise CannotCorrect(
            said("the event at {position:,} is itself a correction", position=position),
            said("Correct the event that it corrects again."),
        )
    return event


def _correction(
    log: EventReader,
    line: UnsavedLine,
    event: RecordedEvent,
    asked: Asked,
    of_event: Sequence[Made],
    head: int,
) -> Correction:
    if asked.kind == "wrong":
        return Correction(event=event.id, kind="wrong", data=asked.data)
    if asked.kind == "rejected":
        return Correction(event=event.id, kind="rejected")
    if asked.before is not None:
        before = _event(log, asked.before, head).id
        return Correction(event=event.id, kind="late", before=before)
    last = of_event[-1].correction if of_event else None
    found = _by_time(line, event, log.links(event.position))
    if found is None and last is not None and last.kind == "late":
        return last  # it stands where it belongs since then
    if found is None:
        raise CannotCorrect(
            said(
                "the event at {position:,} did not occur before anything that its stream already "
                "held",
                position=event.position,
            ),
            said("Name the event that it belongs before. The option is --before P."),
        )
    return Correction(event=event.id, kind="late", before=found)


def _holds(line: UnsavedLine, correction: Correction, last: Made) -> bool:
    """Whether an event was corrected just so, and nothing has moved since."""
    if last.correction != correction or correction.kind != "late":
        return last.correction == correction
    there, other = line.event_by_id(correction.event), line.event_by_id(correction.before)
    return there is not None and other is not None and there.position < other.position


def _by_time(line: UnsavedLine, event: RecordedEvent, links: Sequence[str]) -> str | None:
    """The id of the first event of its streams that occurred after it, and stands before it."""
    there = line.event_by_id(event.id)
    if there is None:
        return None
    found = [
        other
        for stream in (event.stream, *links)
        for other in [_first_later(line, stream, there)]
        if other is not None
    ]
    return min(found, key=lambda it: it.position).id if found else None


def _first_later(line: UnsavedLine, stream: str, event: RecordedEvent) -> RecordedEvent | None:
    before = line.read_stream(stream, until=event.position - 1)
    return next((it for it in before if it.occurred_at_us > event.occurred_at_us), None)


def _require_sensible(
    line: UnsavedLine,
    models: ModelSet,
    event: RecordedEvent,
    correction: Correction,
    of_event: Sequence[Made],
) -> None:
    there = line.event_by_id(event.id)
    if there is None:
        at = of_event[-1].events[0].position if of_event else 0
        raise CannotCorrect(
            said(
                "the event at {position:,} was rejected by the correction at {at:,}",
                position=event.position,
                at=at,
            ),
            said("Issue a command, or append an event, that says what happened after all."),
        )
    if correction.kind == "late":
        _require_later(line, there, event, correction.before)
    elif correction.kind == "wrong":
        _require_other(models, there, correction.data)


def _require_later(
    line: UnsavedLine, there: RecordedEvent, event: RecordedEvent, before: str
) -> None:
    other = line.event_by_id(before)
    if other is None:
        raise CannotCorrect(
            said("the event that it should come before was rejected"),
            said("Name another event. The option is --before P."),
        )
    if other.position >= there.position:
        raise CannotCorrect(
            said(
                "the place to come before is not earlier than position {position:,}",
                position=event.position,
            ),
            said("A late event belongs before an earlier one. The option is --before P."),
        )


def _require_other(models: ModelSet, there: RecordedEvent, data: Any) -> None:
    text = json_text.encode(data)
    if there.data == data:
        raise CannotCorrect(
            said("the event says exactly that already"),
            said("Give other data. The option is --data JSON."),
        )
    model = models.of_stream(there.stream)
    if model is None or not models.reading(model).knows(there.type):
        return
    reading = models.reading(model)
    if not reading.why_unread(there) and (
        why := reading.why_unread(structs.replace(there, data_json=text))
    ):
        raise CannotCorrect(
            said(
                "the model {title} cannot read this data as {type}: {why}",
                title=model.title,
                type=there.type,
                why=why,
            ),
            said("Correct the data. Nothing was appended."),
        )
