"""What can be wrong with a branch, on a command line: each has its own sentence, the log and the
branch stay as they were, and once it is put right all goes on."""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.errors import BranchEdited
from store.branches.opening import reading_branch
from store.events import ANY_VERSION, NewEvent
from store.opening import open_store
from store.words import said
from tests.replay.verbs.conftest import Run

BANK = "bank.foldline"
BRANCH = "bank.foldline-branch-fix"
STRICT = """
from msgspec import Struct

from replay.typed_model import Event, TypedModel


class Till(Struct, frozen=True):
    money: int = 0


class Deposited(Event, frozen=True):
    amount: int


def evolve(till, event):
    if event.amount < 0:
        raise ValueError("an amount is never negative")
    return Till(till.money + event.amount)


MODEL = TypedModel(name="till", title="Till", version=1, category="till", state=Till,
                   events=(Deposited,), commands=(), evolve=evolve, decide=lambda *_: [],
                   stream_of=str)
"""


@pytest.fixture(autouse=True)
def in_folder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log of three events with a branch that leaves the second one out."""
    monkeypatch.chdir(tmp_path)
    bank_of(Path(BANK), 3)
    run("branch", "new", BANK, "fix", "--at", "1")
    run("branch", "edit", BANK, "fix", "--leave-out", "2")


def bank_of(path: Path, events: int) -> None:
    store = open_store(path, create=True)
    more = [NewEvent.of("Deposited", {"amount": 10 * n}) for n in range(1, events + 1)]
    store.append("till-1", more, expected=ANY_VERSION)
    store.close()


def hashed() -> dict[str, str]:
    return {
        it: sha256(Path(it).read_bytes()).hexdigest() for it in (BANK, BRANCH) if Path(it).exists()
    }


def refused(run: Run, *words: str) -> str:
    """What a verb says that changes nothing."""
    before = hashed()
    code, out, err = run(*words)
    assert (code, out) == (1, "")
    assert hashed() == before
    return str(err)


def amounts(run: Run) -> str:
    code, out, err = run("log", BANK, "--branch", "fix", "--json")
    assert (code, err) == (0, "")
    return str(out)


def test_an_edit_behind_the_head(run: Run) -> None:
    said_of_it = refused(run, "branch", "edit", BANK, "fix", "--leave-out", "3")

    assert "there is no event at position 3, the last one is 2" in said_of_it


def test_a_fork_behind_the_head_and_one_in_an_empty_log(run: Run) -> None:
    run("new", "empty.foldline")

    assert "no event at position 4" in refused(run, "branch", "new", BANK, "far", "--at", "4")
    empty = refused(run, "branch", "new", "empty.foldline", "none")
    assert "there is nothing to branch from, the log is empty" in empty
    assert not list(Path().glob("empty.foldline-branch-*"))


def test_a_replacement_that_a_strict_model_cannot_read(run: Run) -> None:
    Path("strict.py").write_text(STRICT)
    words = ("--model", "strict.py", "--trust")

    edit = ("branch", "edit", BANK, "fix", "--replace", "2", "--data", '{"amount": -5}')

    said_of_it = refused(run, *edit, *words)
    assert "the model of 'till-1' cannot read the event at position 2" in said_of_it
    assert "an amount is never negative" in said_of_it
    assert run(*edit[:-1], '{"amount": 5}', *words)[0] == 0


def test_a_replacement_of_a_shape_that_no_model_reads(run: Run) -> None:
    store = open_store(Path("typed.foldline"), create=True)
    booked = NewEvent.of("DepositPerformed", {"accountId": "1", "amount": 1, "reference": ""})
    store.append("account-1", [booked], expected=ANY_VERSION)
    store.close()
    run("branch", "new", "typed.foldline", "fix", "--at", "0")
    shape = ("--metadata", '{"schema_version": 9}')

    edit = ("branch", "edit", "typed.foldline", "fix", "--replace", "1", *shape)
    code, _, err = run(*edit)

    assert code == 1
    assert "cannot read the event at position 1" in err
    assert "no upcast for DepositPerformed in version 9" in err
    assert '"edits":[]' in run("branch", "show", "typed.foldline", "fix", "--json")[1]


def moved_aside() -> None:
    Path(BANK).rename("aside")


def another_log() -> None:
    moved_aside()
    bank_of(Path(BANK), 3)


WRONG = [
    (moved_aside, "the log of the branch is missing"),
    (another_log, "the branch belongs to another log than the one beside it"),
]


@pytest.mark.parametrize(("make", "sentence"), WRONG, ids=lambda it: getattr(it, "__name__", ""))
@pytest.mark.parametrize(
    "words",
    [
        ("log", BRANCH),
        ("consequences", BANK, "fix"),
        ("branch", "edit", BANK, "fix", "--leave-out", "2"),
        ("branch", "update", BANK, "fix"),
        ("branch", "export", BANK, "fix", "out.jsonl"),
        ("branch", "bring-in", BANK, "fix"),
    ],
    ids=lambda it: " ".join(it[:2]),
)
def test_a_branch_without_its_log(
    run: Run, make: Callable[[], None], sentence: str, words: tuple[str, ...]
) -> None:
    there = amounts(run)
    make()

    told = refused(run, *words)
    is_named_first = words[0] == "consequences" and make is moved_aside
    assert ("the file does not exist" if is_named_first else sentence) in told
    Path("aside").replace(BANK)
    assert not Path("out.jsonl").exists()
    assert amounts(run) == there


def test_a_log_that_was_replaced_by_an_older_copy(run: Run) -> None:
    shutil.copy(BANK, "older")
    store = open_store(Path(BANK))
    store.append("till-1", [NewEvent.of("Deposited", {"amount": 9})], expected=ANY_VERSION)
    store.close()
    assert run("branch", "update", BANK, "fix")[0] == 0
    there = amounts(run)
    shutil.copy(BANK, "newer")
    shutil.copy("older", BANK)

    assert "the log was replaced since the branch was made" in refused(run, "log", BRANCH)
    shutil.copy("newer", BANK)
    assert amounts(run) == there


def test_two_programs_on_one_branch_lose_nothing(run: Run) -> None:
    with reading_branch(Path(BRANCH)) as one:
        BranchEditor(Path(BRANCH)).replace(2, Content(data_json='{"amount": 77}'))
        with pytest.raises(BranchEdited) as told:
            one.head()

    assert "was edited meanwhile" in str(told.value)
    assert said("Open the branch again to see its new history.") == told.value.hint
    assert '"amount":77' in amounts(run).replace(" ", "")
