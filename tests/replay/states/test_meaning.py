"""What a model says of one event, for the inspector."""

from typing import Any

from replay.models.ships_registry import SHIP
from replay.states.meaning import meaning_of
from replay.states.model_set import ModelSet, bundled_models
from store import json_text
from store.events import RecordedEvent
from tests.replay.states.test_upcasts import model, recorded


def event(type_: str, data: Any, stream: str) -> RecordedEvent:
    return RecordedEvent(1, stream, 1, type_, "e", 1, 0, 1, 0, json_text.encode(data), "{}", None)


def test_an_old_shape_is_told_with_its_way_to_the_current_one() -> None:
    old = recorded({"place": "Oslo, Norway"}, 1)

    meaning = meaning_of(ModelSet([model()]), model(), old)

    assert meaning is not None
    assert meaning.steps == ("Moved 1", "Moved 2", "Moved 3")
    assert meaning.upcast == {"city": "Oslo", "country": "Norway"}


def test_an_arrival_is_told_with_its_fee_its_gateway_and_what_is_kept() -> None:
    aboard = {"tea": {"hasBeenInCanada": True, "priorHasBeenInCanada": False}}
    data = {
        "occurred": "2005-11-18T09:00:00Z",
        "port": "vancouver",
        "ship": "s",
        "priorPort": "AT_SEA",
        "aboard": aboard,
    }

    meaning = meaning_of(bundled_models(), SHIP, event("Arrival", data, "ship-s"))

    assert meaning is not None
    assert meaning.rules == ("harbour fee 15, since 2005-11-18",)
    assert meaning.gateway == "customs"
    assert meaning.processing == (
        ("priorPort", "AT_SEA"),
        ("aboard.tea.priorHasBeenInCanada", False),
    )
    assert meaning.can_go_back
    assert meaning.upcast is None


def test_what_a_model_cannot_read_is_told_with_the_reason() -> None:
    models = bundled_models()

    strange = meaning_of(models, SHIP, event("Sunk", {}, "ship-s"))
    broken = meaning_of(models, SHIP, event("Arrival", {"port": 3}, "ship-s"))

    assert strange is not None
    assert broken is not None
    assert "does not know this type" in strange.unread
    assert "Expected `str`" in broken.unread or "missing" in broken.unread
    assert meaning_of(models, None, event("Sunk", {}, "other-1")) is None
