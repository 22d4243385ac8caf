"""Every kind of definition that is kept beside a log, and the single definitions in its text."""

import json
from pathlib import Path
from typing import Any, Final, Protocol

from replay import bookmarks
from replay.beside_log import OF_BRANCH, stamp_of
from replay.commands import cases, gateways
from replay.engines import kept_engines
from replay.own import own_models, own_projections
from replay.processes import reprocessing
from replay.questions import saved_filters, saved_questions
from replay.rules import kept_rules
from replay.snapshots import snapshot_policy
from replay.taught import kept_taught
from replay.views import built_views, skips
from replay.words import said
from store.errors import StoreError
from store.place import Place


class UnknownKind(StoreError):
    """There are no definitions of that kind."""

    hint = said("List the changes, with their kinds.")

    def __init__(self, kind: str) -> None:
        super().__init__(said("there are no definitions of the kind {kind!r}", kind=kind))


class Kind(Protocol):
    """One kind, as replay.beside_log writes it."""

    @property
    def kind(self) -> str: ...
    @property
    def what(self) -> str: ...
    def path(self, place: Place) -> Path: ...
    def note(self, place: Place) -> None: ...
    def restore(self, place: Place, text: str, *, why: str = "") -> None: ...


KINDS: Final[tuple[Kind, ...]] = (
    bookmarks.FILE,
    built_views.FILE,
    cases.FILE,
    gateways.FILE,
    kept_engines.FILE,
    kept_rules.FILE,
    kept_taught.FILE,
    own_models.FILE,
    own_projections.FILE,
    reprocessing.FILE,
    saved_filters.FILE,
    saved_questions.FILE,
    skips.FILE,
    snapshot_policy.FILE,
)
_NAMES: Final = (  # the fields that name an item of a list: those of the first line that it has
    ("category", "version"),
    ("view", "event_id"),
    ("position", "until", "name"),
    ("position", "name"),
    ("name",),
    ("role", "address"),
    ("path",),
    ("gateway", "at"),
)


def kind_of(name: str) -> Kind:
    """Raises UnknownKind."""
    for it in KINDS:
        if it.kind == name.partition(OF_BRANCH)[0]:
            return it
    raise UnknownKind(name)


def place_of(place: Place, name: str) -> Place:
    """Whose definitions of a kind they are: a branch's, by its name, or the log's. Raises
    NoSuchBranch, WrongBranchName."""
    from store.branches.opening import existing_branch  # late: a window starts without branches

    _, mark, branch = name.partition(OF_BRANCH)
    return Place(existing_branch(place.log, branch)) if mark else Place(place.log)


def stamps(place: Place) -> dict[str, tuple[int, int]]:
    """By kind: when its file was changed, in nanoseconds, and its bytes; zeros without one. Raises
    OSError."""
    return {it.kind: stamp_of(it.path(place)) for it in KINDS}


def parts(text: str) -> dict[str, Any]:
    """The single definitions in a text, by name; a text that is not JSON is one, without a name.
    None in an empty one."""
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        return {"": text}
    if isinstance(value, dict):
        return dict(value)
    if not isinstance(value, list):
        return {"": value}
    return {_name(it) or f"#{number}": it for number, it in enumerate(value, 1)}


def joined(text: str, found: dict[str, Any]) -> str:
    """A text of single definitions, in the form of another one: an object or a list."""
    if not found:
        return ""
    is_object = text.lstrip().startswith("{")
    value = found if is_object else list(found.values())
    return json.dumps(value, ensure_ascii=False, indent=1)


def _name(item: Any) -> str:
    if isinstance(item, dict):
        for fields in _NAMES:
            if all(it in item for it in fields):
                return " ".join(str(item[it]) for it in fields)
    return ""
