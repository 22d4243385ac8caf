"""A change of what bears the meaning of an event is reported where it is tried."""

import json
from pathlib import Path

import pytest

from resources.samples.catalog import SAMPLES
from store.transfer.ingest import ingest
from tests.replay.verbs.conftest import Run


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    path = tmp_path / "bank.foldline"
    ingest(next(it.path for it in SAMPLES if it.name == "bank"), into=path)
    return path


def test_a_trial_says_that_it_is_a_new_type(run: Run, bank: Path) -> None:
    out = run("upcast", bank, "DepositPerformed", "--drop", "amount")[1]
    facts = json.loads(run("upcast", bank, "DepositPerformed", "--drop", "amount", "--json")[1])
    harmless = run("upcast", bank, "DepositPerformed", "--drop", "reference")[1]

    assert "amount bears the meaning of DepositPerformed: record a new type" in out
    assert facts["meaning"] == ["amount"]
    assert "bears the meaning" not in harmless
