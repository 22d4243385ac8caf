"""Questions that nobody had thought of when the events were recorded (capability A21)."""

import json
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from tests.replay.verbs.conftest import Run, run

CARTS = Path(__file__).parents[2] / "fixtures" / "emmett-carts.sqlite"
REMOVED = "ProductItemRemovedFromShoppingCart"

__all__ = ["run"]  # a fixture


@pytest.fixture
def carts(run: Run, tmp_path: Path) -> Path:
    """A log that Emmett recorded, and whose views were folded before anybody asked."""
    path = tmp_path / "carts.foldline"
    assert run("import", CARTS, "--into", path)[0] == 0
    assert run("view", path, "streams")[0] == 0
    return path


def removed() -> tuple[Counter[str], Counter[str]]:
    """Times and pieces by product, read from Emmett's own table by a plain loop."""
    db = sqlite3.connect(f"file:{CARTS}?mode=ro", uri=True)
    texts = db.execute("SELECT message_data FROM emt_messages WHERE message_type = ?", [REMOVED])
    items = [json.loads(text)["productItem"] for (text,) in texts]
    db.close()
    times = Counter(it["productId"] for it in items)
    pieces: Counter[str] = Counter()
    for it in items:
        pieces[it["productId"]] += it["quantity"]
    return times, pieces


def test_items_removed_from_carts_are_a_view_of_a_log_recorded_before_the_question(
    run: Run, carts: Path
) -> None:
    times, pieces = removed()
    build = (
        "--group-by",
        "productItem.productId",
        "--type",
        REMOVED,
        "--column",
        "times=count",
        "--column",
        "pieces=sum:productItem.quantity",
    )

    assert run("build", carts, "items_removed", *build)[0] == 0
    rows = [json.loads(it) for it in run("view", carts, "items_removed", "--json")[1].splitlines()]

    assert {it["key"]: it["times"] for it in rows} == times
    assert {it["key"]: it["pieces"] for it in rows} == pieces
    assert sum(times.values()) == 70


def test_they_are_an_aggregate_in_sql_over_the_events_themselves(run: Run, carts: Path) -> None:
    times, pieces = removed()
    sql = f"""SELECT json_extract(data, '$.productItem.productId') AS product, count(*) AS times,
    sum(json_extract(data, '$.productItem.quantity')) AS pieces
FROM event_log WHERE type = '{REMOVED}' GROUP BY product ORDER BY times DESC"""

    rows = [json.loads(it) for it in run("sql", carts, sql, "--json")[1].splitlines()]

    assert {it["product"]: it["times"] for it in rows} == times
    assert {it["product"]: it["pieces"] for it in rows} == pieces
    assert [it["times"] for it in rows] == sorted(times.values(), reverse=True)


def test_they_are_listed_by_a_filter_over_what_they_hold(run: Run, carts: Path) -> None:
    _, pieces = removed()
    product = max(pieces, key=lambda it: pieces[it])

    out = run(
        "log",
        carts,
        "--json",
        "--where",
        f'type ~ "*Removed*" and productItem.productId = "{product}"',
    )[1]

    found = [json.loads(it)["data"]["productItem"] for it in out.splitlines()]
    assert {it["productId"] for it in found} == {product}
    assert sum(it["quantity"] for it in found) == pieces[product]
