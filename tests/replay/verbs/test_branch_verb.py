"""branch …: a what-if beside a log, from a command line; --branch: any verb, on a branch."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from replay import command_line, verbs
from replay.branching.branch_option import OF_LOGS_ALONE
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store
from tests.replay.verbs.conftest import Run


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An account with a deposit that was never made."""
    monkeypatch.chdir(tmp_path)
    store = open_store(Path("bank.foldline"), create=True)
    said = [
        ("AccountOpened", {"owner": "Ann"}),
        ("Deposited", {"amount": 100}),
        ("Deposited", {"amount": 50}),
        ("Withdrawn", {"amount": 30}),
    ]
    store.append("plain-1", [NewEvent.of(*it) for it in said], expected=ANY_VERSION)
    store.close()
    return Path("bank.foldline")


def told(run: Run, *words: str) -> object:
    code, out, err = run(*words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def amounts(run: Run, *words: str) -> list[object]:
    _, out, _ = run("log", "bank.foldline", "--json", *words)
    return [json.loads(it)["data"].get("amount") for it in out.splitlines()]


def test_an_event_that_should_not_be_is_left_out_and_the_log_stays(run: Run, account: Path) -> None:
    before = sha256(account.read_bytes()).hexdigest()
    run("branch", "new", "bank.foldline", "fix", "--at", "1", "--note", "never made")

    code, out, _ = run("branch", "edit", "bank.foldline", "fix", "--leave-out", "3")

    assert (code, out) == (0, "branch fix is changed\n")
    assert amounts(run, "--branch", "fix") == [None, 100, 30]
    assert amounts(run) == [None, 100, 50, 30]
    assert sha256(account.read_bytes()).hexdigest() == before


def test_a_branch_tells_what_it_is(run: Run, account: Path) -> None:
    run("branch", "new", "bank.foldline", "fix", "--at", "1", "--note", "never made")
    run("branch", "edit", "bank.foldline", "fix", "--replace", "3", "--data", '{"amount": 5}')

    found = told(run, "branch", "show", "bank.foldline", "fix")
    (listed,) = told(run, "branch", "list", "bank.foldline")["branches"]  # type: ignore[index]
    _, text, _ = run("branch", "list", "bank.foldline")

    assert found["fork"] == listed["fork"] == 1  # type: ignore[index]
    assert (listed["edits"], listed["own_events"], listed["head"]) == (1, 0, 4)
    (edit,) = found["edits"]  # type: ignore[index]
    assert (edit["edit"], edit["content"]) == ("replace", {"data": {"amount": 5}})
    assert "never made" in text


def test_every_edit_is_undone_and_made_again(run: Run, account: Path) -> None:
    run("branch", "new", "bank.foldline", "fix", "--at", "1")
    edit = ("branch", "edit", "bank.foldline", "fix")
    for words in (
        ("--leave-out", "2"),
        ("--swap", "2", "3"),
        (
            "--insert-before",
            "3",
            "--stream",
            "plain-1",
            "--type",
            "Deposited",
            "--data",
            '{"amount":7}',
        ),
        ("--move", "4", "--before", "2"),
    ):
        assert run(*edit, *words)[0] == 0
    made = amounts(run, "--branch", "fix")

    for _ in range(4):
        assert run(*edit, "--undo")[0] == 0
    undone = amounts(run, "--branch", "fix")
    for _ in range(4):
        assert run(*edit, "--redo")[0] == 0

    assert made == [None, 50, 30, 7] == amounts(run, "--branch", "fix")
    assert undone == [None, 100, 50, 30]


def test_a_branch_is_exported_to_a_plain_store(run: Run, account: Path) -> None:
    run("branch", "new", "bank.foldline", "fix", "--at", "1")
    run("branch", "edit", "bank.foldline", "fix", "--leave-out", "3")

    assert run("branch", "export", "bank.foldline", "fix", "out.foldline")[0] == 0

    _, out, _ = run("log", "out.foldline", "--json")
    assert [json.loads(it)["data"].get("amount") for it in out.splitlines()] == [None, 100, 30]
    assert run("verify", "out.foldline")[0] == 0


def test_what_no_longer_fits_is_told_when_a_branch_is_brought_up_to_date(
    run: Run, account: Path
) -> None:
    run("branch", "new", "bank.foldline", "fix", "--at", "1")
    run("branch", "edit", "bank.foldline", "fix", "--leave-out", "3")
    branch = open_store(Path("bank.foldline-branch-fix"))
    branch.append("plain-1", [NewEvent.of("Deposited", {"amount": 1})], expected=3)
    branch.close()
    log = open_store(account)
    log.append("plain-1", [NewEvent.of("Deposited", {"amount": 9})], expected=4)
    log.close()

    found = told(run, "branch", "update", "bank.foldline", "fix")

    assert found["events_taken_over"] == 1  # type: ignore[index]
    assert found["passed"] == [{"stream": "plain-1", "events": 1}]  # type: ignore[index]
    assert amounts(run, "--branch", "fix") == [None, 100, 30, 9, 1]


def test_questions_in_sql_and_views_are_those_of_the_branch(run: Run, account: Path) -> None:
    run("branch", "new", "bank.foldline", "fix", "--at", "1")
    run("branch", "edit", "bank.foldline", "fix", "--leave-out", "3")
    asked = "SELECT count(*) AS n, max(version) AS v FROM event_log"

    _, rows, _ = run("view", "bank.foldline", "streams", "--branch", "fix", "--json")
    _, found, _ = run("sql", "bank.foldline", asked, "--branch", "fix", "--json")

    assert json.loads(rows)["event_count"] == 3
    assert json.loads(found) == {"n": 3, "v": 3}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--leave-out", "9"), "there is no event at position 9, the last one is 4"),
        (("--leave-out", "1"), "position 1 is not after 1, where the branch forks"),
        (("--replace", "3", "--data", "{"), "--data is not valid JSON"),
        (("--replace", "3"), "this edit would change nothing"),
        (("--move", "3"), "moving an event needs --before"),
        (("--undo",), "the branch has no edit to undo"),
        (("--redo",), "no edit was undone"),
        (("--replace", "3", "--occurred", "soon"), "'soon' is not a time"),
    ],
)
def test_what_cannot_be_edited_is_said_in_a_sentence(
    run: Run, account: Path, words: tuple[str, ...], said: str
) -> None:
    run("branch", "new", "bank.foldline", "fix", "--at", "1")

    code, _, err = run("branch", "edit", "bank.foldline", "fix", *words)

    assert code in (1, 2)
    assert said in err
    assert amounts(run, "--branch", "fix") == [None, 100, 50, 30]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("branch", "show", "bank.foldline", "nope"), "the log has no branch 'nope'"),
        (("log", "bank.foldline", "--branch", "nope"), "the log has no branch 'nope'"),
        (("branch", "new", "bank.foldline", "a/b"), "a branch cannot have this name"),
        (("branch", "new", "empty.foldline", "fix"), "there is nothing to branch from"),
        (("branch", "new", "bank.foldline", "fix", "--at", "5"), "no event at position 5"),
        (("verify", "bank.foldline-branch-fix"), "does not exist"),
    ],
)
def test_a_branch_that_is_not_there_is_told(
    run: Run, account: Path, words: tuple[str, ...], said: str
) -> None:
    run("new", "empty.foldline")

    code, _, err = run(*words)

    assert code == 1
    assert said in err


