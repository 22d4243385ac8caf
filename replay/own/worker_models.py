"""The models of a process that folds by those of a person's own and of packages."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from replay.own.installed_models import installed_models, with_installed
from replay.own.own_code import Watch, held
from replay.own.user_models import load_models
from replay.states.model_set import ModelSet, bundled_models

WATCHED_S: Final = 60.0  # its parent ends it sooner; this is for when that is gone


@dataclass(frozen=True, slots=True)
class WorkerModels:
    """All of them, and the names of those that may raise anything."""

    models: ModelSet
    own: frozenset[str]


def models_with(file: str) -> WorkerModels:
    """The bundled models, those of a file (PATH=SHA256, or empty) and of installed packages, held
    to a time. Only in a process that may be lost. Raises ModelFailed, NoModel, TakenName, and
    whatever the file raises."""
    watch = Watch(lambda _sentence: os._exit(1), limit_s=WATCHED_S)
    path, _, digest = file.rpartition("=")
    found = load_models(Path(path), expected_digest=digest) if path else ()
    models = with_installed(ModelSet(held(tuple(found), watch)), installed_models(watch))
    bundled = bundled_models().models
    own = frozenset(it.name for it in models.models if all(it is not one for one in bundled))
    return WorkerModels(models, own)
