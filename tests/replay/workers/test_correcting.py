"""A correction asked of the process of the models: previewed, and appended as it was seen."""

from msgspec import structs

from replay.correcting.told import CorrectionTold, Newest
from replay.states.model_set import bundled_models
from replay.workers.correcting import corrected
from replay.workers.worker_messages import CorrectEvent
from store.events import ANY_VERSION
from store.sqlite.store import SqliteStore
from tests.replay.correcting.test_correct import log_of, noted, said, state

MODELS = bundled_models()
REJECTED = CorrectEvent(position=2, kind="rejected", actor="ada", reason="twice")


def test_a_preview_tells_the_states_and_appends_nothing() -> None:
    with log_of(noted(1, {"a": 1}), noted(2, {"a": 2})) as store:
        told = corrected(store, MODELS, REJECTED)

        (side,) = told.sides
        assert (side.now, side.should_be, side.after) == ({"a": 2}, {"a": 1}, {"a": 1})
        assert side.events == (("Corrected", {"a": 1}),)
        assert (told.appended, told.is_complete, store.head()) == ((), True, 2)


def test_what_was_seen_is_appended_with_who_and_why() -> None:
    with log_of(noted(1, {"a": 1}), noted(2, {"a": 2})) as store:
        told = _committed(store, corrected(store, MODELS, REJECTED).newest)

        assert (told.appended, told.has_moved) == ((3,), False)
        metadata = store.page(3, 3)[0].metadata
        assert (metadata["user"], metadata["reason"]) == ("ada", "twice")
        assert _committed(store, told.newest).made_before == (3,)


def test_what_has_moved_since_it_was_seen_is_told_and_not_appended() -> None:
    with log_of(noted(1, {"a": 1}), noted(2, {"a": 2})) as store:
        seen = corrected(store, MODELS, REJECTED).newest
        store.append("order-1", [said(3, "Noted", {"b": 3})], expected=ANY_VERSION)

        told = _committed(store, seen)

        assert (told.appended, told.has_moved, store.head()) == ((), True, 3)
        assert told.sides[0].after == {"a": 1, "b": 3}
        assert _committed(store, told.newest).appended == (4,)
        assert state(store) == {"a": 1, "b": 3}


def test_the_place_that_a_late_event_belongs_before_is_told() -> None:
    with log_of(noted(3, {"a": 3}), noted(4, {"a": 4}), noted(1, {"a": 1})) as store:
        told = corrected(store, MODELS, CorrectEvent(position=3, kind="late"))

        assert (told.before, told.sides[0].should_be) == (1, {"a": 4})


def _committed(store: SqliteStore, seen: tuple[Newest, ...]) -> CorrectionTold:
    return corrected(store, MODELS, structs.replace(REJECTED, commits=True, seen=seen))
