"""`teach`: what the events of a category do to its states, said without code."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from replay.taught import kept_taught, type_samples
from store.place import Place
from tests.replay.verbs.conftest import Run

EVENTS = (
    ("cart-1", "Opened", {"client": "ada"}),
    ("cart-1", "ItemAdded", {"sku": "pen", "n": 2, "price": 1.5}),
    ("cart-1", "ItemAdded", {"sku": "pen", "n": 1, "price": 1.5}),
    ("cart-2", "ItemAdded", {"sku": "cup", "n": "many", "price": 4}),
    ("desk-1", "Opened", {"client": "bob"}),
)
TAUGHT = {
    "Opened": [{"do": "set", "to": "client", "value": "client"}],
    "ItemAdded": [
        {
            "do": "add to list",
            "to": "items",
            "key": "sku",
            "sum": ["n"],
            "entry": {"sku": "sku", "n": "n"},
        },
        {"do": "add", "to": "total", "value": "n × price"},
    ],
}
STATE = {"client": "ada", "items": [{"sku": "pen", "n": 3}], "total": 4.5}


@pytest.fixture
def store(tmp_path: Path, run: Run) -> Path:
    lines = [
        json.dumps(
            {
                "stream": stream,
                "type": type_,
                "id": f"e{minute}",
                "recorded_at": f"2026-03-01T10:0{minute}:00Z",
                "data": data,
            }
        )
        for minute, (stream, type_, data) in enumerate(EVENTS)
    ]
    source, path = tmp_path / "carts.jsonl", tmp_path / "carts.foldline"
    source.write_text("\n".join(lines) + "\n", "utf-8")
    assert run("import", source, "--into", path)[0] == 0
    return path


def written(store: Path, value: Any, name: str = "taught.json") -> Path:
    path = store.with_name(name)
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


def state(run: Run, store: Path, stream: str = "cart-1") -> Any:
    return json.loads(run("state", store, stream, "--json")[1])["state"]


def test_what_is_taught_is_the_state_from_then_on(run: Run, store: Path) -> None:
    code, out, _ = run("teach", store, "cart", "--set", written(store, TAUGHT), "--actor", "ada")

    assert (code, out) == (0, "cart: version 1 is now in use\n")
    assert state(run, store) == STATE
    code, out, _ = run("view", store, "latest_states", "--key", "cart-1", "--json")
    assert json.loads(out)["model"] == "taught:cart"


def test_a_preview_keeps_nothing(run: Run, store: Path) -> None:
    file = written(store, TAUGHT)

    code, out, _ = run("teach", store, "cart", "--set", file, "--preview", "cart-1")
    assert (code, json.loads(out)) == (0, STATE)
    _, out, _ = run("teach", store, "cart", "--set", file, "--preview", "cart-1", "--at", "v2")
    assert json.loads(out)["items"] == [{"sku": "pen", "n": 2}]
    assert not kept_taught.FILE.path(Place(store)).exists()


def test_a_preview_that_ends_at_an_event_says_which_and_why(run: Run, store: Path) -> None:
    code, _, err = run(
        "teach", store, "cart", "--set", written(store, TAUGHT), "--preview", "cart-2"
    )

    assert code == 1
    assert 'ItemAdded at position 4: n is not a number: "many"' in err


def test_versions_are_listed_shown_and_put_back(run: Run, store: Path) -> None:
    run("teach", store, "cart", "--set", written(store, TAUGHT), "--actor", "ada", "--note", "a")
    other = {"Opened": [{"do": "count", "to": "opened"}]}
    run("teach", store, "cart", "--set", written(store, other), "--actor", "bob")
    assert state(run, store) == {"opened": 1}

    _, out, _ = run("teach", store, "cart", "--versions", "--json")
    told = [(it["version"], it["by"], it.get("note")) for it in map(json.loads, out.splitlines())]
    assert told == [(1, "ada", "a"), (2, "bob", None)]
    assert json.loads(run("teach", store, "cart", "--version", "1", "--json")[1])["types"] == TAUGHT

    assert run("teach", store, "cart", "--put-back", "1")[1].startswith(
        "cart: version 3 is now in use"
    )
    assert state(run, store) == STATE
    assert run("teach", store, "cart", "--forget")[0] == 0
    assert state(run, store) == {"client": "ada", "sku": "pen", "n": 1, "price": 1.5}
    assert run("teach", store, "cart")[0] == 1


def test_nothing_is_kept_after_another_version_than_the_one_that_was_seen(
    run: Run, store: Path
) -> None:
    file = written(store, TAUGHT)
    assert run("teach", store, "cart", "--set", file, "--after", "0", "--actor", "ada")[0] == 0
    other = written(store, {"Opened": [{"do": "count", "to": "opened"}]}, "other.json")

    code, _, told = run("teach", store, "cart", "--set", other, "--after", "0")

    assert code == 1
    assert "version 1 of cart was saved meanwhile, by ada at 20" in told
    assert state(run, store) == STATE
    assert run("teach", store, "cart", "--forget", "--after", "0")[0] == 1
    assert run("teach", store, "cart", "--set", other, "--after", "1")[0] == 0
    assert run("teach", store, "cart", "--put-back", "1", "--after", "1")[0] == 1
    assert run("teach", store, "cart", "--put-back", "1", "--after", "2")[0] == 0
    assert state(run, store) == STATE


def test_what_is_shown_can_be_set_again(run: Run, store: Path) -> None:
    run("teach", store, "cart", "--set", written(store, TAUGHT))

    _, out, _ = run("teach", store, "cart")
    again = written(store, out[out.index("{") :])

    assert run("teach", store, "cart", "--set", again)[1] == "cart: version 1 is now in use\n"
    assert len(kept_taught.versions(Place(store), "cart")) == 1


def test_the_exported_model_reads_the_store_as_it_was_taught(run: Run, store: Path) -> None:
    run("teach", store, "cart", "--set", written(store, TAUGHT))
    file = store.with_name("carts.py")

    assert run("teach", store, "cart", "--export", file)[0] == 0
    assert run("teach", store, "cart", "--export", file)[0] == 1  # it is there
    assert run("model", "check", file)[1].endswith("no problems found\n")
    run("teach", store, "cart", "--forget")
    assert run("model", "use", store, file, "--trust")[0] == 0
    assert state(run, store) == STATE


def test_types_are_told_with_their_fields(run: Run, store: Path) -> None:
    _, out, _ = run("teach", store, "cart", "--types")

    assert "ItemAdded  3" in out
    assert "  n  number or text  2" in out


def test_an_unknown_type_is_told_with_the_nearest_ones_and_those_that_are_left_out(
    run: Run, store: Path
) -> None:
    types = {"ItemAded": TAUGHT["ItemAdded"]}

    _, _, err = run("teach", store, "cart", "--set", written(store, types))

    assert "no event of the category is of type ItemAded; did you mean ItemAdded?" in err
    assert "events of these types change nothing: Opened, ItemAdded" in err


A = {"do": "set", "to": "a", "value": "x"}
WRONG: dict[str, tuple[Any, str]] = {
    "not valid JSON": ('{"Opened": [\n  {"do" "set"}]}', "at line 2, character 9"),
    "no object": ([], "is not an object of event types"),
    "an unknown step": (
        {"Opened": [{"do": "sett", "to": "a"}]}, "Opened, step 1: Invalid value 'sett'",
    ),
    "an unknown field": ({"Opened": [A, {**A, "too": 1}]}, "Opened, step 2: Object contains unkn"),
    "no value": ({"Opened": [{"do": "set", "to": "a"}]}, "Opened, step 1: set needs a value"),
    "set and a list within": (
        {"Opened": [A], "ItemAdded": [{"do": "add to list", "to": "a.b", "entry": "x"}]},
        "Opened, step 1 (set) and ItemAdded, step 1 (add to list) conflict: "
        "a is not an object that can contain a.b",
    ),
    "a list and a number": (
        {"Opened": [{"do": "count", "to": "a"}, {"do": "add to list", "to": "a", "entry": "x"}]},
        "a is a list in one and a number in the other",
    ),
    "no place": ({"Opened": [{"do": "count", "to": "$"}]}, "count needs a path inside the state"),
    "a value and a constant": ({"Opened": [{**A, "constant": 1}]}, "not both"),
    "a product that is merged": (
        {"Opened": [{"do": "merge", "to": "a", "value": "x × y"}]}, "merge takes one field",
    ),
    "no key": (
        {"Opened": [{"do": "remove by key", "to": "a", "key": "", "value": "x"}]},
        "remove by key needs the key of the entries in a",
    ),
    "sums without a key": (
        {"Opened": [{"do": "add to list", "to": "a", "entry": "x", "sum": ["n"]}]},
        "only entries with a key can be summed",
    ),
    "an entry without a field": (
        {"Opened": [{"do": "add to list", "to": "a", "entry": {}}]}, "the entry for a has no field",
    ),
    "a number that is an entry": (
        {"Opened": [{"do": "count", "to": "a[k=x]"}]}, "count needs a field of the entry",
    ),
    "a star": ({"Opened": [{**A, "to": "a.*"}]}, 'cannot be named "*"'),
    "quotes in a name": ({"Opened": [{**A, "to": '["a\\"b"]'}]}, "this name is not allowed"),
    "no place at all": ({"Opened": [{**A, "to": " "}]}, "a path in the state is missing"),
    "steps that are no list": ({"Opened": {}}, "Opened: its steps are not a list"),
    "nothing": ({}, "the file contains no event type"),
    "an unquoted name": ({"Opened": [{**A, "to": '["a].b'}]}, "items[sku=line.sku]"),
    "an unreadable path": ({"Opened": [{**A, "value": "a["}]}, "the path is not valid"),
    "an unreadable place": ({"Opened": [{**A, "to": "a["}]}, "not valid from character"),
    "an entry badly chosen": ({"Opened": [{**A, "to": "a[b].c"}]}, "items[sku=line.sku]"),
    "ignored and more": (
        {"Opened": [A, {"do": "ignore"}]}, "an ignored event type cannot have other steps",
    ),
    "a key that is no field": (
        {"Opened": [{"do": "add to list", "to": "a", "key": "k", "entry": {"b": "x"}}]},
        "the entry for a has no field 'k'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_used_is_told_with_its_place_and_not_kept(
    run: Run, store: Path, name: str
) -> None:
    value, sentence = WRONG[name]

    code, _, err = run("teach", store, "cart", "--set", written(store, value))

    assert code == 1
    assert sentence in err
    assert not kept_taught.FILE.path(Place(store)).exists()


def test_a_file_that_was_edited_by_hand_is_told_with_the_place_of_the_mistake(
    run: Run, store: Path
) -> None:
    run("teach", store, "cart", "--set", written(store, TAUGHT))
    file = kept_taught.FILE.path(Place(store))

    file.write_text(file.read_text("utf-8").replace('"add"', '"ad"'), "utf-8")

    code, _, err = run("teach", store, "cart")
    assert code == 1
    assert "cart, version 1, ItemAdded, step 2" in err
    assert run("state", store, "cart-1")[0] == 1
    assert run("state", store, "cart-1")[2] == err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--types"], "no stream is named nothing-…"),
        (["--version", "3"], "nothing has been taught for the category 'nothing'"),
        ([], "nothing has been taught for the category 'nothing'"),
        (["--set", "gone.json"], "the file cannot be read"),
    ],
)
def test_what_is_not_there_is_a_sentence(
    run: Run, store: Path, arguments: list[str], sentence: str
) -> None:
    code, _, err = run("teach", store, "nothing", *arguments)

    assert code == 1
    assert sentence in err


def test_what_is_taught_is_listed_by_category(run: Run, store: Path) -> None:
    assert run("teach", store)[1].startswith("nothing has been taught yet")
    run("teach", store, "cart", "--set", written(store, TAUGHT), "--actor", "ada")

    _, out, _ = run("teach", store)
    assert out.splitlines()[1].split()[:2] == ["cart", "1"]
    assert json.loads(run("teach", store, "--json")[1])["types"] == TAUGHT
    code, _, err = run("teach", store, "--preview", "cart-1")
    assert (code, "name the category" in err) == (1, True)
    _, out, _ = run("teach", store, "cart", "--versions")
    assert out.splitlines()[1].startswith("1        ")
    assert json.loads(run("teach", store, "cart", "--types", "--json")[1].splitlines()[0])["name"]


def test_every_answer_has_its_json(run: Run, store: Path) -> None:
    file, model = written(store, TAUGHT), store.with_name("carts.py")

    _, out, _ = run("teach", store, "cart", "--set", file, "--json")
    assert json.loads(out)["kept"]["version"] == 1
    _, out, _ = run("teach", store, "cart", "--preview", "cart-1", "--json")
    assert json.loads(out)["state"] == STATE
    _, out, _ = run("teach", store, "cart", "--export", model, "--json")
    assert json.loads(out) == {"exported": "cart", "version": 1, "file": str(model)}


def test_steps_are_read_from_the_input(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = io.TextIOWrapper(io.BytesIO(json.dumps(TAUGHT).encode()))
    monkeypatch.setattr(sys, "stdin", text)

    assert run("teach", store, "cart", "--set", "-")[0] == 0
    assert state(run, store) == STATE


def test_a_category_of_a_model_and_one_without_a_stream_are_told(run: Run, store: Path) -> None:
    _, _, err = run("teach", store, "order", "--set", written(store, TAUGHT))

    assert "streams order-… contain events of a model, which takes precedence" in err
    assert "no stream is named order-… yet" in err
    assert run("teach", store, "-x-", "--set", written(store, TAUGHT))[0] in (1, 2)


def test_an_unknown_version_and_a_version_that_is_there_twice_are_told(
    run: Run, store: Path
) -> None:
    run("teach", store, "cart", "--set", written(store, TAUGHT))
    assert (
        "cart has no version 7; it has 1 to 1" in run("teach", store, "cart", "--put-back", "7")[2]
    )

    file = kept_taught.FILE.path(Place(store))
    one = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(one * 2), "utf-8")
    assert "has version 1 of cart twice" in run("teach", store)[2]
    file.write_text(json.dumps([{**one[0], "category": "cart-"}]), "utf-8")
    assert "a category is the part of a stream name before the dash" in run("teach", store)[2]
    file.write_text(json.dumps([1, {**one[0], "types": []}]), "utf-8")
    assert run("teach", store)[0] == 1
    file.write_text("[}", "utf-8")
    assert "at line 1, character 2" in run("teach", store)[2]


def test_what_is_cut_is_told(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type_samples, "STREAMS", 1)
    monkeypatch.setattr(type_samples, "MOST_FIELDS", 1)

    _, out, err = run("teach", store, "cart", "--types")

    assert "  … and more fields" in out
    assert "1 of 2 streams were sampled" in err


def test_of_very_many_types_that_change_nothing_a_few_are_named(run: Run, tmp_path: Path) -> None:
    lines = [
        json.dumps(
            {
                "stream": f"thing-{n % 3}",
                "type": f"Type{n}",
                "id": f"e{n}",
                "recorded_at": f"2026-03-01T10:{n}:00Z",
                "data": {"n": n},
            }
        )
        for n in range(10, 40)
    ]
    file, into = tmp_path / "many.jsonl", tmp_path / "many.foldline"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert run("import", file, "--into", into)[0] == 0
    steps = tmp_path / "steps.json"
    steps.write_text(json.dumps({"Type10": [{"do": "count", "to": "n"}]}), "utf-8")

    code, _, err = run("teach", into, "thing", "--set", steps)

    assert code == 0
    assert " and 17 more" in err
    assert err.count("Type") == 12
