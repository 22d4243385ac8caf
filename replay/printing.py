"""How verbs print: JSON with every digit kept, and text in columns for reading."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import chain, islice
from pathlib import PurePath
from typing import Any, Final

from replay.standard_output import OUTPUT
from store import json_text
from store.events import RecordedEvent
from store.visible_text import visible

ROWS_AT_ONCE: Final = 10_000  # of a table: more are not held to be printed


def print_json(value: Any) -> None:
    """One JSON value on a line of its own."""
    print_json_text(json_text.encode(plain(value)))


def print_json_text(text: str) -> None:
    """A JSON text on a line of its own. On a terminal what would act there is escaped, which says
    the same; otherwise it is written as it is."""
    OUTPUT.write((visible(text) if OUTPUT.is_terminal() else text) + "\n")


def print_text(text: str) -> None:
    """One line: what would act on a terminal is written as an escape, and what it cannot show is
    replaced."""
    encoding = OUTPUT.encoding
    OUTPUT.write(visible(text).encode(encoding, "replace").decode(encoding) + "\n")


def print_lines(text: str) -> None:
    """A text of several lines, each as `print_text` has it."""
    for line in text.split("\n"):
        print_text(line)


def print_facts(facts: Iterable[tuple[str, Any]]) -> None:
    """Labels and values in two columns."""
    listed = [(label, value_text(value)) for label, value in facts]
    width = max((len(label) for label, _ in listed), default=0)
    for label, value in listed:
        print_text(f"{label:<{width}}  {value}")


def value_text(value: Any, *, absent: str = "") -> str:
    """A value as text for a person: text as it is, anything else as JSON and never as Python."""
    match value:
        case None:
            return absent
        case str():
            return value
        case bytes():
            return value.hex()
        case PurePath():
            return str(value)
    return json_text.encode(plain(value))


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as what is in them; of very many rows as wide as in those until then."""
    waiting, widths = chain((titles,), rows), [0] * len(titles)
    while shown := [[visible(cell) for cell in row] for row in islice(waiting, ROWS_AT_ONCE)]:
        widths = [max(was, *map(len, cells)) for was, *cells in zip(widths, *shown, strict=True)]
        for row in shown:
            cells = (f"{text:<{width}}" for text, width in zip(row, widths, strict=True))
            print_text("  ".join(cells).rstrip())


def event_json(event: RecordedEvent, links: Sequence[str] = ()) -> str:
    """An event as one line of JSON; its payload texts as they are stored."""
    facts = {
        "position": event.position,
        "stream": event.stream,
        "stream_version": event.version,
        "type": event.type,
        "id": event.id,
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
    }
    text = json_text.encode(facts)[:-1]
    text += f',"data":{_one_line(event.data_json)},"metadata":{_one_line(event.metadata_json)}'
    if links:
        text += f',"links":{json_text.encode(list(links))}'
    if event.source_json is not None:
        text += f',"source":{_one_line(event.source_json)}'
    return text + "}"


def plain(value: Any) -> Any:
    """Dataclasses and tuples as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _one_line(text: str) -> str:
    """Line breaks between tokens become spaces: JSON strings hold none as they are."""
    return text.replace("\r", " ").replace("\n", " ")
