"""Which rules an event was recorded under: a model by name, its version, and a hash of its code.

It stands in the metadata of what commands and process managers record, as the member "model".
The hash is over the source text of every module that a decision is made in, so that two events
with the same one were decided by the same lines.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from replay.process import ProcessManager
from replay.states.model_definition import definition_by_code
from replay.typed_model import TypedModel

KEY: Final = "model"  # in the metadata
HASH_LENGTH: Final = 32  # hexadecimal digits of a SHA-256: 128 bits


class RuleVersion(Struct, frozen=True, kw_only=True):
    """A model as it decided. Two with the same hash have the same code."""

    name: str
    version: int  # as its author counts
    hash: str

    @property
    def words(self) -> str:
        """For a person: name, version and the beginning of the hash."""
        return f"{self.name} {self.version} ({self.hash[:12]})"


def rules_of(model: TypedModel[Any]) -> RuleVersion:
    """The rules by which a model decides on commands."""
    return _version(model, _deciding(model))


def rules_of_process(process: ProcessManager[Any]) -> RuleVersion:
    """The rules by which a process manager reacts."""
    own: list[Callable[..., Any]] = [process.instance_of, process.react, process.handle]
    return _version(process.model, [*_deciding(process.model), *own])


def applied_rules(metadata: Mapping[str, Any]) -> RuleVersion | None:
    """The rules that an event says it was recorded under; None when it does not say."""
    try:
        return msgspec.convert(metadata.get(KEY), RuleVersion)
    except msgspec.ValidationError:
        return None


def _version(model: TypedModel[Any], functions: list[Callable[..., Any]]) -> RuleVersion:
    code = definition_by_code(model, functions, types=model.commands)
    return RuleVersion(name=model.name, version=model.version, hash=code[:HASH_LENGTH])


def _deciding(model: TypedModel[Any]) -> list[Callable[..., Any]]:
    """Every function of a model that a decision runs, or what is recorded with it."""
    return [
        model.decide,
        model.stream_of,
        model.links,
        model.occurred,
        model.closed,
        *model.ruled_out.values(),
        *model.intents.values(),
        *model.undo.values(),
        *model.asked.values(),
        *(it.message for it in model.effects.values()),
    ]
