"""The steps that were taught of one type of event, compiled into functions."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from msgspec import UNSET

from replay.states.long_list import NONE, kept_as
from replay.states.merge_patch import merge
from replay.taught import steps as taught
from replay.taught.paths import (
    Chosen,
    Expression,
    Target,
    data_path,
    expression,
    target,
    target_text,
)
from replay.taught.places import (
    NOT_THERE,
    Keys,
    Resolve,
    entry_at,
    holder,
    index_of,
    list_at,
    list_in,
    part_at,
    resolver,
    words,
)
from replay.taught.steps import Ignore, Step
from replay.taught.values import (
    NUMBERS,
    Get,
    Missing,
    Read,
    Reading,
    Unfit,
    exact,
    no_number,
    number,
    own,
    shown,
    value_inside,
)
from replay.words import said

# (state, what the data was read as, whether the state may be changed) → the state after
Do: TypeAlias = Callable[[Any, Any, bool], Any]


class Reaction:
    """What events of one type do. Unchanging; any thread."""

    __slots__ = ("_steps", "read")

    def __init__(self, read: Read, done: Sequence[tuple[Do, taught.IfMissing]]) -> None:
        self.read = read  # of the data's JSON text; None: it is no event of the type
        self._steps = tuple(done)

    def apply(self, state: Any, data: Any, is_owned: bool) -> Any:
        """The state after an event. The outermost object of `state` is changed, and what is in it
        where it is owned. Raises Unfit with a sentence."""
        try:
            for do, if_missing in self._steps:
                if if_missing != "skip":
                    state = do(state, data, is_owned)
                    continue
                with suppress(Missing):
                    state = do(state, data, is_owned)
        except Missing as error:
            if if_missing == "fail":
                raise Unfit(str(error)) from None
        except ArithmeticError as error:
            raise Unfit(
                said(
                    "this number cannot be used in arithmetic ({name__})",
                    name__=type(error).__name__,
                )
            ) from None
        return state


def compiled(steps: Sequence[Step], initial: Callable[[], Any]) -> Reaction | None:
    """None where the events of the type do nothing. Raises WrongTeaching."""
    done = [it for it in steps if not isinstance(it, Ignore)]
    if not done:
        return None
    paths = [path for it in done for path in paths_of(it)]
    reading = Reading(
        (str(path[0]) for path in paths if path), is_whole=any(not path for path in paths)
    )
    return Reaction(reading.read, [(_step(it, reading, initial), it.if_missing) for it in done])


def paths_of(step: Step) -> Iterator[tuple[str | int, ...]]:
    """The paths of the event's own data that a step reads. Raises WrongTeaching."""
    assert not isinstance(step, Ignore), "it reads nothing"
    if step.each:
        yield data_path(step.each)
        return
    for text in expressions_of(step):
        yield from (it for it in expression(text) if isinstance(it, tuple))
    yield from (it.value for it in target(step.to) if isinstance(it, Chosen))


def expressions_of(step: Step) -> Iterator[str]:
    """The expressions of a step, as they were written."""
    match step:
        case taught.Set(constant=constant) if constant is not UNSET:
            return
        case taught.Set() | taught.Merge() | taught.Add() | taught.Subtract():
            yield step.value
        case taught.AddToList(entry=str(entry)):
            yield entry
        case taught.AddToList(entry=dict(entry)):
            yield from entry.values()
        case taught.RemoveByKey():
            yield step.value
            yield from step.subtract.values()


def _step(step: Any, reading: Reading, initial: Callable[[], Any]) -> Do:
    if not step.each:
        return _plain(step, reading.value, initial)
    entries, name = reading.get(data_path(step.each)), step.each
    do, fails = _plain(step, value_inside, initial), step.if_missing == "fail"

    def for_each(state: Any, data: Any, is_owned: bool) -> Any:
        found = entries(data)
        if type(found) is not list:
            raise Unfit(
                said("{name} of the data is not a list: {found}", name=name, found=shown(found))
            )
        for it in found:
            try:
                state = do(state, it, is_owned)
            except Missing:
                if fails or step.if_missing == "skip rest":
                    raise
        return state

    return for_each


def _plain(step: Any, value: Callable[[Expression], Get], initial: Callable[[], Any]) -> Do:
    place, given = target(step.to), exact(getattr(step, "constant", None))
    where = resolver(place, lambda it: value((it.value,)))
    match step:
        case taught.Set(constant=constant) if constant is not UNSET:
            return _set(where, lambda _data: given)
        case taught.Set():
            return _set(where, value(expression(step.value)))
        case taught.Merge():
            return _merge(place, where, value(expression(step.value)), step.value)
        case taught.AddToList():
            return _added(where, step, value)
        case taught.RemoveByKey():
            return _removed(where, step, value)
        case taught.Count():
            return _counted(place, where, lambda _data: 1, "", 1)
        case taught.Add():
            return _counted(place, where, value(expression(step.value)), step.value, 1)
        case taught.Subtract():
            return _counted(place, where, value(expression(step.value)), step.value, -1)
    return _deleted(place, where, initial)


