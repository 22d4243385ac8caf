"""What rules make of an event, one at a time."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import WrongRules
from store.events import NewEvent
from store.reading.format import Incoming, Rejected
from store.shaping.rules import ImportRules, Rejection
from store.shaping.shaper import Shaper


def incoming(data: Any, metadata: Any = None, **facts: Any) -> Incoming:
    event = NewEvent(
        type=facts.pop("type", "paid"),
        data_json=data if isinstance(data, str) else json.dumps(data),
        metadata_json=json.dumps(metadata or {}),
        id=facts.pop("id", "e1"),
    )
    return Incoming(stream=facts.pop("stream", "s-1"), event=event, line=3, **facts)


def shaped(rules: ImportRules, event: Incoming) -> Incoming:
    found, _ = Shaper(rules).shape(event)
    assert isinstance(found, Incoming), found
    return found


def reason(rules: ImportRules, event: Incoming) -> str:
    found, _ = Shaper(rules).shape(event)
    assert isinstance(found, Rejected)
    assert found.line == 3
    return found.reason


def test_facts_are_taken_from_fields_and_what_the_file_said_is_kept() -> None:
    rules = ImportRules(
        map={
            "stream": "order-{data.order}",
            "type": "kind",
            "occurred": "at",
            "id": "uid",
            "correlation": "data.trace",
            "causation": "metadata.cause",
            "actor": "who",
        }
    )
    data = {"order": 7, "kind": "Paid", "at": "2026-01-02T03:04:05Z", "uid": "u", "trace": "t"}
    event = incoming({**data, "who": "ada"}, {"cause": "c", "user": "bot"}, version=4)

    found = shaped(rules, event)

    assert (found.stream, found.event.type, found.event.id) == ("order-7", "Paid", "u")
    assert found.version is None
    metadata = json.loads(found.event.metadata_json)
    assert metadata["correlation_id"] == "t"
    assert metadata["causation_id"] == "c"
    assert metadata["user"] == "ada"
    assert found.event.occurred_at_us == found.event.recorded_at_us == 1767323045000000
    kept = json.loads(f"{{{found.beyond}}}")["as_read"]
    assert kept == {
        "stream": "s-1",
        "type": "paid",
        "id": "e1",
        "version": 4,
        "metadata.user": "bot",
    }
    assert found.event.data_json == event.event.data_json


@pytest.mark.parametrize(
    ("stated", "data", "wanted"),
    [
        ({"type": "kind"}, {}, "no type: kind is missing"),
        ({"stream": "who.id"}, {"who": [{"id": 1}, {"id": 2}]}, "who.id has 2 values"),
        ({"stream": "who"}, {"who": {"id": 1}}, "not a single value"),
        ({"occurred": "at"}, {"at": 1700000000}, "convert it with epoch-s"),
        ({"occurred": "at"}, {"at": "yesterday"}, "not a time: 'yesterday'"),
        ({"version": "n"}, {"n": "7"}, "not a whole number"),
    ],
)
def test_a_fact_that_cannot_be_read_keeps_the_event_out(
    stated: dict[str, str], data: Any, wanted: str
) -> None:
    assert wanted in reason(ImportRules(map=stated), incoming(data))


def test_fields_and_types_are_renamed_and_other_bytes_stay() -> None:
    rules = ImportRules(
        rename_types={"paid": "Paid"},
        rename_fields={"lines.no": "lines.number", "usr": "metadata.user"},
    )
    text = '{"amount": 1.50, "lines":[{"no":1},{"no":2,"x":1e400}],"usr":"ada"}'

    found = shaped(rules, incoming(text))

    assert found.event.type == "Paid"
    assert found.event.data_json == '{"amount":1.50,"lines":[{"number":1},{"number":2,"x":1e400}]}'
    assert json.loads(found.event.metadata_json) == {"user": "ada"}


def test_a_rename_that_would_replace_a_field_keeps_the_event_out() -> None:
    rules = ImportRules(rename_fields={"a": "b"})

    assert "b already exists" in reason(rules, incoming({"a": 1, "b": 2}))
    assert shaped(rules, incoming({"b": 2})).event.data_json == '{"b": 2}'


def test_keys_that_stand_twice_stay_twice() -> None:
    rules = ImportRules(convert={"a": "number"})

    assert shaped(rules, incoming('{"a":"1","a":"2","b":3}')).event.data_json == (
        '{"a":1,"a":2,"b":3}'
    )


def test_a_rule_rejects_by_the_mapped_and_renamed_event_before_it_is_masked() -> None:
    rules = ImportRules(
        map={"type": "kind"},
        rename_types={"hb": "Heartbeat"},
        reject=(Rejection(where="type = Heartbeat and who = ada", why="no business"),),
        mask={"who": "hash"},
    )

    assert reason(rules, incoming({"kind": "hb", "who": "ada"})) == (
        "no business (rule: type = Heartbeat and who = ada)"
    )
    assert shaped(rules, incoming({"kind": "hb", "who": "bob"})).event.type == "Heartbeat"


def test_no_fact_shows_what_a_field_hides() -> None:
    rules = ImportRules(
        map={"stream": "customer-{mail}", "actor": "mail", "correlation": "mail"},
        mask={"mail": "hash", "actor": "hash", "stream": "hash", "items.card": "blank"},
    )
    data = {"mail": "ada@x.org", "items": [{"card": "4711"}, {"card": 12}]}
    event = incoming(data, {"user": "ada@x.org"}, stream="s-ada@x.org")

    found = shaped(rules, event)

    said = (found.stream, found.event.data_json, found.event.metadata_json, found.beyond)
    assert not any("ada@" in it or "4711" in it for it in said), said
    mask = json.loads(found.event.data_json)["mail"]
    assert json.loads(found.event.metadata_json)["user"] == mask
    assert json.loads(found.event.data_json)["items"] == [{"card": ""}, {"card": None}]


@pytest.mark.parametrize(
    ("rules", "where"),
    [
        (ImportRules(map={"colour": "x"}), "map.colour"),
        (ImportRules(map={"stream": "data..x"}), "map.stream"),
        (ImportRules(map={"stream": "position"}), "map.stream"),
        (ImportRules(rename_fields={"a": "a"}), "rename_fields.a"),
        (ImportRules(rename_fields={"a": "a.b"}), "rename_fields.a"),
        (ImportRules(rename_types={"a": " "}), "rename_types.a"),
        (ImportRules(convert={"a": "feet"}), "convert.a"),
        (ImportRules(mask={"a": "paint"}), "mask.a"),
        (ImportRules(mask={"type": "hash"}), "mask.type"),
        (ImportRules(mask={"at": "hash"}, map={"occurred": "at"}), "map.occurred"),
        (ImportRules(reject=(Rejection(where="type ="),)), "reject.type ="),
        (ImportRules(reject=(Rejection(where=" "),)), "reject. "),
        (ImportRules(reject=(Rejection(where="position > 3"),)), "reject.position > 3"),
        (ImportRules(order="sideways"), ""),
        (ImportRules(encoding="morse"), "encoding"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_named(rules: ImportRules, where: str) -> None:
    if not where:
        Shaper(rules)  # any word is a field
        return
    with pytest.raises(WrongRules) as wrong:
        Shaper(rules)

    assert [place for place, _ in wrong.value.problems] == [where]


def test_all_kinds_of_wrong_rules_are_told_together() -> None:
    rules = ImportRules(map={"colour": "x"}, mask={"a": "paint"}, order="version")

    with pytest.raises(WrongRules) as wrong:
        Shaper(rules)

    assert {place for place, _ in wrong.value.problems} == {"map.colour", "mask.a", "order"}


VALUES = st.none() | st.integers() | st.text("ab0.-", max_size=4)
RECORDS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)
RULES = st.builds(
    ImportRules,
    rename_fields=st.just({}) | st.just({"a": "d"}) | st.just({"b": "metadata.user"}),
    convert=st.dictionaries(st.sampled_from("cd"), st.sampled_from(["number", "text"])),
    map=st.dictionaries(st.sampled_from(["stream", "type", "actor"]), st.sampled_from("bcd")),
    mask=st.dictionaries(st.sampled_from("bcd"), st.sampled_from(["hash", "blank"])),
)


@given(RULES, st.lists(RECORDS, max_size=8), st.randoms())
def test_what_becomes_of_an_event_does_not_depend_on_others(
    rules: ImportRules, records: list[dict[str, object]], random: Any
) -> None:
    events = [incoming(it, id=str(n)) for n, it in enumerate(records)]
    one_shaper = Shaper(rules)
    shuffled = random.sample(events, len(events))

    together = {it.event.id: one_shaper.shape(it) for it in shuffled}

    assert together == {it.event.id: Shaper(rules).shape(it) for it in events}
