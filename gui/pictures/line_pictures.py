"""Pictures of what follows from edits of a branch, of later commands that are decided again, and of
two times at once."""

import json
from pathlib import Path
from typing import Any, Final

from gui.main_window import MainWindow
from gui.pictures.clock import put_clock
from gui.pictures.command_pictures import issue
from gui.pictures.stage import Stage
from gui.views.consequences_view import ConsequencesView
from gui.views.time_view import TimeView
from resources.samples.catalog import SAMPLES
from store import json_text
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.opening import open_reader, open_store
from store.transfer.ingest import ingest

SIZE: Final = (1600, 1000)
ARRIVAL, DEPARTURE = 87, 91  # of King Roy, in Vancouver
DEPOSIT: Final = 2  # with a zero too many
ISSUED: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("OpenAccount", {"id": "7", "owner": "Ada"}),
    ("PerformDeposit", {"accountNumber": "7", "amount": 1_000, "reference": "wages"}),
    ("PerformWithdrawal", {"accountNumber": "7", "amount": 900, "reference": "rent"}),
    ("PerformDeposit", {"accountNumber": "7", "amount": 250, "reference": "refund"}),
    ("PerformWithdrawal", {"accountNumber": "7", "amount": 400, "reference": "bicycle"}),
)
RATES: Final = (  # from when on, when that was recorded, and what
    ("2026-01-01", "2026-01-01", {"percent": 5}),
    ("2026-03-01", "2026-02-20", {"percent": 7}),
    ("2026-01-15", "2026-03-10", {"percent": 6, "by": "ada"}),
    ("2026-04-01", "2026-03-25", {"percent": 8}),
)


def draw_consequences(stage: Stage) -> None:
    """Of a ship that was in another port than recorded."""
    store = stage.made / "ships.foldline"
    ingest(next(it.path for it in SAMPLES if it.name == "ships"), into=store)
    branch = create_branch(store, "los-angeles", fork=ARRIVAL - 1, note="it was in Los Angeles")
    for position in (ARRIVAL, DEPARTURE):
        _replace(branch, position, {"port": "los-angeles"})
    _draw_list(stage, branch, ARRIVAL, "consequences-light")


def draw_decided(stage: Stage) -> None:
    """Of a deposit with a zero too many: what was paid from it would be refused."""
    store = open_store(stage.made / "account.foldline", create=True)
    try:
        for minutes, (command, data) in enumerate(ISSUED):
            put_clock(minutes=minutes)
            issue(store, command, data)
    finally:
        store.close()
    branch = create_branch(store.place.path, "a-zero-less", fork=DEPOSIT - 1, later="decide")
    _replace(branch, DEPOSIT, {"amount": 100})
    _draw_list(stage, branch, DEPOSIT, "decided-light")


def draw_two_times(stage: Stage) -> None:
    """A rate that was recorded two months late."""
    source, path = stage.made / "rates.jsonl", stage.made / "rates.foldline"
    lines = [
        {
            "stream": "rate-loan",
            "type": "RateSet",
            "id": f"e{number}",
            "occurred_at": f"{occurred}T00:00:00Z",
            "recorded_at": f"{recorded}T09:00:00Z",
            "data": data,
        }
        for number, (occurred, recorded, data) in enumerate(RATES)
    ]
    source.write_text("".join(f"{json.dumps(it)}\n" for it in lines), "utf-8")
    ingest(source, into=path)
    window = stage.window("light", SIZE)
    stage.open(window, path)
    session, workspace = window.session, window.workspace
    if session is not None and workspace is not None:
        session.selection.choose_stream("rate-loan")
        workspace.of(TimeView).transport.axis.chosen.emit("both")
        session.selection.seek(3)
        session.two_times.know("2026-03-01")
        stage.wait(lambda: session.selection.known == 2)
    stage.keep(window, "two-times-light")
    window.close()


def _replace(branch: Path, position: int, said: dict[str, Any]) -> None:
    """Let an event say something else in some fields."""
    line = open_reader(branch)
    event = line.event(position)
    line.close()
    assert event is not None
    data = json_text.encode({**event.data, **said})
    BranchEditor(branch, by="ada").replace(position, Content(data_json=data))


def _draw_list(stage: Stage, branch: Path, position: int, name: str) -> None:
    """The list of consequences, below the event that was edited."""
    window = stage.window("light", SIZE)
    stage.open(window, branch)
    session = window.session
    if session is not None and window.workspace is not None:
        stage.wait(lambda: session.line.branch is not None and not session.deciding.is_running)
        session.selection.seek(position)
        _list(stage, window)
    stage.keep(window, name)
    window.close()


def _list(stage: Stage, window: MainWindow) -> None:
    assert window.session is not None
    assert window.workspace is not None
    consequences = window.session.consequences
    window.workspace.show_panel(ConsequencesView)
    window.workspace.of(ConsequencesView).run.click()
    stage.wait(lambda: consequences.count > 0 and not consequences.is_running)
