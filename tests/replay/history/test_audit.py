"""Any value of a field ends in one event and one command, with who, when and which rules."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from replay.history.audit import NoSuchField, audit_entry, field_value
from replay.states.model_set import bundled_models
from replay.states.rule_version import rules_of, rules_of_process
from replay.states.stream_states import StreamStates
from resources.samples.catalog import SAMPLES
from store.opening import reading
from store.transfer.ingest import ingest
from tests.replay.conference_office import Office
from tests.replay.verbs.conftest import Run, run

__all__ = ["run"]  # a fixture
CONFERENCE = next(it.path for it in SAMPLES if it.name == "conference")


def paths(state: Any, before: str = "") -> Iterator[str]:
    """Every field of a state that holds a plain value, as the verb takes it."""
    items = state.items() if isinstance(state, dict) else enumerate(state)
    for key, value in items:
        path = f"{before}{key}"
        if isinstance(value, dict | list):
            yield from paths(value, f"{path}.")
        else:
            yield path


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "conference.foldline")
    office.register("o1", general=1)
    office.settle()
    office.pay("o1")
    office.settle()
    yield office
    office.close()


def test_every_value_that_was_decided_here_ends_in_an_event_a_command_and_its_rules(
    office: Office,
) -> None:
    models, log = bundled_models(), office.store.reader()
    states, head, found = StreamStates(models=models), log.head(), []
    for stream in ("order-o1", "payment-p-o1", "registration-o1", "seats-conf"):
        model, state = states.fold_of(log, stream), states.at(log, stream, head).state
        for path in paths(state):
            try:
                found.append(field_value(log, model, stream, path, until=head))
            except NoSuchField:
                initial = states.at(log, stream, 0).state  # no event has changed it
                assert path in set(paths(initial))

    assert len(found) > 20
    for it in found:
        owner = models.of_stream(it.entry.stream)
        assert owner is not None
        process = next((one for one in models.processes if one.model is owner), None)
        assert it.entry.rules == (rules_of_process(process) if process else rules_of(owner))
        command, _ = log.beside.commands.find(it.entry.command_id)
        assert command is not None
        assert command.type == it.entry.command
        assert it.entry.who
        assert it.entry.correlation_id == command.correlation_id
        assert it.entry.recorded_at
        assert it.entry.occurred_at


def test_a_value_of_the_past_is_that_of_its_time(office: Office) -> None:
    log = office.store.reader()
    model = StreamStates(models=bundled_models()).fold_of(log, "seats-conf")
    changes = [it.position for it in log.read_stream("seats-conf")]

    for position in changes[4:]:
        found = field_value(log, model, "seats-conf", "remaining.general", until=position)

        assert found.entry.position <= position
    with pytest.raises(NoSuchField):
        field_value(log, model, "seats-conf", "remaining.nothing", until=changes[-1])


def test_who_when_and_which_command_are_there_for_every_event_of_the_sample(
    tmp_path: Path,
) -> None:
    ingest(CONFERENCE, into=(path := tmp_path / "sample.foldline"))

    with reading(path) as log:
        entries = [audit_entry(log, it) for it in log.read()]

    assert len(entries) > 5_000
    assert [it for it in entries if not (it.who and it.occurred_at and it.command)] == []


def test_the_audit_is_printed_and_exported_with_every_column(run: Run, office: Office) -> None:
    told = run("audit", office.path, "--stream", "order-o1", "--json")[1]
    sheet = run("audit", office.path, "--stream", "order-o1", "--csv")[1]
    table = run("audit", office.path, "--type", "OrderPlaced", "--limit", "1")[1]
    field = ("audit", office.path, "--stream", "order-o1", "--field", "total")
    value = json.loads(run(*field, "--json")[1])

    entries = [json.loads(it) for it in told.splitlines()]
    rows = list(csv.DictReader(io.StringIO(sheet)))
    model = bundled_models().of_stream("order-o1")
    assert model is not None
    assert [it["position"] for it in entries] == [int(it["position"]) for it in rows]
    assert {it["rules"]["hash"] for it in entries} == {rules_of(model).hash}
    assert {it["rules"] for it in rows} == {rules_of(model).words}
    assert rules_of(model).words in table
    assert (value["value"], value["entry"]["type"]) == (199, "OrderTotalsCalculated")
    assert value["entry"]["command"] == "RegisterToConference"
    assert rules_of(model).words in run(*field)[1]
    assert run("audit", office.path, "--stream", "order-o1", "--field", "nothing")[0] == 1


def test_the_audit_is_written_to_a_file_whole_and_never_over_another(
    run: Run, office: Office, tmp_path: Path
) -> None:
    asked = ("audit", office.path, "--stream", "order-o1")
    sheet, lines = tmp_path / "audit.csv", tmp_path / "audit.jsonl"

    told = json.loads(run(*asked, "--out", sheet, "--json")[1])
    run(*asked, "--out", lines)

    assert told == {"out": str(sheet), "events": len(lines.read_text("utf-8").splitlines())}
    assert sheet.read_text("utf-8") == run(*asked, "--csv")[1]
    assert lines.read_text("utf-8") == run(*asked, "--json")[1]
    assert run(*asked, "--out", sheet)[0] == 1
    assert run(*asked, "--out", sheet, "--overwrite")[0] == 0
    assert run(*asked, "--out", office.path, "--overwrite")[0] == 1
