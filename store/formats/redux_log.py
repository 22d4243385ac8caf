"""A log of Redux DevTools with times: its "lifted" state, `{"actionsById", "stagedActionIds", …}`.

The order is that of `stagedActionIds`, which a person may have changed. Skipped actions did happen
and are marked; `@@INIT` is none. After a commit a fold must begin from `committedState`, which then
is the first event. Layout read from what @redux-devtools/instrument 2.2 wrote.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from store.reading import fields
from store.reading.epoch_times import of_milliseconds
from store.reading.fields import Unusable
from store.reading.format import Format, Record, Rejected
from store.reading.json_members import json_object, members
from store.reading.json_records import RawRecord, members_of, records, rejected
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, incoming
from store.words import said

NAME: Final = "redux-log"
STREAM: Final = "redux"
INIT: Final = "@@INIT"
COMMITTED: Final = "Committed"


def read(source: Source) -> Iterator[Record]:
    """Every action that is staged, in that order."""
    for record in records(source):
        try:
            lifted = members_of(record)
            pairs = _object(lifted, "actionsById")
            actions = dict(pairs)
            staged, skipped = _ids(lifted, "stagedActionIds"), set(_ids(lifted, "skippedActionIds"))
        except Unusable as reason:
            yield rejected(record, reason)
            continue
        yield from _replaced(record, pairs)
        if (committed := lifted.get("committedState", "null")) not in ("null", "{}"):
            yield incoming(record, _base(committed))
        for number, id_ in enumerate(staged, 1):
            part = RawRecord(number, record.offset, actions.get(id_, "null").encode())
            try:
                if (stated := _stated(part, id_, is_skipped=id_ in skipped)) is not None:
                    yield incoming(part, stated)
            except Unusable as reason:
                yield rejected(part, reason)


def _replaced(record: RawRecord, pairs: list[tuple[str, str]]) -> Iterator[Rejected]:
    """Actions behind which another one of the same id stands: that one counts, as in JavaScript."""
    last = {id_: at for at, (id_, _) in enumerate(pairs)}
    for at, (id_, text) in enumerate(pairs):
        if last[id_] != at:
            reason = said("actionsById has another action {id_} behind this one", id_=id_)
            yield rejected(RawRecord(at + 1, record.offset, text.encode()), reason)


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
