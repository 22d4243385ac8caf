"""Who may issue which command: looked at before its model is asked, and apart from its rules."""

from collections.abc import Sequence
from typing import Final

from replay.states.model_set import AnyModel
from replay.typed_model import Command
from replay.words import said
from store.beside.commands import IssuedCommand

READ_ONLY: Final = "read only"  # a role that may do nothing but look
PROCESS: Final = "process"  # of process managers, which may issue every command


def unauthorised(
    model: AnyModel, type_: type[Command], command: IssuedCommand
) -> tuple[str, str] | None:
    """The rule and reason for which a person may not issue a command; None when they may."""
    reason = why_not_allowed(model, type_, actor=command.actor, roles=command.roles)
    return ("authorisation", reason) if reason else None


def why_not_allowed(
    model: AnyModel, type_: type[Command], *, actor: str, roles: Sequence[str]
) -> str:
    """Why somebody with these roles may not issue a command; empty when they may."""
    wanted = model.roles.get(type_, frozenset())
    if READ_ONLY in roles:
        return said("{actor} has read-only access.", actor=actor)
    if wanted and PROCESS not in roles and wanted.isdisjoint(roles):
        return said(
            "{name__} needs the role {wanted}.",
            name__=type_.__name__,
            wanted=" or ".join(sorted(wanted)),
        )
    return ""
