"""What work with servers ends with, as the verbs behind it print it with --json."""

from msgspec import Struct


class PublishedTo(Struct, frozen=True, kw_only=True):
    published: int
    to: str


class SunkTo(Struct, frozen=True, kw_only=True):
    to: str
    written: int  # versions of rows
    repeated: int  # that were there already


class FoldedOnSpark(Struct, frozen=True, kw_only=True):
    """Of one view; what else is told of it is left out."""

    view: str
    position: int


class RebuiltThere(Struct, frozen=True, kw_only=True):
    views: list[FoldedOnSpark]


class EngineStarted(Struct, frozen=True, kw_only=True):
    """A server on this machine."""

    name: str
    address: str


class EngineHere(Struct, frozen=True, kw_only=True):
    """One that can be started on this machine, or `missing` says why not and `hint` what to do."""

    name: str
    missing: str
    hint: str


class EnginesHere(Struct, frozen=True, kw_only=True):
    local: list[EngineHere]


class MadeAt(Struct, frozen=True, kw_only=True):
    address: str


class KeyringSeen(Struct, frozen=True, kw_only=True):
    keyring: str  # its name; empty: there is none
