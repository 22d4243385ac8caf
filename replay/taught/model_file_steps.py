"""The steps of one type of event as lines of Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec import UNSET

from replay.states.diff import Path
from replay.taught import steps as taught
from replay.taught.model_file_words import Attribute, literal
from replay.taught.paths import Chosen, Target, data_path, expression, target
from replay.taught.places import NOT_THERE, part_at
from replay.taught.steps import Ignore, Step
from replay.taught.values import constant_of, exact

ENTRY: Final = "it"  # an entry of a list of the data, while it is gone through


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an event of the type is in the file: its fields, or `data`, the whole."""

    is_whole: bool
    fields: Mapping[str, Attribute]

    def path(self, path: Path) -> str:
        """Code for what the event's data has at a path."""
        if self.is_whole:
            return _at("event.data", path)
        return _at(f"event.{self.fields[str(path[0])].attribute}", path[1:])


def function_of(
    steps: Sequence[Step],
    source: Source,
    *,
    state: Mapping[str, Attribute] | None,
    begun: str,
    initial: Mapping[str, Any],
    used: set[str],
) -> list[str]:
    """The lines; `state` are the fields of a state that is a struct, `begun` is code for the state
    of an empty stream, and what the lines call is added to `used`."""
    writer = _Writer(source, state, begun, initial, used)
    return [line for it in steps if not isinstance(it, Ignore) for line in writer.step(it)]


