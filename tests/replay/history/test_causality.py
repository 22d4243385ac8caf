"""Why an event happened: its causes, one behind the other, as far as the log knows them."""

from pathlib import Path
from typing import Any

from replay.history import causality
from replay.history.causality import Trail, trail
from store.events import NewEvent
from tests.replay.written_logs import event, log_of


def test_the_trail_leads_back_to_one_first_event_and_one_command(tmp_path: Path) -> None:
    """As the samples write it: a command of a person, and what process managers made of it."""
    found = _trail(
        tmp_path,
        _caused("e1", by="c1", command="RegisterToConference", user="ada", correlation_id="t1"),
        _caused("e2", by="e1", command="MakeSeatReservation", user="process manager"),
        _caused("e3", by="e2", command="MarkSeatsAsReserved", user="process manager"),
        of="e3",
    )

    assert [step.id for step in found.steps] == ["e3", "e2", "e1", "c1"]
    assert [step.event and step.event.position for step in found.steps] == [3, 2, 1, None]
    assert (found.steps[2].command, found.steps[2].user) == ("RegisterToConference", "ada")
    assert not found.is_circular


def test_a_chain_longer_than_is_followed_says_that_there_are_earlier_causes(
    tmp_path: Path,
) -> None:
    begun = event({}, id="e0")
    chain = [_caused(f"e{n}", by=f"e{n - 1}") for n in range(1, 101)]
    with log_of(tmp_path, *(("order-1", it) for it in (begun, *chain))) as log:
        whole, cut = (trail(log, found) for it in (100, 101) if (found := log.event(it)))

    assert (len(whole.steps), whole.is_cut) == (100, False)
    assert (len(cut.steps), cut.is_cut) == (100, True)


def test_the_conversation_is_that_of_the_event_itself(tmp_path: Path) -> None:
    found = _trail(tmp_path, _caused("e1", by="c1", correlation_id="t1"), of="e1")

    assert found.correlation_id == "t1"


def test_an_event_without_a_cause_is_its_own_beginning(tmp_path: Path) -> None:
    found = _trail(tmp_path, event({}, id="e1"), of="e1")

    assert [step.id for step in found.steps] == ["e1"]
    assert (found.is_circular, found.correlation_id) == (False, None)


def test_a_circle_of_causes_is_told_and_walked_once(tmp_path: Path) -> None:
    found = _trail(tmp_path, *(_caused(f"e{n}", by=f"e{n % 3 + 1}") for n in (1, 2, 3)), of="e1")

    assert [step.id for step in found.steps] == ["e1", "e2", "e3"]
    assert found.is_circular


def test_an_event_that_names_itself_as_its_cause_is_a_circle(tmp_path: Path) -> None:
    found = _trail(tmp_path, _caused("e1", by="e1"), of="e1")

    assert [step.id for step in found.steps] == ["e1"]
    assert found.is_circular


def test_a_trail_is_not_followed_for_ever(tmp_path: Path) -> None:
    events = [_caused(f"e{n}", by=f"e{n - 1}") for n in range(1, 2 * causality.LONGEST)]

    found = _trail(tmp_path, *events, of=f"e{len(events)}")

    assert len(found.steps) == causality.LONGEST
    assert not found.is_circular


def test_a_cause_that_is_no_text_is_read_as_text(tmp_path: Path) -> None:
    found = _trail(tmp_path, event({}, id="e1", metadata={"causation_id": 7}), of="e1")

    assert [step.id for step in found.steps] == ["e1", "7"]


def _caused(id_: str, *, by: str, **metadata: Any) -> NewEvent:
    return event({}, id=id_, metadata={"causation_id": by, **metadata})


def _trail(folder: Path, *events: NewEvent, of: str) -> Trail:
    with log_of(folder, *(("a-1", one) for one in events)) as log:
        wanted = log.event_by_id(of)
        assert wanted is not None
        return trail(log, wanted)
