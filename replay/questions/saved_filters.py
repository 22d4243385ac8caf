"""Filters of the event table that a person has named, as text beside the log."""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Struct

from replay.beside_log import BesideLog
from replay.definition_journal import read
from replay.words import said
from store.errors import StoreError
from store.place import Place


class WrongFilters(StoreError):
    hint = said("Correct the file, or delete it.")


class SavedFilter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is listed: events that meet all parts. An empty part is met by all."""

    types: tuple[str, ...] = ()
    stream: str = ""
    text: str = ""  # words to be searched for
    where: str = ""  # a filter, see store.filter


FILE: Final = BesideLog[dict[str, SavedFilter]](
    "-filters.json",
    dict[str, SavedFilter],
    empty=dict,
    what=said("the saved filters file"),
    wrong=WrongFilters,
)


def load(place: Place) -> dict[str, SavedFilter]:
    """By name, in the order in which they were saved; none without a file. Raises WrongFilters."""
    return FILE.load(place)


def apply(place: Place, changes: Mapping[str, SavedFilter | None]) -> dict[str, SavedFilter]:
    """Save filters under their names, and forget those that are None; what there is then. Any
    thread. Raises as BesideLog.change does."""
    return FILE.change(place, lambda now: changed(now, changes))


def changed(
    now: Mapping[str, SavedFilter], changes: Mapping[str, SavedFilter | None]
) -> dict[str, SavedFilter]:
    """The filters after some changes."""
    return {name: it for name, it in {**now, **changes}.items() if it is not None}


def carry(place: Place, filters: Mapping[str, SavedFilter]) -> dict[str, SavedFilter]:
    """Take over filters that were kept elsewhere; what there is then. A name that was ever used
    here is left as it is: it was taken over before, and perhaps forgotten since. Raises as
    BesideLog.change does."""
    used = {name for it in read(place).entries if it.kind == FILE.kind for name in _names(it.text)}
    new = {name: it for name, it in filters.items() if name not in used}
    return (
        FILE.change(place, lambda now: {**new, **now}, how="carried-over") if new else load(place)
    )


def _names(text: str) -> list[str]:
    return list(msgspec.json.decode(text, type=dict[str, msgspec.Raw])) if text else []
