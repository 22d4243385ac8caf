"""Views without code: the same as a hand-written one, kept as text, noticed when changed."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from replay.catalog.all_views import all_views
from replay.lab.memory_rows import folded
from replay.own import own_projections
from replay.own.own_projections import OwnFile
from replay.projection import definition
from replay.questions import view_query
from replay.views import built_views
from replay.views.built_view import BuiltColumn, BuiltView, WrongView, projection_of, require_sound
from replay.views.view import view_of
from store.locks import ProcessLock
from store.opening import open_reader
from store.place import Place
from store.sqlite.connect import connect
from tests.contracts.projection import ProjectionContract
from tests.replay.conference_sample import conference, sample_events
from tests.replay.logs import catch_up, open_runner
from tests.replay.verbs.conftest import Run, run
from tests.replay.written_logs import event, log_of

__all__ = ["run"]  # a fixture

SALES = BuiltView(
    name="sales",
    group_by="shop.city",
    columns=(
        BuiltColumn(name="orders", fold="count"),
        BuiltColumn(name="with_note", fold="count", field="note"),
        BuiltColumn(name="takings", fold="sum", field="total"),
        BuiltColumn(name="smallest", fold="min", field="total"),
        BuiltColumn(name="biggest", fold="max", field="total"),
        BuiltColumn(name="buyers", fold="distinct", field="buyer"),
        BuiltColumn(name="first_buyer", fold="first", field="buyer"),
        BuiltColumn(name="last_buyer", fold="last", field="buyer"),
        BuiltColumn(name="since", fold="first_time"),
    ),
    types=("Sold",),
)


def sold(city: str, total: object, buyer: str, **more: str):  # type: ignore[no-untyped-def]
    data = {"shop": {"city": city}, "total": total, "buyer": buyer, **more}
    return "sale-1", event(data, "Sold")


def test_every_fold_gives_what_it_says(tmp_path: Path) -> None:
    events = (
        sold("Ulm", Decimal("0.10"), "ada"),
        sold("Ulm", Decimal("0.20"), "bob", note="!"),
        sold("Ulm", "no number", "ada"),
        sold("Bonn", 7, "eve"),
        ("sale-1", event({"total": 5}, "Sold")),
        ("sale-1", event([1], "Sold")),
        ("sale-1", event({"shop": {"city": "Ulm"}, "total": 99}, "Returned")),
    )
    with log_of(tmp_path, *events) as log:
        bonn, ulm = folded(projection_of(SALES), log.read())

    assert (bonn.key, bonn.orders, bonn.takings, bonn.buyers) == ("Bonn", 1, 7, 1)
    assert (ulm.orders, ulm.with_note, ulm.buyers) == (3, 1, 2)
    assert (ulm.takings, ulm.smallest, ulm.biggest) == (
        Decimal("0.30"),
        Decimal("0.10"),
        Decimal("0.20"),
    )
    assert (ulm.first_buyer, ulm.last_buyer) == ("ada", "ada")
    assert ulm.since.startswith("2023-11-14T")


class TestABuiltView(ProjectionContract):
    @pytest.fixture
    def view(self):  # type: ignore[no-untyped-def]
        columns = (
            BuiltColumn(name="events", fold="count"),
            BuiltColumn(name="highest", fold="max", field="n"),
            BuiltColumn(name="note", fold="last", field="note"),
            BuiltColumn(name="kinds", fold="distinct", field="list"),
        )
        return view_of(projection_of(BuiltView(name="built", group_by="stream", columns=columns)))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "No Name"}, "lowercase letters"),
        ({"name": "streams"}, "with this name already exists"),
        ({"columns": []}, "needs at least one column"),
        ({"columns": [{"name": "a", "fold": "sum"}]}, "needs a field"),
        ({"columns": [{"name": "key", "fold": "count"}]}, "this is not a valid name for a column"),
        ({"columns": [{"name": "a", "fold": "count"}] * 2}, "the same name"),
        ({"group_by": ""}, "choose a field to group by"),
        ({"name": "search_x"}, "reserved for the program's own tables"),
        ({"name": "foo_writes"}, "reserved for the program's own tables"),
        ({"name": "event_log"}, "reserved for the program's own tables"),
    ],
)
def test_a_view_that_cannot_be_is_told(change: dict[str, object], told: str) -> None:
    import msgspec

    built = msgspec.convert(msgspec.to_builtins(SALES) | change, BuiltView)

    with pytest.raises(WrongView, match=told):
        require_sound(built, taken=frozenset({"streams"}))


def test_another_column_is_another_definition() -> None:
    other = BuiltView(name="sales", group_by="shop.city", columns=SALES.columns[:2])

    assert definition(projection_of(SALES)) == definition(projection_of(SALES))
    assert definition(projection_of(SALES)) != definition(projection_of(other))


def test_a_saved_view_is_kept_up_asked_for_its_past_and_built_anew_when_changed(
    tmp_path: Path,
) -> None:
    with log_of(tmp_path, sold("Ulm", 1, "ada"), sold("Ulm", 2, "bob")) as log:
        built_views.save(log.place, SALES, taken=frozenset())
        store, runner = open_runner(log, all_views(log.place))
        catch_up(runner)
        now = view_query.row(store.db, log, "sales", ("Ulm",))
        past = view_query.row(store.db, log, "sales", ("Ulm",), at=1)
        assert [it.values[3] for it in (*past.rows, *now.rows)] == ["1", "3"]
        store.close()

        changed = BuiltView(name="sales", group_by="buyer", columns=SALES.columns[:1])
        built_views.save(log.place, changed, taken=frozenset())
        store, runner = open_runner(log, all_views(log.place))
        catch_up(runner)
        keys = [it.key for it in view_query.page(store.db, log, "sales").rows]
        assert keys == [("ada",), ("bob",)]
        store.close()


def test_a_file_of_built_views_that_is_broken_is_told_and_kept(tmp_path: Path) -> None:
    with log_of(tmp_path, sold("Ulm", 1, "ada")) as log:
        path = built_views.FILE.path(log.place)
        path.write_text("[{", "utf-8")

        with pytest.raises(WrongView, match="cannot be read"):
            all_views(log.place)
        assert path.read_text("utf-8") == "[{"


def test_only_events_that_meet_the_filter_are_folded(tmp_path: Path) -> None:
    built = structs.replace(SALES, where="total > 1 and (buyer = ada or buyer = eve)")
    events = (
        sold("Ulm", 1, "ada"),
        sold("Ulm", Decimal("1.01"), "ada"),
        sold("Ulm", 5, "bob"),
        sold("Bonn", 7, "eve"),
    )
    with log_of(tmp_path, *events) as log:
        rows = folded(projection_of(built), log.read())

    assert [(it.key, it.orders, it.takings) for it in rows] == [
        ("Bonn", 1, 7),
        ("Ulm", 1, Decimal("1.01")),
    ]
    assert definition(projection_of(built)) != definition(projection_of(SALES))


def test_orders_over_250_are_a_built_view_and_a_filter_of_the_log(run: Run, tmp_path: Path) -> None:
    path = conference(tmp_path / "conf.foldline")
    over = "type = OrderTotalsCalculated and data.total > 250"
    expected = {
        it["stream"]: it["data"]["total"]
        for it in sample_events()
        if it["type"] == "OrderTotalsCalculated" and it["data"]["total"] > 250
    }

    run("build", path, "over_250", "--column", "total=last:total", "--where", over)
    built = run("view", path, "over_250", "--json")[1].splitlines()
    listed = run("log", path, "--where", over, "--json")[1].splitlines()
    newest = run("log", path, "--where", over, "--json", "--limit", "1", "--reverse")[1]

    rows = [json.loads(it, parse_float=Decimal) for it in built]
    assert {it["key"]: it["total"] for it in rows} == expected
    events = [json.loads(it) for it in listed]
    assert (len(events), len(expected)) == (206, 197)
    assert {it["stream"] for it in events} == set(expected)
    assert json.loads(newest)["position"] == events[-1]["position"]


def test_a_filter_that_is_wrong_is_told_with_its_place_and_nothing_is_saved(
    run: Run, tmp_path: Path
) -> None:
    with log_of(tmp_path, sold("Ulm", 1, "ada")) as log:
        path = log.place.path

    for verb in (("build", path, "big", "--column", "n=count"), ("log", path)):
        code, out, err = run(*verb, "--where", "total >")
        assert (code, out) == (2, "")
        assert err.endswith("expected a value here\ntotal >\n       ^\n")
    assert not built_views.FILE.path(Place(path)).exists()


def test_a_name_that_is_taken_is_told_before_anything_is_kept(run: Run, tmp_path: Path) -> None:
    with log_of(tmp_path, sold("Ulm", 1, "ada")) as log:
        path = log.place.path

    for name, told in (("foo_writes", "own tables"), ("streams", "with this name already exists")):
        for more in ((), ("--preview",)):
            code, _, err = run("build", path, name, "--column", "n=count", *more)
            assert (code, told in err) == (1, True)


def tables_of(path: Path, name: str) -> list[str]:
    db = connect(Place(path).views, read_only=True)
    found = db.execute(
        "SELECT name FROM sqlite_schema WHERE name GLOB ? ORDER BY 1", [f"*{name}*"]
    ).fetchall()
    found += db.execute("SELECT name FROM projections WHERE name GLOB ?", [f"{name}*"]).fetchall()
    db.close()
    return [it for (it,) in found]


def test_a_view_that_is_removed_leaves_no_tables(run: Run, tmp_path: Path) -> None:
    with log_of(tmp_path, sold("Ulm", 1, "ada")) as log:
        path = log.place.path
    run("build", path, "towns", "--group-by", "shop.city", "--column", "n=count")
    run("view", path, "towns")
    run("rebuild", path, "towns")
    assert run("sql", path, "SELECT n FROM towns")[0] == 0
    assert "towns__before" in tables_of(path, "towns")

    run("build", path, "towns", "--remove")

    assert tables_of(path, "towns") == []
    assert "no such table: towns" in run("sql", path, "SELECT n FROM towns")[2]
    assert run("view", path, "streams")[0] == 0


def test_a_view_that_is_removed_while_a_projector_runs_goes_with_its_next_start(
    run: Run, tmp_path: Path
) -> None:
    with log_of(tmp_path, sold("Ulm", 1, "ada")) as log:
        path = log.place.path
    run("build", path, "towns", "--column", "n=count")
    run("view", path, "towns")
    lock = ProcessLock(Place(path).views_lock)
    assert lock.acquire()
    run("build", path, "towns", "--remove")
    assert tables_of(path, "towns")
    lock.release()

    run("view", path, "streams")

    assert tables_of(path, "towns") == []


def test_a_view_of_a_file_that_is_not_trusted_keeps_its_tables(run: Run, tmp_path: Path) -> None:
    with log_of(tmp_path, sold("Ulm", 1, "ada")) as log:
        path = log.place.path
    built_views.save(Place(path), structs.replace(SALES, name="tally"), taken=frozenset())
    run("view", path, "tally")
    built_views.remove(Place(path), "tally")
    own_projections.FILE.save(Place(path), (OwnFile(str(tmp_path / "gone.py"), ("tally",)),))

    run("view", path, "streams")

    assert "tally_writes" in tables_of(path, "tally")


def test_the_verb_previews_saves_shows_and_removes(run: Run, tmp_path: Path) -> None:
    with log_of(tmp_path, sold("Ulm", 1, "ada"), sold("Bonn", 2, "bob")) as log:
        path = log.place.path
    group = ("--group-by", "shop.city", "--column", "orders=count", "--column", "sum=sum:total")

    tried = run("build", path, "towns", *group, "--preview")
    unsaved = run("view", path, "towns")
    saved = run("build", path, "towns", *group)
    shown = run("view", path, "towns", "--json")
    gone = run("build", path, "towns", "--remove")
    wrong = run("build", path, "towns", "--column", "a=magic")

    assert "2 rows; nothing was saved" in tried[1]
    assert "there is no view 'towns'" in unsaved[2]
    assert saved[0] == 0
    rows = [json.loads(it) for it in shown[1].splitlines()]
    assert [(it["key"], it["orders"], it["sum"]) for it in rows] == [("Bonn", 1, 2), ("Ulm", 1, 1)]
    assert (gone[0], wrong[0]) == (0, 1)
    assert "not a column" in wrong[2]
    log = open_reader(path)
    assert all_views(log.place) is all_views()
    assert not built_views.FILE.path(log.place).exists()
    log.close()
