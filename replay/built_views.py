"""The built views of a log, kept as text beside it."""

from pathlib import Path
from typing import Final

import msgspec

from replay.built_view import BuiltView, WrongView, projection_of, require_sound
from replay.errors import UnknownView

SUFFIX: Final = "-built-views.json"


def built_file(log: Path) -> Path:
    """Where the built views of a log are kept."""
    return log.with_name(log.name + SUFFIX)


def load(log: Path) -> tuple[BuiltView, ...]:
    """All of them, by name; none without a file. Raises WrongView for a file that cannot be
    read: nothing in it is lost."""
    path = built_file(log)
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return ()
    try:
        found = msgspec.json.decode(text, type=tuple[BuiltView, ...])
        for it in found:
            require_sound(it)
    except (msgspec.MsgspecError, WrongView) as error:
        raise WrongView(f"the file of built views cannot be used ({error}): {path}") from error
    return tuple(sorted(found, key=lambda it: it.name))


def save(log: Path, built: BuiltView, *, taken: frozenset[str]) -> None:
    """Add a view, or take it in place of the one of its name. `taken` are names of other
    views. Raises WrongView."""
    require_sound(built, taken=taken)
    projection_of(built)
    _write(log, [*(it for it in load(log) if it.name != built.name), built])


def remove(log: Path, name: str) -> None:
    """Let a view go. Raises UnknownView."""
    found = load(log)
    if name not in {it.name for it in found}:
        raise UnknownView(name)
    _write(log, [it for it in found if it.name != name])


def _write(log: Path, views: list[BuiltView]) -> None:
    path = built_file(log)
    if not views:
        path.unlink(missing_ok=True)
        return
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(views), indent=1))
    unfinished.replace(path)
