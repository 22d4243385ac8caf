"""consequences …: what follows from the edits of a branch, on a command line."""

import json
from pathlib import Path

from tests.replay.verbs.conftest import Run


def edited(run: Run, store: Path, *edit: object) -> None:
    assert run("branch", "new", store, "fix", "--at", "0")[0] == 0
    assert run("branch", "edit", store, "fix", *edit)[0] == 0


def test_each_consequence_is_a_line(run: Run, store: Path) -> None:
    edited(run, store, "--replace", "2", "--data", '{"total": 7}')

    code, out, err = run("consequences", store, "fix")

    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "state order-2, from 2 on: total 5 → 7"
    assert lines[1].startswith("row latest_states order-2: state ")
    assert lines[-1] == "2 consequences"


def test_json_names_what_a_link_needs_and_ends_with_the_counts(run: Run, store: Path) -> None:
    edited(run, store, "--leave-out", "2")

    code, out, _ = run("consequences", store, "fix", "--json", "--kind", "stream")

    *found, last = map(json.loads, out.splitlines())
    assert code == 0
    assert [(it["kind"], it["stream"], it["position"]) for it in found] == [
        ("stream", "order-2", 2)
    ]
    assert last == {"consequences": {"stream": 1}, "head": 3, "branch_head": 2}


def test_a_branch_without_edits_has_no_consequences(run: Run, store: Path) -> None:
    run("branch", "new", store, "same")

    code, out, _ = run("consequences", store, "same")

    assert (code, out) == (0, "nothing follows: states, rows and messages are the same\n")


def test_a_branch_that_is_not_there_is_told_by_name(run: Run, store: Path) -> None:
    code, out, err = run("consequences", store, "gone")

    assert (code, out) == (1, "")
    assert "gone" in err


def test_a_log_that_is_gone_is_told(run: Run, store: Path) -> None:
    edited(run, store, "--leave-out", "2")
    branch = store.with_name(f"{store.name}-branch-fix")
    store.unlink()

    code, _, err = run("consequences", store, "fix")

    assert branch.exists()
    assert code == 1
    assert store.name in err


def test_a_branch_is_compared_with_another_branch(run: Run, store: Path) -> None:
    edited(run, store, "--replace", "2", "--data", '{"total": 7}')
    assert run("branch", "new", store, "other", "--at", "0")[0] == 0
    assert run("branch", "edit", store, "other", "--replace", "2", "--data", '{"total": 9}')[0] == 0

    code, out, err = run("consequences", store, "fix", "--against", "other")
    same = run("consequences", store, "fix", "--against", "fix")
    main = run("consequences", store, "fix", "--against", "main")

    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "state order-2, from 2 on: total 9 → 7"
    assert same[1] == "nothing follows: states, rows and messages are the same\n"
    assert main[1].splitlines()[0] == "state order-2, from 2 on: total 5 → 7"


def test_a_branch_to_compare_with_that_is_not_there_is_told_by_name(run: Run, store: Path) -> None:
    edited(run, store, "--leave-out", "2")

    code, out, err = run("consequences", store, "fix", "--against", "gone")

    assert (code, out) == (1, "")
    assert "the log has no branch 'gone'" in err
