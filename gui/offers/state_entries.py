"""What can be done with a field of the state that is shown."""

from functools import partial

from gui.offers.doors import Doors
from gui.offers.event_entries import Groups, link_to
from gui.viewmodels.narrowing import Term, term_of_path
from gui.viewmodels.things import Entry
from gui.words import said
from replay.deep_link import Link
from store.filter.tokens import path_of

Path = tuple[str | int, ...]


def field_entries(doors: Doors, path: Path) -> Groups:
    """Beside what the tree itself offers: copy, history, pin."""
    link = Link(
        at=doors.session.selection.as_of or None,
        stream=doors.session.inspector.stream,
        tab="state",
        field=field_text(path),
    )
    return [
        [
            Entry(text=said("Filter by this value"), act=partial(narrow, doors, path)),
            Entry(
                text=said("Leave out this value"),
                act=partial(narrow, doors, path, is_left_out=True),
            ),
            Entry(
                text=said("Break when this changes"), act=partial(stop_at, doors, path, " changed")
            ),
            Entry(text=said("Break on a condition…"), act=partial(stop_at, doors, path, " ")),
        ],
        [
            Entry(
                text=said("Copy link to this field"), act=partial(doors.copy, link_to(doors, link))
            )
        ],
    ]


def narrow(doors: Doors, path: Path | None, *, is_left_out: bool = False) -> None:
    """By the value of the state at a path, where events have such a value."""
    term = _term_of(doors, path)
    if term is not None:
        narrowing = doors.session.narrowing
        (narrowing.without if is_left_out else narrowing.only)(term)


def stop_at(doors: Doors, path: Path, claim: str) -> None:
    """Begin a breakpoint on a field; the items of a list are one field."""
    names = [it for it in path if isinstance(it, str)]
    if names:
        doors.begin_breakpoint(f"{path_of(names)}{claim}", "stream")


def field_text(path: Path) -> str:
    """A path as a link says it: `lines[0].sku`."""
    text = "".join(f"[{it}]" if isinstance(it, int) else f".{path_of([it])}" for it in path)
    return text.removeprefix(".")


def _term_of(doors: Doors, path: Path | None) -> Term | None:
    inspection = doors.session.inspector.inspection
    if path is None or inspection is None or inspection.state is None:
        return None
    return term_of_path(inspection.state.state, path)
