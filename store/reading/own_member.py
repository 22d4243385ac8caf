"""What a foreign form has no place for, carried in the metadata under `foldline`.

Its own programs leave it alone, and a reader here gives it back: each column as it was, and the
metadata without it.
"""

from collections.abc import Mapping
from typing import Final

from store import json_text
from store.events import RecordedEvent
from store.reading import fields
from store.reading.fields import quoted
from store.reading.json_members import json_object, members, one_line
from store.reading.losses import Loss
from store.times import format_moment
from store.words import said

OURS: Final = "foldline"
_THEIRS: Final = "theirs"  # a member of that name that the event had already
_ADDED: Final = "added"  # names under which the form has what the event has under ours
_AS_IS: Final = "as_is"  # the reader must not add our names for theirs


def with_ours(
    metadata_json: str,
    ours: Mapping[str, str],
    *,
    renamed: Mapping[str, str],
    adds_theirs: bool = True,
) -> str:
    """The metadata with what is carried. `renamed` gives our names for theirs, which a reader adds;
    with `adds_theirs` what stands under ours is added under theirs. Values are JSON texts."""
    stated, carried = dict(members(one_line(metadata_json))), dict(ours)
    if OURS in stated:
        carried[_THEIRS] = stated.pop(OURS)
    both = [(it, own) for it, own in renamed.items() if (it in stated) != (own in stated)]
    added = {it: stated[own] for it, own in both if own in stated and adds_theirs}
    if added:
        carried[_ADDED] = json_text.encode(list(added))
    elif any(it in stated for it, _ in both):
        carried[_AS_IS] = "true"
    own = {OURS: json_object(carried)} if carried else {}
    return json_object({**added, **stated, **own})


def without_ours(stated: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]] | None:
    """The members of the metadata as they were, and what was carried; None where nothing was."""
    if not stated.get(OURS, "").startswith("{"):
        return None
    try:
        ours = dict(members(stated[OURS]))
    except ValueError:
        return None
    dropped = {OURS, *fields.names(ours, _ADDED)}
    left = {name: text for name, text in stated.items() if name not in dropped}
    if _THEIRS in ours:
        left[OURS] = ours[_THEIRS]
    return left, ours


def keeps_names(ours: Mapping[str, str]) -> bool:
    """Whether our names for theirs must not be added to what was carried."""
    return _ADDED in ours or _AS_IS in ours


def occurred_text(event: RecordedEvent) -> str:
    """As JSON."""
    return quoted(format_moment(event.occurred_at_us, event.occurred_offset_min))


def recorded_text(event: RecordedEvent) -> str:
    """As JSON."""
    return quoted(format_moment(event.recorded_at_us, event.recorded_offset_min))


def _repeats(event: RecordedEvent, _links: tuple[str, ...]) -> bool:
    if event.metadata_json.count(":") < 2:
        return False
    found = members(event.metadata_json)
    return len(dict(found)) < len(found)


REPEATED: Final = Loss(
    name="repeated_keys",
    what=said("all but the last value of repeated keys in the metadata"),
    when=said("if there are any"),
    aspects=("metadata_json",),
    is_lost=_repeats,
)
