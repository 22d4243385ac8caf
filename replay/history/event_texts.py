"""Events as text to paste or keep: JSON, CSV for a sheet, Markdown, and a test for pytest."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any, Final

from replay.printing import event_json
from replay.states.stream_states import StreamStates
from store import json_text
from store.events import NewEvent, RecordedEvent
from store.memory import MemoryStore

COLUMNS: Final = ("position", "recorded_at", "stream", "version", "type", "actor", "data")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a sheet would run what begins so


def as_json(events: Sequence[RecordedEvent]) -> str:
    """An object a line, payloads as they are stored."""
    return "".join(f"{event_json(it)}\n" for it in events)


def as_csv(events: Sequence[RecordedEvent]) -> str:
    """With a head. What a sheet would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([guarded(it) for it in _cells(event)] for event in events)
    return text.getvalue()


def guarded(text: str) -> str:
    """The text, harmless in a sheet."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_markdown(events: Sequence[RecordedEvent]) -> str:
    """A table; what would end a cell or a line is escaped."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *map(_cells, events)]
    return "".join(f"| {' | '.join(map(_in_a_cell, row))} |\n" for row in rows)


def as_pytest(events: Sequence[RecordedEvent]) -> str:
    """A test: given all but the last of these events, when the last one happens, then the states
    are what these events alone lead to."""
    facts = [_fact(it) for it in events]
    return PYTEST.format(
        count=f"{len(events):,}",
        given=_listed(facts[:-1]),
        when=json_text.encode(facts[-1]) if facts else "null",
        then=json_text.encode(states_of(facts)),
    )


def states_of(facts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The states of the streams after these events (stream, type, data, metadata), by stream."""
    log, states = MemoryStore(), StreamStates()
    for it in facts:
        event = NewEvent.of(it["type"], it["data"], it["metadata"])
        log.append(it["stream"], [event], expected=None)
    streams = sorted({str(it["stream"]) for it in facts})
    return {it: states.at(log, it, log.head()).state for it in streams}


FORMATS: Final[dict[str, Callable[[Sequence[RecordedEvent]], str]]] = {
    "JSON": as_json,
    "CSV": as_csv,
    "Markdown": as_markdown,
    "Test (pytest)": as_pytest,
}

PYTEST: Final = '''"""{count} events: given, when, then."""

from replay.history.event_texts import states_of
from store import json_text

GIVEN = json_text.decode(r"""{given}""")
WHEN = json_text.decode(r"""{when}""")
THEN = json_text.decode(r"""{then}""")


def test_the_states_are_still_the_same():
    assert states_of([*GIVEN, WHEN]) == THEN
'''


def _fact(event: RecordedEvent) -> dict[str, Any]:
    return {
        "stream": event.stream,
        "type": event.type,
        "data": event.data,
        "metadata": event.metadata,
    }


def _listed(facts: Sequence[dict[str, Any]]) -> str:
    lines = ",\n".join(map(json_text.encode, facts))
    return f"[\n{lines}\n]" if facts else "[]"


def _cells(event: RecordedEvent) -> tuple[str, ...]:
    numbers = (str(event.position), str(event.version))
    actor = str(event.metadata.get("user", ""))
    return (
        numbers[0],
        event.recorded_at,
        event.stream,
        numbers[1],
        event.type,
        actor,
        event.data_json,
    )


def _in_a_cell(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return " ".join(plain.splitlines())
