"""Redux DevTools: a log with times, and an export without."""

import json
from pathlib import Path
from typing import Any

from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import events_in


def lifted(actions: dict[str, Any], staged: list[int], **facts: Any) -> dict[str, Any]:
    """A log of these actions."""
    return {"actionsById": actions, "stagedActionIds": staged, "skippedActionIds": [], **facts}


def action(type_: str | None, at: Any = 1_746_435_600_000) -> dict[str, Any]:
    """One action of a log."""
    return {"type": "PERFORM_ACTION", "action": {"type": type_, "payload": 1}, "timestamp": at}


class TestReduxLog(FormatContract):
    name = "redux-log"
    file = "redux-state-lifted.json"
    events = 400

    def file_of(self, folder: Path, *events: Written) -> Path:
        actions = []
        for it in events:
            told = action(it.type, at=it.milliseconds)
            told["action"]["payload"] = TEXT_HERE
            actions.append(f'"{it.n}":{it.inside(told)}')
        staged = list(dict.fromkeys(it.n for it in events))
        source = folder / "made.json"
        source.write_text(
            f'{{"actionsById":{{{",".join(actions)}}},"stagedActionIds":{staged}}}',
            encoding="utf-8",
        )
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An action without a type, one that is staged and missing, and a time that is none."""
        actions = {"1": action("a"), "2": action(None), "4": action("b", at="soon")}
        source = folder / "odd.json"
        source.write_text(json.dumps(lifted(actions, [1, 2, 3, 4])))
        return source, 4


class TestReduxExport(FormatContract):
    name = "redux-export"
    file = "redux-state-payload.json"
    events = 401

    def file_of(self, folder: Path, *events: Written) -> Path:
        actions = (it.inside({"type": it.type, "payload": TEXT_HERE}) for it in events)
        source = folder / "made.json"
        source.write_text(json.dumps({"payload": f"[{','.join(actions)}]", "preloadedState": "{}"}))
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An action without a type."""
        source = folder / "odd.json"
        payload = json.dumps([{"type": "a"}, {"payload": 1}])
        source.write_text(json.dumps({"payload": payload, "preloadedState": "{}"}))
        return source, 2


def test_actions_stand_in_the_order_in_which_they_are_staged(tmp_path: Path) -> None:
    actions = {"0": action("@@INIT"), "1": action("first"), "2": action("second")}
    source = tmp_path / "log.json"
    source.write_text(json.dumps(lifted(actions, [0, 2, 1], skippedActionIds=[1])))

    ingest(source, into=tmp_path / "log.foldline")

    events = events_in(tmp_path / "log.foldline")
    assert [it.type for it in events] == ["second", "first"]
    assert json.loads(events[1].source_json or "{}")["redux"] == {
        "action_id": 1,
        "is_skipped": True,
    }


def test_a_fold_begins_with_the_state_that_was_committed(tmp_path: Path) -> None:
    source = tmp_path / "log.json"
    source.write_text(json.dumps(lifted({"7": action("a")}, [7], committedState={"n": 3})))

    ingest(source, into=tmp_path / "log.foldline")

    first, second = events_in(tmp_path / "log.foldline")
    assert (first.type, first.data) == ("Committed", {"n": 3})
    assert second.type == "a"


def test_meta_of_an_action_is_its_metadata(tmp_path: Path) -> None:
    ingest(FIXTURES / "redux-state-lifted.json", into=tmp_path / "log.foldline")

    second = events_in(tmp_path / "log.foldline")[1]

    assert (second.type, second.data) == ("cart/add", {"sku": "S14", "qty": 2})
    assert second.metadata["correlation_id"] == "c-0"


def test_an_action_behind_which_another_has_its_id_is_named(tmp_path: Path) -> None:
    source = tmp_path / "log.json"
    twice = f'"1":{json.dumps(action("a"))},"1":{json.dumps(action("b"))}'
    source.write_text(f'{{"actionsById":{{{twice}}},"stagedActionIds":[1]}}')

    report = ingest(source, into=tmp_path / "log.foldline")

    assert [it.type for it in events_in(tmp_path / "log.foldline")] == ["b"]
    assert [(it.line, it.reason) for it in report.bad_lines] == [
        (1, "actionsById has another action 1 behind this one")
    ]


def test_a_log_whose_actions_are_longer_than_the_sample_is_found(tmp_path: Path) -> None:
    actions = {str(n): action("a") for n in range(1, 2_000)}
    source = tmp_path / "log.json"
    source.write_text(json.dumps(lifted(actions, [*range(1, 2_000)])))

    report = ingest(source, into=tmp_path / "log.foldline")

    assert (report.format, report.stored) == ("redux-log", 1_999)
