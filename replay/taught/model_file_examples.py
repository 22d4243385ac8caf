"""An example of the data that steps read: what `model check` tries a model file with, and what a
reader of the file sees of it. No value of a log is in it."""

from collections.abc import Iterator, Sequence
from typing import Any

from replay.states.diff import Path
from replay.taught import steps as taught
from replay.taught.paths import Chosen, data_path, expression, target
from replay.taught.reducer import expressions_of
from replay.taught.steps import Ignore, Step


def example_data(steps: Sequence[Step]) -> dict[str, Any]:
    """The data of one event: a text where nothing tells that it is something else."""
    found: dict[str, Any] = {}
    for step in steps:
        if isinstance(step, Ignore):
            continue
        if not step.each:
            _fill(found, step)
            continue
        entries = _put(found, data_path(step.each), [])
        if isinstance(entries, list):
            entry = entries[0] if entries and isinstance(entries[0], dict) else {}
            _fill(entry, step)
            entries[:] = [entry or 1]
    return found


def _fill(data: dict[str, Any], step: Any) -> None:
    for path, value in _read(step):
        if path:
            _put(data, path, value)


def _read(step: Any) -> Iterator[tuple[Path, Any]]:
    """The paths that a step reads, each with a value that it can use."""
    numbers = set(_numbers(step))
    for text in expressions_of(step):
        found = expression(text)
        is_number = text in numbers or len(found) > 1
        value: Any = 1 if is_number else {} if isinstance(step, taught.Merge) else "text"
        if isinstance(step, taught.AddToList) and isinstance(step.entry, str) and step.key:
            value = {step.key: "text"}
        yield from ((it, value) for it in found if isinstance(it, tuple))
    yield from ((it.value, "text") for it in target(step.to) if isinstance(it, Chosen))


def _numbers(step: Any) -> Iterator[str]:
    """The expressions that have to be numbers."""
    match step:
        case taught.Add() | taught.Subtract():
            yield step.value
        case taught.AddToList(entry=dict(entry), sum=summed):
            yield from (entry[it] for it in summed)
        case taught.RemoveByKey():
            yield from step.subtract.values()


def _put(data: dict[str, Any], path: Path, value: Any) -> Any:
    """Put a value at a path, where nothing else is; returns what stands there."""
    here: Any = data
    for at, key in enumerate(path):
        is_last = at == len(path) - 1
        new = value if is_last else [] if isinstance(path[at + 1], int) else {}
        if isinstance(here, list) and isinstance(key, int):
            here.extend([new] * (key + 1 - len(here)))
            here = here[key]
        elif isinstance(here, dict):
            known = here.get(str(key))
            if known is None or (value == 1 and is_last) or not isinstance(known, dict | list):
                here[str(key)] = new
            here = here[str(key)]
        else:
            return None
    return here
