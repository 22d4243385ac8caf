"""Commands, process managers and models on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from store.interface import EventWriter
from store.locks import ProcessLock
from store.place import Place
from store.sqlite.store import open_store
from tests.replay.issued import issued
from tests.replay.verbs.conftest import Run


@pytest.fixture
def bank(tmp_path: Path, run: Run) -> Path:
    path = tmp_path / "bank.foldline"
    open_store(path, create=True).close()
    code, _, err = run("issue", path, "OpenAccount", "--data", '{"id":"7","owner":"Ada"}')
    assert (code, err) == (0, "")
    return path


def deposit(amount: str) -> str:
    return f'{{"accountNumber":"7","amount":{amount}}}'


def parsed(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


def test_commands_lists_what_can_be_issued(run: Run, bank: Path) -> None:
    code, out, _ = run("commands", bank)

    assert code == 0
    assert "PerformDeposit" in out
    assert "MakeCustomerPreferred" in out


def test_issue_tells_the_events_and_a_resend_the_first_outcome(run: Run, bank: Path) -> None:
    first = run("issue", bank, "PerformDeposit", "--data", deposit("20.00"), "--id", "c1", "--json")
    again = run("issue", bank, "PerformDeposit", "--data", deposit("20.00"), "--id", "c1", "--json")

    (one,), (two,) = parsed(first[1]), parsed(again[1])
    assert one["status"] == two["status"] == "done"
    assert (
        [it["position"] for it in one["events"]] == [2] == [it["position"] for it in two["events"]]
    )
    assert two["is_resend"]


def test_a_refusal_names_the_rule_and_gives_exit_code_1(run: Run, bank: Path) -> None:
    code, _, err = run("issue", bank, "PerformWithdrawal", "--data", deposit("900"))

    assert code == 1
    assert "overdraft limit" in err


def test_what_came_of_a_command_is_printed_in_one_form_whatever_came_of_it(
    run: Run, bank: Path
) -> None:
    run("issue", bank, "PerformDeposit", "--data", deposit("20.00"), "--id", "c1", "--json")
    asked = (
        ("PerformDeposit", "--data", deposit("20.00"), "--id", "c1"),
        ("PerformWithdrawal", "--data", deposit("900"), "--id", "c2"),
        ("PerformDeposit", "--data", deposit("1"), "--id", "c3", "--expected", "1"),
    )

    lines = [run("issue", bank, *it, "--json")[1] for it in asked]
    plain = [line[: line.index(',"events":')] for line in lines]

    assert plain == [
        '{"id":"c1","command":"PerformDeposit","stream":"account-7","status":"done","rule":"",'
        '"reason":"","version":0,"attempts":1,"is_resend":true',
        '{"id":"c2","command":"PerformWithdrawal","stream":"account-7","status":"refused",'
        '"rule":"overdraft limit","reason":"The balance would be -880.00 €, and '
        '-500.00 € is the lowest allowed.","version":2,"attempts":1,"is_resend":false',
        '{"id":"c3","command":"PerformDeposit","stream":"account-7","status":"conflict",'
        '"rule":"","reason":"account-7 was at version 1 and is at 2 now.","version":2,'
        '"attempts":1,"is_resend":false',
    ]
    assert [[*json.loads(it)][-2:] for it in lines] == [["events", "between"]] * 3
    assert [len(json.loads(it)["between"]) for it in lines] == [0, 0, 1]


def test_a_version_that_is_no_longer_current_is_a_conflict(run: Run, bank: Path) -> None:
    run("issue", bank, "PerformDeposit", "--data", deposit("20"))

    code, _, err = run(
        "issue",
        bank,
        "ChangeOwner",
        "--data",
        '{"accountId":"7","newOwner":"Bob"}',
        "--expected",
        "1",
    )

    assert code == 1
    assert "DepositPerformed at 2" in err
    assert "--expected 2" in err


def test_an_expected_version_holds_for_every_command(run: Run, bank: Path) -> None:
    run("issue", bank, "PerformDeposit", "--data", deposit("20"))

    code, _, err = run("issue", bank, "PerformDeposit", "--data", deposit("1"), "--expected", "1")

    assert code == 1
    assert "account-7 was at version 1 and is at 2 now" in err


def test_a_conflict_is_resolved_under_its_id(run: Run, bank: Path) -> None:
    run("issue", bank, "PerformDeposit", "--data", deposit("20"))
    owner = '{"accountId":"7","newOwner":"Bob"}'

    _, _, err = run("issue", bank, "ChangeOwner", "--data", owner, "--id", "x", "--expected", "1")
    assert "--id x --expected 2" in err
    assert parsed(run("commands", bank, "--sent", "--json")[1])[0][0]["status"] == "conflict"
    code, out, _ = run(
        "issue", bank, "ChangeOwner", "--data", owner, "--id", "x", "--expected", "2"
    )

    assert (code, "x done" in out) == (0, True)
    newest = parsed(run("commands", bank, "--sent", "--json")[1])[0][0]
    assert (newest["id"], newest["status"], newest["attempts"]) == ("x", "done", 2)


def test_a_version_below_nothing_is_no_version(run: Run, bank: Path) -> None:
    code, _, err = run("issue", bank, "PerformDeposit", "--expected", "-4")

    assert code == 2
    assert "an empty stream has version 0" in err


@pytest.mark.parametrize("how", [(), ("--queue",)])
def test_the_id_of_another_command_is_refused_with_its_name(
    run: Run, bank: Path, how: tuple[str, ...]
) -> None:
    run("issue", bank, "PerformDeposit", "--data", deposit("20"), "--id", "x")

    owner = '{"accountId":"7","newOwner":"Bob"}'
    code, out, err = run("issue", bank, "ChangeOwner", "--data", owner, "--id", "x", *how)

    assert (code, out) == (1, "")
    assert "the id is already used by PerformDeposit" in err


def test_a_form_that_asks_for_no_change_says_so(run: Run, bank: Path) -> None:
    run("issue", bank, "RegisterCustomer", "--data", '{"id":"9","lastName":"King"}')

    code, out, _ = run("issue", bank, "UpdateCustomer", "--data", '{"customer":"9"}')

    assert code == 0
    assert out == "UpdateCustomer requests no change: nothing was issued\n"


def test_a_second_dispatcher_says_that_there_is_one(run: Run, bank: Path) -> None:
    lock = ProcessLock(Place(bank).dispatch_lock)
    assert lock.acquire()

    code, _, err = run("dispatch", bank)

    lock.release()
    assert code == 1
    assert "a dispatcher is already running" in err
    assert "write lock" not in err


def test_a_preview_writes_nothing(run: Run, bank: Path) -> None:
    code, out, _ = run(
        "issue", bank, "PerformDeposit", "--data", deposit("5"), "--preview", "--json"
    )

    assert code == 0
    assert parsed(out)[0]["events"][0]["type"] == "DepositPerformed"
    assert parsed(run("info", bank, "--json")[1])[0]["events"] == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [("{", "JSON"), ('{"accountNumber":"7","amount":-5}', "amount"), ("{}", "accountNumber")],
)
def test_data_that_does_not_fit_is_told_by_field(
    run: Run, bank: Path, data: str, told: str
) -> None:
    code, _, err = run("issue", bank, "PerformDeposit", "--data", data)

    assert code == 1
    assert told in err


def test_an_unknown_command_is_told(run: Run, bank: Path) -> None:
    code, _, err = run("issue", bank, "PerformMagic")

    assert code == 1
    assert "no model has a command 'PerformMagic'" in err


def test_a_form_of_several_intents_tells_of_each(run: Run, bank: Path) -> None:
    run("issue", bank, "RegisterCustomer", "--data", '{"id":"9","lastName":"King"}')
    run("issue", bank, "ReportDelinquency", "--data", '{"customer":"9","reason":"bills"}')
    form = '{"customer":"9","title":"Dr","makePreferred":true}'

    preview = run("issue", bank, "UpdateCustomer", "--data", form, "--preview")[1]
    code, out, _ = run("issue", bank, "UpdateCustomer", "--data", form)

    assert "MakeCustomerPreferred: Would be refused: a delinquent customer" in preview
    assert code == 1
    assert "ChangeTitle" in out
    assert "MakeCustomerPreferred: Refused: a delinquent customer" in out


def test_a_queued_command_waits_for_dispatch(run: Run, bank: Path) -> None:
    queued = run("issue", bank, "PerformDeposit", "--data", deposit("1"), "--queue", "--id", "q1")
    run("issue", bank, "PerformDeposit", "--data", deposit("1"), "--queue", "--id", "q1")
    waiting = parsed(run("commands", bank, "--sent", "--json")[1])[0]

    code, out, _ = run("dispatch", bank, "--json")

    assert "PerformDeposit q1 is pending for account-7" in queued[1]
    assert [it["status"] for it in waiting if it["id"] == "q1"] == ["pending"]
    assert code == 0
    assert parsed(out)[0]["handled"] == 1
    assert parsed(out)[0]["pending"] == 0


def test_queues_are_told_by_type_and_of_one_type_by_stream(run: Run, bank: Path) -> None:
    run("issue", bank, "PerformDeposit", "--data", deposit("1"), "--queue")
    run("issue", bank, "PerformDeposit", "--data", deposit("2"), "--queue")

    by_type = {it["of"]: it for it in parsed(run("commands", bank, "--queues", "--json")[1])[0]}
    (by_stream,) = parsed(run("commands", bank, "--queues", "PerformDeposit", "--json")[1])[0]
    told = run("commands", bank, "--queues")[1]

    assert (by_type["PerformDeposit"]["waiting"], by_type["OpenAccount"]["waiting"]) == (2, 0)
    assert (by_stream["of"], by_stream["waiting"]) == ("account-7", 2)
    assert told.splitlines()[1].split()[:2] == ["PerformDeposit", "2"]


def test_a_list_of_queues_that_is_not_all_there_is_says_so(run: Run, bank: Path) -> None:
    def queue(writer: EventWriter) -> None:
        waiting = [issued("PerformDeposit", {}) for _ in range(1_001)]
        writer.beside.commands.add(
            structs.replace(it, stream=f"account-{n}") for n, it in enumerate(waiting)
        )

    store = open_store(bank)
    store.submit(queue).result()
    store.close()

    _, out, err = run("commands", bank, "--queues", "PerformDeposit")

    assert len(out.splitlines()) == 1_001
    assert "the first 1,000 of 1,001 streams of PerformDeposit" in err


def test_rerun_decides_as_it_did_and_trace_tells_why(run: Run, bank: Path) -> None:
    run("issue", bank, "PerformDeposit", "--data", deposit("20"))

    code, out, _ = run("rerun", bank, "--json")
    traced = run("trace", bank, 2)[1].splitlines()

    assert code == 0
    assert (parsed(out)[0]["commands"], parsed(out)[0]["differing"]) == (2, [])
    assert traced == ["PerformDeposit? -> account-7", "  @account-7::DepositPerformed! ->"]
    assert run("trace", bank, 99)[0] == 1


def test_rerun_counts_the_commands_that_it_cannot_look_at(run: Run, bank: Path) -> None:
    run("issue", bank, "PerformWithdrawal", "--data", deposit("900"))

    _, out, _ = run("rerun", bank)
    told = parsed(run("rerun", bank, "--json")[1])[0]

    assert "1 command that recorded no event, or was refused, was not tried" in out.splitlines()
    assert (told["commands"], told["without_events"]) == (1, 1)


def test_lint_tells_names_without_an_intent(run: Run, bank: Path) -> None:
    run("issue", bank, "ChangeOwner", "--data", '{"accountId":"7","newOwner":"Bob"}')

    code, out, _ = run("lint", bank)

    assert code == 0
    assert "state-shaped: 1 of 1 OwnerChanged (Bank account)" in out


def test_an_export_takes_processing_data_along_only_when_asked(
    run: Run, bank: Path, tmp_path: Path
) -> None:
    run("issue", bank, "ChangeOwner", "--data", '{"accountId":"7","newOwner":"Bob"}')

    without = run("export", bank, tmp_path / "a.jsonl")
    run("export", bank, tmp_path / "b.jsonl", "--processing")

    assert "1 without the fields that are stored only for stepping back" in without[1]
    assert "priorOwner" not in (tmp_path / "a.jsonl").read_text("utf-8")
    assert "priorOwner" in (tmp_path / "b.jsonl").read_text("utf-8")


def test_a_new_model_is_written_checked_trusted_and_used(
    run: Run, bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    data = '{"id":"attic"}'

    assert run("model", "new", "Library", "--into", tmp_path)[0] == 0
    path = tmp_path / "library.py"
    checked = run("model", "check", path)
    refused = run("issue", bank, "OpenLibrary", "--data", data, "--model", path)
    trusted = run("model", "trust", path)
    used = run("issue", bank, "OpenLibrary", "--data", data, "--model", path)

    assert (checked[0], refused[0], trusted[0], used[0]) == (0, 1, 0, 0)
    assert "not trusted" in refused[2]
    assert "library-attic v1 LibraryOpened" in used[1]


def test_who_may_only_read_can_neither_issue_nor_import(run: Run, bank: Path, lines: Path) -> None:
    issued = run("issue", bank, "PerformDeposit", "--data", deposit("1"), "--role", "read only")
    imported = run("import", lines, "--into", bank, "--role", "read only")

    assert (issued[0], imported[0]) == (1, 1)
    assert "has read-only access" in issued[2]
    assert "may not import into" in imported[2]
    assert parsed(run("info", bank, "--json")[1])[0]["events"] == 1


def test_adjust_finds_nothing_where_every_message_is_right(run: Run, bank: Path) -> None:
    code, out, _ = run("adjust", bank, "--json")

    told = json.loads(out)
    assert (code, told["adjustments"], told["put_into_outbox"]) == (0, [], False)
    assert (told["messages"], told["commands"] > 0) == (0, True)
    assert "every sent message is correct" in run("adjust", bank)[1]


def test_the_models_there_are_say_what_reaches_the_outside(run: Run) -> None:
    code, out, _ = run("model", "list", "--json")
    found = {it["name"]: it for it in json.loads(out)}

    assert code == 0
    assert found["ship"]["effects"] == {"Arrival": {"gateway": "customs", "held_s": 0}}
    assert found["mail"]["effects"]["MailRequested"] == {"gateway": "mail", "held_s": 300}
    assert found["member"]["effects"] == {}
    assert found["member"]["heard_by"] == {"MemberRegistered": ["Mail sender"]}
    assert "Arrival is sent to customs" in run("model", "list")[1]
    assert "needs a name or a file" in run("model", "check")[2]


def test_every_way_to_a_state_is_told_with_its_time(run: Run, bank: Path) -> None:
    for amount in ("20", "30", "40"):
        run("issue", bank, "PerformDeposit", "--data", deposit(amount))

    code, out, err = run("ways", bank, "account-7", "--json")

    found = json.loads(out)
    assert (code, err, found["same"]) == (0, "", True)
    assert {it["basis"]: it["folded"] for it in found["ways"]} == {"beginning": 3, "reverse": 1}
    assert "the same state" in run("ways", bank, "account-7")[1]


def test_a_gateway_that_is_opened_for_a_replay_is_noted(run: Run, bank: Path) -> None:
    for command, data in (
        ("RegisterPort", '{"code":"v","name":"V","country":"CANADA"}'),
        ("RegisterShip", '{"code":"s","name":"S"}'),
        ("ReportArrival", '{"ship":"s","port":"v","occurred":"2005-11-02"}'),
    ):
        assert run("issue", bank, command, "--data", data)[0] == 0
    noted = bank.with_name(bank.name + "-reprocessed.json")

    assert "0 messages put" not in run("rerun", bank)[1]
    assert not noted.exists()
    assert "0 messages put in the outbox for customs" in run("rerun", bank, "--send", "customs")[1]

    (choice,) = json.loads(noted.read_text())
    assert (choice["gateway"], choice["messages"]) == ("customs", 0)
    assert choice["by"]
