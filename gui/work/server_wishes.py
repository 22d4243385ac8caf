"""Event stores on servers: what looking at one and mirroring it take."""

from typing import ClassVar

from msgspec import Struct

from gui.words import said
from gui.work import reports


class LookAtServer(Struct, frozen=True, kw_only=True):
    """Connect, and tell what is there. Nothing is written."""

    title: ClassVar[str] = said("Test the connection")
    report: ClassVar[type] = reports.ServerSeen
    address: str  # without secrets

    def arguments(self) -> list[str]:
        return ["engines", "show", self.address]


class MirrorServer(Struct, frozen=True, kw_only=True):
    """Store what a server has and what comes there, until it is cancelled."""

    report: ClassVar[type] = reports.Followed
    address: str  # without secrets
    into: str

    @property
    def title(self) -> str:
        return self.address.partition("?")[0]

    def arguments(self) -> list[str]:
        return ["mirror", self.address, "--into", self.into, "--follow"]
