"""Signed checkpoints of a store, asked for: the verb behind them, and its reports."""

from typing import ClassVar

from msgspec import Struct

from gui.words import said
from store.place import Place


class KeysMade(Struct, frozen=True, kw_only=True):
    private_key: str
    public_key: str


class CheckpointSigned(Struct, frozen=True, kw_only=True):
    """A statement of what a store holds, and when it was made by the clock of who signed it."""

    position: int
    signed_at: str


class CheckpointProved(Struct, frozen=True, kw_only=True):
    """What came of holding a store against a checkpoint."""

    is_proved: bool
    checkpoint: CheckpointSigned
    events: int
    problems: tuple[str, ...]


class MakeKeys(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Create keys")
    report: ClassVar[type] = KeysMade
    key: str  # the file of the private one

    def arguments(self) -> list[str]:
        return ["checkpoint", "keys", self.key]


class SignCheckpoint(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Sign a checkpoint")
    report: ClassVar[type] = CheckpointSigned
    store: Place
    key: str
    out: str

    def arguments(self) -> list[str]:
        files = [f"--key={self.key}", f"--out={self.out}"]
        return ["checkpoint", "sign", self.store.text, *files]


class ProveCheckpoint(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Verify a checkpoint")
    report: ClassVar[type] = CheckpointProved
    store: Place
    checkpoint: str
    key: str  # the public one

    def arguments(self) -> list[str]:
        return ["checkpoint", "verify", self.store.text, self.checkpoint, f"--key={self.key}"]
