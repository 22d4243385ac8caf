"""One meaning of a state: the view of latest states says what everybody says of a stream."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from replay.commands.decide import CommandHandler
from replay.commands.offers import Offers
from replay.projections.latest_states import PROJECTION
from replay.questions import view_query
from replay.states.model_set import bundled_models
from replay.states.moment import Moment
from replay.states.stream_states import StreamStates
from replay.states.typed_fold import MissingUpcast
from replay.verbs.state import at_moment
from replay.views.read_store import reading_views
from replay.views.view import view_of
from resources.samples.catalog import SAMPLES
from store import json_text
from store.events import NewEvent
from store.interface import EventReader
from store.opening import open_store, reading
from store.transfer.ingest import ingest
from tests.replay.logs import made_by
from tests.replay.written_logs import event, log_of

MODELS = bundled_models()
REGISTERED = {"memberId": "1", "name": "Ada", "email": "ada@example.org"}
COLUMNS = PROJECTION.row.__struct_fields__


@contextmanager
def said_by_the_view(log: EventReader) -> Iterator[Callable[..., dict[str, Any]]]:
    """row(stream, at): what the view says of a stream."""
    made_by(view_of(PROJECTION), log)
    with reading_views(log) as db:

        def row(stream: str, at: int | None = None) -> dict[str, Any]:
            (found,) = view_query.row(db, log, "latest_states", (stream,), at=at).rows
            return dict(zip(COLUMNS, found.values, strict=True))

        yield row


def text(state: Any) -> str:
    """A state with its numbers as they are written."""
    return json_text.encode(state)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda it: it.name)
def test_of_every_stream_window_verb_view_and_commands_say_the_same(
    tmp_path: Path, sample: Any
) -> None:
    path = tmp_path / "a.foldline"
    ingest(sample.path, into=path)
    store = open_store(path)
    handler = CommandHandler(store, MODELS)
    owned, parted = 0, []
    with reading(path) as log, said_by_the_view(log) as row:
        window, verb, offers, head = StreamStates(), StreamStates(), Offers(log, MODELS), log.head()
        now = Moment("position", head)
        for stream in sorted(log.stream_names()):
            shown = window.at(log, stream, head)
            said = {text(shown.state), text(at_moment(log, verb, stream, now).state)}
            said.add(row(stream)["state"])
            model = window.model_of(log, stream)
            assert offers.model_of(stream, head) is model
            if model is not None:
                owned += 1
                state, version = handler.state_of(stream)
                said.add(text(MODELS.fold(model).to_json(state)))
                assert version == shown.version == row(stream)["version"]
            assert row(stream)["model"] == (model.name if model else "")
            if len(said) > 1:
                parted.append(stream)
    store.close()

    assert parted == []
    assert owned > 10


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda it: it.name)
def test_the_view_as_of_a_position_says_what_the_window_says_there(
    tmp_path: Path, sample: Any
) -> None:
    path = tmp_path / "a.foldline"
    ingest(sample.path, into=path)
    with reading(path) as log, said_by_the_view(log) as row:
        states, head = StreamStates(), log.head()
        for at in range(1, head + 1, head // 60):
            seen = log.event(at)
            assert seen is not None
            for stream in (seen.stream, *log.links(at)):
                assert row(stream, at)["state"] == text(states.at(log, stream, at).state)


def test_a_stream_whose_first_event_is_unknown_is_its_models_from_the_first_known_one_on(
    tmp_path: Path,
) -> None:
    written = [
        ("member-1", event({"by": "hand"}, "CardPrinted")),
        ("member-1", event(REGISTERED, "MemberRegistered")),
        ("member-1", event({"by": "hand"}, "CardPrinted")),
    ]
    with log_of(tmp_path, *written) as log, said_by_the_view(log) as row:
        states = StreamStates()
        shown = [states.at(log, "member-1", at).state for at in (1, 2, 3)]
        said = [row("member-1", at) for at in (1, 2, 3)]

        assert [json.loads(it["state"]) for it in said] == shown
        assert [it["model"] for it in said] == ["", "member", "member"]
        assert shown[0] == {"by": "hand"}
        assert shown[1] == shown[2]
        assert shown[1]["email"] == "ada@example.org"


def test_an_event_that_is_linked_in_before_all_others_takes_no_stream_from_its_model(
    tmp_path: Path,
) -> None:
    written = [
        ("desk", NewEvent.of("DeskOpened", {"desk": 1}, links=("member-1",))),
        ("member-1", event(REGISTERED, "MemberRegistered")),
    ]
    with log_of(tmp_path, *written) as log, said_by_the_view(log) as row:
        shown = StreamStates().at(log, "member-1", 2)

        assert "desk" not in shown.state
        assert json.loads(row("member-1")["state"]) == shown.state
        assert row("member-1")["event_count"] == shown.events == 2
        assert row("desk")["model"] == ""


def test_a_stream_of_another_system_with_the_same_name_is_merged(tmp_path: Path) -> None:
    written = [("member-1", event({"n": n}, "Counted")) for n in (1, 2)]
    with log_of(tmp_path, *written) as log, said_by_the_view(log) as row:
        states = StreamStates()

        assert states.model_of(log, "member-1") is None
        assert (
            states.at(log, "member-1", 2).state == {"n": 2} == json.loads(row("member-1")["state"])
        )
        assert Offers(log, MODELS).of_stream("member-1", 2) == []


def test_a_shape_that_nothing_leads_on_from_leaves_no_state_and_stops_no_other_stream(
    tmp_path: Path,
) -> None:
    unread = NewEvent.of("MemberRegistered", REGISTERED, {"schema_version": 99})
    written = [("member-1", unread), ("member-2", event(REGISTERED, "MemberRegistered"))]
    with log_of(tmp_path, *written) as log, said_by_the_view(log) as row:
        with pytest.raises(MissingUpcast):
            StreamStates().at(log, "member-1", 2)

        assert row("member-1")["state"] == "null"
        assert json.loads(row("member-2")["state"])["name"] == "Ada"
