"""A timeline of very many types keeps counts of the first ones, and of all others together."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from replay.timeline import timeline_index
from replay.timeline.timeline_index import Axis
from store.events import NewEvent
from store.opening import open_reader
from store.sqlite.connect import open_log
from store.sqlite.writer import Writer
from tests.replay.logs import make_log
from tests.replay.timeline.test_timeline_index import AXES, fold, load


@pytest.mark.parametrize("axis", AXES)
def test_of_very_many_types_those_that_appear_first_are_counted_apart_and_the_others_together(
    tmp_path: Path, axis: Axis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline_index, "MOST_TYPES", 4)
    path = make_log(tmp_path / "a.foldline", 0)
    log, db, index = open_reader(path), open_log(path, writable=True), None
    for count in (3, 4, 5, 40):
        said = [NewEvent.of(f"T{it}", {}) for it in range(count)]
        Writer(db).append("thing-1", said, expected=None)
        fold(log)

        index = load(log, index)

        counted = Counter(it.type for it in log.page(1, 1_000))
        names = [f"T{it}" for it in range(min(count, 4))]
        apart = names if count <= 4 else names[:3]
        expected = {it: counted[it] for it in apart}
        if count > 4:
            expected[timeline_index.OTHERS] = log.head() - sum(expected.values())
        assert dict(zip(index.types, index.totals.tolist(), strict=True)) == expected
        start, end = index.extent(axis)
        found = index.counts(np.array([start, end]), axis)
        assert found.sum() == log.head()
        assert found.shape == (len(expected), 1)
    assert timeline_index.number_of_type(3) == 2
    assert timeline_index.number_of_type(30) == 3
    db.close()
    log.close()
