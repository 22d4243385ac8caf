"""What the events of a category most likely do to the state, by the names of their types and fields
and by samples: where a person begins, and never more than a guess."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from replay.taught.kept_taught import require_usable
from replay.taught.steps import (
    Add,
    AddToList,
    Count,
    Delete,
    Ignore,
    Merge,
    RemoveByKey,
    Set,
    Step,
    Subtract,
    Taught,
    Types,
    WrongTeaching,
)
from replay.taught.type_samples import SampledField, SampledType
from replay.taught.words import is_id, is_own_id, plural, words_of

PUT_IN: Final = frozenset({"added", "appended", "attached", "included", "assigned", "enrolled"})
TAKEN_OUT: Final = frozenset(
    {"removed", "detached", "excluded", "unassigned", "withdrawn", "dropped"}
)
MORE: Final = frozenset({"deposited", "credited", "increased", "received", "earned", "topped"})
LESS: Final = frozenset({"withdrawn", "debited", "decreased", "spent", "charged", "redeemed"})
GONE: Final = frozenset({"deleted", "erased", "purged"})
COUNTED: Final = frozenset({"viewed", "visited", "clicked", "counted", "incremented", "retried"})
EDITED: Final = frozenset({"changed", "updated", "renamed", "edited", "corrected", "set"})
QUANTITIES: Final = frozenset({"quantity", "qty", "count", "amount", "units", "seats"})
PRICES: Final = frozenset({"price", "cost", "rate"})
AMOUNTS: Final = frozenset({"amount", "value", "sum", "total", "points", "money"})
MOST_SET: Final = 16  # fields; of more the whole data is merged


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What an event adds to a list, or takes out of it."""

    place: str  # of the object in the data; empty: the data itself
    each: str  # the list in the data that it is an entry of; mostly empty
    to: str  # the list in the state
    key: str  # the name of the field that tells entries apart
    quantity: str  # a number of it; mostly there
    price: str
    names: tuple[str, ...]

    def path(self, name: str) -> str:
        """Of one of its fields, as a step names it."""
        return f"{self.place}.{name}" if self.place and not self.each else name


def guesses(category: str, types: Sequence[SampledType]) -> Types:
    """The steps of every type; one of which nothing can be said sets nothing, and is ignored."""
    found: Types = {}
    _take(category, {it.name: _steps(category, it) for it in types}, found)
    return found


def _take(category: str, guessed: Types, found: Types) -> None:
    """Add to what was found each guess that can be used with it, the first ones first. Judged
    together: one by one each would be held against all before it."""
    try:
        require_usable(Taught(category=category, version=1, types={**found, **guessed}))
    except WrongTeaching:
        if len(guessed) == 1:
            found.update(dict.fromkeys(guessed, (Ignore(),)))
            return
        names = list(guessed)
        half = len(names) // 2
        for part in (names[:half], names[half:]):
            _take(category, {it: guessed[it] for it in part}, found)
    else:
        found.update(guessed)


def _steps(category: str, it: SampledType) -> tuple[Step, ...]:
    words = words_of(it.name)
    verb = _verb(words, PUT_IN | TAKEN_OUT)
    if verb and (entry := _entry(category, it, words, verb)) is not None:
        return _added(entry) if verb in PUT_IN else _removed(entry)
    own = _own_fields(category, it)
    if _verb(words, GONE) and not own:
        return (Delete(to="$"),)
    amount = next((name.path for name in own if _is_number(name, AMOUNTS)), "")
    if amount and (verb := _verb(words, MORE | LESS)):
        return (
            (Add(to="balance", value=amount),)
            if verb in MORE
            else (Subtract(to="balance", value=amount),)
        )
    if not own and (verb := _verb(words, COUNTED)):
        return (Count(to=verb),)
    return _facts(words, own)