class _Writer:
    """Writes the steps of one type."""

    def __init__(
        self,
        source: Source,
        state: Mapping[str, Attribute] | None,
        begun: str,
        initial: Mapping[str, Any],
        used: set[str],
    ) -> None:
        self._source, self._state, self._begun = source, state, begun
        self._initial, self._used = initial, used
        self._is_entry = False

    def step(self, step: Any) -> list[str]:
        """With what becomes of values that are missing."""
        self._is_entry = False
        if not step.each:
            return self._guarded(self._plain(step), step.if_missing)
        entries = self._call("_each", self._path(data_path(step.each)))
        self._is_entry = True
        body = self._plain(step)
        if step.if_missing != "skip":
            loop = [f"for {ENTRY} in {entries}:", *_indented(body)]
            return self._guarded(loop, step.if_missing)
        self._used.add("Missing")
        return [
            "try:",
            f"    entries = {entries}",
            "except Missing:",
            "    entries = []",
            f"for {ENTRY} in entries:",
            "    try:",
            *_indented(body, 2),
            "    except Missing:",
            "        continue",
        ]

    def _guarded(self, lines: list[str], if_missing: str) -> list[str]:
        if if_missing == "fail":
            return lines
        self._used.add("Missing")
        after = "pass" if if_missing == "skip" else "return state"
        return ["try:", *_indented(lines), "except Missing:", f"    {after}"]

    def _plain(self, step: Any) -> list[str]:
        place = target(step.to)
        match step:
            case taught.Set(constant=constant) if constant is not UNSET:
                return self._change(place, _braced(literal(exact(constant))))
            case taught.Set():
                return [f"value = {self._value(step.value)}", *self._change(place, "value")]
            case taught.Merge():
                return self._merge(place, step)
            case taught.Count():
                return self._change(place, self._call("_plus", "{}", "1"))
            case taught.Add():
                return self._counted(place, step.value, "_plus")
            case taught.Subtract():
                return self._counted(place, step.value, "_minus")
            case taught.AddToList():
                return self._added(place, step)
            case taught.RemoveByKey():
                return self._removed(place, step)
        return self._deleted(place)

    def _merge(self, place: Target, step: taught.Merge) -> list[str]:
        first = f"patch = {self._call('_patch', self._value(step.value))}"
        if not place:
            return [first, f"state = {self._call('_merged', 'state', 'patch')}"]
        return [first, *self._change(place, self._call("_merged", "{}", "patch"))]

    def _counted(self, place: Target, value: str, by: str) -> list[str]:
        amount = self._value(value)
        if not amount.startswith("_product("):
            amount = self._call("_number", amount)
        return [f"amount = {amount}", *self._change(place, self._call(by, "{}", "amount"))]

    def _added(self, place: Target, step: taught.AddToList) -> list[str]:
        lines = self._entry(step.entry)
        if not step.key:
            return [*lines, *self._change(place, self._call("_added", "{}", "entry"))]
        if isinstance(step.entry, str):
            lines.append(f"entry = {self._call('_keyed', 'entry', literal(step.key))}")
        sums = ", ".join(map(literal, step.sum)) + ("," if len(step.sum) == 1 else "")
        told = ["{}", "entry", _braced(literal(step.key)), _braced(f"({sums})")]
        return [*lines, *self._change(place, self._call("_added_by_key", *told))]

    def _entry(self, entry: str | dict[str, str]) -> list[str]:
        if isinstance(entry, str):
            return [f"entry = {self._value(entry)}"]
        fields = (f"    {literal(name)}: {self._value(it)}," for name, it in entry.items())
        return ["entry = {", *fields, "}"]

    def _removed(self, place: Target, step: taught.RemoveByKey) -> list[str]:
        amounts = (
            f"{literal(name)}: {self._call('_number', self._value(it))}"
            for name, it in step.subtract.items()
        )
        change = self._call("_removed", "{}", _braced(literal(step.key)), "wanted", "less")
        return [
            f"wanted = {self._value(step.value)}",
            f"less: dict[str, Any] = {{{', '.join(amounts)}}}",
            *self._change(place, change),
        ]

    def _deleted(self, place: Target) -> list[str]:
        if not place:
            return [f"state = {self._begun}"]
        keys = tuple(it for it in place if isinstance(it, str))
        begun = part_at(self._initial, keys) if len(keys) == len(place) else NOT_THERE
        if begun is not NOT_THERE:
            return self._change(place, _braced(literal(begun)))
        if self._state is None:
            return [f"state = {self._call('_without', 'state', self._keys(place))}"]
        field = self._state[str(place[0])].attribute
        without = self._call("_without", f"state.{field}", self._keys(place[1:]))
        return [f"state = replace(state, {field}={without})"]

    def _change(self, place: Target, change: str) -> list[str]:
        """The state with what stands at a place changed; `{}` is that in the code of the change,
        whose other braces are doubled."""
        inner = change.format("before") if "{}" in change else change.format()
        by = f"lambda before: {inner}"
        if self._state is None:
            return [f"state = {self._call('_changed', 'state', self._keys(place), by)}"]
        field = self._state[str(place[0])].attribute
        if len(place) == 1:
            return [f"state = replace(state, {field}={change.format(f'state.{field}')})"]
        changed = self._call("_changed", f"state.{field}", self._keys(place[1:]), by)
        return [f"state = replace(state, {field}={changed})"]

    def _keys(self, place: Target) -> str:
        parts = [
            f"({literal(it.key)}, {self._path(it.value)})"
            if isinstance(it, Chosen)
            else literal(it)
            for it in place
        ]
        return f"({''.join(f'{it}, ' for it in parts).rstrip(' ')})"

    def _value(self, text: str) -> str:
        found = expression(text)
        paths = [self._path(it) for it in found if isinstance(it, tuple)]
        if len(found) == 1 and paths:
            return paths[0]
        constant = constant_of(found)
        factors = [*([] if constant == 1 else [literal(constant)]), *paths]
        return self._call("_product", *factors)

    def _path(self, path: Path) -> str:
        self._used.add("_at")
        return _at(ENTRY, path) if self._is_entry else self._source.path(path)

    def _call(self, function: str, *told: str) -> str:
        self._used.add(function)
        return f"{function}({', '.join(told)})"


def _at(value: str, path: Path) -> str:
    return f"_at({value}{''.join(f', {literal(it)}' for it in path)})"


def _braced(code: str) -> str:
    return code.replace("{", "{{").replace("}", "}}")


def _indented(lines: Sequence[str], by: int = 1) -> list[str]:
    return [f"{'    ' * by}{it}" for it in lines]
