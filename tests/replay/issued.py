"""Commands as tests issue them."""

from itertools import count
from typing import Any

from replay.history.causality import correlation_of
from store import json_text
from store.beside.commands import IssuedCommand
from store.events import RecordedEvent

_numbers = count(1)


def issued(
    type_: str,
    data: Any,
    *,
    id_: str = "",
    expected: int | None = None,
    actor: str = "ada",
    roles: tuple[str, ...] = (),
    due_at_us: int = 0,
    expires_at_us: int | None = None,
    because: RecordedEvent | None = None,
) -> IssuedCommand:
    """A command with an id of its own, unless one is given."""
    id_ = id_ or f"c-{next(_numbers)}"
    return IssuedCommand(
        id=id_,
        type=type_,
        stream="",
        data_json=json_text.encode(data),
        actor=actor,
        roles=roles,
        expected=expected,
        issued_at_us=1,
        due_at_us=due_at_us,
        expires_at_us=expires_at_us,
        causation_id=because.id if because else None,
        correlation_id=correlation_of(because) if because else id_,
    )
