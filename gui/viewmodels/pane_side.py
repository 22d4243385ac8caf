"""What one pane is set to, and what it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

from store.place import BRANCH_NAME, MAIN

Which: TypeAlias = Literal["left", "right", "third", "fourth"]
Moment: TypeAlias = Literal["cursor", "anchor", "now", "exact"]

ALL: Final[tuple[Which, ...]] = ("left", "right", "third", "fourth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one pane is set to."""

    view: str
    moment: Moment = "cursor"
    at: int | None = None  # the position where an exact moment is, and stays
    source: str = ""  # the address of the query store that has the rows; empty: they are here
    line: str = ""  # the name of the line that it is of; empty: that in view

    def position(self, *, cursor: int, anchor: int | None) -> int | None:
        """What it is as of; None is now."""
        return {"cursor": cursor, "anchor": anchor, "now": None, "exact": self.at}[self.moment]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneRows:
    """One pane ready to be shown: a row for each pair, empty where it has none."""

    titles: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], bool], ...]  # texts, and whether the row differs
    as_of: int | None  # the position that they show
    age: str = ""  # of rows of a query store: how far they are behind
    trouble: str = ""  # why there are none; that is tried again


def kept_sides(sides: Mapping[Which, Side], here: str) -> list[dict[str, Any]]:
    """As JSON values, from left to right. `here`: the line in view, whose positions an exact
    moment counts if the side names none."""
    return [_kept(it, here) for it in sides.values()]


def sides_of(kept: Any) -> dict[Which, Side]:
    """What `kept_sides` told; empty where it is nothing of the kind."""
    found = [it for it in map(_side, kept) if it is not None] if isinstance(kept, list) else []
    return dict(zip(ALL, found, strict=False)) if len(found) >= 2 else {}


def _kept(side: Side, here: str) -> dict[str, Any]:
    is_of_here = side.moment == "exact" and not side.source
    return {
        "view": side.view,
        "moment": side.moment,
        "at": side.at,
        "source": side.source,
        "line": side.line or (here if is_of_here else ""),
    }


def _side(kept: Any) -> Side | None:
    if not isinstance(kept, dict):
        return None
    at, line = kept.get("at"), kept.get("line")
    view, source = (str(kept.get(it, "")) for it in ("view", "source"))
    moment = next((it for it in get_args(Moment) if it == kept.get("moment")), None)
    is_sound = bool(view) and (moment != "exact" or isinstance(at, int))
    if moment is None or not is_sound:
        return None
    is_line = isinstance(line, str) and (line == MAIN or BRANCH_NAME.fullmatch(line) is not None)
    return Side(
        view=view,
        moment=moment,
        at=at if isinstance(at, int) else None,
        source=source,
        line=str(line) if is_line else "",
    )
