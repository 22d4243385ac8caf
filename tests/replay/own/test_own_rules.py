"""Where a log is read with models of a person's own, their invariants are among its rules, and what
a rule asks of their streams it asks of their states; what fails there is told, and the rest goes
on."""

from contextlib import closing
from pathlib import Path

import pytest

from replay.own import own_models, own_process
from replay.own.own_models import NamedModel
from replay.own.own_states import LOSSES
from replay.own.user_models import Trust
from replay.projector.catch_up import catch_up
from replay.questions.rule_answers import (
    Problem,
    Violation,
    is_current,
    problems,
    rules_of,
    violations,
)
from replay.rules import kept_rules
from replay.rules.rule import Rule
from replay.rules.rules_tables import NAME
from replay.views import checkpoints
from replay.views.read_store import reading_views
from store.events import NewEvent
from store.opening import open_store, reading
from store.place import Place
from tests.replay.own_models import installed_package, model_text

SMALL = '{"small": lambda state: state.total < 10}'
COUNTER = NamedModel("counter", "counter")
Told = tuple[str, str, int, int | None]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two counters, which count up to 15 and, with what is linked, up to 115; and an order."""
    monkeypatch.setattr(own_process, "LIMIT_S", 60.0)
    path = tmp_path / "counts.foldline"
    with closing(open_store(path, create=True)) as store:
        for number in range(1, 6):
            for stream in ("counter-1", "counter-2", "parcel-1"):
                store.append(stream, [NewEvent.of("Counted", {"by": number})], expected=None)
        linked = NewEvent.of("Counted", {"by": 100}, links=("counter-2",))
        store.append("parcel-1", [linked], expected=None)
    return path


def used(log: Path, *, invariants: str = SMALL, evolve: str = "pass", head: str = "") -> Path:
    """Read the log with this model."""
    path = log.with_name("counter.py")
    text = model_text(invariants=invariants, evolve=evolve, head=head)
    path.write_text(text, "utf-8")
    Trust().give(path)
    own_models.use(Place(log), path, [COUNTER])
    return path


def found(log: Path) -> tuple[list[str], list[Told], list[Problem]]:
    """The rules, every violation, and what failed."""
    with reading(log) as reader:
        catch_up(reader, only=[NAME])
        with reading_views(reader) as db:
            assert db is not None
            assert checkpoints.errors(db) == {}
            assert is_current(db, reader)
            listed = violations(db, limit=100)
            return [it.name for it in rules_of(reader, db)], list(map(told, listed)), problems(db)


def told(it: Violation) -> Told:
    return it.rule, it.stream, it.position, it.until


def test_invariants_are_rules_by_themselves_and_kept_rules_ask_the_models_states(
    log: Path,
) -> None:
    used(log)
    kept_rules.save(Place(log), Rule(name="large", where="total > 100", of="counter"))
    kept_rules.save(Place(log), Rule(name="last", where="by = 100"))

    names, broken, failed = found(log)

    assert names == ["large", "last", "counter: small"]
    assert broken == [
        ("counter: small", "counter-1", 10, None),
        ("counter: small", "counter-2", 11, None),
        ("large", "counter-2", 16, None),
        ("last", "parcel-1", 16, None),
    ]
    assert failed == []


def test_what_is_appended_later_is_folded_on_from_what_was_kept(log: Path) -> None:
    used(log, invariants='{"even": lambda state: state.total % 2 == 0}')
    before = [it for it in found(log)[1] if it[1] == "counter-1"]
    with closing(open_store(log)) as store:
        store.append("counter-1", [NewEvent.of("Counted", {"by": 1})], expected=None)

    after = [it for it in found(log)[1] if it[1] == "counter-1"]

    assert before == [
        ("counter: even", "counter-1", 1, 7),
        ("counter: even", "counter-1", 13, None),
    ]
    assert after == [*before[:1], ("counter: even", "counter-1", 13, 17)]


@pytest.mark.parametrize(
    ("invariant", "sentence"),
    [
        ("1 / (state.total - 6)", "ZeroDivisionError: division by zero"),
        ("sys.exit(3)", "SystemExit: 3"),
    ],
)
def test_an_invariant_that_raises_amid_a_fold_is_told_and_the_others_go_on(
    log: Path, invariant: str, sentence: str
) -> None:
    used(log, invariants=f'{{"odd": lambda state: {invariant}, {SMALL[1:]}')

    _, broken, (failed, *others) = found(log)

    assert ("counter: small", "counter-1", 10, None) in broken
    assert (failed.rule, others) == ("counter: odd", [])
    assert sentence in failed.what


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("os._exit(3)", "ended unexpectedly (code 3)"),
        ("all(True for _ in iter(int, 1))", "after 3 s and was stopped"),
    ],
)
def test_an_invariant_that_ends_its_process_or_hangs_takes_its_stream_alone(
    log: Path, what: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "after 3 s" in sentence:
        monkeypatch.setattr(own_process, "LIMIT_S", 3.0)
    used(log, invariants=f'{{"odd": lambda state: state.total != 103 or {what}}}')
    kept_rules.save(Place(log), Rule(name="sent", where="by >= 5", of="parcel"))
    kept_rules.save(Place(log), Rule(name="counted", where="total >= 15", of="counter"))
    with closing(open_store(log)) as store:
        for by in (88, 1):
            store.append("counter-1", [NewEvent.of("Counted", {"by": by})], expected=None)

    _, broken, (failed, *others) = found(log)

    assert broken == [
        ("counted", "counter-1", 13, 17),
        ("counted", "counter-2", 14, None),
        ("sent", "parcel-1", 15, None),
    ]
    assert ((failed.rule, failed.stream, failed.position), others) == (("", "counter-1", 17), [])
    assert sentence in failed.what


def test_a_model_that_always_ends_its_process_is_left_alone_after_a_few_times(log: Path) -> None:
    used(log, evolve="os._exit(3)")
    with closing(open_store(log)) as store:
        for number in range(LOSSES + 2):
            store.append(f"counter-x{number}", [NewEvent.of("Counted", {"by": 1})], expected=None)

    _, broken, (failed,) = found(log)

    assert broken == []
    assert failed.streams == LOSSES + 4


def test_a_model_that_raises_ends_what_is_known_of_its_stream(log: Path) -> None:
    used(log, evolve="1 / (100 - event.by)")

    _, broken, (failed,) = found(log)

    assert ("counter: small", "counter-2", 11, 16) in broken
    assert (failed.rule, failed.stream, failed.position) == ("", "counter-2", 16)
    assert "ZeroDivisionError" in failed.what


def test_a_file_that_is_not_trusted_is_not_run_and_its_invariants_are_not_listed(
    log: Path,
) -> None:
    path = used(log, head="open('was-run', 'w').close()")
    Trust().take(path)
    kept_rules.save(Place(log), Rule(name="fifth", where="by = 5", of="counter"))

    names, broken, failed = found(log)

    assert (names, failed) == (["fifth"], [])
    assert broken[0] == ("fifth", "counter-1", 13, None)
    assert not Path("was-run").exists()


def test_another_text_of_the_file_makes_the_view_anew_once_it_is_trusted(log: Path) -> None:
    used(log)
    assert len(found(log)[1]) == 2

    used(log, invariants='{"tiny": lambda state: state.total < 3}')

    names, broken, _ = found(log)
    assert names == ["counter: tiny"]
    assert broken[0] == ("counter: tiny", "counter-1", 4, None)


def test_a_log_that_is_left_again_has_none_of_them(log: Path) -> None:
    used(log)
    found(log)

    own_models.leave(Place(log))

    assert found(log) == ([], [], [])


def test_models_of_packages_have_theirs_among_them(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", str(site))
    installed_package(site, "counting", model_text(invariants=SMALL))

    names, broken, _ = found(log)

    assert names == ["counter: small"]
    assert broken[0] == ("counter: small", "counter-1", 10, None)
