"""Who issues commands in the window: a name, and the roles that go with it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from replay.commands.roles import usual_roles


class ActingViewModel(QObject):
    """`changed()` when a person chooses otherwise, `learned()` when the roles are known."""

    changed = Signal()
    learned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.actor = ""  # empty: whoever is logged in
        self.login = ""
        self.known: tuple[str, ...] = ()  # roles that models declare
        self._chosen: tuple[str, ...] | None = None  # None: the usual ones

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that commands are issued with."""
        return tuple(usual_roles(self.known)) if self._chosen is None else self._chosen

    @property
    def told_roles(self) -> tuple[str, ...] | None:
        """The roles, for the process that decides; None while nobody knows them."""
        return self.roles if self.known or self._chosen is not None else None

    def learn(self, known: Sequence[str], login: str) -> None:
        """The process that decides has told which roles there are, and who is logged in."""
        if (tuple(known), login) != (self.known, self.login):
            self.known, self.login = tuple(known), login
            self.learned.emit()

    def act_as(self, actor: str) -> None:
        """Issue commands under another name; under one's own if it is empty."""
        if actor != self.actor:
            self.actor = actor
            self.changed.emit()

    def take(self, role: str, *, is_on: bool) -> None:
        """Take on a role, or lay it down."""
        has = [it for it in self.roles if it != role]
        self._chosen = tuple(it for it in self.known if it in has or (is_on and it == role))
        self.changed.emit()

    def as_dict(self) -> dict[str, Any]:
        """What to remember between starts."""
        return {"actor": self.actor, "roles": self._chosen}

    def restore(self, kept: dict[str, Any]) -> None:
        """Go back to what was remembered; what is no name or role is left out."""
        actor, roles = kept.get("actor"), kept.get("roles")
        self.actor = actor if isinstance(actor, str) else ""
        if isinstance(roles, list):
            self._chosen = tuple(it for it in roles if isinstance(it, str))
        self.learned.emit()
