"""Which model owns a stream: the one rule."""

from pathlib import Path

from replay.states.model_set import bundled_models
from replay.states.owners import Owners
from store.interface import EventReader
from tests.replay.written_logs import event, log_of

MODELS = bundled_models()
REGISTERED = {"memberId": "1", "name": "Ada", "email": "ada@example.org"}


def owners_of(log: EventReader, stream: str) -> list[str]:
    """As of each position from 0 on, and now."""
    rule, moments = Owners(MODELS), [*range(log.head() + 1), None]
    found = [rule.of(log, stream, at) for at in moments]
    assert found == [Owners(MODELS).of(log, stream, at) for at in moments], "not by what is kept"
    return [it.name if it else "" for it in found]


def test_a_model_owns_a_stream_from_the_first_event_on_that_it_knows(tmp_path: Path) -> None:
    written = [
        ("member-1", event({}, "CardPrinted")),
        ("seat", event({}, "MemberRegistered")),
        ("member-1", event(REGISTERED, "MemberRegistered")),
        ("member-1", event({}, "CardPrinted")),
    ]
    with log_of(tmp_path, *written) as log:
        assert owners_of(log, "member-1") == ["member", "", "", "member", "member", "member"]
        assert owners_of(log, "seat") == [""] * 6


def test_an_event_that_is_linked_in_counts(tmp_path: Path) -> None:
    told = event(REGISTERED, "MemberRegistered", links=("member-1",))
    with log_of(tmp_path, ("desk", told)) as log:
        assert owners_of(log, "member-1") == ["member", "member", "member"]


def test_a_stream_none_of_whose_events_its_model_knows_is_nobodys(tmp_path: Path) -> None:
    with log_of(tmp_path, ("member-1", event({}, "A")), ("member-2", event({}, "B"))) as log:
        assert owners_of(log, "member-1") == ["", "", "", ""]


def test_a_stream_without_an_event_is_its_categorys(tmp_path: Path) -> None:
    with log_of(tmp_path, ("desk", event({}, "A"))) as log:
        assert owners_of(log, "member-7") == ["member", "member", "member"]
        assert owners_of(log, "desk-7") == ["", "", ""]
