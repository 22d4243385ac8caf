"""A view as the views file records it, and the record of a view that has seen nothing yet."""

import sqlite3
from dataclasses import asdict, replace
from typing import Final, NoReturn

from msgspec import json

from replay.projection import Column
from replay.view_version import KEPT, Slot
from replay.views import checkpoints
from replay.views.checkpoints import Checkpoint
from replay.views.view import View
from replay.words import said
from store import json_text


def blank(it: View, *, generation: int) -> Checkpoint:
    """The checkpoint of a view that has seen nothing yet."""
    return Checkpoint(
        name=it.name,
        title=it.title,
        version=it.version,
        definition=it.definition,
        columns_json=json_text.encode([asdict(column) for column in it.columns]),
        generation=generation,
        checkpoint=0,
        checkpoint_id="",
        row_count=0,
        write_count=0,
        is_indexed=False,
    )


def as_made(it: View, found: Checkpoint) -> View:
    """A view with the columns that it has in the file, whatever the code is now."""
    if found.definition == it.definition:
        return it
    return replace(
        it,
        version=found.version,
        definition=found.definition,
        columns=json.decode(found.columns_json, type=tuple[Column, ...]),
        projection=it.projection if found.definition == it.definition else None,
    )


def recorded(found: Checkpoint) -> View:
    """A view as the file of views describes it, for a process that does not run its code."""
    return replace(
        _NO_CODE,
        name=found.name,
        title=found.title,
        version=found.version,
        definition=found.definition,
        columns=json.decode(found.columns_json, type=tuple[Column, ...]),
    )


def version_of(it: View, found: Checkpoint) -> View:
    """A version of a view, with the columns that it was made with; and with the code only while
    that is still the code that made it."""
    words = "before" if found.of.slot is Slot.BEFORE else said("rebuilt beside it")
    return replace(as_made(it, found), name=found.name, title=f"{found.title}, {words}")


def kept_versions(db: sqlite3.Connection, views: tuple[View, ...]) -> tuple[View, ...]:
    """What stands beside the views, as views."""
    known = {it.name: it for it in views}
    found = checkpoints.read_all(db)
    return tuple(
        version_of(known[it.of.view], it)
        for it in found.values()
        if it.of.slot in KEPT and it.of.view in known
    )


def _refuse(*_arguments: object) -> NoReturn:
    raise RuntimeError("a view that is only read was to be folded")


_NO_CODE: Final = View(
    name="",
    title="",
    version=0,
    definition="",
    columns=(),
    projection=None,
    tables=(),
    create=_refuse,
    index=_refuse,
    writer=_refuse,
    describe=_refuse,
)
