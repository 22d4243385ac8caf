"""Which models there are, and which of them gives a stream its meaning."""

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, Final

from replay import models
from replay.model import Model
from replay.process import ProcessManager
from replay.typed_fold import Reading, folding
from replay.typed_model import Command, TypedModel
from store.errors import StoreError

GROUP: Final = "foldline.models"  # the entry point of installed packages

AnyModel = TypedModel[Any]


class UnknownCommand(StoreError):
    hint = "Look at the commands with: main.py commands STORE"

    def __init__(self, name: str) -> None:
        super().__init__(f"no model has a command {name!r}")
        self.name = name


class NoModel(StoreError):
    hint = "End the file with MODEL = TypedModel(…); `main.py model new NAME` writes an example."


class ModelSet:
    """Some models. Unchanging; any thread."""

    def __init__(self, found: Iterable[AnyModel]) -> None:
        self.models: tuple[AnyModel, ...] = tuple(found)
        self._readings = {it.name: Reading(it) for it in self.models}
        self._folds = {it.name: folding(it) for it in self.models}

    def of_stream(self, stream: str) -> AnyModel | None:
        """The model whose streams are named like this one; the longest category wins."""
        owners = [it for it in self.models if it.owns(stream)]
        return max(owners, key=lambda it: len(it.category), default=None)

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

    def fold(self, model: AnyModel) -> Model[Any]:
        """It as something to fold with."""
        return self._folds[model.name]


def models_in(module: ModuleType) -> Sequence[AnyModel]:
    """The models that a module defines. Raises NoModel."""
    one, several = getattr(module, "MODEL", None), getattr(module, "MODELS", ())
    found = [*([one] if one is not None else []), *several]
    if not found or not all(isinstance(it, TypedModel) for it in found):
        raise NoModel(f"the file defines no MODEL: {module.__name__}")
    return found


@cache
def bundled_models() -> ModelSet:
    """The models of replay/models, and those of installed packages."""
    own = [model for it in _bundled_modules() if _defines(it) for model in models_in(it)]
    installed = [model for it in entry_points(group=GROUP) for model in _loaded(it.load())]
    return ModelSet([*own, *installed])


@cache
def bundled_processes() -> tuple[ProcessManager[Any], ...]:
    """The process managers of replay/models."""
    found = []
    for module in _bundled_modules():
        one, several = getattr(module, "PROCESS", None), getattr(module, "PROCESSES", ())
        found += [*([one] if one is not None else []), *several]
    return tuple(found)


def _bundled_modules() -> list[ModuleType]:
    return [
        importlib.import_module(it.name)
        for it in pkgutil.walk_packages(models.__path__, f"{models.__name__}.")
        if not it.ispkg
    ]


def _defines(module: ModuleType) -> bool:
    return hasattr(module, "MODEL") or hasattr(module, "MODELS")


def _loaded(found: Any) -> Sequence[AnyModel]:
    if isinstance(found, TypedModel):
        return [found]
    return models_in(found) if isinstance(found, ModuleType) else list(found)
