"""A projection hears the shape that models read today, unless it asks for the stored one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from replay.lab.memory_rows import folded
from replay.own import own_projections
from replay.own.user_models import Trust
from replay.projection import Json, Projection, Rows, definition
from replay.views.left_out import LeftOut
from replay.views.partition import first_crossing
from replay.views.read_store import reading_views
from replay.views.row_buffer import LONGEST_KEPT
from replay.views.row_history import RowHistory
from replay.views.view import View, view_of
from replay.views.view_tables import ViewTables
from store.events import RecordedEvent
from store.interface import EventReader
from tests.replay.logs import catch_up, open_runner
from tests.replay.written_logs import event, log_of

PAID, CONFIRMED = "OrderPaymentConfirmed", "OrderConfirmed"  # the older type, and today's
LOG = [
    ("order-1", event({"paidBy": "card"}, PAID)),
    ("order-2", event({"isConfirmed": True}, CONFIRMED)),
    ("parcel-1", event({"paidBy": "cash"}, PAID)),  # of another system
]


class Confirmed(Struct, frozen=True):
    """One row."""

    stream: str
    type: str
    by: Json


def apply(rows: Rows[Confirmed], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Written for today's shape: it stands still at any other."""
    rows.put(Confirmed(event.stream, event.type, event.data["isConfirmed"]))


TODAYS = Projection(
    name="confirmed_orders",
    version=1,
    title="Confirmed orders",
    row=Confirmed,
    key=("stream",),
    apply=apply,
    listens=frozenset({CONFIRMED}),
    partition_by="stream",
)


def said(log: EventReader, view: View) -> list[tuple[Any, ...]]:
    store, runner = open_runner(log, (view,))
    try:
        catch_up(runner)
        columns = ", ".join(it.name for it in view.columns)
        return store.db.execute(f"SELECT {columns} FROM {view.name} ORDER BY 1").fetchall()
    finally:
        runner.close()
        store.close()


def test_a_projection_for_todays_shape_goes_on_at_an_old_event(tmp_path: Path) -> None:
    with log_of(tmp_path, *LOG) as log:
        rows = said(log, view_of(TODAYS))
        in_memory = folded(TODAYS, log.page(1, 3))
        events = [(it, ()) for it in log.page(1, 3)]

        assert rows == [("order-1", CONFIRMED, "true"), ("order-2", CONFIRMED, "true")]
        assert [(it.stream, it.type) for it in in_memory] == [it[:2] for it in rows]
        assert first_crossing(TODAYS, events, by="stream") is None


def test_one_that_asks_for_the_stored_form_gets_that(tmp_path: Path) -> None:
    def stored(rows: Rows[Confirmed], event: RecordedEvent, _links: tuple[str, ...]) -> None:
        rows.put(Confirmed(event.stream, event.type, event.data))

    older = replace(TODAYS, payloads="stored", listens=None, apply=stored)
    with log_of(tmp_path, *LOG) as log:
        assert said(log, view_of(older)) == [
            ("order-1", PAID, '{"paidBy":"card"}'),
            ("order-2", CONFIRMED, '{"isConfirmed":true}'),
            ("parcel-1", PAID, '{"paidBy":"cash"}'),
        ]


def test_another_systems_events_of_the_same_type_stay_as_they_are(tmp_path: Path) -> None:
    def every(rows: Rows[Confirmed], event: RecordedEvent, _links: tuple[str, ...]) -> None:
        rows.put(Confirmed(event.stream, event.type, event.metadata.get("schema_version")))

    with log_of(tmp_path, *LOG) as log:
        rows = said(log, view_of(replace(TODAYS, listens=None, apply=every)))

        assert rows == [
            ("order-1", CONFIRMED, "1"),
            ("order-2", CONFIRMED, "null"),
            ("parcel-1", PAID, "null"),
        ]


def test_values_left_out_of_the_history_are_folded_again_from_the_same_shape(
    tmp_path: Path,
) -> None:
    def long(rows: Rows[Confirmed], event: RecordedEvent, _links: tuple[str, ...]) -> None:
        before = rows.get(event.stream)
        kept = [] if before is None else before.by
        kept.append([event.data["isConfirmed"], "x" * LONGEST_KEPT])
        rows.put(Confirmed(event.stream, event.type, kept))

    projection = replace(TODAYS, apply=long)
    view = view_of(projection)
    with log_of(tmp_path, *[("order-1", event({}, PAID)) for _ in range(5)]) as log:
        said(log, view)
        with reading_views(log) as db:
            assert db is not None
            tables, key = ViewTables(view.name, view.columns), ("order-1",)
            history = RowHistory(db, view.name, view.columns)
            cut = history.version(1, 3, key)
            assert cut is not None
            assert cut.rest[1] is None
            whole = LeftOut(projection, tables, log).complete(history, cut)

    assert whole.rest[1].count("true") == 3


def test_the_upcasts_of_what_a_view_hears_belong_to_its_definition() -> None:
    heard, not_heard = view_of(TODAYS), view_of(replace(TODAYS, listens=frozenset({"SeatAdded"})))
    stored = view_of(replace(TODAYS, payloads="stored"))

    assert heard.definition != stored.definition == definition(TODAYS)
    assert not_heard.definition == stored.definition


OWN = f'''
from msgspec import Struct
from replay.projection import Projection


class Row(Struct, frozen=True):
    stream: str
    is_confirmed: bool


def apply(rows, event, links):
    rows.put(Row(event.stream, event.data["isConfirmed"]))


PROJECTION = Projection(
    name="mine", version=1, title="Mine", row=Row, key=("stream",), apply=apply,
    listens=frozenset({{"{CONFIRMED}"}}),
)
'''


def test_a_projection_of_a_persons_own_hears_todays_shape_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "mine.py"
    path.write_text(OWN, "utf-8")
    with log_of(tmp_path, *LOG) as log:
        Trust().give(path)
        own_projections.add(log.place, path, taken=frozenset())
        (view,) = own_projections.find(log.place).views

        assert said(log, view) == [("order-1", 1), ("order-2", 1)]
