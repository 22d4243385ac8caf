"""Replaying events runs no rule: what decides, reacts and sends is counted, and stays at none."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.rebuild import rebuild
from replay.process import ProcessManager
from replay.questions.certificate import certify
from replay.states.model_set import ModelSet, bundled_models
from replay.states.stream_states import StreamStates
from replay.typed_model import TypedModel
from replay.views.read_store import open_views_to_read
from store.interface import EventReader
from store.opening import open_reader, reading
from store.transfer.ingest import ingest

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


class Counter:
    def __init__(self) -> None:
        self.calls: dict[str, int] = {}

    def counting(self, what: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.calls[what] = self.calls.get(what, 0) + 1
            return function(*arguments, **named)

        return call

    def model(self, it: TypedModel[Any]) -> TypedModel[Any]:
        effects = {
            type_: replace(effect, message=self.counting("message", effect.message))
            for type_, effect in it.effects.items()
        }
        return replace(
            it,
            decide=self.counting("decide", it.decide),
            evolve=self.counting("evolve", it.evolve),
            effects=effects,
        )

    def process(self, it: ProcessManager[Any]) -> ProcessManager[Any]:
        return replace(
            it, react=self.counting("react", it.react), handle=self.counting("handle", it.handle)
        )


@pytest.mark.parametrize("sample", ["conference", "ships"])
def test_rebuilding_everything_calls_no_rule_and_no_process_manager(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: str
) -> None:
    path = tmp_path / "a.foldline"
    ingest(SAMPLES / f"{sample}.jsonl.gz", into=path)
    counter, bundled = Counter(), bundled_models()
    counted = ModelSet(
        [counter.model(it) for it in bundled.models],
        [counter.process(it) for it in bundled.processes],
    )
    monkeypatch.setattr("replay.states.stream_states.bundled_models", lambda: counted)
    with reading(path) as log:
        rebuild(log)
        states = StreamStates(models=counted)
        for stream in log.stream_names():
            states.at(log, stream, log.head())
        views = open_views_to_read(log)
        assert views is not None
        views.close()
        certify(log)

    assert set(counter.calls) == {"evolve"}
    assert counter.calls["evolve"] > 1_000


def test_rebuilding_one_view_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.foldline"
    ingest(SAMPLES / "conference.jsonl.gz", into=path)
    log = open_reader(path)
    rebuild(log)
    before = _rows(log, "priced_orders")

    (report,) = rebuild(log, ["draft_orders"])
    after = _rows(log, "priced_orders")
    log.close()

    assert report.view == "draft_orders"
    assert after == before
    assert len(before[1]) > 100


def _rows(log: EventReader, view: str) -> tuple[Any, list[Any]]:
    db = open_views_to_read(log)
    assert db is not None
    checkpoint = db.execute("SELECT * FROM projections WHERE name = ?", [view]).fetchone()
    rows = db.execute(f"SELECT * FROM {view}").fetchall()
    db.close()
    return checkpoint, rows
