"""One part of a session: how it is made, and what it does when something happens."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, Literal, Protocol, Self, TypeVar, overload


class Session(Protocol):
    """What a part asks of the session that it is in."""

    made: dict[str, Any]  # each part of the table, by its name


S = TypeVar("S", bound=Session)
T = TypeVar("T")
Act = Callable[[T], object]
EVERY: Final = "*"  # kind of definitions
Happening = Literal["start", "committed", "advanced", "remodeled", "edited"]


class SessionPart(Generic[S, T]):
    """One part of a session: how it is made, and what it does when something happens.

    Parts are made in the order of the table, each from those above it, and end in the opposite
    one. One with a signal `failed(error)` is listened to.
    """

    def __init__(
        self,
        make: Callable[[S], T],
        *,
        close: Act[T] | None = None,
        start: Act[T] | None = None,  # the log could be read
        committed: Act[T] | None = None,  # to the log, also a command without events
        advanced: Act[T] | None = None,  # views have gone on; a few times a second
        remodeled: Act[T] | None = None,  # streams have another meaning
        edited: Act[T] | None = None,  # positions mean other events; then all the others happen
        decided: Mapping[str, Act[T]] | None = None,  # by kind: its definitions are others
    ) -> None:
        self.make, self.close, self.start = make, close, start
        self.committed, self.advanced, self.remodeled = committed, advanced, remodeled
        self.edited, self.decided = edited, decided or {}
        self._name = ""

    def learn_decisions(self, kinds: frozenset[str], part: T) -> None:
        """Definitions of these kinds are others now: let the part look at its own."""
        for kind, act in self.decided.items():
            if kind in kinds or kind == EVERY:
                act(part)

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, session: None, owner: type) -> Self: ...

    @overload
    def __get__(self, session: S, owner: type) -> T: ...

    def __get__(self, session: S | None, owner: type) -> "Self | T":
        if session is None:
            return self
        part: T = session.made[self._name]
        return part


def table(session: type[S]) -> dict[str, SessionPart[S, Any]]:
    """The parts of a session by name, in order."""
    return {name: it for name, it in vars(session).items() if isinstance(it, SessionPart)}
