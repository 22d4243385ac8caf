"""The index over causes gives what reading the log gives, however far the view has come."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay.history.causality import first_effect
from replay.history.causation_index import BY_CAUSE, BY_CORRELATION, CausationIndex
from replay.views import causation_view
from replay.views.causation_view import CAUSATION, digest, ids_of
from store.events import NewEvent
from store.interface import EventReader
from tests.replay.logs import catch_up, open_runner
from tests.replay.written_logs import event, log_of

IDS = ("e1", "e2", "e3", "é", 'a "b"', "\\u0065", "7", "")
METADATA = st.fixed_dictionaries(
    {},
    optional={
        "causation_id": st.sampled_from((*IDS, 7, None, 1.5)),
        "correlation_id": st.sampled_from((*IDS, 7, None)),
        "user": st.sampled_from(("ada", "e1")),
    },
)


def named(n: int, **metadata: object) -> tuple[str, NewEvent]:
    return "order-1", event({"n": n}, id=f"e{n}", metadata=metadata)


def by_hand(log: EventReader, id_: str, *, at: int) -> list[int]:
    return [it.position for it in log.read() if ids_of(it)[at] == id_]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    metadata=st.lists(METADATA, min_size=1, max_size=8),
    seen=st.integers(0, 8),
    id_=st.sampled_from(IDS),
)
def test_it_finds_what_a_loop_over_the_log_finds(
    tmp_path_factory: pytest.TempPathFactory,
    metadata: list[dict[str, object]],
    seen: int,
    id_: str,
) -> None:
    events = [named(n, **it) for n, it in enumerate(metadata, 1)]
    with log_of(tmp_path_factory.mktemp("causes"), *events) as log:
        views, runner = open_runner(log, (CAUSATION,))
        with closing(views):
            read = log.page(1, min(seen, len(events)))
            if read:
                runner.deliver(read, {})
            index = CausationIndex(views.db, log)

            caused = [it.position for it in index.caused_by(id_)]
            conversation = [it.position for it in index.of_correlation(id_)]
            first = next(log.read())
            effects = [it.position for it in index.caused_in_stream(first)]

        begun = [it.position for it in log.read() if it.id == id_]
        assert caused == by_hand(log, id_, at=0)
        assert effects == [it for it in by_hand(log, first.id, at=0) if it > first.position]
        assert conversation == sorted({*begun, *by_hand(log, id_, at=1)})


def test_two_ids_with_one_digest_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(causation_view, "digest", lambda _id: 1)
    monkeypatch.setattr("replay.history.causation_index.digest", lambda _id: 1)
    events = (named(1), named(2, causation_id="e1"), named(3, causation_id="x"))
    with log_of(tmp_path, *events) as log, indexed(log) as index:
        found = [it.position for it in index.caused_by("e1")]

    assert found == [2]


def test_the_first_effect_lies_behind_the_event(tmp_path: Path) -> None:
    events = (named(1, causation_id="e2"), named(2), named(3, causation_id="e2"))
    with log_of(tmp_path, *events) as log, indexed(log) as index:
        cause, last = log.event(2), log.event(3)
        assert cause is not None
        assert last is not None
        effect, none = first_effect(index, cause), first_effect(index, last)

    assert effect == last
    assert none is None


def test_a_digest_is_the_same_in_every_process() -> None:
    assert digest("e1") == 1971835917959106308


@pytest.mark.parametrize("sql", [BY_CAUSE, BY_CORRELATION])
def test_a_look_up_uses_an_index(tmp_path: Path, sql: str) -> None:
    with log_of(tmp_path, named(1, causation_id="x", correlation_id="y")) as log:
        views, runner = open_runner(log, (CAUSATION,))
        with closing(views):
            catch_up(runner)
            plan = views.db.execute(f"EXPLAIN QUERY PLAN {sql}", [1, 0]).fetchall()

    assert all("SEARCH" in row[3] and "INDEX" in row[3] for row in plan), plan


@contextmanager
def indexed(log: EventReader) -> Iterator[CausationIndex]:
    """An index that has seen the whole log."""
    views, runner = open_runner(log, (CAUSATION,))
    with closing(views):
        catch_up(runner)
        yield CausationIndex(views.db, log)
