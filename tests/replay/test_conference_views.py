"""The conference's read models, with the faults that the original had: they are exhibits."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from replay.read_store import ReadStore
from replay.view_query import page
from replay.views import all_views
from store.connect import open_log
from store.reader import LogReader
from tests.replay.conference_office import Office
from tests.replay.logs import catch_up, open_runner


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "conference.foldline", quota=4)
    yield office
    office.close()


def rows(office: Office, view: str) -> list[dict[str, Any]]:
    log = LogReader(open_log(office.path))
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


def test_an_order_that_is_paid_too_late_needs_attention(office: Office) -> None:
    office.register("late", general=1)
    office.register("good", general=1)
    office.settle()
    office.pay("good")
    office.settle()
    office.wait(29)

    office.pay("late")
    office.settle()

    late, good = sorted(rows(office, "order_fulfilment"), key=lambda it: it["status"],
                        reverse=True)  # fmt: skip
    assert (late["order_id"], late["status"]) == ("late", "needs attention")
    assert (late["payment_id"], late["order"]) == ("p-late", "expired")
    assert "give the money back" in late["next_steps"]
    assert (good["status"], good["next_steps"]) == ("confirmed", "")
