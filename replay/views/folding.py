"""Folding: events into one version of a view, whoever asks for it.

A batch is taken in memory first, without those events that the view is to do without, and then
written with the checkpoint at once. When that fails, `find_failing` goes on up to the event to
blame; what is done about it (parked, or told and stopped) is the caller's.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from replay.views.checkpoints import Checkpoint
from replay.views.failure import Failure, failure_of, is_worlds_fault
from replay.views.sink import Mark
from replay.views.skips import Skipped
from replay.views.text_page import page_of
from replay.views.view import View, ViewWriter
from store.events import RecordedEvent
from store.interface import EventReader

Links: TypeAlias = dict[int, tuple[str, ...]]
Transaction: TypeAlias = Callable[[], AbstractContextManager[None]]

ATTEMPTS: Final = 3  # with an event, before it is to blame


@dataclass(frozen=True, slots=True, kw_only=True)
class Blamed:
    """The event that a view cannot be folded beyond."""

    event: RecordedEvent
    failure: Failure
    attempts: int


class Folding:
    """One version of a view: its writer, how far it is, and what it does without. One thread.

    `known` is what the rows have come to; after anything was raised call `begin_again`.
    """

    def __init__(
        self, view: View, writer: ViewWriter, *, known: Checkpoint, skipped: Skipped
    ) -> None:
        self.view = view
        self.known = known
        self._writer = writer
        self._skipped = skipped
        self._taken: RecordedEvent | None = None

    @property
    def has_failed(self) -> bool:
        """Whether the writer knows already that the next event fails."""
        return self._writer.has_failed

    def unseen(self, events: Sequence[RecordedEvent]) -> Sequence[RecordedEvent]:
        """Those behind the checkpoint, of a run that is dense in position; none when events
        before the run are missing."""
        if not events:
            return ()
        seen = self.known.checkpoint - events[0].position + 1
        return events[seen:] if seen >= 0 else ()

    def take(self, events: Sequence[RecordedEvent], links: Links) -> Failure | None:
        """Fold events in memory, which may stop before the last one. Nothing is locked."""
        seen = self._skipped.without(self.view.name, self.view.definition, events)
        if not seen:
            self._taken = events[-1]
            return None
        try:
            reached = self._writer.take(seen, links)
        except Exception as error:  # the edge: a projection may raise anything
            if is_worlds_fault(error):
                raise
            failure = self._writer.failure(error)
            self._writer.forget()
            return failure
        is_whole = reached == seen[-1].position  # what comes behind that is skipped
        self._taken = events[-1] if is_whole else events[reached - events[0].position]
        return None

    def write(self) -> Failure | None:
        """Write what was taken, with the checkpoint."""
        last, self._taken = self._taken, None
        assert last is not None, "nothing was taken"
        try:
            done = self._writer.flush(Mark(position=last.position, event_id=last.id))
        except Exception as error:  # what a projection put may be refused by the tables
            if is_worlds_fault(error):
                raise
            self._writer.forget()
            return failure_of(error)
        self.known = replace(
            self.known,
            checkpoint=last.position,
            checkpoint_id=last.id,
            row_count=self.known.row_count + done.rows,
            write_count=self.known.write_count + done.writes,
        )
        return None

    def begin_again(self, known: Checkpoint, skipped: Skipped) -> None:
        """Go on from what the tables say, with nothing in memory."""
        self._writer.forget()
        self.known, self._skipped, self._taken = known, skipped, None

    def release(self) -> None:
        """Keep nothing in memory that the tables hold; between two batches."""
        assert self._taken is None, "a batch is under way"
        self._writer.forget()

    def go_to(self, mark: Mark) -> None:
        """Go on from what a sink says of itself, where no other record is kept of it."""
        self.known = replace(self.known, checkpoint=mark.position, checkpoint_id=mark.event_id)

    def close(self) -> None:
        """End what the writer has started."""
        self._writer.close()


def fold_page(
    folding: Folding, log: EventReader, *, until: int, most: int, transaction: Transaction
) -> Blamed | None:
    """Fold the next events, up to a position. Returns the event that it cannot get beyond."""
    first = folding.known.checkpoint + 1
    last = min(first + most - 1, until)
    events = page_of(log, first, last, reads_texts=folding.view.reads_texts)
    links = log.links_between(first, events[-1].position)
    failure = fold_part(folding, events, links, transaction)
    if failure is None:
        return None
    return find_failing(folding, folding.unseen(events), links, failure, transaction)


def fold_part(
    folding: Folding, events: Sequence[RecordedEvent], links: Links, transaction: Transaction
) -> Failure | None:
    """Take and write some events."""
    failure = folding.take(events, links)
    if failure is not None:
        return failure
    with transaction():
        return folding.write()


def find_failing(
    folding: Folding,
    events: Sequence[RecordedEvent],
    links: Links,
    failure: Failure,
    transaction: Transaction,
) -> Blamed | None:
    """Fold what comes before the event that fails, then that one alone until it was tried often
    enough. Where nobody knows which event it is, each is folded alone. None: all went well, or as
    far as is known to fail, this time.
    """
    tried = Counter[int | None]()  # how often each was folded in vain; None: with all of them
    found: Failure | None = failure
    part, at = events, failure.position
    while events:
        if found is not None:
            at = part[0].position if len(part) == 1 else found.position
            tried[at] += 1
            attempts = tried[at] + (tried[None] if at is not None else 0)
            if at == events[0].position and (attempts >= ATTEMPTS or found.is_stuck):
                return Blamed(event=events[0], failure=found, attempts=attempts)
        events = folding.unseen(events)
        if not events or (at is not None and events[0].position > at):
            return None
        part = events[: max(1, at - events[0].position) if at is not None else 1]
        found = fold_part(folding, part, links, transaction)
    return None
