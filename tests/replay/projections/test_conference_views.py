"""The conference's read models, with the faults that the original had: they are exhibits."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.all_views import all_views
from replay.catalog.rebuild import rebuild
from replay.questions.view_query import page
from replay.views.read_store import ReadStore, discard
from store.opening import open_reader
from tests.replay.conference_office import Office
from tests.replay.logs import catch_up, open_runner


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "conference.foldline", quota=4)
    yield office
    office.close()


def rows(office: Office, view: str) -> list[dict[str, Any]]:
    log = open_reader(office.path)
    store: ReadStore
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    found = page(store.db, log, view, limit=100)
    names = [it.name for it in found.columns]
    told = [dict(zip(names, it.values, strict=True)) for it in found.rows]
    store.close()
    log.close()
    return told


def test_an_order_that_is_paid_is_confirmed_in_both(office: Office) -> None:
    office.register("A7", general=1, party=1)
    office.settle()
    office.pay("A7")
    office.settle()

    (draft,), (priced,) = rows(office, "draft_orders"), rows(office, "priced_orders")
    assert (draft["state"], draft["requested"]) == ("Confirmed", '{"general":1,"party":1}')
    assert (priced["total"], priced["assignments_id"]) == ("249.00", "assign-A7")


def test_of_an_expired_order_one_view_still_tells_and_the_other_does_not(office: Office) -> None:
    office.register("A7", general=1)
    office.settle()
    office.wait(29)

    (draft,) = rows(office, "draft_orders")
    assert (draft["order_id"], draft["state"]) == ("A7", "ReservationCompleted")
    assert rows(office, "priced_orders") == []


def test_seats_left_follow_reservations_and_expiries(office: Office) -> None:
    office.register("A7", workshop=3)
    office.settle()
    held = {it["seat_type"]: it["quantity"] for it in rows(office, "seats_left")}
    office.wait(29)
    free = {it["seat_type"]: it["quantity"] for it in rows(office, "seats_left")}

    assert (held["workshop"], free["workshop"]) == (1, 4)


def lines_of(office: Office, order: str) -> list[tuple[str, str, int]]:
    return [
        (it["name"], it["unit_price"], int(it["quantity"]))
        for it in rows(office, "order_lines")
        if it["stream"] == f"order-{order}"
    ]


def test_a_seat_type_that_is_renamed_keeps_its_old_words_on_old_orders(office: Office) -> None:
    office.register("A7", general=1, party=2)
    office.offer("general", 250, 4, name="Grand admission")
    office.register("B8", general=1)

    assert lines_of(office, "A7") == [("general", "199", 1), ("party", "50", 2)]
    assert lines_of(office, "B8") == [("Grand admission", "250", 1)]


def test_what_was_pinned_is_the_same_after_a_rebuild_and_after_the_views_are_lost(
    office: Office,
) -> None:
    office.register("A7", general=1)
    log = open_reader(office.path)
    store, runner = open_runner(log, all_views())
    catch_up(runner)  # the view has seen the order before the seats are renamed
    office.offer("general", 199, 4, name="Grand admission")
    office.register("B8", general=1)
    catch_up(runner)
    store.close()
    before = rows(office, "order_lines")

    proof = rebuild(log, ["order_lines"])[0].comparison
    rebuilt = rows(office, "order_lines")
    discard(log)
    anew = rows(office, "order_lines")
    log.close()

    assert proof is not None
    assert proof.is_equal
    assert [it["name"] for it in before if it["line"] == 1] == ["general", "Grand admission"]
    assert before == rebuilt == anew


def test_an_order_that_is_changed_loses_the_lines_it_has_no_more(office: Office) -> None:
    office.register("A7", general=1, party=1)
    office.settle()
    lines = [{"seatType": "workshop", "quantity": 2}]
    office.do("RegisterToConference", {"orderId": "A7", "conferenceId": "conf", "seats": lines})
    office.settle()

    assert lines_of(office, "A7") == [("workshop", "500", 2)]


def test_seats_asked_for_and_seats_got_are_told_apart_by_events_alone(office: Office) -> None:
    """The quota is four: of six workshops that are asked for, four are got."""
    office.register("A7", workshop=6, party=1)
    office.settle()
    told = [it for it in rows(office, "draft_orders") if it["order_id"] == "A7"]

    log = open_reader(office.path)
    proof = rebuild(log, ["draft_orders"])[0]
    rebuilt = rows(office, "draft_orders")
    discard(log)
    log.close()

    (draft,) = told
    assert draft["requested"] == '{"workshop":6,"party":1}'
    assert draft["reserved"] == '{"workshop":4,"party":1}'
    assert proof.is_switched
    assert rebuilt == told == rows(office, "draft_orders")


def test_an_order_that_is_paid_too_late_needs_attention(office: Office) -> None:
    office.register("late", general=1)
    office.register("good", general=1)
    office.settle()
    office.pay("good")
    office.settle()
    office.wait(29)

    office.pay("late")
    office.settle()

    late, good = sorted(rows(office, "order_fulfilment"), key=lambda it: it["status"], reverse=True)
    assert (late["order_id"], late["status"]) == ("late", "needs attention")
    assert (late["payment_id"], late["order"]) == ("p-late", "expired")
    assert "give the money back" in late["next_steps"]
    assert (good["status"], good["next_steps"]) == ("confirmed", "")


def test_an_order_that_took_another_sum_than_it_costs_needs_attention(office: Office) -> None:
    for order in ("less", "twice"):
        office.register(order, general=1)
    office.settle()
    office.pay("less", amount=Decimal(198))
    office.pay("twice")
    office.pay("twice", payment="once more")
    office.settle()

    told = {it["order_id"]: it for it in rows(office, "order_fulfilment")}

    assert {it: told[it]["status"] for it in told} == dict.fromkeys(told, "needs attention")
    assert (told["less"]["order"], told["twice"]["order"]) == ("open", "confirmed")
    assert "give back what was paid beyond the total" in told["twice"]["next_steps"]
