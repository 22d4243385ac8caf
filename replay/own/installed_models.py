"""The models that installed packages bring, by the entry point `foldline.models`.

Their code is somebody else's, so it is loaded only where a person's own is: in a process that
may be lost. A package that cannot be loaded, or takes a name that is taken, is left out and told;
the others go on.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from replay.own.own_code import Watch, held
from replay.own.user_models import digest
from replay.process import ProcessManager
from replay.states.model_set import AnyModel, ModelSet, bundled_models, models_in, processes_in
from replay.typed_model import TypedModel
from replay.words import said
from store.errors import StoreError

GROUP: Final = "foldline.models"


@dataclass(slots=True, kw_only=True)
class Installed:
    """What was found. `problems`: the entry point's name → why it is left out."""

    models: list[AnyModel] = field(default_factory=list)
    processes: list[ProcessManager[Any]] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


def entries() -> tuple[EntryPoint, ...]:
    """The entry points, without loading any."""
    return _entries(tuple(sys.path))


@lru_cache(maxsize=4)
def _entries(_path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """Looking through everything that is installed takes milliseconds."""
    return tuple(entry_points(group=GROUP))


def made_of() -> list[str]:
    """What installed models are made of, as far as that is known without running them: their
    version, and the text of the module that is named."""
    return [
        f"{it.name} {it.value} {it.dist.version if it.dist else ''} {_text_of(it.module)}"
        for it in entries()
    ]


def _text_of(module: str) -> str:
    """A hash of the file of its outermost package; looking for it runs nothing."""
    try:
        spec = find_spec(module.partition(".")[0])
    except (ImportError, ValueError):
        return ""
    path = Path(spec.origin) if spec is not None and spec.origin else None
    return digest(path) if path is not None and path.is_file() else ""


def installed_models(watch: Watch) -> Installed:
    """Load them one by one, each held to the time of a call."""
    found = Installed()
    for entry in entries():
        try:
            with watch.holding(
                said("the import of the installed models {name!r}", name=entry.name)
            ):
                loaded = entry.load()
            models, processes = _parts(loaded)
            _require_free(models, [*bundled_models().models, *found.models])
        except StoreError as error:
            found.problems[entry.name] = str(error)
            continue
        found.models += held(tuple(models), watch)
        found.processes += held(tuple(processes), watch)
    return found


def with_installed(own: ModelSet, found: Installed) -> ModelSet:
    """A person's own first, then the bundled ones, then those of packages; of models that own
    the same category the first counts. Raises TakenName when a person's own has the name of one
    that stays."""
    taken = {it.category for it in own.models}
    others = [it for it in (*bundled_models().models, *found.models) if it.category not in taken]
    _require_other_names(own.models, others)
    models = [*own.models, *others]
    kept = {it.name for it in models}
    processes = (*own.processes, *bundled_models().processes, *found.processes)
    named = {it.model.name: it for it in reversed(processes) if it.model.name in kept}
    return ModelSet(models, tuple(reversed(named.values())))


class TakenName(StoreError):
    """Two models of one name: whatever is kept by name would be mixed up."""

    hint = said(
        "Give the model another name. If it comes from a package, ask its author or uninstall it."
    )


def _parts(loaded: Any) -> tuple[Sequence[AnyModel], Sequence[ProcessManager[Any]]]:
    if isinstance(loaded, TypedModel):
        return [loaded], []
    if isinstance(loaded, ModuleType):
        return models_in(loaded), processes_in(loaded)
    return list(loaded), []


def _require_other_names(models: Sequence[AnyModel], others: Sequence[AnyModel]) -> None:
    names = {it.name: it for it in others}
    for it in models:
        if other := names.get(it.name):
            raise TakenName(
                said(
                    "the name {name!r} is already used by the model for streams {category}-…",
                    name=it.name,
                    category=other.category,
                )
            )


def _require_free(models: Sequence[AnyModel], others: Sequence[AnyModel]) -> None:
    for it in models:
        for other in others:
            if it.name == other.name or it.category == other.category:
                raise TakenName(
                    said(
                        "its model {name!r} for streams {category}-… conflicts with {other!r} "
                        "for streams {others}-…",
                        name=it.name,
                        category=it.category,
                        other=other.name,
                        others=other.category,
                    )
                )
