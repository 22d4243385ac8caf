"""A log of Redux DevTools with times: its "lifted" state, `{"actionsById", "stagedActionIds", …}`.

The order is that of `stagedActionIds`, which a person may have changed. Skipped actions did happen
and are marked; `@@INIT` is none. After a commit a fold must begin from `committedState`, which then
is the first event. Layout read from what @redux-devtools/instrument 2.2 wrote.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Final

from store.errors import UnreadableSource
from store.reading import fields
from store.reading.epoch_times import of_milliseconds
from store.reading.fields import Unusable
from store.reading.format import Format, Record
from store.reading.json_members import json_object, members
from store.reading.json_records import RawRecord, members_of, records, rejected
from store.reading.json_stream import JsonStream
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, incoming
from store.words import said

NAME: Final = "redux-log"
STREAM: Final = "redux"
INIT: Final = "@@INIT"
COMMITTED: Final = "Committed"
_KEPT: Final = frozenset({"stagedActionIds", "skippedActionIds", "committedState"})
# Actions behind which another one of the same id stands: that one counts, as in JavaScript.
_REPLACED: Final = """
SELECT number, id, offset, text FROM actions AS one
WHERE EXISTS (SELECT 1 FROM actions WHERE id = one.id AND number > one.number) ORDER BY number
"""
_LAST: Final = "SELECT offset, text FROM actions WHERE id = ? ORDER BY number DESC LIMIT 1"


def read(source: Source) -> Iterator[Record]:
    """Every action that is staged, in that order."""
    db = source.scratch()
    db.execute("CREATE TABLE actions (number INTEGER PRIMARY KEY, id TEXT, offset, text)")
    db.execute("CREATE INDEX by_id ON actions (id, number)")
    for record, document in _documents(source):
        db.execute("DELETE FROM actions")
        try:
            lifted = _lifted(document, db)
            staged, skipped = _ids(lifted, "stagedActionIds"), set(_ids(lifted, "skippedActionIds"))
        except Unusable as reason:
            yield rejected(record, reason)
            continue
        for number, id_, offset, text in db.execute(_REPLACED):
            twice = said("actionsById has another action {id_} behind this one", id_=id_)
            yield rejected(RawRecord(number, offset, text), twice)
        if (committed := lifted.get("committedState", "null")) not in ("null", "{}"):
            yield incoming(record, _base(committed))
        for number, id_ in enumerate(staged, 1):
            offset, text = db.execute(_LAST, (id_,)).fetchone() or (record.offset, b"null")
            part = RawRecord(number, offset, text)
            try:
                if (stated := _stated(part, id_, is_skipped=id_ in skipped)) is not None:
                    yield incoming(part, stated)
            except Unusable as reason:
                yield rejected(part, reason)


def _documents(source: Source) -> Iterator[tuple[RawRecord, JsonStream]]:
    """Each log of the file: the one that it is, of any length, or those on its lines."""
    if source.sample.shape == "object":
        yield RawRecord(1, 0, b""), JsonStream(source.pieces(), source.path)
        return
    for record in records(source):
        yield record, JsonStream(iter((record.text,)), source.path, begin=record.offset)


def _lifted(document: JsonStream, db: sqlite3.Connection) -> dict[str, str]:
    """What a log says besides its actions, which are put by. Raises Unusable, of one that is on a
    line too."""
    found, has_actions = dict[str, str](), False
    try:
        for name in document.members():
            if name == "actionsById":
                if document.sign() != "{":
                    raise Unusable(said("{name} is not an object", name=name))
                actions = ((id_, *document.value()) for id_ in document.members())
                db.executemany("INSERT INTO actions VALUES (NULL, ?, ?, ?)", actions)
                has_actions = True
            elif name in _KEPT:
                found[name] = document.value().text.decode()
            else:
                document.skip()
        document.end()
    except UnreadableSource as error:
        raise Unusable(error.reason) from None
    if not has_actions:
        raise Unusable(said("there is no {name}", name="actionsById"))
    return found


def _base(committed: str) -> StatedEvent:
    return StatedEvent(
        stream=STREAM, type=COMMITTED, key=(NAME, "committed", committed), data=committed
    )


def _stated(record: RawRecord, id_: str, *, is_skipped: bool) -> StatedEvent | None:
    """One action; None for that with which the store began."""
    if record.text == b"null":
        raise Unusable(said("the action {id_} is staged but not in actionsById", id_=id_))
    lifted = members_of(record)
    action = dict(_object(lifted, "action"))
    type_ = fields.required_text(action, "type")
    if type_ == INIT:
        return None
    at = fields.number(lifted, "timestamp")
    held = {"action_id": id_, **({"is_skipped": "true"} if is_skipped else {})}
    if "stack" in lifted:
        held["stack"] = lifted["stack"]
    return action_event(
        action,
        key=(NAME, id_, at or 0),
        at=None if at is None else of_milliseconds(at, "timestamp"),
        beyond={"redux": json_object(held)},
    )


def action_event(
    action: Mapping[str, str], *, key: tuple[str | int, ...], at: str | None, beyond: dict[str, str]
) -> StatedEvent:
    """An action as an event: its payload is the data, else all of it but the type; `meta` is the
    metadata. Raises Unusable."""
    meta = dict(members(action["meta"])) if action.get("meta", "").startswith("{") else {}
    correlation = meta.get("correlationId", "")
    ours = {"correlation_id": correlation} if correlation.startswith('"') else {}
    known = ("type", "payload", "meta")
    extras = {name: text for name, text in action.items() if name not in known}
    data = action["payload"] if "payload" in action else json_object(extras)
    if "payload" in action and extras:
        beyond = {**beyond, "extras": json_object(extras)}
    return StatedEvent(
        stream=STREAM,
        type=fields.required_text(action, "type"),
        key=key,
        data=data,
        metadata={**meta, **ours},
        recorded=at,
        beyond=beyond,
    )


def _object(record: Mapping[str, str], name: str) -> list[tuple[str, str]]:
    text = fields.object_text(record, name)
    if text is None:
        raise Unusable(said("there is no {name}", name=name))
    return members(text)


def _ids(record: Mapping[str, str], name: str) -> list[str]:
    """Numbers of actions, as digits."""
    text = record.get(name, "[]").strip()
    ids = [it.strip() for it in text.strip("[]").split(",") if it.strip()]
    if not text.startswith("[") or not all(it.isdigit() for it in ids):
        raise Unusable(said("{name} is not a list of numbers", name=name))
    return ids


FORMAT: Final = Format(
    name=NAME,
    title=said("Redux DevTools, a log with times"),
    suffixes=(".json",),
    signs=(UsualKeys(names=("actionsById", "stagedActionIds"), confidence=0.97),),
    read=read,
)
