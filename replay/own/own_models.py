"""The model file of a person's own that a log is read with: named beside the log, run only while
trusted.

So the window, the verbs and the view of latest states read the log by the same models. The names
and categories of its models stand there too, so that it can be said whose a stream is while the
file is not run. It is run as it was trusted: a change of it counts once that is trusted, and until
then the copy is run that was kept.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from replay.beside_log import BesideLog
from replay.own.user_models import Trust
from replay.words import said
from store.errors import StoreError
from store.place import Place


class WrongModels(StoreError):
    hint = said("Choose another file with: main.py model use STORE FILE")


class NamedModel(Struct, frozen=True):
    """A model of the file."""

    name: str
    category: str


class OwnModels(Struct, frozen=True):
    """The file, and the models that it had when it was named."""

    path: str
    models: tuple[NamedModel, ...]


FILE: Final = BesideLog[tuple[OwnModels, ...]](
    "-models.json",
    tuple[OwnModels, ...],
    empty=tuple,
    what=said("the list of model files"),
    wrong=WrongModels,
    files=lambda value: [it.path for it in value],
)


def of(place: Place) -> OwnModels | None:
    """The file of a log. Raises WrongModels."""
    return next(iter(FILE.load(place)), None)


def use(place: Place, path: Path, models: Sequence[NamedModel]) -> None:
    """Read the log with a file from now on. Raises StoreReadOnly, DiskFull."""
    named = OwnModels(str(path.resolve()), tuple(models))
    if of(place) != named:
        FILE.save(place, (named,))


def leave(place: Place) -> bool:
    """Read the log without it again; whether there was one. Raises StoreReadOnly."""
    if of(place) is None:
        return False
    FILE.save(place, ())
    return True


def why_not_run(it: OwnModels, trust: Trust) -> str:
    """Why a file is not run; empty when it is."""
    path = Path(it.path)
    is_run = trust.as_trusted(path) is not None
    return (
        ""
        if is_run
        else said("the model file is not trusted: {path}; review it, then trust it", path=path)
    )
