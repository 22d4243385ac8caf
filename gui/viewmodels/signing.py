"""Signed checkpoints of a store: keys, a signature, a proof, and what came of it in words."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from PySide6.QtCore import QObject, Signal, Slot

from gui.words import said
from gui.work.checkpoint_wishes import (
    CheckpointProved,
    CheckpointSigned,
    KeysMade,
    MakeKeys,
    ProveCheckpoint,
    SignCheckpoint,
)
from gui.work.jobs import Jobs
from gui.work.long_work import LongWork
from store.place import Place, stem_of

SigningKind = Literal["sign", "prove"]
SHOWN: Final = 6  # problems that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningWords:
    """How one kind is offered."""

    title: str
    about: str
    button: str
    key: str  # which one is needed
    key_ending: str  # of the name that is offered


WORDS: Final[dict[SigningKind, SigningWords]] = {
    "sign": SigningWords(
        title=said("Sign a checkpoint"),
        about=said(
            "Checks the whole store and signs its current contents with your private "
            "key. Store the checkpoint where people who can write the store cannot "
            "reach it. Give the public key (.pub) to the people who verify it. Keep "
            "the private key secret."
        ),
        button=said("Sign"),
        key=said("Private &key"),
        key_ending=".key",
    ),
    "prove": SigningWords(
        title=said("Verify a checkpoint"),
        about=said(
            "Hashes every event again and compares the result with the signed "
            "checkpoint. This proves that the history up to the checkpoint was not "
            "rewritten. It proves nothing about later events or about the time of "
            "signing."
        ),
        button=said("Verify"),
        key=said("Public &key"),
        key_ending=".key.pub",
    ),
}


class SigningViewModel(QObject):
    """`changed()` when it begins or ends, `progressed(Progress)`, then one of
    `keys_made(key, words)`, `done(words)`, `refuted(words)`, `failed(sentence, hint)` or
    `cancelled()`."""

    changed = Signal()
    progressed = Signal(object)
    keys_made = Signal(str, str)
    done = Signal(str)
    refuted = Signal(str)
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, jobs: Jobs, kind: SigningKind, store: Place) -> None:
        super().__init__()
        self.kind, self.words, self._store = kind, WORDS[kind], store
        self._out = ""
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.progressed.connect(self.progressed)
        self._work.succeeded.connect(self._tell)
        self._work.objected.connect(self._tell)
        self._work.failed.connect(self.failed)
        self._work.cancelled.connect(self.cancelled)

    @property
    def is_running(self) -> bool:
        """Whether anything is being made or checked."""
        return self._work.is_running

    def offered(self, ending: str) -> str:
        """A name beside the store."""
        return stem_of(self._store.text) + ending

    def make_keys(self, key: str) -> None:
        """Make a private key in this file, which must not be there, and a public one beside it."""
        if not key:
            self.failed.emit(said("No name was given for the key."), "")
            return
        self._work.start(MakeKeys(key=key))

    def run(self, *, key: str, checkpoint: str) -> None:
        """Sign, or prove. What is missing is told by `failed`."""
        if not key or not checkpoint:
            self.failed.emit(said("Choose a key and a checkpoint file."), "")
        elif self.kind == "prove":
            self._work.start(ProveCheckpoint(store=self._store, checkpoint=checkpoint, key=key))
        elif not Path(key).exists():
            hint = said("Choose a private key, or create keys with this name.")
            self.failed.emit(said("There is no key here: {key}", key=key), hint)
        else:
            self._out = checkpoint
            self._work.start(SignCheckpoint(store=self._store, key=key, out=checkpoint))

    @Slot()
    def cancel(self) -> None:
        """Stop what runs; nothing is signed then."""
        self._work.cancel()

    @Slot(object)
    def _tell(self, report: Any) -> None:
        match report:
            case KeysMade():
                words = said(
                    "The keys were created. Give {public_key} to the people who verify "
                    "checkpoints.",
                    public_key=report.public_key,
                )
                self.keys_made.emit(report.private_key, words)
            case CheckpointSigned():
                self.done.emit(
                    said("Signed: {report}, in {out}", report=_history(report), out=self._out)
                )
            case CheckpointProved(is_proved=True):
                self.done.emit(
                    said(
                        "Verified: {checkpoint} was not rewritten since.",
                        checkpoint=_history(report.checkpoint),
                    )
                )
            case CheckpointProved():
                self.refuted.emit(refutation(report))
            case _:
                raise TypeError(f"no such report: {type(report).__name__}")


def refutation(report: CheckpointProved) -> str:
    """Why a history is not the one that was signed: what the signature says comes first."""
    first = sorted(report.problems, key=lambda it: it.startswith("the store is not sound"))
    shown = [f"• {it}" for it in first[:SHOWN]]
    if (more := len(report.problems) - SHOWN) > 0:
        shown.append(said("• and {more:,} more", more=more))
    return "\n".join(
        [said("Not verified: {checkpoint}.", checkpoint=_history(report.checkpoint)), *shown]
    )


def _history(of: CheckpointSigned) -> str:
    return said(
        "the history up to position {position:,}, signed at {signed_at}",
        position=of.position,
        signed_at=of.signed_at,
    )
