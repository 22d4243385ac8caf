"""The first events that hold a text come from the index of words, and hold it."""

from pathlib import Path

import pytest

from replay.projector.catch_up import catch_up
from replay.questions.first_hits import MOST, first_hits
from replay.views.read_store import open_views_to_read
from replay.views.search_view import SEARCH
from store.filter.parse import parse
from store.query import EventQuery
from tests.replay.written_logs import event, log_of

EVENTS = (
    *((f"order-{at}", event({"note": f"plain {at}"})) for at in range(2 * MOST)),
    ("order-x", event({"note": "a rare find"})),
    ("order-y", event({"note": "find a rare one"})),
)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("anything contains 'rare'", [201, 202]),
        ("anything contains 'RARE FIND'", [201]),
        ("anything contains rare and stream = order-y", [202]),
        ("anything contains plain", [*range(1, MOST + 1)]),
        ("note contains rare", []),
        ("anything contains '{}'", []),
        ("anything contains rare or type = Changed", []),
    ],
)
def test_hits_are_those_that_the_filter_has(
    tmp_path: Path, where: str, expected: list[int]
) -> None:
    query = EventQuery(where=parse(where))

    with log_of(tmp_path, *EVENTS) as log:
        assert first_hits(None, log, query, after=0, until=log.head()) == []
        catch_up(log, only=[SEARCH.name])
        views = open_views_to_read(log)
        found = first_hits(views, log, query, after=0, until=log.head())
        later = first_hits(views, log, query, after=201, until=log.head())
        if views is not None:
            views.close()

    assert found == expected
    assert set(expected) & {202} == set(later) or not expected
