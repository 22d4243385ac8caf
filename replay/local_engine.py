"""A server that can be started on this machine, as the program that starts it offers it."""

from pathlib import Path
from typing import Protocol

from replay.words import said
from store.errors import StoreError


class LocalEngine(Protocol):
    """One kind of server, with a folder of its own for this account."""

    @property
    def title(self) -> str:
        """For people."""

    @property
    def folder(self) -> Path:
        """Where its data and its log are."""

    @property
    def pid(self) -> int:
        """Of the running server; 0 when none runs."""

    @property
    def address(self) -> str:
        """Of the running server; it can be reached from this machine alone."""

    @property
    def next_step(self) -> str:
        """What to do with the address, in a sentence."""

    def require_installed(self) -> None:
        """Raises EngineNotInstalled where something is missing on this machine. Nothing is
        fetched or started."""

    def start(self) -> None:
        """Wait until it answers; one that runs already is left as it is. Raises
        EngineNotInstalled, EngineNotFetched, EngineNotStarted."""

    def stop(self) -> None:
        """Wait until it has ended. Its data stay."""


class EngineNotInstalled(StoreError):
    """`line` is what to type."""

    def __init__(self, engine: str, line: str) -> None:
        super().__init__(said("{engine} is not installed on this machine", engine=engine))
        self.engine, self.line = engine, line
        self.hint = said("Install it with: {line}", line=line)


class EngineNotFetched(StoreError):
    """The programs of a server could not be had; `told` is what went wrong."""

    hint = said("Check that Maven reaches its repository, and try again.")

    def __init__(self, engine: str, told: str) -> None:
        reason = said(
            "the programs of {engine} could not be fetched ({told})", engine=engine, told=told
        )
        super().__init__(reason)
        self.engine, self.told = engine, told


class EngineNotStarted(StoreError):
    """`told` is what the server said."""

    hint = said("Look into the log in its folder.")

    def __init__(self, engine: str, told: str) -> None:
        super().__init__(said("{engine} did not start ({told})", engine=engine, told=told))
        self.engine, self.told = engine, told
