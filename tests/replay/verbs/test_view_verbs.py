"""Views, comparison, certificate and SQL on the command line."""

import json
from pathlib import Path
from typing import Any

from store.place import Place
from store.sqlite.connect import connect
from tests.replay.verbs.conftest import Run


def parsed(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


def event_line(n: int, **data: object) -> str:
    at = f"2026-03-0{n}T10:00:00Z"
    return json.dumps(
        {
            "stream": "cart-1",
            "type": "Set",
            "id": f"s{n}",
            "recorded_at": at,
            "data": data,
            "metadata": {},
        }
    )


def imported(run: Run, folder: Path, *lines: str) -> Path:
    source, store = folder / "cart.jsonl", folder / "cart.foldline"
    source.write_text("\n".join(lines) + "\n", "utf-8")
    assert run("import", source, "--into", store)[0] == 0
    return store


def test_views_lists_each_with_its_lag_and_columns(run: Run, store: Path) -> None:
    run("view", store, "streams")

    found = {it["view"]: it for it in parsed(run("views", store, "--json")[1])}

    assert (found["streams"]["checkpoint"], found["streams"]["lag"]) == (3, 0)
    assert found["streams"]["rows"] == 2
    assert found["streams"]["columns"][0] == {"name": "stream", "kind": "text", "is_key": True}
    assert "event_count" in run("views", store)[1]


def test_one_view_at_two_moments_differs_with_exit_code_1(run: Run, store: Path) -> None:
    code, out, _ = run("compare", store, "streams@1", "streams@3")
    same = run("compare", store, "streams@2", "streams@2", "--json")

    assert code == 1
    assert "1 row equal" not in out
    assert "+ order-2" in out
    assert "~ order-1: " in out
    assert same[0] == 0
    assert parsed(same[1])[0]["equal"] == 2


def test_first_names_the_event_two_views_part_at(run: Run, store: Path) -> None:
    code, out, _ = run("compare", store, "event_types", "streams", "--first")
    facts = parsed(run("compare", store, "event_types", "streams", "--first", "--json")[1])[0]
    again = run("compare", store, "streams", "latest_states", "--first")

    assert code == 1
    assert "they first differ at position 1, Placed in order-1, in the row " in out
    assert "A before no row" in out
    assert "B before no row" in out
    assert (facts["position"], facts["event"], facts["by_moment"]) == (1, "Placed", False)
    assert (again[0], again[1].strip()) == (0, "they never differ")


def test_first_of_one_view_at_two_moments_is_the_first_change_between_them(
    run: Run, store: Path
) -> None:
    code, out, _ = run("compare", store, "streams@2", "streams@3", "--first")
    same = run("compare", store, "streams@3", "streams@3", "--first")
    mixed = run("compare", store, "streams@3", "latest_states@2", "--first")

    assert code == run("compare", store, "streams@2", "streams@3")[0] == 1
    assert "it first changes after 2, at position 3, Paid in order-1, in the row order-1" in out
    assert 'A after  ["order-1","order",1,' in out
    assert 'B after  ["order-1","order",2,' in out
    assert (same[0], same[1].strip()) == (0, "they never differ")
    assert mixed[0] == 1
    assert "both are equal up to 2, where one has stopped; then position 3" in mixed[1]


def test_what_cannot_be_compared_is_told(run: Run, store: Path) -> None:
    index = run("compare", store, "streams", "search")

    assert "keys of different shapes" in run("compare", store, "streams", "seats_left")[2]
    assert "there is no view 'nothing'" in run("compare", store, "streams", "nothing")[2]
    assert "has no rows to list or compare: 'search'" in index[2]
    assert "main.py search STORE" in index[2]
    assert "main.py log STORE" in run("view", store, "timeline")[2]


def test_certify_proves_and_names_a_cell_that_was_tampered_with(run: Run, store: Path) -> None:
    run("snapshots", "create", store, "--all")
    fine = run("certify", store)
    db = connect(Place(store).views)
    db.execute("UPDATE streams SET event_count = 7 WHERE stream = 'order-1'")
    db.commit()
    db.close()
    broken = run("certify", store, "streams", "--json")

    assert fine[0] == 0
    assert "incremental = rebuilt" in fine[1]
    assert "2 snapshots match a full fold" in fine[1]
    assert broken[0] == 1
    (proof,) = parsed(broken[1])[0]["views"]
    assert proof["what"] == (
        "row order-1, written at position 3: event_count is 7, the log gives 2"
    )
    assert proof["first_difference"] == 3
    assert proof["differences"][0]["cells"] == [{"column": "event_count", "stored": 7, "folded": 2}]
    assert proof["incremental"] != proof["rebuilt"]
    assert "the first differing position is 3" in run("certify", store, "streams")[1]


def test_a_row_tells_its_writes_and_what_each_changed(run: Run, store: Path) -> None:
    code, out, _ = run("view", store, "streams", "--key", "order-1", "--history")
    facts = parsed(run("view", store, "streams", "--key", "order-1", "--history", "--json")[1])
    then = parsed(
        run("view", store, "streams", "--key", "order-1", "--history", "--at", "2", "--json")[1]
    )

    assert code == 0
    assert out.splitlines()[1].split()[:3] == ["3", "Paid", "changed"]
    assert "event_count 1 → 2" in out
    assert [(it["position"], it["event"], it["row"]) for it in facts] == [
        (3, "Paid", "changed"),
        (1, "Placed", "made"),
    ]
    assert facts[0]["cells"]["last_type"] == ["Placed", "Paid"]
    assert then == facts[1:]
    assert run("view", store, "streams", "--key", "nobody", "--history", "--json")[1] == ""
    assert "the key of this view is stream" in run("view", store, "streams", "--history")[2]


def test_each_cell_of_a_row_names_the_event_that_wrote_it(run: Run, store: Path) -> None:
    code, out, _ = run("view", store, "streams", "--key", "order-1", "--writers")
    facts = {
        it["column"]: it
        for it in parsed(
            run("view", store, "streams", "--key", "order-1", "--writers", "--json")[1]
        )
    }
    then = run("view", store, "streams", "--key", "order-1", "--writers", "--at", "2", "--json")

    assert code == 0
    assert ["event_count", "2", "3", "Paid"] in [it.split() for it in out.splitlines()]
    assert facts["event_count"] == {
        "column": "event_count",
        "value": 2,
        "position": 3,
        "event": "Paid",
    }
    assert (facts["category"]["position"], facts["category"]["event"]) == (1, "Placed")
    assert {it["position"] for it in parsed(then[1])} == {1}
    assert run("view", store, "streams", "--key", "no", "--writers", "--json")[:2] == (0, "")


def test_the_rows_that_changed_between_two_positions_are_told(run: Run, store: Path) -> None:
    code, out, _ = run("view", store, "streams", "--changed", "1", "3")
    (first, second) = parsed(run("view", store, "streams", "--changed", "1", "3", "--json")[1])
    none = run("view", store, "seats_left", "--changed", "0", "3", "--json")

    assert code == 0
    assert "order-1  changed  event_count 1 → 2" in out
    assert (first["key"], first["row"], second["key"], second["row"]) == (
        ["order-1"],
        "changed",
        ["order-2"],
        "made",
    )
    assert none[:2] == (0, "")
    assert "the log ends at position 3" in run("view", store, "streams", "--changed", "1", "9")[2]


def test_one_view_that_is_again_what_it_was_differs_in_between_only(
    run: Run, tmp_path: Path
) -> None:
    store = imported(run, tmp_path, *(event_line(n, total=t) for n, t in ((1, 5), (2, 7), (3, 5))))
    assert run("build", store, "carts", "--column", "total=last:total")[0] == 0

    first = run("compare", store, "carts@1", "carts@3", "--first")
    whole = run("compare", store, "carts@1", "carts@3")

    assert first[0] == whole[0] == 0
    assert "it first changes after 1, at position 2, Set in cart-1" in first[1]
    assert "at 3 it is the same again as at 1" in first[1]


def test_values_too_long_for_a_history_are_counted_beside_the_first_divergence(
    run: Run, tmp_path: Path
) -> None:
    store = imported(run, tmp_path, *(event_line(n, note="x" * 3_000, nth=n) for n in (1, 2, 3)))
    run("view", store, "latest_states")
    run("rebuild", store, "latest_states")

    code, out, _ = run("compare", store, "latest_states", "latest_states__before", "--first")
    facts = parsed(
        run("compare", store, "latest_states", "latest_states__before", "--first", "--json")[1]
    )[0]

    assert code == 0
    assert out.splitlines() == [
        "they never differ",
        "2 row versions up to that point have values too long for the history. "
        "A difference in those values alone is not found.",
    ]
    assert (facts["position"], facts["unseen"]) == (None, 2)


def test_rows_of_one_side_only_are_told_up_to_a_limit(run: Run, store: Path) -> None:
    code, out, _ = run("compare", store, "streams@3", "streams@1", "--limit", "1")
    told = run("compare", store, "streams@3", "streams@1")[1]
    facts = parsed(run("compare", store, "streams@3", "streams@1", "--json")[1])[0]

    assert code == 1
    assert "… more differ (--limit)" in out
    assert "- order-2" in told
    assert [(it["key"], it["right"] is None) for it in facts["rows"]] == [
        (["order-1"], False),
        (["order-2"], True),
    ]


def test_a_first_rebuild_leaves_nothing_beside_the_views_and_a_second_one_what_was(
    run: Run, store: Path
) -> None:
    names = []
    for _ in range(2):
        assert run("rebuild", store)[0] == 0
        listed = [json.loads(it) for it in run("views", store, "--json")[1].splitlines()]
        names.append({it["view"] for it in listed})

    assert not [it for it in names[0] if it.endswith("__before")]
    assert {f"{it}__before" for it in names[0]} <= names[1]


def test_the_value_of_a_cell_is_json_and_not_python(run: Run, store: Path) -> None:
    writers = ("view", store, "latest_states", "--key", "order-1", "--writers")

    out = run(*writers)[1]

    assert '"total":0.10' in out
    assert "Decimal" not in out
