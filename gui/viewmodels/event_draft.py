"""What an event is to say in a branch, as a person writes it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from gui.words import said
from store import json_text
from store.events import RecordedEvent

if TYPE_CHECKING:
    from store.branches.edits import Content

INDENT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Texts of the fields. An empty stream: that of the event stays."""

    stream: str
    type: str
    data: str
    metadata: str

    @property
    def wrong(self) -> str:
        """What cannot be taken, as a sentence; empty where all can."""
        if not self.type.strip():
            return said("The event needs a type.")
        for name, text in ((said("data"), self.data), (said("metadata"), self.metadata)):
            try:
                json_text.decode(text)
            except ValueError as error:
                return said("The {name} is not valid JSON: {error}.", name=name, error=error)
        if not json_text.is_object(self.metadata):
            return said("The metadata must be a JSON object.")
        return ""


def draft_of(event: RecordedEvent) -> Draft:
    """What an event says now, with its JSON indented."""
    return Draft(
        stream=event.stream,
        type=event.type,
        data=_indented(event.data_json),
        metadata=_indented(event.metadata_json),
    )


def _indented(text: str) -> str:
    """Every number and key as it stands."""
    return msgspec.json.format(text.encode(), indent=INDENT).decode()


def new_draft(event: RecordedEvent) -> Draft:
    """Of a new event before another one: in its stream."""
    return Draft(stream=event.stream, type="", data="{}", metadata="{}")


def new_content(draft: Draft) -> "Content":
    """Of a new event."""
    from store.branches.edits import Content

    return Content(
        stream=draft.stream.strip(),
        type=draft.type.strip(),
        data_json=draft.data,
        metadata_json=draft.metadata,
    )


def changed_content(draft: Draft, event: RecordedEvent) -> "Content":
    """What of it is other than what an event says now; nothing else is touched."""
    from store.branches.edits import Content

    before = draft_of(event)
    return Content(
        type=None if draft.type.strip() == event.type else draft.type.strip(),
        data_json=None if draft.data == before.data else draft.data,
        metadata_json=None if draft.metadata == before.metadata else draft.metadata,
    )
