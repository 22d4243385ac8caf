"""The old definition gives the old result again: of rules, taught states, saved queries, filters,
gateways, snapshot policies and servers that are kept."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from replay.commands import gateways
from replay.engines import kept_engines
from replay.questions import saved_filters
from replay.questions.saved_filters import SavedFilter
from replay.snapshots.snapshot_keeper import SnapshotKeeper
from replay.views.read_store import open_views
from store.opening import reading
from store.place import Place
from tests.replay.verbs.conftest import Run

MAIL: Final = {"to": "ada@example.org", "subject": "Hello", "text": "Dear Ada"}


class Case(NamedTuple):
    """`define` makes the first (0) or the second (1) definition, `result` is what comes of it."""

    define: Callable[[Run, Path, int], object]
    result: Callable[[Run, Path], object]


def said(run: Run, *words: object) -> str:
    code, out, err = run(*words)
    assert code in (0, 1), err
    return out


def a_rule(run: Run, store: Path, which: int) -> None:
    run("rules", store, "--add", "low", "--where", ("total < 1", "total < 9")[which])


def violations(run: Run, store: Path) -> list[tuple[str, int, list[str]]]:
    told = map(json.loads, said(run, "rules", store, "--json").splitlines())
    return [(it["rule"], it["violations"], [one["stream"] for one in it["listed"]]) for it in told]


def a_taught_state(run: Run, store: Path, which: int) -> None:
    steps = store.with_name("steps.json")
    op = {"do": ("set", "add")[which], "to": ("last", "sum")[which], "value": "total"}
    steps.write_text(json.dumps({"Placed": [op]}), "utf-8")
    code, out, err = run("teach", store, "order", "--set", steps)
    assert code == 0, out + err


def taught_state(run: Run, store: Path) -> str:
    return said(run, "state", store, "order-2")


def a_query(run: Run, store: Path, which: int) -> None:
    column = ("type", "stream")[which]
    run("sql", store, f"SELECT {column} FROM event_log ORDER BY position", "--save", "mine")


def answer(run: Run, store: Path) -> str:
    return said(run, "sql", store, "--saved", "mine", "--json")


def a_filter(_run: Run, store: Path, which: int) -> None:
    where = ("type = Paid", "total > 1")[which]
    saved_filters.apply(Place(store), {"mine": SavedFilter(where=where)})


def listed(run: Run, store: Path) -> str:
    where = saved_filters.load(Place(store))["mine"].where
    return said(run, "log", store, "--where", where, "--json")


def a_gateway(_run: Run, store: Path, which: int) -> None:
    """By hand, as everybody does it: the journal notes it later."""
    facts = {"mail": {"kind": "file", "messages": ("old.jsonl", "new.jsonl")[which]}}
    gateways.FILE.path(Place(store)).write_text(json.dumps(facts), "utf-8")


def letters(run: Run, store: Path) -> dict[str, int]:
    """How many more there are in each file after one more letter."""
    files = [store.with_name(it) for it in ("old.jsonl", "new.jsonl")]
    before = [_lines(it) for it in files]
    data = json.dumps({**MAIL, "mailId": f"m{sum(before)}"})
    assert run("issue", store, "RequestMail", "--data", data)[0] == 0
    assert run("dispatch", store, "--advance", "1d")[0] == 0
    return {it.name: _lines(it) - n for it, n in zip(files, before, strict=True)}


def _lines(file: Path) -> int:
    return len(file.read_text("utf-8").splitlines()) if file.exists() else 0


def a_policy(run: Run, store: Path, which: int) -> None:
    if which == 0:
        account(run, store)
    every = ("2", "3")[which]
    code, out, err = run("snapshots", "policy", store, "--model", "bank account", "--every", every)
    assert code == 0, out + err


def account(run: Run, store: Path) -> None:
    """One with seven events."""
    given: list[tuple[str, dict[str, object]]] = [("OpenAccount", {"id": "7", "owner": "Ada"})]
    given += [("PerformDeposit", {"accountNumber": "7", "amount": n}) for n in range(1, 7)]
    for command, data in given:
        assert run("issue", store, command, "--data", json.dumps(data))[0] == 0


def saved_states(run: Run, store: Path) -> list[tuple[str, int]]:
    """Those that are made of all events by the policy of now."""
    run("snapshots", "delete", store, "--all")
    with reading(store) as log, closing(open_views(log)) as views:
        keeper = SnapshotKeeper(views.db, log)
        while keeper.advance():
            continue
    told = map(json.loads, said(run, "snapshots", "list", store, "--json").splitlines())
    return [(it["stream"], it["position"]) for it in told]


def a_server(run: Run, store: Path, which: int) -> None:
    url = ("opensearch://127.0.0.1:1/one", "opensearch://127.0.0.1:1/two")[which]
    for it in kept_engines.load(Place(store)):
        run("engines", "forget", store, it.address)
    assert run("engines", "keep", store, url, "--view", "streams")[0] == 0


def servers(run: Run, store: Path) -> list[str]:
    arrows = json.loads(said(run, "engines", "of", store, "--json"))["arrows"]
    return [it["address"] for it in arrows if it["way"] == "sink"]


CASES: Final = {
    "rules": Case(a_rule, violations),
    "taught": Case(a_taught_state, taught_state),
    "queries": Case(a_query, answer),
    "filters": Case(a_filter, listed),
    "gateways": Case(a_gateway, letters),
    "snapshots": Case(a_policy, saved_states),
    "engines": Case(a_server, servers),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_put_back_gives_the_old_result_again(run: Run, store: Path, name: str) -> None:
    case = CASES[name]
    case.define(run, store, 0)
    assert run("definitions", "list", store)[0] == 0  # notes what was changed by hand
    old = case.result(run, store)
    number = _last(run, store)
    case.define(run, store, 1)
    new = case.result(run, store)
    assert old != new

    assert run("definitions", "restore", store, number, "--why", "it was right")[0] == 0

    assert case.result(run, store) == old


def _last(run: Run, store: Path) -> int:
    """The number of the last change: they are counted from 1."""
    return len(said(run, "definitions", "list", store, "--json").splitlines())
