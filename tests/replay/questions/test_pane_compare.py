"""Two panes: rows matched by key, differences counted, the exact event at which they differ."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from replay.catalog.all_views import all_views
from replay.errors import NotComparable, UnknownView
from replay.projection import Projection, Rows
from replay.projections.streams import PROJECTION, Stream, apply
from replay.questions import known_view, view_query
from replay.questions.first_divergence import first_divergence
from replay.questions.pane_compare import Pane, compare
from replay.questions.pane_groups import group
from replay.views.view import View, view_of
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.conference_office import Office
from tests.replay.logs import append, catch_up, make_log, open_runner

EVENTS = 3_000
PLANTED = 1_777


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


def twin(name: str, change: Callable[[Rows[Stream], RecordedEvent], bool]) -> View:
    """Streams again, but where `change` says that it has done otherwise."""

    def folded(rows: Rows[Stream], event: RecordedEvent, links: tuple[str, ...]) -> None:
        if not change(rows, event):
            apply(rows, event, links)

    return view_of(
        Projection(name=name, version=1, title=name, row=Stream, key=PROJECTION.key, apply=folded)
    )


@pytest.fixture
def shown(log: EventReader, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The views that a test hands over, folded to the head."""
    stores = []

    def show(*views: View) -> Any:
        known = (*all_views(), *views)
        monkeypatch.setattr(known_view, "views_without_code", lambda _log=None: known)
        store, runner = open_runner(log, known)
        catch_up(runner)
        stores.append(store)
        return store.db

    yield show
    for store in stores:
        store.close()


def skips(position: int) -> View:
    return twin("streams_b", lambda _rows, event: event.position == position)


def test_a_view_is_equal_to_itself(log: EventReader, shown: Any) -> None:
    db = shown()

    found = compare(db, log, Pane(view="streams"), Pane(view="streams"))

    assert found.counts.differing == 0
    assert found.counts.equal > 0
    assert found.pairs == ()


def test_one_view_at_two_moments_differs_in_the_rows_written_in_between(
    log: EventReader, shown: Any
) -> None:
    db = shown()
    left, right = Pane(view="streams", at=1_000), Pane(view="streams", at=1_003)

    found = compare(db, log, left, right)

    changes = view_query.changed(db, log, "streams", after=1_000, until=1_003, limit=99).changes
    assert {it.key for it in found.pairs} == {it.key for it in changes}
    assert found.counts.removed == 0
    assert all("last_position" in it.cells for it in found.pairs if it.left and it.right)


def test_exactly_the_planted_difference_is_reported(log: EventReader, shown: Any) -> None:
    db = shown(skips(EVENTS))  # the very last event

    found = compare(db, log, Pane(view="streams"), Pane(view="streams_b"))

    event = log.event(EVENTS)
    assert event is not None
    differing = {it.key[0] for it in found.pairs}
    assert differing == {event.stream, *log.links(EVENTS)}


@pytest.mark.parametrize("planted", [1, 2, PLANTED, EVENTS])
def test_the_first_divergence_is_the_planted_event(
    log: EventReader, shown: Any, planted: int
) -> None:
    db = shown(skips(planted))

    found = first_divergence(db, log, Pane(view="streams"), Pane(view="streams_b"))

    event = log.event(planted)
    assert found is not None
    assert event is not None
    assert found.position == planted
    assert found.key[0] in (event.stream, *log.links(planted))
    assert found.left_after != found.right_after
    assert found.left_before == found.right_before


def test_views_that_agree_never_part(log: EventReader, shown: Any) -> None:
    db = shown(twin("streams_b", lambda _rows, _event: False))

    assert first_divergence(db, log, Pane(view="streams"), Pane(view="streams_b")) is None


def test_rows_that_come_up_in_another_order_are_no_difference(log: EventReader, shown: Any) -> None:
    def other_order(rows: Rows[Stream], event: RecordedEvent) -> bool:
        apply(rows, event, tuple(reversed(log.links(event.position))))
        return True

    db = shown(twin("streams_b", other_order))

    assert first_divergence(db, log, Pane(view="streams"), Pane(view="streams_b")) is None


def test_a_difference_that_heals_is_still_found(log: EventReader, shown: Any) -> None:
    """At the head both are the same; on the way they were not."""
    chance = random.Random(3)
    wrong_at = chance.randrange(500, 2_000)

    def healed(rows: Rows[Stream], event: RecordedEvent) -> bool:
        if event.position != wrong_at:
            return False
        apply(rows, event, log.links(event.position))
        row = rows.get(event.stream)
        assert row is not None
        rows.put(replace(row, last_type="wrong"))
        return True

    db = shown(twin("streams_b", healed))

    found = first_divergence(db, log, Pane(view="streams"), Pane(view="streams_b"))

    assert found is not None
    assert found.position == wrong_at


