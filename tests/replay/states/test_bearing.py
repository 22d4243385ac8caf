"""A change of fields that bear the meaning of an event is told to be a new type."""

from dataclasses import replace
from pathlib import Path

import pytest

from replay.models.bank_account import MODEL as BANK
from replay.states.bearing import changed_meaning, find_changed_meaning, meaning_words
from replay.states.change_trial import try_on
from replay.states.event_change import EventChange, FieldEdit
from replay.states.model_set import ModelSet, bundled_models
from replay.typed_model import Upcast
from resources.samples.catalog import SAMPLES
from store.events import NewEvent
from store.memory import MemoryStore
from store.opening import reading
from store.transfer.ingest import ingest

SAMPLE = next(it.path for it in SAMPLES if it.name == "bank")


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        ({"accountId": "1", "amount": 5}, ()),
        ({"accountId": "1", "amount": 500}, ("amount",)),
        ({"accountId": "1"}, ("amount",)),
        ({"accountId": "1", "sum": 5}, ()),  # only another name
        ({"accountId": "2", "sum": 6}, ("accountId", "amount")),
        ({"accountId": "1", "amount": 5, "reference": "x"}, ()),  # it bears no meaning
    ],
)
def test_only_declared_fields_that_have_another_value_change_the_meaning(
    after: dict[str, object], changed: tuple[str, ...]
) -> None:
    before = {"accountId": "1", "amount": 5, "reference": "rent"}
    assert changed_meaning(BANK, "DepositPerformed", before, after) == changed


def test_nothing_is_said_of_a_type_that_declares_nothing() -> None:
    assert changed_meaning(BANK, "BankAccountClosed", {"reason": "a"}, {"reason": "b"}) == ()
    assert changed_meaning(None, "DepositPerformed", {"amount": 1}, {"amount": 2}) == ()


def test_lint_fires_on_the_sample_when_an_upcast_counts_in_cents(tmp_path: Path) -> None:
    ingest(SAMPLE, into=tmp_path / "bank.foldline")
    cents = Upcast(
        type="DepositPerformed",
        version=1,
        change=lambda data: {**data, "amount": data["amount"] * 100},
    )
    harmless = replace(cents, change=lambda data: {**data, "channel": "desk"})

    with reading(tmp_path / "bank.foldline") as log:
        (found,) = find_changed_meaning(log, _with(cents))
        assert find_changed_meaning(log, _with(harmless)) == []
        assert find_changed_meaning(log, bundled_models()) == []
        deposits = log.type_counts()["DepositPerformed"]

    assert (found.type, found.fields) == ("DepositPerformed", ("amount",))
    assert found.count == found.of == deposits
    assert len(found.positions) == 10
    assert "record a new type, not a new version" in found.words


def test_a_trial_of_a_change_says_it_before_anything_is_written() -> None:
    store = MemoryStore()
    event = NewEvent.of("DepositPerformed", {"accountId": "1", "amount": 5, "reference": "r"})
    store.append("account-1", [event], expected=0)

    dropped = _tried(store, FieldEdit(kind="drop", field="amount"))
    renamed = _tried(store, FieldEdit(kind="rename", field="amount", to="sum"))
    harmless = _tried(store, FieldEdit(kind="drop", field="reference"))

    assert (dropped, renamed, harmless) == (("amount",), (), ())
    assert "amount bears the meaning" in meaning_words("DepositPerformed", dropped)
    store.close()


def _tried(store: MemoryStore, edit: FieldEdit) -> tuple[str, ...]:
    change = EventChange(type="DepositPerformed", reason="fields", edits=(edit,))
    return try_on(store, bundled_models(), change).meaning


def _with(upcast: Upcast) -> ModelSet:
    return ModelSet((replace(BANK, upcasts=(upcast,)),))
