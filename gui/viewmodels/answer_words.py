"""Why a value is what it is, in words: for a field of a state and for a cell of a view."""

from dataclasses import dataclass
from typing import Any, Final

from gui.selection import Axis
from gui.viewmodels.event_rows import span_text
from gui.viewmodels.time_text import full_time_text
from gui.viewmodels.value_text import cell_text
from gui.words import counted, said
from replay.history.audit import AuditEntry
from replay.history.field_changes import FieldAnswer
from replay.states.diff import path_text
from replay.states.field_history import Brief
from replay.states.state_part import ABSENT
from store import json_text
from store.events import RecordedEvent

LETTERS: Final = 60  # of a text
ABSENT_WORDS: Final = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWords:
    """Every text of an answer; empty ones are not shown."""

    title: str  # what it is about
    after: str
    event: str  # that made it so: type, position, version; or why there is none
    before: str = ""
    when: str = ""
    who: str = ""  # and by which command
    rules: str = ""  # that it was decided under
    place: str = ""  # which of how many changes


def field_words(answer: FieldAnswer, *, cursor: RecordedEvent | None, axis: Axis) -> AnswerWords:
    """Of a field of a state, seen from the event under the cursor."""
    title = said("{path} of {stream}", path=path_text(answer.path), stream=answer.stream)
    after, count = value_words(answer.after), len(answer.history.positions)
    if answer.event is None or answer.entry is None:
        is_absent = answer.after is ABSENT
        why_none = said("no event has set it") if is_absent else BEGINNING
        place = (
            said("changes {count} later", count=counted("{count:,} time", "{count:,} times", count))
            if count
            else ""
        )
        return AnswerWords(title=title, after=after, event=why_none, place=place)
    return AnswerWords(
        title=title,
        before=value_words(answer.before),
        after=after,
        event=event_words(answer.event),
        when=when_words(answer.event, cursor=cursor, axis=axis),
        who=who_words(answer.entry),
        rules=rule_words(answer.entry),
        place=counted("its only change", "change {at:,} of {count:,}", count, at=answer.at + 1),
    )


BEGINNING: Final = said("not set by any event: this is the initial value")


def event_words(event: RecordedEvent) -> str:
    """Type, position and version."""
    return f"{event.type} · {event.position:,} · v{event.version:,}"


def when_words(event: RecordedEvent, *, cursor: RecordedEvent | None, axis: Axis) -> str:
    """The time on the axis, and how far from the cursor that is."""
    at_us = _time_us(event, axis)
    parts = [full_time_text(at_us)]
    if cursor is not None:
        ago_us = _time_us(cursor, axis) - at_us
        if cursor.position == event.position:
            parts.append(said("at the cursor"))
        elif ago_us:
            parts.append(f"{span_text(abs(ago_us))} {'earlier' if ago_us > 0 else 'later'}")
    return " · ".join(parts)


def who_words(entry: AuditEntry) -> str:
    """Who did it, by which command."""
    parts = [said("by {who}", who=entry.who)] if entry.who else []
    return " · ".join(
        [*parts, said("command {command}", command=entry.command)] if entry.command else parts
    )


def rule_words(entry: AuditEntry) -> str:
    """The rules that it was decided under; empty where the event does not say."""
    return said("rules {words}", words=entry.rules.words) if entry.rules else ""


def value_words(value: Any) -> str:
    """A value as a history keeps it, in a few words."""
    if value is ABSENT:
        return ABSENT_WORDS
    if isinstance(value, Brief):
        return _brief_words(value)
    if isinstance(value, str):
        return _quoted(value, len(value))
    return cell_text(value)


def _brief_words(value: Brief) -> str:
    if value.kind == "text":
        return said(
            "{start} ({size})",
            start=_quoted(value.start, value.size),
            size=counted("{count:,} character", "{count:,} characters", value.size),
        )
    if value.kind == "object":
        return counted("1 field", "{count:,} fields", value.size)
    return counted("1 item", "{count:,} items", value.size)


def _quoted(text: str, length: int) -> str:
    return json_text.encode(text[:LETTERS] + ("…" if length > LETTERS else ""))


def _time_us(event: RecordedEvent, axis: Axis) -> int:
    return event.occurred_at_us if axis == "occurred" else event.recorded_at_us
