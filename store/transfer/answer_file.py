"""Recorded answers of outside queries as a file beside an export: they travel with the events.

One JSON object a line. Whoever keeps the events must keep the answers as long: without them
nothing that asked can be decided on again.
"""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from store.beside.answers import Answer
from store.errors import StoreExists
from store.filter.evaluate import matches
from store.opening import open_reader
from store.query import EVERYTHING, EventQuery
from store.sqlite.connect import open_log
from store.sqlite.writer import Writer
from store.whole_file import write_whole
from store.words import said

SUFFIX: Final = ".answers.jsonl"
_DECODER: Final = msgspec.json.Decoder(Answer)


def answers_beside(events: Path) -> Path:
    """Where the answers of an event file lie."""
    return events.with_name(events.name + SUFFIX)


def refuse_answers_there(out: Path) -> None:
    """Raises StoreExists when answers lie where those of an export to `out` would."""
    there = answers_beside(out)
    if there.exists():
        error = StoreExists(there)
        error.hint = said("Choose another name, or allow replacing it (--overwrite).")
        raise error


def write_answers(log: Path, out: Path, query: EventQuery = EVERYTHING) -> int:
    """Write the answers of a log beside an export, those of the events that meet `query`.
    Returns how many; none leaves no file, and takes away one of an earlier export."""
    with closing(open_reader(log)) as reader:
        found = reader.beside.answers.of_events(replace(query, where=None))
        if query.where is not None:
            is_met = matches(query.where)
            given = {it: reader.event_by_id(it) for it in {it.event_id for it in found}}
            met = {it for it, event in given.items() if event is not None and is_met(event)}
            found = [it for it in found if it.event_id in met]
    target = answers_beside(out)
    if not found:
        target.unlink(missing_ok=True)
        return 0
    content = b"".join(msgspec.json.encode(it) + b"\n" for it in found)
    write_whole(target, content, overwrite=True)
    return len(found)


def read_answers(events: Path, into: Path) -> tuple[int, int]:
    """Keep the answers that lie beside an event file.

    Returns how many were new, and how many lines could not be read; those are left out. Without a
    log, where no event could be stored, there is nothing to keep them for.
    """
    source = answers_beside(events)
    if not source.is_file() or not into.exists():
        return 0, 0
    found, bad = _answers(source)
    db = open_log(into, writable=True)
    try:
        writer = Writer(db)
        kept = writer.beside.answers
        with writer.transaction():
            new = [it for it in found if not kept.has(it.event_id, it.gateway, it.request_json)]
            kept.keep(new)
    finally:
        db.close()
    return len(new), bad


def _answers(source: Path) -> tuple[list[Answer], int]:
    found: dict[tuple[str, str, str], Answer] = {}
    bad = 0
    for line in source.read_bytes().splitlines():
        try:
            answer = _DECODER.decode(line)
            msgspec.json.decode(answer.request_json)
            msgspec.json.decode(answer.answer_json)
        except (msgspec.MsgspecError, UnicodeError):
            bad += 1
            continue
        found[answer.event_id, answer.gateway, answer.request_json] = answer
    return list(found.values()), bad
