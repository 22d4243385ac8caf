"""reducers: a model of one's own against what it was, on the command line."""

import json
from pathlib import Path

import pytest

from replay.own.user_models import TEXTS, Trust, configuration_folder
from store.events import NewEvent
from store.sqlite.store import open_store
from tests.replay.own_models import model_text
from tests.replay.verbs.conftest import Run

WRONG = "if event.by > 4: return Total(total=state.total + event.by - 1)"


@pytest.fixture
def counters(tmp_path: Path) -> Path:
    path = tmp_path / "counters.foldline"
    store = open_store(path, create=True)
    for n in range(30):
        by = 5 if n in (17, 21) else n % 4
        store.append(f"counter-{n % 3}", [NewEvent.of("Counted", {"by": by})], expected=None)
    store.close()
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model with a fault, trusted; and then mended."""
    path = tmp_path / "counter.py"
    path.write_text(model_text(evolve=WRONG), "utf-8")
    Trust().give(path)
    path.write_text(model_text(), "utf-8")
    return path


def test_a_mended_model_is_compared_with_what_was_trusted_before(
    run: Run, counters: Path, model: Path
) -> None:
    code, out, err = run("reducers", counters, "--model", model, "--trust")

    assert (code, err) == (1, "")
    told = out.splitlines()
    assert told[0] == (
        "Counter, against counter.py as trusted before: folded 30 events of 3 streams with both"
    )
    assert told[1] == "they first differ at 18: Counted, event 6 of counter-2"
    assert told[2].startswith("  total: ")
    assert told[2].endswith("now")
    assert told[3:] == [
        "2 streams differ at some point, 2 of them now",
        "  counter-0 from 22: Counted",
    ]


def test_an_older_file_is_named_and_must_be_trusted_too(
    run: Run, counters: Path, model: Path, tmp_path: Path
) -> None:
    older = tmp_path / "older.py"
    older.write_text(model_text(evolve=WRONG), "utf-8")
    Trust().give(model)

    code, _, err = run("reducers", counters, "--model", model, "--against", older)
    assert (code, "not trusted" in err) == (1, True)

    Trust().give(older)
    code, out, _ = run(
        "reducers",
        counters,
        "--model",
        model,
        "--against",
        older,
        "--json",
        "--stream",
        "counter-2",
    )
    told = json.loads(out)
    assert (code, told["parted"], told["streams"], told["against"]) == (1, 1, 1, str(older))
    (it,) = told["partings"]
    assert (it["position"], it["event"], it["new"]["total"] - it["old"]["total"]) == (18, 6, 1)
    assert it["changes"] == [
        {"field": "total", "old": it["old"]["total"], "new": it["new"]["total"]}
    ]


def test_what_was_never_another_is_compared_with_the_bundled_models(
    run: Run, counters: Path, model: Path
) -> None:
    Trust().take(model)

    code, _, err = run("reducers", counters, "--model", model, "--trust")

    assert code == 1
    assert "both versions have the same models" in err
    assert "--against OLDER" in err


def test_without_a_file_there_is_nothing_to_compare(run: Run, counters: Path) -> None:
    code, _, err = run("reducers", counters)

    assert (code, "no model file is named" in err) == (1, True)


def test_the_copy_of_a_file_goes_with_its_trust_and_is_used_only_as_it_was(
    model: Path,
) -> None:
    trust, texts = Trust(), configuration_folder() / TEXTS
    trust.give(model)
    before = trust.before(model)
    assert before is not None
    assert before.read_text("utf-8") == model_text(evolve=WRONG)
    assert len(list(texts.iterdir())) == 2

    before.write_text("import os; os.abort()", "utf-8")
    assert trust.before(model) is None

    trust.take(model)
    assert list(texts.iterdir()) == []
    assert trust.before(model) is None
