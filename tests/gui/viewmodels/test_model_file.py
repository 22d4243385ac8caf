"""A model of one's own in the window: trusted first, reloaded, and never the window's death."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.dialogs.reducers_dialog import ReducersDialog
from gui.dialogs.trust_dialog import TrustDialog
from gui.main_window import MainWindow
from gui.session import Session
from gui.views.commands_view import CommandsView
from replay.own import own_models
from replay.projections.latest_states import LatestState
from replay.questions import view_query
from replay.snapshots import snapshot_policy
from replay.views.read_store import reading_views
from store.errors import StoreError
from store.events import NewEvent
from store.opening import reading
from store.place import Place
from store.sqlite.store import open_store
from tests.gui.driven_window import PATIENCE_MS
from tests.gui.driven_window import open_store as show_store
from tests.replay.own_models import model_text
from tests.replay.workers.test_worker_process import model_file

GIVES_UP_S = 2


@pytest.fixture
def session(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Session:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "counts.foldline"
    store = open_store(path, create=True)
    store.append("counter-1", [NewEvent.of("Counted", {"by": it}) for it in (2, 3)], expected=None)
    store.close()
    session, _ = show_store(qtbot, window, path)
    session.selection.choose_stream("counter-1")
    wait(qtbot, lambda: state(session) == {"by": 3})
    return session


def wait(qtbot: QtBot, is_so) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(is_so, timeout=PATIENCE_MS)


def state(session: Session) -> object:
    inspection = session.inspector.inspection
    return inspection.state.state if inspection and inspection.state else None


def dialog(window: MainWindow) -> TrustDialog:
    (found,) = [it for it in window.findChildren(TrustDialog) if it.isVisible()]
    return found


def trust(qtbot: QtBot, window: MainWindow, session: Session, path: Path) -> None:
    session.model_file.open(path)
    qtbot.mouseClick(dialog(window).trust, Qt.MouseButton.LeftButton)


def test_nothing_runs_before_a_person_has_seen_and_trusted_it(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    path = model_file(tmp_path, "pass")

    session.model_file.open(path)
    asked = dialog(window)

    assert str(path) in asked.where.text()
    assert "SHA-256" in asked.where.text()
    assert "TypedModel(" in asked.code.toPlainText()
    qtbot.mouseClick(asked.cancel, Qt.MouseButton.LeftButton)
    assert session.model_file.path is None
    assert state(session) == {"by": 3}


def test_a_trusted_model_gives_states_and_commands(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    trust(qtbot, window, session, model_file(tmp_path, "pass"))
    wait(qtbot, lambda: state(session) == {"total": 5})

    assert window.workspace is not None
    window.workspace.show_panel(CommandsView)
    wait(qtbot, lambda: session.commands.model_title == "Counter")
    assert [it.name for it in session.commands.offers] == ["Count"]


def test_a_model_of_ones_own_says_in_the_list_what_happened(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    def first() -> str:
        row = session.events.row(0)
        return "" if row is None else row.summary

    wait(qtbot, lambda: first() == "by 2")
    path = model_file(tmp_path, "pass")
    sentences = "sentences={Counted: lambda it: f'{it.by}\\nmore'},"
    path.write_text(
        path.read_text().replace('    name="counter"', f'    {sentences} name="counter"')
    )

    trust(qtbot, window, session, path)

    wait(qtbot, lambda: first() == "2 more")
    session.model_file.drop()
    wait(qtbot, lambda: first() == "by 2")


def test_a_changed_file_is_told_and_asked_about_again(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    path = model_file(tmp_path, "pass")
    trust(qtbot, window, session, path)
    wait(qtbot, lambda: state(session) == {"total": 5})

    path.write_text(path.read_text("utf-8").replace("+ event.by", "- event.by"), "utf-8")
    wait(qtbot, window.banner.isVisible)
    assert "counter.py has changed" in window.banner.accessibleDescription()
    assert state(session) == {"total": 5}

    window.actions_["reload model"].trigger()
    qtbot.mouseClick(dialog(window).trust, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: state(session) == {"total": -5})


def test_a_changed_model_is_compared_with_what_it_was_and_the_event_is_gone_to(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    """Row D2: old and new side by side over the same log."""
    path = model_file(tmp_path, "pass")
    trust(qtbot, window, session, path)
    wait(qtbot, lambda: state(session) == {"total": 5})
    path.write_text(
        path.read_text("utf-8").replace("+ event.by", "+ event.by - (event.by > 2)"), "utf-8"
    )
    window.actions_["reload model"].trigger()
    qtbot.mouseClick(dialog(window).trust, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: state(session) == {"total": 4})

    window.actions_["compare models"].trigger()
    wait(qtbot, lambda: any(it.isVisible() for it in window.findChildren(ReducersDialog)))
    (told,) = window.findChildren(ReducersDialog)

    assert "they first differ at 2, Counted, event 2 of counter-1" in told.summary.text()
    assert "1 of 1 streams ever differ, 1 of them now" in told.summary.text()
    assert [told.changes.text(0, it) for it in range(3)] == ["total", "5", "4"]
    session.selection.seek(1)
    qtbot.mouseClick(told.go, Qt.MouseButton.LeftButton)
    assert (session.selection.as_of, session.selection.stream) == (2, "counter-1")
    qtbot.mouseClick(told.shut, Qt.MouseButton.LeftButton)


def test_snapshots_of_a_model_in_use_are_made_by_themselves_and_its_policy_is_listed(
    qtbot: QtBot,
    window: MainWindow,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gui.viewmodels.own_snapshots.REST_MS", 10)
    snapshot_policy.save(Place(session.path), "counter", 2)
    trust(qtbot, window, session, model_file(tmp_path, "pass"))
    wait(qtbot, lambda: state(session) == {"total": 5})

    def made() -> list[tuple[str, int]]:
        session.snapshots.refresh()
        wait(qtbot, lambda: session.tasks.is_idle)
        return [(it.model, it.version) for it in session.snapshots.found.infos]

    wait(qtbot, lambda: ("counter", 2) in made())
    store = open_store(session.path)
    more = [NewEvent.of("Counted", {"by": it}) for it in (1, 1)]
    store.append("counter-1", more, expected=None)
    store.close()
    wait(qtbot, lambda: ("counter", 4) in made())
    assert session.snapshots.found.policy["counter"] == 2


def test_a_file_that_defines_a_bundled_model_anew_is_in_use_too(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    store = open_store(session.path)
    store.append("account-7", [NewEvent.of("Counted", {"by": 9})], expected=None)
    store.close()
    path = tmp_path / "mine.py"
    path.write_text(model_text(name="bank account", category="account"), "utf-8")

    trust(qtbot, window, session, path)
    wait(qtbot, lambda: session.selection.head == 3)
    session.selection.choose_stream("account-7")
    session.selection.seek(3)

    wait(qtbot, lambda: state(session) == {"total": 9})
    assert session.model_file.titles == ("Counter",)


def test_a_name_that_another_model_has_is_refused_with_what_to_do(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "mine.py"
    path.write_text(model_text(name="bank account"), "utf-8")

    trust(qtbot, window, session, path)

    wait(qtbot, window.banner.isVisible)
    told = window.banner.accessibleDescription()
    assert "the name 'bank account' is already used by the model for streams account-…" in told
    assert state(session) == {"by": 3}


def test_without_a_model_of_ones_own_it_is_said_how_to_get_one(
    qtbot: QtBot, window: MainWindow, session: Session
) -> None:
    window.actions_["compare models"].trigger()

    wait(qtbot, window.banner.isVisible)
    assert "no model of your own" in window.banner.accessibleDescription()
    assert "File ▸ Open a model of your own" in window.banner.accessibleDescription()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "import os",
            "import os; 1 / 0",
            "the import of counter.py: ZeroDivisionError: division by zero",
        ),
        ("import os", "import os\nwhile True: pass", "did not answer"),
        ("import os", "import os; os._exit(3)", "ended unexpectedly"),
    ],
    ids=["raises", "loops", "dies"],
)
def test_a_file_that_cannot_be_loaded_is_told_and_the_window_lives(
    qtbot: QtBot,
    window: MainWindow,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    old: str,
    new: str,
    told: str,
) -> None:
    if told == "did not answer":
        monkeypatch.setattr("replay.workers.worker_process.START_S", GIVES_UP_S)
    path = model_file(tmp_path, "pass")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    trust(qtbot, window, session, path)
    wait(qtbot, window.banner.isVisible)

    assert told in window.banner.accessibleDescription()
    if new.endswith("1 / 0"):
        assert "ZeroDivisionError" in window.banner.details
    wait(qtbot, lambda: state(session) == {"by": 3})


def test_an_endless_evolve_becomes_a_message(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    path = model_file(tmp_path, "pass")
    text = path.read_text("utf-8")
    path.write_text(text.replace("return Total(", "while True: pass\n    return Total("), "utf-8")
    session.worker.patience_s = GIVES_UP_S

    trust(qtbot, window, session, path)
    wait(qtbot, window.banner.isVisible)

    assert "did not answer within 2 seconds and was stopped" in (
        window.banner.accessibleDescription()
    )
    session.model_file.drop()
    wait(qtbot, lambda: state(session) == {"by": 3})


def test_a_field_s_history_is_told_by_the_model_of_one_s_own(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    trust(qtbot, window, session, model_file(tmp_path, "pass"))
    wait(qtbot, lambda: state(session) == {"total": 5})

    session.blame.choose(("total",))
    wait(qtbot, lambda: session.blame.curve is not None)

    curve = session.blame.curve
    assert curve is not None
    assert list(curve.values) == [2.0, 5.0]


def test_a_model_that_never_answers_leaves_the_command_in_the_list(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    trust(qtbot, window, session, model_file(tmp_path, "while True: pass"))
    assert window.workspace is not None
    window.workspace.show_panel(CommandsView)
    wait(qtbot, lambda: session.commands.model_title == "Counter")
    session.commands.choose("Count")
    session.worker.patience_s = GIVES_UP_S

    session.commands.issue({"by": 1})
    wait(qtbot, lambda: session.commands.result is not None)
    wait(qtbot, lambda: [it.status for it in session.issued.rows] == ["failed"])

    assert session.commands.result is not None
    assert session.commands.result.title == "The command could not be decided"
    assert "did not answer" in session.issued.rows[0].reason


def row(session: Session) -> object:
    """What the view of latest states says of the stream, once it is there."""
    with reading(session.place.path) as log, reading_views(log) as db:
        assert db is not None
        try:
            found = view_query.row(db, log, "latest_states", ("counter-1",)).rows
        except StoreError:  # it is being made
            return None
    names = LatestState.__struct_fields__
    values = [dict(zip(names, it.values, strict=False)) for it in found]
    return json.loads(str(values[0]["state"])) if values else None


def test_a_store_is_read_with_its_model_by_the_views_and_when_it_is_opened_again(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    path = model_file(tmp_path, "pass")
    trust(qtbot, window, session, path)
    wait(qtbot, lambda: state(session) == {"total": 5})
    wait(qtbot, lambda: row(session) == {"total": 5})

    window.close_store()
    again, _ = show_store(qtbot, window, session.place.path)
    again.selection.choose_stream("counter-1")
    wait(qtbot, lambda: state(again) == {"total": 5})
    assert again.model_file.path == path

    again.model_file.drop()
    wait(qtbot, lambda: state(again) == {"by": 3})
    wait(qtbot, lambda: row(again) == {"by": 3})
    assert own_models.of(again.place) is None


def test_a_file_that_changed_while_the_store_was_closed_counts_as_it_was_trusted(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    path = model_file(tmp_path, "pass")
    trust(qtbot, window, session, path)
    wait(qtbot, lambda: own_models.of(session.place) is not None)
    path.write_text(path.read_text("utf-8").replace("+ event.by", "- event.by"), "utf-8")

    window.close_store()
    again, _ = show_store(qtbot, window, session.place.path)
    again.selection.choose_stream("counter-1")

    wait(qtbot, lambda: state(again) == {"total": 5})
    wait(qtbot, lambda: row(again) == {"total": 5})
    wait(qtbot, window.banner.isVisible)
    assert "counter.py has changed" in window.banner.accessibleDescription()
