"""A change of an event type, described: tried on the events that are stored, and told as code.

There are three reasons to change a type that has been recorded: it is no longer relevant, its
fields have changed, or it has another name now. Stored bytes stay as they are in each case; the
model learns how to read them. Source: Reitzammer and Seitz, "Event Sourcing in practice", and
Microsoft, CQRS Journey, chapter 6.
"""

import json
import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

from replay.words import said
from store.errors import StoreError

Reason: TypeAlias = Literal["retired", "fields", "renamed"]
EditKind: TypeAlias = Literal["add", "drop", "rename"]

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
REASONS: Final[dict[Reason, str]] = {
    "retired": said("It is no longer relevant"),
    "fields": said("Its fields have changed"),
    "renamed": said("It has another name now"),
}


class WrongChange(StoreError):
    """A change that makes no sense."""

    hint = said("Correct your entry and try again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEdit:
    """One field added with a value, dropped, or given another name."""

    kind: EditKind
    field: str
    value: Any = None  # of a field that is added where it is missing
    to: str = ""  # the new name of one that is renamed

    @property
    def code(self) -> str:
        """The statement that does it to a dict `data`."""
        match self.kind:
            case "add":
                return f"data.setdefault({_text(self.field)}, {_text(self.value)})"
            case "drop":
                return f"data.pop({_text(self.field)}, None)"
        old, new = _text(self.field), _text(self.to)
        return f"if {old} in data:\n        data[{new}] = data.pop({old})"

    def apply(self, data: dict[str, Any]) -> None:
        """Do it to a payload, in place."""
        if self.kind == "add":
            data.setdefault(self.field, self.value)
        elif self.kind == "drop":
            data.pop(self.field, None)
        elif self.field in data:
            data[self.to] = data.pop(self.field)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChange:
    """What becomes of events of a type in the shape `version`."""

    type: str
    reason: Reason
    version: int = 1  # of the stored shape
    edits: tuple[FieldEdit, ...] = ()
    becomes: str = ""  # the new name of the type
    becomes_version: int = 1
    why: str = ""  # a type was retired

    def check(self) -> None:
        """Raises WrongChange when something is missing or no name."""
        if not self.type:
            raise WrongChange(said("no event type is selected"))
        if self.reason == "renamed":
            _check_name(self.becomes, said("event type"))
            if self.becomes == self.type:
                raise WrongChange(said("the new name equals the old one: {type}", type=self.type))
        if self.reason == "retired" and not self.why.strip():
            raise WrongChange(said("give a reason why the type no longer has an effect"))
        if self.reason == "fields" and not self.edits:
            raise WrongChange(said("no field is changed"))
        for it in self.edits:
            if not it.field or (it.kind == "rename" and not it.to):
                raise WrongChange(said("a field without a name"))

    def apply(self, data: Any) -> dict[str, Any]:
        """A stored payload as it is read afterwards; the stored one stays as it is."""
        changed = dict(data) if isinstance(data, dict) else {}
        for it in self.edits:
            it.apply(changed)
        return changed

    @property
    def code(self) -> str:
        """What to write into the model's file. Raises WrongChange."""
        self.check()
        return "\n".join(_code(self))


def _check_name(name: str, what: str) -> None:
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise WrongChange(
            said("this is not a valid name for an {what}: {name!r}", what=what, name=name)
        )


def _code(change: EventChange) -> Iterator[str]:
    if change.reason == "retired":
        yield f"# {change.type} may go from `events`; what was recorded is kept, and has no effect."
        yield "# Into TypedModel(…), and raise its version:"
        yield f"retired={{{_text(change.type)}: {_text(change.why)}}},"
        return
    name = f"_{_snake(change.type)}_{change.version}"
    newest = change.becomes or f"{change.type} {change.version + 1}"
    if change.edits:
        yield f"def {name}(data: dict[str, Any]) -> dict[str, Any]:"
        yield f'    """{change.type} {change.version} as {newest}."""'
        yield from (f"    {it.code}" for it in change.edits)
        yield "    return data"
        yield ""
        yield ""
    yield f"# {_advice(change)}"
    yield "# Into TypedModel(…), and raise its version:"
    yield "upcasts=("
    yield f"    Upcast({', '.join(_arguments(change, name))}),"
    yield "),"


def _advice(change: EventChange) -> str:
    if change.reason == "renamed":
        return said(
            "Rename the class {type} to {becomes}. Nothing else refers to it.",
            type=change.type,
            becomes=change.becomes,
        )
    added = ", ".join(it.to or it.field for it in change.edits if it.kind != "drop")
    dropped = ", ".join(it.field for it in change.edits if it.kind != "add")
    told = [said("add {added}", added=added)] if added else []
    told += [said("remove {dropped}", dropped=dropped)] if dropped else []
    return said("Change the class {type}: {told}.", type=change.type, told="; ".join(told))


def _arguments(change: EventChange, name: str) -> Sequence[str]:
    told = [f"type={_text(change.type)}", f"version={change.version}"]
    told.append(f"change={name if change.edits else 'dict'}")
    if change.becomes:
        told.append(f"becomes={_text(change.becomes)}")
        if change.becomes_version != 1:
            told.append(f"becomes_version={change.becomes_version}")
    return told


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_")


def _text(value: Any) -> str:
    """A JSON value as Python writes it."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {_text(it)}" for key, it in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    return f'Decimal("{value}")' if isinstance(value, Decimal) else repr(value)
