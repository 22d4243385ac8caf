"""`sink`, and the verbs that read a query store or compare with it."""

import json
from pathlib import Path

import pytest
from msgspec import structs

from replay.query_store import kind as kind_module
from replay.query_store.kind import QueryKind
from store.opening import reading
from tests.replay.logs import make_log
from tests.replay.query_store.memory_store import MemoryQueryStore, Server
from tests.replay.verbs.conftest import Run

URL = "memory://somebody:sesame@here/shop"
EVENTS_MADE = 60


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """Where addresses lead to."""
    server = Server()
    kind = QueryKind(
        schemes=("memory",),
        title="Memory",
        extra="memory",
        open=lambda address: MemoryQueryStore(server, address),
    )
    monkeypatch.setattr(kind_module, "query_kinds", lambda: (kind,))
    return server


@pytest.fixture
def store(tmp_path: Path) -> str:
    return str(make_log(tmp_path / "shop.foldline", EVENTS_MADE))


@pytest.fixture
def sunk(run: Run, store: str, server: Server) -> str:
    """A store whose rows are in the query store."""
    code, told, wrong = run("sink", store, "--to", URL)
    assert (code, wrong) == (0, "")
    assert f"event_log at position {EVENTS_MADE}, {EVENTS_MADE} versions written" in told
    return store


def test_rows_are_told_as_those_of_the_store_are(run: Run, sunk: str) -> None:
    for moment in ([], ["--at", "25"]):
        for form in ([], ["--json"]):
            here = run("view", sunk, "event_types", *moment, *form)
            assert run("view", URL, "event_types", *moment, *form) == here
    one = run("view", sunk, "event_types", "--key", "Paid", "--json")
    assert run("view", URL, "event_types", "--key", "Paid", "--json") == one


def test_what_is_held_there_is_listed(run: Run, sunk: str) -> None:
    code, told, _ = run("views", URL, "--json")
    found = {it["view"]: it for it in map(json.loads, told.splitlines())}

    assert code == 0
    assert {"event_log", "latest_states", "event_types", "streams"} <= set(found)
    assert {it["checkpoint"] for it in found.values()} == {EVENTS_MADE}
    assert "event_types" in run("views", URL)[1]


def test_words_are_found_in_events_and_in_rows(run: Run, sunk: str) -> None:
    code, told, _ = run("search", URL, "paid", "--limit", "3")
    with reading(Path(sunk)) as log:
        positions = [it.position for it in log.read() if it.type == "Paid"][-3:]

    assert code == 0
    assert [int(it.split()[0]) for it in told.splitlines()[:3]] == positions[::-1]
    assert "there are more" in told
    code, told, _ = run("search", URL, "paid", "--in", "event_types", "--json")
    assert [json.loads(it)["type"] for it in told.splitlines()] == ["Paid"]
    assert run("search", URL, "nowhere")[0] == 1
    code, _, wrong = run("search", URL, "type = Paid")
    assert code == 1
    assert "is searched for words, not with 'type = Paid'" in wrong
    code, _, wrong = run("search", sunk, "paid", "--in", "event_types")
    assert code == 1
    assert "is searched for events, not for event_types" in wrong


def test_both_sides_are_compared_at_one_position(run: Run, sunk: str, server: Server) -> None:
    code, told, _ = run("compare", sunk, "event_types", "--against", URL)
    assert code == 0
    assert "4 rows equal, 0 changed" in told

    code, told, _ = run("compare", sunk, "event_types@20", "event_types@40", "--against", URL)
    assert code == 1
    assert "event_types at 20 and event_types at 40" in told


def test_certify_says_that_all_is_equal_or_what_differs_first(
    run: Run, sunk: str, server: Server
) -> None:
    code, told, _ = run("certify", sunk, "--against", URL)
    assert code == 0
    assert f"event_types at {EVENTS_MADE}: {EVENTS_MADE} versions of rows, every one equal" in told

    (rows,) = (
        server.rows[it.id] for it in server.views.values() if it.made_of.view == "event_types"
    )
    it = min(rows.versions.values(), key=lambda one: one.write)
    rows.versions[it.id, it.write] = structs.replace(it, row="[7]")
    code, told, _ = run("certify", sunk, "event_types", "--against", URL)
    assert code == 1
    assert "after 0 equal versions, the row" in told
    assert "7 there" in told


