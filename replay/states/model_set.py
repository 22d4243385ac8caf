"""Some models together: which of them gives a stream its meaning; and the bundled ones."""

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from functools import cache
from types import ModuleType
from typing import Any

from replay import models
from replay.process import ProcessManager
from replay.states.model import Model
from replay.states.rule_version import RuleVersion, rules_of
from replay.states.typed_fold import Reading, folding
from replay.typed_model import Command, TypedModel
from replay.words import said
from store.errors import StoreError

AnyModel = TypedModel[Any]


class UnknownCommand(StoreError):
    hint = said("List the commands with: main.py commands STORE")

    def __init__(self, name: str) -> None:
        super().__init__(said("no model has a command {name!r}", name=name))
        self.name = name


class NoModel(StoreError):
    hint = said(
        "End the file with MODEL = TypedModel(…). `main.py model new NAME` writes an example."
    )


class ModelSet:
    """Some models, and the process managers that go with them. Unchanging; any thread."""

    def __init__(
        self, found: Iterable[AnyModel], processes: Iterable[ProcessManager[Any]] = ()
    ) -> None:
        self.models: tuple[AnyModel, ...] = tuple(found)
        self.processes: tuple[ProcessManager[Any], ...] = tuple(processes)
        self._readings = {it.name: Reading(it) for it in self.models}
        self._rules = {it.name: rules_of(it) for it in self.models}
        self._folds = {it.name: folding(it) for it in self.models}
        self._by_category = {it.category: it for it in reversed(self.models)}  # the first wins
        self._longest = max(map(len, self._by_category), default=0)

    def of_stream(self, stream: str) -> AnyModel | None:
        """The model whose streams are named like this one; the longest category wins."""
        end = stream.rfind("-", 0, self._longest + 1)
        while end >= 0:
            if found := self._by_category.get(stream[:end]):
                return found
            end = stream.rfind("-", 0, end)
        return None

    def of_command(self, name: str) -> tuple[AnyModel, type[Command]]:
        """The model of a command, and the command's type. Raises UnknownCommand."""
        for model in self.models:
            if command := model.command(name):
                return model, command
        raise UnknownCommand(name)

    def named(self, name: str) -> AnyModel | None:
        """The model with this name."""
        return next((it for it in self.models if it.name == name), None)

    def reading(self, model: AnyModel) -> Reading[Any]:
        """How it reads recorded events."""
        return self._readings[model.name]

    def rules(self, model: AnyModel) -> RuleVersion:
        """The rules by which it decides, as they were when the code was loaded."""
        return self._rules[model.name]

    def fold(self, model: AnyModel) -> Model[Any]:
        """It as something to fold with."""
        return self._folds[model.name]


def models_in(module: ModuleType) -> Sequence[AnyModel]:
    """The models that a module defines. Raises NoModel."""
    one, several = getattr(module, "MODEL", None), getattr(module, "MODELS", ())
    found = [*([one] if one is not None else []), *several]
    if not found or not all(isinstance(it, TypedModel) for it in found):
        raise NoModel(said("the file defines no MODEL: {name__}", name__=module.__name__))
    return found


def processes_in(module: ModuleType) -> list[ProcessManager[Any]]:
    """The process managers that a module defines; most define none."""
    one, several = getattr(module, "PROCESS", None), getattr(module, "PROCESSES", ())
    return [*([one] if one is not None else []), *several]


@cache
def bundled_models() -> ModelSet:
    """The models and process managers of replay/models: code as trusted as the rest of ours."""
    modules = _bundled_modules()
    found = [model for it in modules if _defines(it) for model in models_in(it)]
    return ModelSet(found, [process for it in modules for process in processes_in(it)])


def bundled_processes() -> tuple[ProcessManager[Any], ...]:
    """The process managers of replay/models."""
    return bundled_models().processes


def _bundled_modules() -> list[ModuleType]:
    return [
        importlib.import_module(it.name)
        for it in pkgutil.walk_packages(models.__path__, f"{models.__name__}.")
        if not it.ispkg
    ]


def _defines(module: ModuleType) -> bool:
    return hasattr(module, "MODEL") or hasattr(module, "MODELS")