def test_every_verb_that_reads_or_issues_takes_a_branch() -> None:
    known = set(command_line.verb_names())

    assert known >= OF_LOGS_ALONE
    assert verbs.__path__


def test_a_stream_is_compared_between_the_log_and_a_branch(run: Run, account: Path) -> None:
    run("branch", "new", "bank.foldline", "fix", "--at", "1")
    run("branch", "edit", "bank.foldline", "fix", "--replace", "3", "--data", '{"amount": 5}')
    ends = ("diff", "bank.foldline", "plain-1", "--from")

    at_the_end = told(run, *ends, "@main", "--to", "@fix")
    _, at_two, _ = run(*ends, "2", "--to", "2@fix")
    _, at_three, _ = run(*ends, "v3@main", "--to", "3", "--branch", "fix")

    assert at_the_end["from"] == {"line": "main", "position": 4, "version": 4}  # type: ignore[index]
    assert at_the_end["to"] == {"line": "fix", "position": 4, "version": 4}  # type: ignore[index]
    assert at_two == "no difference\n"
    assert at_three == "~ amount: 50 → 5\n"


def test_a_stream_that_only_a_branch_has_is_compared_with_nothing(run: Run, account: Path) -> None:
    run("branch", "new", "bank.foldline", "fix", "--at", "1")
    more = ("--insert-before", "2", "--stream", "plain-2", "--type", "Opened", "--data", '{"a":1}')
    run("branch", "edit", "bank.foldline", "fix", *more)

    code, out, _ = run("diff", "bank.foldline", "plain-2", "--from", "@main", "--to", "@fix")
    nowhere = run("diff", "bank.foldline", "plain-9", "--from", "@main", "--to", "@fix")

    assert (code, out) == (0, "+ a: 1\n")
    assert nowhere[0] == 1
    assert "the log holds no stream 'plain-9'" in nowhere[2]


def test_no_branch_is_called_as_the_log_is(run: Run, account: Path) -> None:
    code, _, err = run("branch", "new", "bank.foldline", "main")

    assert code == 1
    assert "a branch cannot have this name: 'main'" in err
    assert "The log itself is called main." in err
