"""What is recorded says under which rules: a model's name, its version and a hash of its code."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from replay.commands.decide import CommandHandler
from replay.models.bank_account import MODEL as BANK
from replay.states.model_set import ModelSet, bundled_models
from replay.states.rule_version import (
    HASH_LENGTH,
    applied_rules,
    rules_of,
    rules_of_process,
)
from replay.typed_model import TypedModel
from store.interface import CommandStore
from store.sqlite.store import open_store
from tests.replay.conference_office import Office
from tests.replay.issued import issued


def lenient(state: Any, command: Any, situation: Any) -> Any:
    """Rules of another module."""
    return BANK.decide(state, command, situation)


def recorded(store: CommandStore, model: TypedModel[Any]) -> Any:
    CommandHandler(store, ModelSet([model])).issue(
        issued("OpenAccount", {"id": str(store.head() + 1), "owner": "Ada"})
    )
    event = store.event(store.head())
    assert event is not None
    return event.metadata


def test_an_event_of_a_command_says_the_rules_that_accepted_it(tmp_path: Path) -> None:
    store = open_store(tmp_path / "bank.foldline", create=True)

    metadata = recorded(store, BANK)
    store.close()

    rules = rules_of(BANK)
    assert metadata["model"] == {
        "name": BANK.name,
        "version": BANK.version,
        "hash": rules.hash,
    }
    assert applied_rules(metadata) == rules
    assert len(rules.hash) == HASH_LENGTH
    assert rules.words == f"{BANK.name} {BANK.version} ({rules.hash[:12]})"


def test_rules_of_other_code_are_told_apart_though_the_state_is_the_same(tmp_path: Path) -> None:
    store = open_store(tmp_path / "bank.foldline", create=True)
    other = replace(BANK, decide=lenient)

    first, second = recorded(store, BANK), recorded(store, other)
    store.close()

    assert first["model"]["hash"] != second["model"]["hash"]
    assert first["model"]["version"] == second["model"]["version"]
    folds = [ModelSet([it]).fold(it).definition for it in (BANK, other)]
    assert folds[0] == folds[1]  # snapshots of the one serve the other


def test_what_a_process_manager_records_says_its_rules_and_the_shape_of_its_events(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path / "conference.foldline")
    office.register("o1", general=1)
    office.settle()
    stream = "registration-o1"
    model = bundled_models().of_stream(stream)
    assert model is not None
    (process,) = [it for it in bundled_models().processes if it.model is model]

    said = [it.metadata for it in office.store.read_stream(stream)]
    office.close()

    assert len(said) > 1
    assert {applied_rules(it) for it in said} == {rules_of_process(process)}
    assert rules_of_process(process).hash != rules_of(model).hash
    assert {it["schema_version"] for it in said} == {1}


@pytest.mark.parametrize("said", [{}, {"model": "ships"}, {"model": {"name": "ships"}}])
def test_an_event_that_does_not_say_its_rules_has_none(said: dict[str, Any]) -> None:
    assert applied_rules(said) is None
