"""The form that is filled in: its command, its fields, and the stream that they name."""

from typing import Any

from gui.viewmodels.offered import Offered
from gui.viewmodels.seen_version import SeenVersion
from gui.words import said
from replay.commands.offers import Judged
from replay.workers.worker_messages import Because
from store.events import new_event_id


class OpenForm:
    """What rules its command out, the version it is sent with and what it would do are all of the
    stream that its fields name, whichever stream the window shows meanwhile."""

    def __init__(self) -> None:
        self.offer: Offered | None = None
        self.prefill: dict[str, Any] = {}
        self.data: dict[str, Any] = {}
        self.is_begun = False  # a person has filled something in, and it is not settled
        self.because: Because | None = None  # of an undo: the event that it takes back
        self.command_id = new_event_id()
        self.seen = SeenVersion()
        self.stream = ""  # empty while its fields name none
        self.version = 0  # of that stream; 0: it is new
        self.reason = ""  # why the command cannot be issued; empty when it can be tried

    @property
    def name(self) -> str:
        """The command's."""
        return self.offer.name if self.offer else ""

    def open(self, offer: Offered | None, *, because: Because | None = None) -> None:
        """Begin anew with what is given. The command's id is made now, so a resend is the same
        command."""
        self.offer, self.because = offer, because
        self.prefill = dict(offer.given) if offer else {}
        self.data = dict(self.prefill)
        self.is_begun = because is not None
        self.command_id = new_event_id()
        self.stream, self.reason = (offer.stream, offer.reason) if offer else ("", "")

    def look(self, stream: str, version: int, *, is_head: bool) -> None:
        """The person opens it anew, and is shown this version of its stream."""
        if stream and stream == self.stream:
            self.version = version
            self.seen.show(stream, version, is_head=is_head)
            self.seen.look()

    def fill(self, data: dict[str, Any]) -> None:
        """A person has changed a field."""
        self.data, self.is_begun = data, True

    def learn(self, judged: Judged, *, is_head: bool) -> None:
        """What was found of the stream that its fields name."""
        self.stream, self.version, self.reason = judged.stream, judged.version, judged.reason
        if judged.stream:
            self.seen.show(judged.stream, judged.version, is_head=is_head)

    def settle(self) -> None:
        """It was decided on: what is sent next is another command."""
        self.command_id, self.because, self.is_begun = new_event_id(), None, False

    def about(self, shown: str) -> str:
        """The stream that it is about, as a sentence; `shown` is the one the window shows."""
        if self.offer is None:
            return ""
        if not self.stream:
            return said("The fields do not identify a stream yet.")
        where = (
            said("version {version:,}", version=self.version)
            if self.version
            else said("a new stream")
        )
        aside = (
            said("; the window shows {shown}", shown=shown)
            if shown and shown != self.stream
            else ""
        )
        return said("For {stream}, {where}{aside}.", stream=self.stream, where=where, aside=aside)
