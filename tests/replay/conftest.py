"""What tests of views share."""

import pytest


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_BATCH", "EVENTS_PER_BATCH"):
        monkeypatch.setattr(f"replay.views.runner.{name}", 100)
    monkeypatch.setattr("replay.catalog.rebuild.EVENTS_PER_BATCH", 100)
    monkeypatch.setattr("replay.views.successor.NEAR", 100)
