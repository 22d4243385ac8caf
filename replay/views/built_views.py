"""The built views of a log, kept as text beside it."""

from typing import Final

from replay.beside_log import BesideLog
from replay.errors import UnknownView
from replay.views.built_view import BuiltView, WrongView, require_sound
from replay.words import said
from store.errors import WrongFilter
from store.place import Place

FILE: Final = BesideLog[tuple[BuiltView, ...]](
    "-built-views.json",
    tuple[BuiltView, ...],
    empty=tuple,
    what=said("the built views file"),
    wrong=WrongView,
)


def load(place: Place) -> tuple[BuiltView, ...]:
    """All of them, by name; none without a file. Raises WrongView for a file that cannot be
    used: nothing in it is lost."""
    found = FILE.load(place)
    try:
        for it in found:
            require_sound(it)
    except (WrongView, WrongFilter) as error:
        path = FILE.path(place)
        raise WrongView(
            said("the built views file cannot be used ({error}): {path}", error=error, path=path)
        ) from error
    return tuple(sorted(found, key=lambda it: it.name))


def save(place: Place, built: BuiltView, *, taken: frozenset[str]) -> None:
    """Add a view, or take it in place of the one of its name. `taken` are names of other
    views. Raises WrongView, WrongFilter."""
    require_sound(built, taken=taken)
    load(place)
    FILE.change(place, lambda now: (*(it for it in now if it.name != built.name), built))


def remove(place: Place, name: str) -> None:
    """Let a view go. Raises UnknownView."""
    found = load(place)
    if name not in {it.name for it in found}:
        raise UnknownView(name)
    FILE.change(place, lambda now: tuple(it for it in now if it.name != name))