def test_views_with_keys_of_another_form_cannot_be_compared(log: EventReader, shown: Any) -> None:
    db = shown()

    with pytest.raises(NotComparable):
        compare(db, log, Pane(view="streams"), Pane(view="seats_left"))
    with pytest.raises(UnknownView):
        compare(db, log, Pane(view="streams"), Pane(view="nothing"))


def test_the_conferences_two_order_views_part_when_an_order_expires(tmp_path: Path) -> None:
    office = Office(tmp_path / "conference.foldline")
    office.register("A7", general=1)
    office.settle()
    office.wait(29)
    log = open_reader(office.path)
    store, runner = open_runner(log, all_views())
    catch_up(runner)

    compared = compare(store.db, log, Pane(view="draft_orders"), Pane(view="priced_orders"))
    parted = first_divergence(store.db, log, Pane(view="draft_orders"), Pane(view="priced_orders"))

    expired = next(it for it in log.read() if it.type == "OrderExpired")
    assert (compared.counts.removed, compared.counts.equal) == (1, 0)
    assert parted is not None
    assert (parted.position, parted.key) == (expired.position, ("A7",))
    assert parted.right_after is None
    store.close()
    log.close()
    office.close()


def test_any_number_of_panes_agree_with_them_two_by_two(log: EventReader, shown: Any) -> None:
    db = shown(skips(EVENTS))
    panes = [Pane(view="streams", at=1_000), Pane(view="streams_b"), Pane(view="streams", at=1_003)]

    found = group(db, log, panes, limit=10_000)
    pairs = [compare(db, log, panes[0], it) for it in panes[1:]]

    assert list(found.counts) == [it.counts for it in pairs]
    differing = {it.key for pair in pairs for it in pair.pairs}
    assert {it.key for it in found.groups} == differing
    assert [it.key for it in found.groups] == sorted(differing)
    assert group(db, log, [panes[0]] * 4).groups == ()


def test_each_side_is_read_as_of_its_own_moment(log: EventReader, shown: Any) -> None:
    """Up to the earlier moment both say the same; then one goes on."""
    db = shown(skips(PLANTED))
    early, late = Pane(view="streams", at=900), Pane(view="streams_b", at=1_500)

    behind = first_divergence(db, log, early, late)
    before = first_divergence(db, log, early, Pane(view="streams_b", at=900))
    planted = first_divergence(db, log, Pane(view="streams"), Pane(view="streams_b", at=PLANTED))

    assert behind is not None
    assert (behind.position, behind.is_by_moment) == (901, True)
    assert behind.left_before == behind.left_after
    assert behind.right_before != behind.right_after
    assert before is None
    assert planted is not None
    assert (planted.position, planted.is_by_moment) == (PLANTED, False)


@pytest.mark.parametrize("mirrored", [False, True])
def test_one_view_at_two_moments_parts_at_the_first_change_behind_the_earlier(
    log: EventReader, shown: Any, mirrored: bool
) -> None:
    db = shown()
    panes = [Pane(view="seats_left", at=0), Pane(view="streams", at=40), Pane(view="streams")]

    found = first_divergence(db, log, *(panes[:0:-1] if mirrored else panes[1:]))

    assert found is not None
    assert found.position == 41
    assert found.is_by_moment
    assert first_divergence(db, log, panes[0], Pane(view="seats_left")) is None


def test_a_pane_of_now_stays_where_it_was_first_read_while_events_come(
    log: EventReader, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten more events are folded between any two pages that are read."""
    db = shown()
    store, runner = open_runner(log, all_views())
    ask = view_query.page

    def page(*arguments: Any, **named: Any) -> Any:
        found = ask(*arguments, **named)
        append(log.place.path, 10)
        catch_up(runner)
        return found

    monkeypatch.setattr("replay.questions.pane_compare.PAGE", 7)
    monkeypatch.setattr(view_query, "page", page)
    compared = compare(db, log, Pane(view="streams"), Pane(view="latest_states"))
    grouped = group(db, log, [Pane(view="streams"), Pane(view="streams", at=EVENTS)])
    monkeypatch.setattr(view_query, "page", ask)
    undisturbed = compare(
        db, log, Pane(view="streams", at=EVENTS), Pane(view="latest_states", at=EVENTS)
    )
    store.close()

    assert (compared.left.as_of, compared.right.as_of) == (EVENTS, EVENTS)
    assert compared.counts == undisturbed.counts
    counted = ask(db, log, "streams", at=grouped.pages[0].as_of, limit=10_000)
    (counts,) = grouped.counts
    assert counts.equal + counts.changed + counts.removed == len(counted.rows)