def _set(where: Resolve, get: Get) -> Do:
    def do(state: Any, data: Any, is_owned: bool) -> Any:
        value = own(get(data))
        keys = where(state, data)
        holder(state, keys, is_owned)[keys[-1]] = value
        return state

    return do


def _merge(place: Target, where: Resolve, get: Get, name: str) -> Do:
    def patch_of(data: Any) -> Any:
        patch = get(data)
        if type(patch) is not dict:
            raise Unfit(
                said("{name} of the data is not an object: {patch}", name=name, patch=shown(patch))
            )
        return own(patch)

    def do_whole(state: Any, data: Any, _is_owned: bool) -> Any:
        return merge(state, patch_of(data))

    def do(state: Any, data: Any, is_owned: bool) -> Any:
        patch = patch_of(data)
        keys = where(state, data)
        held = holder(state, keys, is_owned)
        held[keys[-1]] = merge(part_at(held, keys[-1:]), patch)
        return state

    return do if place else do_whole


def _counted(place: Target, where: Resolve, get: Get, name: str, sign: int) -> Do:
    what = said("{name} of the data", name=name)

    def do(state: Any, data: Any, is_owned: bool) -> Any:
        value = get(data)
        if type(value) not in NUMBERS:
            raise no_number(value, what)
        keys = where(state, data)
        held = holder(state, keys, is_owned)
        last = keys[-1]
        held[last] = _sum(held.get(last), value, sign, keys)
        return state

    def do_at_the_top(state: Any, data: Any, _is_owned: bool) -> Any:
        """The same where the number is a field of the state itself, as most are."""
        value, before = get(data), state.get(top)
        if type(value) not in NUMBERS:
            raise no_number(value, what)
        if type(before) not in NUMBERS:
            before = _sum(before, 0, 1, (top,))
        state[top] = before + value if sign > 0 else before - value
        return state

    top = str(place[0])
    return do_at_the_top if len(place) == 1 else do


def _sum(before: Any, value: Any, sign: int, keys: Keys) -> Any:
    if type(before) not in NUMBERS:
        if before is not None:
            raise no_number(before, said("{keys} of the state", keys=words(keys)))
        before = 0
    return before + value if sign > 0 else before - value


def _added(where: Resolve, step: taught.AddToList, value: Callable[[Expression], Get]) -> Do:
    entry_of = _entry(step.entry, value)
    key, summed, name_of_list = step.key, step.sum, target_text(target(step.to))

    def do(state: Any, data: Any, is_owned: bool) -> Any:
        entry = entry_of(data)
        if key and (type(entry) is not dict or key not in entry):
            raise Missing(
                said(
                    "the entry for {name_of_list} has no {key}", name_of_list=name_of_list, key=key
                )
            )
        keys = where(state, data)
        held = holder(state, keys, is_owned)
        entries = list_in(held, keys, is_owned)
        place = index_of(entries, key, entry[key]) if key else NONE
        if place == NONE:
            entries.append(entry)
            if type(entries) is list:
                held[keys[-1]] = kept_as(entries)
            return state
        before = entries[place]
        after = {**before, **entry}
        for name in summed:
            if name in entry and name in before:
                if type(entry[name]) not in NUMBERS:
                    raise no_number(entry[name], said("{name} of the entry", name=name))
                after[name] = _sum(before[name], entry[name], 1, (*keys, place, name))
        entries[place] = after
        return state

    return do


def _entry(entry: str | dict[str, str], value: Callable[[Expression], Get]) -> Get:
    if isinstance(entry, str):
        whole = value(expression(entry))
        return lambda data: own(whole(data))
    parts = [(name, value(expression(it))) for name, it in entry.items()]
    return lambda data: {name: own(get(data)) for name, get in parts}


def _removed(where: Resolve, step: taught.RemoveByKey, value: Callable[[Expression], Get]) -> Do:
    key_of, key = value(expression(step.value)), step.key
    amounts = [(name, it, value(expression(it))) for name, it in step.subtract.items()]
    name_of_list = target_text(target(step.to))

    def do(state: Any, data: Any, is_owned: bool) -> Any:
        wanted = key_of(data)
        less = [(name, number(get(data), it)) for name, it, get in amounts]
        keys = where(state, data)
        place = entry_at(list_at(state, keys), key, wanted, name_of_list)
        entries = list_in(holder(state, keys, is_owned), keys, is_owned)
        left = dict(entries[place])
        for name, amount in less:
            left[name] = _sum(left.get(name), amount, -1, (*keys, place, name))
        if not less or left[less[0][0]] <= 0:
            del entries[place]
        else:
            entries[place] = left
        return state

    return do


def _deleted(place: Target, where: Resolve, initial: Callable[[], Any]) -> Do:
    def do_whole(_state: Any, _data: Any, _is_owned: bool) -> Any:
        return initial()

    def do(state: Any, data: Any, is_owned: bool) -> Any:
        keys = where(state, data)
        held = holder(state, keys, is_owned)
        begun, last = part_at(initial(), keys), keys[-1]
        if isinstance(last, int):
            del held[last]
        elif begun is NOT_THERE:
            held.pop(last, None)
        else:
            held[last] = begun
        return state

    return do if place else do_whole
