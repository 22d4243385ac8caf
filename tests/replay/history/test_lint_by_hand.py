"""Lint finds what a plain loop over every stream finds, links and old shapes among it."""

from collections import defaultdict
from pathlib import Path

import pytest

from replay.history.lint import FIRST, Finding, lint
from replay.history.stream_scan import EVENTS_PER_LOOKUP
from replay.states.model_set import ModelSet, bundled_models
from replay.states.typed_fold import MissingUpcast
from resources.samples.catalog import SAMPLES, SampleLog
from store.events import NewEvent
from store.interface import EventReader
from store.opening import open_store, reading
from store.transfer.ingest import ingest

Found = dict[tuple[str, str, str], tuple[int, int, tuple[int, ...]]]


def by_hand(log: EventReader, models: ModelSet) -> Found:
    """No-ops and unreadable events: (count, of, first positions) by fault, model and type."""
    of = defaultdict[tuple[str, str], int](int)
    at = defaultdict[tuple[str, str, str], list[int]](list)
    for stream in log.stream_names():
        model, events = models.of_stream(stream), list(log.read_stream(stream))
        if model is None or not any(models.reading(model).knows(it.type) for it in events):
            continue
        fold, key = models.fold(model), model.title
        state = fold.initial()
        for event in events:
            try:
                after = fold.evolve(state, event)
            except MissingUpcast:
                of[key, event.type] += 1
                at["unreadable", key, event.type].append(event.position)
                continue
            if event.stream == stream and models.reading(model).knows(event.type):
                of[key, event.type] += 1
                if after == state:
                    at["no-op", key, event.type].append(event.position)
            state = after
    return {
        (fault, model, type_): (len(it), of[model, type_], tuple(sorted(it)[:FIRST]))
        for (fault, model, type_), it in at.items()
    }


def linted(log: EventReader, models: ModelSet) -> Found:
    found: list[Finding] = list(lint(log, models))
    return {
        (it.fault, it.model, it.type): (it.count, it.of, it.positions)
        for it in found
        if it.fault != "state-shaped"
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda it: it.name)
def test_in_a_sample_it_finds_what_a_plain_loop_finds(tmp_path: Path, sample: SampleLog) -> None:
    ingest(sample.path, into=(path := tmp_path / "a.foldline"))

    with reading(path) as log:
        assert linted(log, bundled_models()) == by_hand(log, bundled_models())


@pytest.mark.parametrize("others", [0, EVENTS_PER_LOOKUP * 100], ids=["by position", "one by one"])
def test_links_old_shapes_and_streams_of_others_are_judged_as_by_a_plain_loop(
    tmp_path: Path, others: int
) -> None:
    path = tmp_path / "mixed.foldline"
    store = open_store(path, create=True)
    for n in range(60):
        account, foreign = f"account-{n % 7}", "Greeted" if n % 7 == 3 else "BankAccountCreated"
        made = {"id": str(n % 7), "owner": "Ada"}
        booked = {"accountId": str(n % 7), "amount": n % 3}
        kinds = {0: (foreign, made), 2: ("Greeted", {})}
        type_, data = kinds.get(n // 7, ("DepositPerformed", booked))
        version = {"schema_version": 9} if n % 11 == 5 else {}
        links = (f"account-{(n + 1) % 7}",) if n % 5 == 0 else ()
        store.append(account, [NewEvent.of(type_, data, version, links=links)], expected=None)
    for _ in range(others // 2_000):
        many = [NewEvent.of("Noted", {}) for _ in range(2_000)]
        store.append("others-1", many, expected=None)
    store.close()

    with reading(path) as log:
        found = linted(log, bundled_models())
        assert found == by_hand(log, bundled_models())
        assert {fault for fault, *_ in found} == {"no-op", "unreadable"}
