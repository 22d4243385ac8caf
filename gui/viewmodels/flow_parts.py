"""What the picture of the servers around a log is made of: boxes and arrows."""

from dataclasses import dataclass
from typing import Final, Literal

from replay.engines.arrows import Arrow

Tone = Literal["", "ok", "warn", "error", "accent"]

LOG: Final = "log"
VIEWS: Final = "views"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A box of the picture; `is_default`: what Foldline does itself where no server does it."""

    id: str
    column: int
    row: int
    caption: str
    title: str
    note: str = ""
    tone: Tone = ""
    tip: str = ""
    is_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """An arrow of the picture. With `way` it is one whose figures are known."""

    id: str
    here: str
    there: str
    label: str = ""
    note: str = ""
    tone: Tone = ""
    tip: str = ""
    is_still: bool = False
    state: str = ""  # in words
    way: Arrow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the window does along an arrow now."""

    is_running: bool = False
    problem: str = ""  # with which it ended; empty when it did not fail
    dropped: int = 0  # what came again and changed nothing
    fraction: float | None = None  # of work that comes to an end; None while nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything that is drawn."""

    roles: tuple[Role, ...]
    flows: tuple[Flow, ...]

    def flow(self, flow_id: str) -> Flow | None:
        """By its id."""
        return next((it for it in self.flows if it.id == flow_id), None)


def id_of(arrow: Arrow) -> str:
    """Of an arrow in the picture."""
    return f"{arrow.way} {arrow.address}"


def end_of(arrow: Arrow) -> str:
    """The id of the box that an arrow leads to, of a server that a person chose."""
    return f"{id_of(arrow)}>"


def tip_of(*parts: str) -> str:
    """Each that is said on a line of its own."""
    return "\n".join(it for it in parts if it)