def _facts(words: Sequence[str], own: Sequence[SampledField]) -> tuple[Step, ...]:
    """Its fields become those of the state, and its name the status. Only samples were looked at:
    an event without a field leaves it as it was."""
    if len(own) > MOST_SET:
        return (Merge(),)
    steps: list[Step] = [Set(to=one.path, value=one.path, if_missing="skip") for one in own]
    last = words[-1] if words else ""
    if (last.endswith("ed") and last not in EDITED) or last in ("begun", "sent", "paid"):
        steps.append(Set(to="status", constant=last))
    return tuple(steps) or (Ignore(),)


def _added(entry: _Entry) -> tuple[Step, ...]:
    sums = (entry.quantity,) if entry.quantity else ()
    fields = {name: entry.path(name) for name in entry.names}
    added = entry.place or fields
    step = AddToList(to=entry.to, key=entry.key, sum=sums, entry=added, each=entry.each)
    return (step, *(Add(to="total", value=it, each=entry.each) for it in _worth(entry)))


def _removed(entry: _Entry) -> tuple[Step, ...]:
    left = {entry.quantity: entry.path(entry.quantity)} if entry.quantity else {}
    step = RemoveByKey(
        to=entry.to,
        key=entry.key,
        value=entry.path(entry.key),
        subtract=left,
        each=entry.each,
        if_missing="skip rest",
    )
    return (step, *(Subtract(to="total", value=it, each=entry.each) for it in _worth(entry)))


def _worth(entry: _Entry) -> tuple[str, ...]:
    if not entry.quantity or not entry.price:
        return ()
    return (f"{entry.path(entry.quantity)} × {entry.path(entry.price)}",)


def _entry(category: str, it: SampledType, words: Sequence[str], verb: str) -> _Entry | None:
    """An object in the data with an id, an entry of a list of such objects, or the data itself."""
    objects = [one.path for one in it.fields if "object" in one.kinds and _is_top(one.path)]
    lists = [one.path for one in it.fields if "list" in one.kinds and _is_top(one.path)]
    for place in objects:
        if found := _entry_at(it, f"{place}.", place, "", words_of(place)):
            return found
    for place in lists:
        if found := _entry_at(it, f"{place}[].", "", place, words_of(place)):
            return found
    thing = tuple(one for one in words[: words.index(verb)] if one not in words_of(category))
    skipped = {one.path for one in it.fields if is_own_id(one.path, category)}
    return _entry_at(it, "", "", "", thing or words[: words.index(verb)], skipped)


def _entry_at(
    it: SampledType,
    prefix: str,
    place: str,
    each: str,
    thing: Sequence[str],
    skipped: set[str] | frozenset[str] = frozenset(),
) -> _Entry | None:
    fields = {
        one.path.removeprefix(prefix): one
        for one in it.fields
        if one.path.startswith(prefix) and one.path not in skipped
    }
    fields = {name: one for name, one in fields.items() if name and _is_top(name)}
    key = next((name for name in fields if is_id(name)), "")
    if not key or not thing:
        return None
    numbers = {name for name, one in fields.items() if "number" in one.kinds}
    return _Entry(
        place=place,
        each=each,
        to=plural(thing[-1]),
        key=key,
        quantity=_first(numbers, fields, QUANTITIES),
        price=_first(numbers, fields, PRICES),
        names=tuple(name for name, one in fields.items() if one.count == it.count),
    )


def _first(numbers: set[str], fields: dict[str, SampledField], wanted: frozenset[str]) -> str:
    return next((it for it in fields if it in numbers and wanted & set(words_of(it))), "")


def _own_fields(category: str, it: SampledType) -> list[SampledField]:
    """Those at the top of the data, without the id of the stream."""
    return [one for one in it.fields if _is_top(one.path) and not is_own_id(one.path, category)]


def _is_top(path: str) -> bool:
    return "." not in path and "[" not in path


def _is_number(one: SampledField, wanted: frozenset[str]) -> bool:
    return "number" in one.kinds and bool(wanted & set(words_of(one.path)))


def _verb(words: Sequence[str], wanted: frozenset[str]) -> str:
    return next((it for it in words if it in wanted), "")
