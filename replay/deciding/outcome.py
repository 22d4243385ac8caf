"""What comes of a pass: edits that put the new events in the place of the recorded ones, and the
commands that came out otherwise."""

from collections.abc import Sequence

from store.beside.commands import IssuedCommand
from store.branches.decided import Came, Decided, DecidedCommand
from store.branches.edits import Content, Edit
from store.branches.reader import BranchReader
from store.events import NewEvent, RecordedEvent


class Outcome:
    """Of one pass through a branch without what was decided before. One thread."""

    def __init__(self, line: BranchReader) -> None:
        self.looked_at = 0
        self._line = line
        self._edits: list[Edit] = []
        self._left_out: set[str] = set()
        self._commands: list[DecidedCommand] = []

    def whole(self) -> Decided:
        """All of it."""
        return Decided(
            looked_at=self.looked_at, commands=tuple(self._commands), edits=tuple(self._edits)
        )

    def tell(
        self,
        command: IssuedCommand,
        came: Came,
        *,
        event: str = "",
        rule: str = "",
        reason: str = "",
    ) -> None:
        """Keep a command that came out otherwise, or could not be decided again."""
        self._commands.append(
            DecidedCommand(
                id=command.id,
                type=command.type,
                stream=command.stream,
                came=came,
                event=event,
                rule=rule,
                reason=reason,
            )
        )

    def leave_out(self, event: RecordedEvent) -> None:
        """A recorded event does not come any more."""
        self._left_out.add(event.id)
        self._edits.append(Edit(number=0, kind="leave out", target=event.id))

    def replace(self, old: RecordedEvent, new: NewEvent) -> RecordedEvent:
        """Another event comes in the place of a recorded one, under its id; as it is then."""
        content = Content(
            links=new.links,
            type=new.type,
            data_json=new.data_json,
            metadata_json=new.metadata_json,
            occurred_at_us=new.occurred_at_us,
            occurred_offset_min=new.occurred_offset_min,
        )
        self._edits.append(Edit(number=0, kind="decide", target=old.id, content=content))
        return _recorded(new, old.stream, old.id, old.position, old.recorded_at_us)

    def insert(self, stream: str, new: NewEvent, place: int) -> RecordedEvent:
        """An event comes that was not there, before the one at a position."""
        line = self._line
        other = self._kept_from(place)
        recorded_us = line.running_max_us(place - 1) if place > 1 else new.occurred_at_us or 0
        content = Content(
            stream=stream,
            id=new.id,
            links=new.links,
            type=new.type,
            data_json=new.data_json,
            metadata_json=new.metadata_json,
            occurred_at_us=new.occurred_at_us,
            occurred_offset_min=new.occurred_offset_min,
            recorded_at_us=recorded_us,
        )
        self._edits.append(
            Edit(
                number=0,
                kind="insert",
                target=new.id,
                other=other.id if other else "",
                end=line.end(),
                content=content,
                at_us=recorded_us,
            )
        )
        return _recorded(new, stream, new.id, place, recorded_us)

    def _kept_from(self, place: int) -> RecordedEvent | None:
        """The first event from a position on that is there still; None at the end."""
        for position in range(place, self._line.head() + 1):
            event = self._line.event(position)
            if event is not None and event.id not in self._left_out:
                return event
        return None


def ids_of(events: Sequence[RecordedEvent]) -> set[str]:
    """The ids of some events."""
    return {it.id for it in events}


def _recorded(
    new: NewEvent, stream: str, id_: str, position: int, recorded_us: int
) -> RecordedEvent:
    """As models and process managers are handed it."""
    return RecordedEvent(
        position,
        stream,
        0,
        new.type,
        id_,
        recorded_us,
        None,
        recorded_us if new.occurred_at_us is None else new.occurred_at_us,
        new.occurred_offset_min,
        new.data_json,
        new.metadata_json,
        new.source_json,
    )
