"""The history of a field on its way from the process of the models: only what is new in it."""

import hashlib
from array import array
from itertools import chain
from typing import Any

import msgspec

from replay.states.diff import Path
from replay.states.field_histories import Axis, FoundField
from replay.states.field_history import Brief, FieldHistory
from replay.states.state_part import ABSENT
from replay.workers.worker_messages import HistoryFound, TellHistory


def question_of(
    stream: str,
    path: Path,
    *,
    position: int,
    axis: Axis,
    held: FieldHistory | None,
    known_at: int | None = None,
) -> TellHistory:
    """What to ask by one who has a history, or none."""
    known = 0 if held is None else len(held.positions)
    return TellHistory(
        stream=stream,
        path=path,
        position=position,
        axis=axis,
        known_at=known_at,
        known=known,
        digest="" if held is None else _digest(held, known),
    )


def answer_of(question: TellHistory, found: FoundField) -> HistoryFound:
    """The changes that the asker lacks; all of them where those that it has are not true any
    more."""
    history, known = found.history, question.known
    is_true = known <= len(history.positions) and _digest(history, known) == question.digest
    known = known if is_true else 0
    return HistoryFound(
        known=known,
        places=list(history.places[known:]),
        positions=list(history.positions[known:]),
        values=[_wrapped(it) for it in history.values[known:]],
        first=_wrapped(history.first),
        until=history.until,
        at=found.at,
    )


def joined(held: FieldHistory | None, answer: HistoryFound, path: Path) -> FoundField:
    """The whole history, of what there was and what came."""
    known = answer.known if held is not None else 0
    before: Any = FieldHistory(path=path, first=None) if held is None else held
    history = FieldHistory(
        path=path,
        first=_unwrapped(answer.first),
        places=array("q", chain(before.places[:known], answer.places)),
        positions=array("q", chain(before.positions[:known], answer.positions)),
        values=[*before.values[:known], *map(_unwrapped, answer.values)],
        until=answer.until,
    )
    return FoundField(history=history, at=answer.at)


def _digest(history: FieldHistory, known: int) -> str:
    """Of where the first changes stand; what they are follows from that, by one model."""
    both = (array("q", it[:known]).tobytes() for it in (history.places, history.positions))
    return hashlib.sha256(b"".join(both)).hexdigest()


def _wrapped(value: Any) -> list[Any]:
    """No value is nothing, a brief one its parts: JSON has no form for either."""
    if value is ABSENT:
        return []
    return [value.kind, value.size, value.start] if isinstance(value, Brief) else [value]


def _unwrapped(value: list[Any]) -> Any:
    if len(value) == 3:
        kind, size, start = value
        return msgspec.convert({"kind": kind, "size": size, "start": start}, Brief)
    return value[0] if value else ABSENT
