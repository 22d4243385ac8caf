"""What was taught of a category as a Python model file, which gives the same states and stands on
its own: anybody can go on with it."""

import re
from collections.abc import Mapping
from typing import Any, Final

from replay.states.diff import Path
from replay.taught.model_file_examples import example_data
from replay.taught.model_file_parts import PARTS, parts_for
from replay.taught.model_file_steps import Source, function_of
from replay.taught.model_file_words import Attribute, class_name, literal, named, snake, unique
from replay.taught.reducer import paths_of
from replay.taught.shape import initial_of, is_open, uses_of
from replay.taught.steps import Ignore, Merge, Step, Taught
from replay.taught.values import is_odd

_PLAIN_CLASS: Final = re.compile(r"[A-Z][A-Za-z0-9]*\Z", re.ASCII)
_PUBLIC: Final = frozenset(
    (
        *(
            "Annotated",
            "Any",
            "Callable",
            "Meta",
            "Mapping",
            "Sequence",
            "Decimal",
            "None",
            "True",
            "False",
        ),
        *("Event", "State", "TypedModel", "Upcast", "Command", "Situation"),
        *("UNSET", "Missing", "MODEL", "ValueError", "TypeError"),
    )
)


def model_file(taught: Taught, shapes: Mapping[str, int] | None = None) -> str:
    """The text of the file. `shapes` is the highest `schema_version` that a type has in the log,
    where it is not 1."""
    return _File(taught, shapes or {}).text()


class _File:
    """Puts one file together."""

    def __init__(self, taught: Taught, shapes: Mapping[str, int]) -> None:
        self._taught, self._shapes = taught, shapes
        self._types = {
            name: steps
            for name, steps in taught.types.items()
            if steps and not isinstance(steps[0], Ignore)
        }
        self._classes = _class_names(self._types)
        taken = {*self._classes.values(), *_PUBLIC}
        self._is_open = is_open(taught.types)
        self._state = "dict" if self._is_open else unique(class_name(taught.category), taken)
        self._initial: dict[str, Any] = initial_of(taught.types)()
        self._fields = {} if self._is_open else named(self._initial)
        self._used: set[str] = set()

    def text(self) -> str:
        """The whole."""
        sources = {name: _source_of(steps) for name, steps in self._types.items()}
        taken = {"evolve", "decide", *PARTS}
        functions = {it: unique(f"_{snake(it)}", taken) for it in self._types}
        bodies = [self._function(it, functions[it], sources[it]) for it in self._types]
        if any(it.is_whole for it in sources.values()):
            self._used.add("_whole")
        parts = [
            self._head(),
            *(self._event(it, sources[it]) for it in self._types),
            *([] if self._is_open else [self._state_class()]),
            *parts_for(self._used),
            *bodies,
            self._evolve(functions),
            _DECIDE,
            self._model(sources),
        ]
        return "\n\n".join(parts)

    def _head(self) -> str:
        it = self._taught
        return _HEAD.format(
            category=re.sub(r"[^\w .-]", " ", it.category, flags=re.ASCII), version=it.version
        )

    def _event(self, name: str, source: Source) -> str:
        """The class of a type; one whose name Python cannot have is made by a call."""
        fields, example = source.fields.values(), example_data(self._types[name])
        told: list[tuple[Attribute, str, str | None]]
        told = [(it, *_kind(example.get(it.name))) for it in fields]
        if source.is_whole:
            told = [(Attribute("data", "data"), _shown("dict[str, Any]", example), None)]
        written = self._classes[name]
        if written == name:
            lines = [f"    {it.line(kind, default)}" for it, kind, default in told]
            head = [f"class {name}(Event, frozen=True):", _DOC, *([""] if lines else [])]
            return "\n".join([*head, *lines, ""])
        listed = [
            f"        ({literal(it.attribute)}, {kind}"
            + (f", field(default=UNSET, name={literal(it.name)}))," if default else "),")
            for it, kind, default in told
        ]
        return _MADE.format(
            written=written, name=literal(name), listed="".join(f"{it}\n" for it in listed)
        )

    def _state_class(self) -> str:
        kinds = self._kinds()
        lines = [
            f"    {it.line(kinds.get(it.name, 'Any'), literal(self._initial[it.name]))}"
            for it in self._fields.values()
        ]
        doc = f'    """What is known of one {snake(self._taught.category)} after some events."""'
        return "\n".join([f"class {self._state}(State, frozen=True):", doc, "", *lines, ""])

    def _kinds(self) -> dict[str, str]:
        """The types of fields that nothing but steps of one kind changes."""
        found: dict[str, set[str]] = {}
        for it in uses_of(self._taught.types):
            if it.names:
                kind = it.kind if len(it.names) == 1 else "inner"
                found.setdefault(it.names[0], set()).add(kind)
        lists = {name for name, kinds in found.items() if kinds <= {"list", "inner", "anything"}}
        return {name: "list[Any]" for name in lists if "list" in found[name]}

    def _function(self, name: str, function: str, source: Source) -> str:
        head = [
            f"def {function}(state: {self._annotation()}, event: Any) -> {self._annotation()}:",
            f'    """The state after {self._classes[name]}."""',
        ]
        body = function_of(
            self._types[name],
            source,
            state=None if self._is_open else self._fields,
            begun=f"{self._state}()",
            initial=self._initial,
            used=self._used,
        )
        return "\n".join([*head, *(f"    {it}" for it in body), "    return state", ""])

    def _annotation(self) -> str:
        return "dict[str, Any]" if self._is_open else self._state

    def _evolve(self, functions: Mapping[str, str]) -> str:
        state = self._annotation()
        cases = [
            f"        case {self._classes[name]}():\n            return {function}(state, event)"
            for name, function in functions.items()
        ]
        lines = [
            f"def evolve(state: {state}, event: Event) -> {state}:",
            '    """The state after an event. It never refuses: what is recorded has happened."""',
            *(["    match event:", *cases] if cases else []),
            "    return state",
            "",
        ]
        return "\n".join(lines)

    def _model(self, sources: Mapping[str, Source]) -> str:
        category = self._taught.category
        upcasts = [line for name, it in sources.items() for line in self._upcasts(name, it)]
        retired = [
            f'        {literal(name)}: "it does nothing to the state",'
            for name in self._taught.types
            if name not in self._types
        ]
        lines = [
            "MODEL = TypedModel(",
            f"    name={literal(_model_name(category))},",
            f"    title={literal(_model_name(category).replace('-', ' ').capitalize())},",
            "    version=1,  # of its meaning, for a person",
            f"    category={literal(category)},  # its streams are named so, with a dash and an id",
            f"    state={self._state},",
            "    events=(",
            *(f"        {it}," for it in self._classes.values()),
            "    ),",
            "    commands=(),",
            "    evolve=evolve,",
            "    decide=decide,",
            f"    stream_of=lambda command: {literal(category)},",
            *(["    upcasts=(", *upcasts, "    ),"] if upcasts else []),
            *(["    retired={", *retired, "    },"] if retired else []),
            ")",
            "",
        ]
        return "\n".join(lines)

    def _upcasts(self, name: str, source: Source) -> list[str]:
        """From each shape that the log has to the next one: the steps read them all alike."""
        newest = self._shapes.get(name, 1)
        changes = ["dict"] * (newest - 1) + (["_whole"] if source.is_whole else [])
        return [
            f"        Upcast(type={literal(name)}, version={version}, change={change}),"
            for version, change in enumerate(changes, 1)
        ]