def planted(server: Server, kind: str) -> None:
    """A difference in the rows of event_types there, of one kind."""
    (stored,) = (it for it in server.views.values() if it.made_of.view == "event_types")
    rows = server.rows[stored.id]
    versions = sorted(rows.versions.values(), key=lambda it: it.write)
    it, newest = versions[20], next(iter(rows.newest.values()))
    first = next(old for old in versions if old.id == newest.id)
    odd = structs.replace(it, id='["Odd"]', key='["Odd"]')
    match kind:
        case "version missing":
            del rows.versions[it.id, it.write]
        case "version extra":
            rows.versions[odd.id, odd.write] = odd
        case "other value":
            rows.versions[it.id, it.write] = structs.replace(it, row=it.row.replace("[", "[7", 1))
        case "deleted":
            rows.versions[it.id, it.write] = structs.replace(it, is_deleted=True)
        case "replaced":
            rows.versions[it.id, it.write] = structs.replace(it, until=it.write + 1)
        case "row missing":
            del rows.newest[newest.id]
        case "row extra":
            rows.newest[odd.id] = odd
        case "older row":
            rows.newest[newest.id] = structs.replace(first, until=None)
        case "spoiled":
            rows.versions[it.id, it.write] = structs.replace(it, key="no list", row="7")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("version missing", "after 20 equal versions, a version of the row"),
        ("version extra", "a version of the row Odd is only there"),
        ("other value", "differs: "),
        ("deleted", "deleted there"),
        ("replaced", "replaced at 21 there"),
        ("row missing", "is missing among those of now there"),
        ("row extra", "the row Odd of now is only there"),
        ("older row", "of now is not the newest version of it there"),
        ("spoiled", "after 20 equal versions, the row"),
    ],
)
def test_certify_names_a_difference_of_every_kind(
    run: Run, sunk: str, server: Server, kind: str, says: str
) -> None:
    planted(server, kind)

    code, told, _ = run("certify", sunk, "event_types", "--against", URL)

    assert code == 1
    assert says in told


def test_certify_refuses_rows_of_another_log(run: Run, sunk: str, tmp_path: Path) -> None:
    other = str(make_log(tmp_path / "other.foldline", EVENTS_MADE))
    code, _, wrong = run("certify", other, "event_types", "--against", URL)

    assert code == 1
    assert "are of another log" in wrong


def test_what_comes_is_written_by_the_next_run(run: Run, sunk: str) -> None:
    code, told, _ = run("sink", sunk, "streams", "--to", URL, "--json")

    assert code == 0
    facts = json.loads(told.splitlines()[-1])
    assert (facts["view"], facts["written"]) == ("streams", 0)
    assert facts["behind"] == {"events": 0, "seconds": 0.0}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["view", URL, "nothing"], 1, "there are no rows of nothing"),
        (["view", URL, "streams", "--at", "2024-01-01"], 1, "positions, not for times"),
        (["view", URL, "streams", "--key", "a", "--history"], 2, "does not answer --history"),
        (["view", URL, "streams", "--key", "a", "--key", "b"], 1, "the key of this view is"),
        (["view", URL, "streams", "--must-show", "999"], 1, "999"),
        (["view", "gopher://here", "streams"], 2, "gopher:// is no query store"),
        (["compare", "STORE", "streams"], 2, "nothing to compare 'streams' with"),
        (["compare", "STORE", "streams", "--first", "--against", URL], 2, "--first"),
        (["sink", "STORE", "nothing", "--to", URL], 1, "there is no view 'nothing'"),
        (["sink", "STORE", "--to", "here"], 2, "no address of a server"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence_without_the_password(
    run: Run, sunk: str, words: list[str], code: int, says: str
) -> None:
    found, _, told = run(*(sunk if it == "STORE" else it for it in words))

    assert found == code
    assert says in told
    assert "sesame" not in told


def test_nothing_is_certified_where_nothing_is(run: Run, store: str, server: Server) -> None:
    code, _, told = run("certify", store, "--against", URL)

    assert code == 1
    assert "there are no rows of views" in told
