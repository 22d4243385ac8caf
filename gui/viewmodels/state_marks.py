"""Changes of a state as marks on its tree, and in words."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from gui.viewmodels.event_rows import span_text
from gui.viewmodels.inspector import Comparison, Inspection
from gui.words import counted, said
from replay.states.diff import Change
from replay.states.state_at import StateAt

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """How one field differs: for gui.widgets.tree.json_nodes.Mark."""

    path: Path
    kind: Literal["added", "removed", "changed", "moved"]
    before: Any


def marks_of(changes: tuple[Change, ...]) -> list[ChangeMark]:
    """A mark a change."""
    return [ChangeMark(it.path, it.kind, it.before) for it in changes]


def state_title(inspection: Inspection) -> str:
    """The stream and the version its state is at."""
    state = inspection.state
    return "" if state is None else f"{state.stream}  v{state.version}"


def state_words(inspection: Inspection) -> str:
    """Which event the state ends with, and where the state came from: a full replay, a snapshot
    or the cache, and how many events were folded on or undone."""
    state = inspection.state
    if state is None:
        return ""
    known = [inspection.known] if inspection.known else []
    if state.last is None:
        return " · ".join([said("no event of this stream yet"), *known])
    parts = [
        said("as of {type} at {position:,}", type=state.last.type, position=state.last.position),
        counted("{count:,} event", "{count:,} events", state.events),
    ]
    return " · ".join([*known, *parts, _origin(state)])


def _origin(state: StateAt[Any]) -> str:
    match state.basis:
        case "beginning":
            return said("full replay")
        case "snapshot":
            return said("snapshot + {folded:,}", folded=state.folded)
        case "keyframe":
            return said("cache + {folded:,}", folded=state.folded)
    return said("cache, {folded:,} undone", folded=state.folded)


def change_note(inspection: Inspection) -> str:
    """Behind each changed field: the event that changed it, and how long before the cursor."""
    state, event = inspection.state, inspection.event
    if state is None or state.last is None or event is None:
        return ""
    ago_us = event.recorded_at_us - state.last.recorded_at_us
    return f"{state.last.type} · {span_text(ago_us)}" if ago_us > 0 else state.last.type


def comparison_words(comparison: Comparison) -> str:
    """From where to where, and how many fields differ."""
    counts = dict.fromkeys(("added", "removed", "changed", "moved"), 0)
    for change in comparison.changes:
        counts[change.kind] += 1
    told = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
    before, after = comparison.before, comparison.after
    anchor = said("A of {line}", line=comparison.line) if comparison.line else "A"
    place = f"{comparison.stream}  {anchor} {before.position:,} (v{before.version})"
    if comparison.known:
        place = f"{comparison.known} · {place}"
    return said(
        "{place} → cursor {position:,} (v{version}): {told}",
        place=place,
        position=after.position,
        version=after.version,
        told=told or said("no difference"),
    )
