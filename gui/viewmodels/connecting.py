"""Connecting to an event store on a server: what is there, and where its local store will be."""

import re
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.settings import Settings
from gui.window_words import hint_of
from gui.words import counted, said
from gui.work.jobs import Job, Jobs
from gui.work.long_work import LongWork
from gui.work.reports import ServerSeen
from gui.work.server_reports import KeyringSeen
from gui.work.server_wishes import KeepPassword, LookAtServer, LookForKeyring
from store.place import LOG_SUFFIX
from store.remote.address import Address, address_of
from store.remote.errors import WrongAddress
from store.remote.passwords import VARIABLES, remember_password
from store.transfer.new_name import free_copy

_NAMES: Final = re.compile(r"[^A-Za-z0-9]+")


class ConnectingViewModel(QObject):
    """`changed()` when a test begins or ends, `progressed(Progress)`, then one of `seen(words)`,
    `failed(sentence, hint)` or `cancelled()`. `mirror_wanted(address, store)` once both are fit to
    go on with; the address has no secret in it."""

    changed = Signal()
    keyring_found = Signal()  # passwords can be kept in it
    progressed = Signal(object)
    seen = Signal(str)
    failed = Signal(str, str)
    cancelled = Signal()
    mirror_wanted = Signal(str, object)

    def __init__(self, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self._settings, self._jobs = settings, jobs
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.progressed.connect(self.progressed)
        self._work.succeeded.connect(self._tell)
        self._work.failed.connect(self.failed)
        self._work.cancelled.connect(self.cancelled)

    def look_for_keyring(self) -> None:
        """Tell by `keyring_found` whether the system has one."""
        job = Job(LookForKeyring(), self)
        job.succeeded.connect(self._learn_keyring)
        self._jobs.start(job, is_aside=True)

    @property
    def is_running(self) -> bool:
        """Whether the connection is being tested."""
        return self._work.is_running

    @property
    def recent(self) -> list[str]:
        """Addresses connected to last, the latest first."""
        return self._settings.servers()

    def offered(self, text: str) -> str:
        """A name that is free for the local store of an address; empty for no address."""
        try:
            address = address_of(text)
        except WrongAddress:
            return ""
        rest = address.shown.partition("://")[2].rpartition("@")[2]
        words = [it for it in _NAMES.split(rest.partition("?")[0]) if it]
        name = "-".join([*words[-1:], *_named(address)]) or address.scheme
        return str(free_copy(Path(self._settings.folder()) / f"{name}{LOG_SUFFIX}"))

    def test(self, text: str, password: str) -> None:
        """Connect, and tell what is there."""
        if (address := self._address(text, password)) is not None:
            self._work.start(LookAtServer(address=address.shown))

    def password_words(self, text: str) -> str:
        """Where the password of such a server may be, and how long one that is typed is held."""
        try:
            scheme = address_of(text.strip()).scheme
        except WrongAddress:
            scheme = ""
        variable = VARIABLES.get(scheme, "")
        held = said("It is held until you quit, and stored in no file.")
        if not variable:
            return held
        if variable == "PGPASSWORD":
            return said("Not needed where PGPASSWORD or a .pgpass file has it. {held}", held=held)
        return said("Not needed where {variable} has it. {held}", variable=variable, held=held)

    def connect_to(
        self, text: str, password: str, into: str, *, has_to_be_kept: bool = False
    ) -> None:
        """Ask for the mirror. What is missing is told by `failed`. `has_to_be_kept`: the password,
        in the system's keyring."""
        address = self._address(text, password)
        if address is None:
            return
        if not into:
            self.failed.emit(said("No name was given for the local store."), "")
            return
        if has_to_be_kept and password:
            job = Job(KeepPassword(address=address.shown), self._jobs)
            job.failed.connect(self.failed)
            self._jobs.start(job)
        self._settings.remember_server(address.shown)
        self._settings.set_folder(Path(into).absolute().parent)
        self.mirror_wanted.emit(address.shown, Path(into).absolute())

    @Slot()
    def cancel(self) -> None:
        """Stop a test."""
        self._work.cancel()

    def _address(self, text: str, password: str) -> Address | None:
        """Its secrets are kept for this run of the program, and in no file."""
        try:
            address = address_of(text.strip())
        except WrongAddress as error:
            sentence = str(error)
            self.failed.emit(sentence[:1].upper() + sentence[1:], hint_of(error))
            return None
        if typed := password or address.password:
            remember_password(address, typed)
        return address

    @Slot(object)
    def _learn_keyring(self, report: KeyringSeen) -> None:
        if report.keyring:
            self.keyring_found.emit()

    @Slot(object)
    def _tell(self, report: ServerSeen) -> None:
        what = (
            said(
                "{kind}: a store of {program}, only read", kind=report.kind, program=report.program
            )
            if report.program
            else said("{kind}: an event store of Foldline", kind=report.kind)
        )
        if report.events is None:
            self.seen.emit(what)
            return
        many = counted("{count:,} event", "{count:,} events", report.events)
        self.seen.emit(said("{what}, {many}", what=what, many=many))


def _named(address: Address) -> list[str]:
    """What of the options tells stores of one database apart."""
    return [it for it in (address.options.get("schema"), address.options.get("table")) if it]
