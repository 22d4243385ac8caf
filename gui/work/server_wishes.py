"""Event stores on servers: what looking at one and mirroring it take."""

from typing import ClassVar

from msgspec import Struct

from gui.words import said
from gui.work import reports, server_reports
from store.place import Place


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


class PublishTo(Struct, frozen=True, kw_only=True):
    """Write the events of a store into a topic, and what comes, until it is cancelled."""

    report: ClassVar[type] = server_reports.PublishedTo
    store: Place
    address: str  # without secrets

    @property
    def title(self) -> str:
        return self.address.partition("?")[0]

    def arguments(self) -> list[str]:
        return ["publish", self.store.text, "--to", self.address, "--follow"]


class SinkTo(Struct, frozen=True, kw_only=True):
    """Write rows of views to a query store, and what comes, until it is cancelled."""

    report: ClassVar[type] = server_reports.SunkTo
    store: Place
    address: str  # without secrets
    views: tuple[str, ...] = ()  # empty: all that have rows

    @property
    def title(self) -> str:
        return self.address.partition("?")[0]

    def arguments(self) -> list[str]:
        return ["sink", self.store.text, *self.views, "--to", self.address, "--follow"]


class RebuildOn(Struct, frozen=True, kw_only=True):
    """Fold every view of a store again on Spark. One that was ended goes on with what it had."""

    report: ClassVar[type] = server_reports.RebuiltThere
    store: Place
    master: str

    @property
    def title(self) -> str:
        return said("Rebuild on {master}", master=self.master)

    def arguments(self) -> list[str]:
        return ["rebuild", self.store.text, "--on", self.master]


class LookForEngines(Struct, frozen=True, kw_only=True):
    """Tell which servers can be started on this machine, and what others need."""

    title: ClassVar[str] = said("Look for servers of this machine")
    report: ClassVar[type] = server_reports.EnginesHere

    def arguments(self) -> list[str]:
        return ["engines", "list"]


class StartEngine(Struct, frozen=True, kw_only=True):
    """Start a server on this machine for trying out."""

    report: ClassVar[type] = server_reports.EngineStarted
    engine: str  # by its name

    @property
    def title(self) -> str:
        return said("Start {engine} on this machine", engine=self.engine)

    def arguments(self) -> list[str]:
        return ["engines", "up", self.engine]


class MakeTopic(Struct, frozen=True, kw_only=True):
    """Make an empty topic."""

    title: ClassVar[str] = said("Make a topic")
    report: ClassVar[type] = server_reports.MadeAt
    address: str  # without secrets

    def arguments(self) -> list[str]:
        return ["engines", "new", self.address]


class LookForKeyring(Struct, frozen=True, kw_only=True):
    """Tell which keyring the system has."""

    title: ClassVar[str] = said("Look for the system's keyring")
    report: ClassVar[type] = server_reports.KeyringSeen

    def arguments(self) -> list[str]:
        return ["engines", "password"]


class KeepPassword(Struct, frozen=True, kw_only=True):
    """Keep the password that was typed for a server in the system's keyring."""

    title: ClassVar[str] = said("Keep the password")
    report: ClassVar[type] = server_reports.KeyringSeen
    address: str  # without secrets

    def arguments(self) -> list[str]:
        return ["engines", "password", self.address]
