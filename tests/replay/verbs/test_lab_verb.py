"""The delivery lab on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from replay.own import own_projections
from store import json_text
from store.place import Place
from tests.replay.logs import make_log
from tests.replay.verbs.conftest import Run


def parsed(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


def test_the_lab_tells_what_disturbed_delivery_does(run: Run, store: Path) -> None:
    quiet = run("lab", store)
    doubled = run("lab", store, "--duplicate", "100", "--view", "streams", "--json")
    guarded = run("lab", store, "--duplicate", "100", "--view", "streams", "--guard", "ids")

    assert quiet[0] == 0
    assert "streams: the same as without faults" in quiet[1]
    (verdict,) = parsed(doubled[1])[0]["verdicts"]
    assert (doubled[0], verdict["is_same"], verdict["seen"]["duplicate_count"]) == (1, False, 3)
    assert guarded[0] == 0
    assert "there is no view 'nothing'" in run("lab", store, "--view", "nothing")[2]


def test_the_lab_tells_each_consumer_its_own(run: Run, store: Path) -> None:
    code, out, _ = run("lab", store, "--drop-at", "2", "--view", "streams", "--view", "seats_left")

    assert code == 1
    assert out.splitlines() == [
        "streams: 1 row differs, from position 2: order-2: without faults "
        + '{"stream":"order-2","category":"order","event_count":1,"linked_count":0,"version…, '
        + "with faults no row",
        "  2 deliveries, 2 applied",
        "  1 gap: 2 (expected 2, got 3)",
        "  1 never applied: 2",
        "seats_left: the same as without faults",
        "  2 deliveries, 0 applied",
        "  1 gap, 0 of them of types it uses: 2 (expected 2, got 3)",
    ]


def test_the_lab_gives_all_positions_as_json_and_says_when_text_has_not(
    run: Run, tmp_path: Path
) -> None:
    many = make_log(tmp_path / "many.foldline", 100)

    told = run("lab", many, "--duplicate", "100", "--view", "streams")[1]
    (verdict,) = parsed(run("lab", many, "--duplicate", "100", "--view", "streams", "--json")[1])[
        0
    ]["verdicts"]

    assert "100 duplicates: 1, 2, 3 and 97 more (--json has all)" in told
    assert [it["position"] for it in verdict["findings"]] == list(range(1, 101))
    assert verdict["doubled"] == list(range(1, 101))


def test_the_lab_cuts_its_lists_where_it_is_asked_to_and_keeps_what_does_harm(
    run: Run, tmp_path: Path
) -> None:
    many = make_log(tmp_path / "many.foldline", 100)
    switches = ("--partitions", "4", "--drop-at", "60,70", "--view", "streams", "--json")

    out = run("lab", many, *switches, "--findings", "1")[1]

    (verdict,) = parsed(out)[0]["verdicts"]
    assert [(it["kind"], it["position"]) for it in verdict["findings"]] == [("gap", 60)]
    assert verdict["finding_count"] > 2
    assert (verdict["lost"], verdict["lost_count"]) == ([60], 2)


def test_the_lab_tells_what_a_crash_loses_without_an_outbox(run: Run, store: Path) -> None:
    crash = ("--crash-every", "2", "--crash-at", "append", "--view", "streams")

    with_outbox = run("lab", store, *crash)
    without = run("lab", store, *crash, "--publisher", "save-then-publish")

    assert with_outbox[0] == 0
    assert "1 published from the outbox only after a restart" in with_outbox[1]
    assert without[0] == 1
    assert "1 never applied: 2" in without[1]


def test_the_lab_takes_built_views_and_says_which_it_cannot(
    run: Run, store: Path, tmp_path: Path
) -> None:
    assert run("build", store, "towns", "--column", "events=count")[0] == 0
    files = json_text.encode([{"path": str(tmp_path / "mine.py"), "views": ["mine"]}])
    own_projections.FILE.path(Place(store)).write_text(files, "utf-8")

    built = run("lab", store, "--view", "towns", "--drop-at", "1")
    every = parsed(run("lab", store, "--json")[1])[0]["verdicts"]

    assert built[0] == 1
    assert "order-1, events: without faults 2, with faults 1" in built[1]
    assert "towns" in [it["view"] for it in every]
    assert "its file is missing: " in run("lab", store, "--view", "mine")[2]
    assert (
        "views without rows are not available in the lab: 'search'"
        in run("lab", store, "--view", "search")[2]
    )


@pytest.mark.parametrize(
    ("switches", "sentence"),
    [
        (("--drop", "200"), "not a share from 0 to 100 percent: '200'"),
        (("--duplicate", "-5"), "not a share from 0 to 100 percent: '-5'"),
        (("--duplicate", "nan"), "not a share from 0 to 100 percent: 'nan'"),
        (("--delay", "many"), "not a share from 0 to 100 percent: 'many'"),
        (("--partitions", "0"), "the number of partitions must be from 1 to 64: '0'"),
        (("--partitions", "65"), "the number of partitions must be from 1 to 64: '65'"),
        (("--drop-at", "1,x"), "this is not a whole number: 'x'"),
        (("--crash-every", "-1"), "this is not a whole number: '-1'"),
        (("--crash-at", "append"), "set how often with --crash-every N"),
        (("--crash-every", "5", "--publisher", "outbox"), "add --crash-at append"),
    ],
)
def test_the_lab_refuses_switches_that_mean_nothing(
    run: Run, store: Path, switches: tuple[str, ...], sentence: str
) -> None:
    code, out, said = run("lab", store, *switches)

    assert (code, out) == (2, "")
    assert sentence in said


def test_the_lab_refuses_a_position_behind_the_log(run: Run, store: Path) -> None:
    code, _, said = run("lab", store, "--swap-at", "3")

    assert code == 1
    assert "there is no event 3; the last one is 2" in said
