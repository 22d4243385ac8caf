"""The ships file: the known stories are in it, and many reports come late."""

from datetime import datetime, timedelta

from tests.resources.sample_lines import Line, lines, of_stream, of_type

EVENTS = lines("ships")
KING_ROY = of_stream("ships", "ship-king-roy")
PRINCE_TREVOR = of_stream("ships", "ship-prince-trevor")


def local_dates(events: list[Line], first: str, last: str) -> list[tuple[str, str]]:
    between = [line for line in events if first <= line["occurred_at"][:10] <= last]
    return [(line["occurred_at"][5:10], line["type"]) for line in between]


def late_days(line: Line) -> timedelta:
    recorded = datetime.fromisoformat(line["recorded_at"])
    return recorded - datetime.fromisoformat(line["occurred_at"])


def test_it_has_some_hundred_events_over_a_year() -> None:
    assert 600 <= len(EVENTS) <= 1_500
    assert EVENTS[0]["recorded_at"][:7] == "2005-09"
    assert EVENTS[-1]["recorded_at"][:7] >= "2006-09"


def test_refactoring_sails_through_vancouver() -> None:
    about = [line for line in EVENTS if "cargo-refactoring" in line.get("links", ())]

    assert [
        (line["occurred_at"][:10], line["type"], line["data"].get("port")) for line in about
    ] == [
        ("2005-11-01", "Load", None),
        ("2005-11-01", "Departure", "seattle"),
        ("2005-11-02", "Arrival", "vancouver"),
        ("2005-11-03", "Departure", "vancouver"),
        ("2005-11-04", "Arrival", "san-francisco"),
        ("2005-11-05", "Unload", None),
    ]
    flags = [line["data"]["aboard"]["refactoring"] for line in about if line["type"] == "Arrival"]
    assert [(flag["priorHasBeenInCanada"], flag["hasBeenInCanada"]) for flag in flags] == [
        (False, True),
        (True, True),
    ]


def test_king_roy_leaves_before_and_arrives_after_prince_trevor() -> None:
    story = [
        (line["data"]["ship"], line["type"], line["data"]["port"])
        for line in EVENTS
        if line["type"] in ("Arrival", "Departure")
        and "2005-11-09" <= line["occurred_at"][:10] <= "2005-11-23"
        and line["data"]["ship"] in ("king-roy", "prince-trevor")
        and line["data"]["port"] in ("san-francisco", "los-angeles", "hong-kong")
    ]

    wanted = [
        ("king-roy", "Departure", "san-francisco"),
        ("prince-trevor", "Arrival", "los-angeles"),
        ("king-roy", "Arrival", "hong-kong"),
    ]
    assert [each for each in story if each in wanted] == wanted


def test_prince_trevor_arrives_twice_in_a_row_and_leaves_the_same_day() -> None:
    assert local_dates(PRINCE_TREVOR, "2005-10-01", "2005-11-01") == [
        ("10-01", "Arrival"),
        ("11-01", "Arrival"),
        ("11-01", "Departure"),
    ]
    assert PRINCE_TREVOR[2]["data"]["priorPort"] == "los-angeles"


def test_an_arrival_may_be_reported_days_after_it_happened() -> None:
    late = [line for line in of_type("ships", "Arrival") if late_days(line) > timedelta(days=2)]

    assert len(late) >= 15


def test_the_two_axes_tell_different_orders() -> None:
    by_occurred = sorted(EVENTS, key=lambda line: datetime.fromisoformat(line["occurred_at"]))

    moved = sum(a is not b for a, b in zip(EVENTS, by_occurred, strict=True))
    assert moved > 100


def test_customs_is_told_of_every_arrival_and_the_market_asked_about_every_cargo() -> None:
    for line in of_type("ships", "Arrival"):
        (effect,) = line["metadata"]["effects"]
        data = line["data"]
        day = line["occurred_at"][:10]
        assert effect["notice"] == f"{day} {data['ship']} arrived in {data['port']}"
        assert all(cargo["value"] > 0 for cargo in data["aboard"].values())


def test_everything_about_a_cargo_is_linked_into_its_stream() -> None:
    for line in of_type("ships", "Load", "Unload"):
        assert f"cargo-{line['data']['cargo']}" in line["links"]
    for line in of_type("ships", "Arrival"):
        cargo = [f"cargo-{code}" for code in line["data"]["aboard"]]
        assert line["links"] == [f"port-{line['data']['port']}", *cargo]


def test_cargo_is_loaded_and_unloaded_in_turn() -> None:
    aboard: dict[str, str] = {}
    for line in of_type("ships", "Load", "Unload"):
        cargo, ship = line["data"]["cargo"], line["data"]["ship"]
        if line["type"] == "Load":
            assert aboard.setdefault(cargo, ship) == ship
        else:
            assert aboard.pop(cargo) == ship
    assert len(of_type("ships", "Load")) > 100


def test_a_ship_is_where_it_was_last_reported() -> None:
    at: dict[str, str] = {}
    for line in of_type("ships", "Arrival", "Departure"):
        data = line["data"]
        if line["type"] == "Arrival":
            assert data["priorPort"] == at.get(data["ship"], "AT_SEA")
            at[data["ship"]] = data["port"]
        else:
            assert at[data["ship"]] == data["port"]
            at[data["ship"]] = "AT_SEA"
    assert len(KING_ROY) > 100