def _kind(example: Any) -> tuple[str, str]:
    """The type of a field, and what it is without one."""
    return _shown("Any", example), "UNSET"


def _shown(kind: str, example: Any) -> str:
    return kind if not example else f"Annotated[{kind}, Meta(examples=[{literal(example)}])]"


def _source_of(steps: tuple[Step, ...]) -> Source:
    paths: list[Path] = [path for it in steps for path in paths_of(it)]
    names = list(dict.fromkeys(str(it[0]) for it in paths if it))
    is_whole = any(not it for it in paths) or any(map(is_odd, names))
    is_whole = is_whole or any(isinstance(it, Merge) and it.value == "$" for it in steps)
    return Source(is_whole=is_whole, fields={} if is_whole else named(names))


def _class_names(types: Mapping[str, Any]) -> dict[str, str]:
    """Type → the name that stands for it in the file: its own where Python can have it."""
    plain = {it: it for it in types if _PLAIN_CLASS.match(it) and it not in _PUBLIC}
    taken = {*plain, *_PUBLIC}
    return {it: plain.get(it) or unique(class_name(it), taken) for it in types}


def _model_name(category: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", category).strip("-").lower() or "taught"


_HEAD: Final = '''\
"""Streams named {category}-…: what their events mean, as version {version} taught it.

Change it as you like. `main.py model check FILE` tries it, `main.py model use STORE FILE` reads a
store with it. Commands go into `commands` and `decide`.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

from msgspec import UNSET, Meta, defstruct, field
from msgspec.structs import replace

from replay.typed_model import Command, Event, Situation, State, TypedModel, Upcast
'''

_MADE: Final = """\
{written} = defstruct(
    {name},
    [
{listed}    ],
    bases=(Event,),
    namespace={{"__doc__": "As it was recorded: what the state needs of it."}},
    frozen=True,
    kw_only=True,
)
"""

_DOC: Final = '    """As it was recorded: what the state needs of it."""'

_DECIDE: Final = '''\
def decide(_state: Any, command: Command, _situation: Situation) -> Sequence[Event]:
    """What a command leads to; there are no commands yet."""
    raise TypeError(f"no such command: {type(command).__name__}")
'''
