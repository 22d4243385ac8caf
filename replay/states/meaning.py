"""What a model says of one event: its current shape, what is kept for stepping back, its rules."""

from dataclasses import dataclass
from typing import Any

from replay.states.model_set import AnyModel, ModelSet
from replay.states.processing_data import processing_in
from replay.words import said
from store.events import RecordedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """`upcast` is the payload in the current shape, None when it is stored in that shape."""

    model: str  # its title
    unread: str  # why the model cannot read it; empty when it can
    retired: str = ""  # why its type has no effect any more
    steps: tuple[str, ...] = ()  # the shapes it went through, the current one last
    upcast: Any = None
    processing: tuple[tuple[str, Any], ...] = ()  # kept for stepping back, not for folding
    rules: tuple[str, ...] = ()  # "harbour fee 15, since 2005-11-18"
    gateway: str = ""  # that is told of it when it is live
    can_go_back: bool = False  # whether stepping back undoes it instead of folding


def meaning_of(models: ModelSet, model: AnyModel | None, event: RecordedEvent) -> Meaning | None:
    """What the event's model says of it; None without a model."""
    if model is None:
        return None
    reading = models.reading(model)
    unread = reading.why_unread(event)
    if unread:
        return Meaning(model=model.title, unread=unread)
    if retired := reading.why_retired(event.type):
        return Meaning(model=model.title, unread="", retired=retired)
    typed, newest = reading.typed(event), reading.upcast(event)
    assert typed is not None  # why_unread said so
    type_ = type(typed)
    effect = model.effects.get(type_)
    return Meaning(
        model=model.title,
        unread="",
        steps=newest.steps,
        upcast=newest.data if len(newest.steps) > 1 else None,
        processing=tuple(
            found
            for path in model.processing.get(type_, ())
            for found in processing_in(newest.data, path)
        ),
        rules=_rules(model, typed, event),
        gateway=effect.gateway if effect else "",
        can_go_back=type_ in model.reverses,
    )


def _rules(model: AnyModel, typed: Any, event: RecordedEvent) -> tuple[str, ...]:
    """The dated rules that applied, with the value of the day."""
    day = str(getattr(typed, "occurred", "") or event.occurred_at)[:10]
    told = []
    for rule in model.dated_rules:
        if isinstance(typed, rule.applies_to):
            since = max((first for first, _ in rule.since if first <= day), default="")
            told.append(
                said(
                    "{name} {day}, since {since}",
                    name=rule.name,
                    day=rule.at(day),
                    since=since or said("the beginning"),
                )
            )
    return tuple(told)
