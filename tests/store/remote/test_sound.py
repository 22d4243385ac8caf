"""What a server would take differently is refused before it is sent."""

import pytest

from store.errors import DuplicateEventId, InvalidEvent
from store.events import NewEvent
from store.remote.sound import require_sound


@pytest.mark.parametrize(
    ("stream", "event", "says"),
    [
        ("", NewEvent(type="T"), "needs a stream"),
        ("s", NewEvent(type=""), "needs a type"),
        ("s\0", NewEvent(type="T"), "NUL"),
        ("s", NewEvent(type="T", data_json='"\ud800"'), "surrogate"),
        ("s", NewEvent(type="T", data_json="{"), "not valid JSON"),
        ("s", NewEvent(type="T", metadata_json="[]"), "must be JSON objects"),
        ("s", NewEvent(type="T", source_json="1"), "must be JSON objects"),
        ("s", NewEvent(type="T", links=("t",)), "links no events"),
    ],
)
def test_an_event_that_would_not_come_back_is_refused(
    stream: str, event: NewEvent, says: str
) -> None:
    with pytest.raises(InvalidEvent, match=says):
        require_sound(stream, [NewEvent(type="Fine"), event])


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(DuplicateEventId, match="twice"):
        require_sound("s", [NewEvent(type="T", id="twice"), NewEvent(type="T", id="twice")])


def test_everything_else_may_be_sent() -> None:
    require_sound("s 'é' 日", [NewEvent(type="T", data_json='{"nul":"\\u0000","n":1e400}')])
