"""compare: views of the log and of its branches set against each other."""

import json
from pathlib import Path

import pytest

from store.events import ANY_VERSION, NewEvent
from store.opening import open_store
from tests.replay.verbs.conftest import Run


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two accounts; the branch `fix` leaves the second deposit (position 3) out, and `more` has it
    replaced."""
    monkeypatch.chdir(tmp_path)
    store = open_store(Path("bank.foldline"), create=True)
    said = [
        ("plain-1", "AccountOpened", {"owner": "Ann"}),
        ("plain-1", "Deposited", {"amount": 100}),
        ("plain-1", "Deposited", {"amount": 50}),
        ("plain-2", "AccountOpened", {"owner": "Bob"}),
        ("plain-1", "Withdrawn", {"amount": 30}),
    ]
    for stream, kind, data in said:
        store.append(stream, [NewEvent.of(kind, data)], expected=ANY_VERSION)
    store.close()
    return Path("bank.foldline")


@pytest.fixture(autouse=True)
def branches(run: Run, account: Path) -> None:
    for name in ("fix", "more"):
        run("branch", "new", "bank.foldline", name, "--at", "1")
    run("branch", "edit", "bank.foldline", "fix", "--leave-out", "3")
    run("branch", "edit", "bank.foldline", "more", "--replace", "3", "--data", '{"amount": 5}')


def compared(run: Run, *words: str) -> tuple[int, str]:
    code, out, err = run("compare", "bank.foldline", *words)
    assert err == ""
    return code, out


def facts(run: Run, *words: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(compared(run, *words, "--json")[1])
    return found


def test_a_view_of_the_log_and_of_a_branch(run: Run) -> None:
    code, out = compared(run, "streams", "streams@@fix")

    assert code == 1
    assert out.startswith("streams at 5 and streams of fix at 4: 0 rows equal, 2 changed")
    found = facts(run, "streams@@main", "streams@@fix")
    assert found["left"] == {"line": "main", "view": "streams", "position": 5}
    assert found["right"] == {"line": "fix", "view": "streams", "position": 4}
    assert found["cells"]["event_count"] == 1  # type: ignore[index]


def test_both_directions_say_the_same(run: Run) -> None:
    there, back = (
        facts(run, *it) for it in (("streams", "streams@@fix"), ("streams@@fix", "streams"))
    )

    assert there["cells"] == back["cells"]
    assert [(it["left"], it["right"]) for it in there["rows"]] == [  # type: ignore[attr-defined]
        (it["right"], it["left"])
        for it in back["rows"]  # type: ignore[attr-defined]
    ]


def test_up_to_the_fork_nothing_differs(run: Run) -> None:
    assert compared(run, "streams@1", "streams@1@fix")[0] == 0
    assert compared(run, "event_types", "event_types@@fix")[0] == 1


def test_two_branches(run: Run) -> None:
    code, out = compared(run, "event_types@@fix", "event_types@@more")

    assert code == 1
    assert "~ Deposited" in out


def test_a_branch_is_compared_from_within_another(run: Run) -> None:
    code, out = compared(run, "event_types", "event_types@@more", "--branch", "fix")
    named = compared(run, "event_types@@fix", "event_types@@more")

    assert (code, out) == (named[0], named[1].replace(" of fix", "", 1))


def test_the_first_divergence_is_the_event_that_only_one_line_has(run: Run) -> None:
    code, out = compared(run, "streams", "streams@@fix", "--first")

    assert code == 1
    assert out.startswith(
        "they first differ at position 3, Deposited in plain-1, in the row plain-1"
    )


def test_what_follows_an_event_that_is_left_out_is_set_beside_itself(run: Run) -> None:
    """Events behind it have other positions, and still are the same events."""
    found = facts(run, "event_types", "event_types@@fix", "--first")

    assert (found["position"], found["key"]) == (3, ["Deposited"])
    assert facts(run, "event_types@2@fix", "event_types@2", "--first")["position"] is None


def test_the_event_of_a_branch_is_named_with_its_line(run: Run) -> None:
    run("branch", "edit", "bank.foldline", "fix", "--undo")
    new = ("--insert-before", "4", "--stream", "plain-2", "--type", "Renamed")
    run("branch", "edit", "bank.foldline", "fix", *new)

    code, out = compared(run, "streams", "streams@@fix", "--first")

    assert code == 1
    assert "position 4 of fix, Renamed in plain-2, in the row plain-2" in out
    assert facts(run, "streams", "streams@@fix", "--first")["line"] == "fix"


@pytest.mark.parametrize(
    ("side", "sentence"),
    [
        ("streams@@none", "the log has no branch 'none'"),
        ("streams@@not a name", "a branch cannot have this name: 'not a name'"),
        ("streams@99@fix", "99"),
        ("streams@fix", "fix"),
    ],
)
def test_a_line_that_is_not_there_has_its_sentence(run: Run, side: str, sentence: str) -> None:
    code, out, err = run("compare", "bank.foldline", "streams", side)

    assert (code, out) == (1, "")
    assert sentence in err


def test_a_branch_of_another_log_is_refused(run: Run, account: Path) -> None:
    store = open_store(Path("other.foldline"), create=True)
    store.append("a-1", [NewEvent.of("A", {})], expected=ANY_VERSION)
    store.close()
    Path("bank.foldline-branch-fix").rename("other.foldline-branch-fix")

    code, out, err = run("compare", "other.foldline", "streams", "streams@@fix")

    assert (code, out) == (1, "")
    assert "another log" in err
