"""Standing rules in the window: kept, listed, gone to, and told while one does something else."""

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.views.find_view import FindView
from gui.views.rules_view import RulesView
from gui.views.time_view import TimeView
from gui.workspace import Workspace
from replay.own import own_models
from replay.own.own_models import NamedModel
from replay.own.user_models import Trust
from replay.rules import kept_rules
from replay.rules.rule import Rule
from store.events import NewEvent
from store.place import Place
from store.sqlite.store import open_store as open_writer
from tests.gui.conftest import SECOND_US, START_US, fill
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store, seek, settle
from tests.replay.own_models import model_text

SHIFT = Qt.KeyboardModifier.ShiftModifier
LATE = Rule(name="late", where="count >= 298", of="order", severity="warning", note="too far")


@pytest.fixture
def ruled(store: Path) -> Path:
    """A store with one rule, which each of its streams breaks at once or soon."""
    kept_rules.save(Place(store), LATE)
    return store


def opened(qtbot: QtBot, window: MainWindow, store: Path) -> tuple[Session, Workspace, RulesView]:
    """With the page of rules in front."""
    session, workspace = open_store(qtbot, window, store)
    workspace.show_panel(RulesView)
    return session, workspace, workspace.of(RulesView)


def rules(view: RulesView) -> dict[str, list[str]]:
    """Each rule of a person: violations, of them now, the first."""
    rows = range(view.list.count())
    return {view.list.text(row, 0): [view.list.text(row, at) for at in (1, 2, 3)] for row in rows}


def broken(view: RulesView) -> list[tuple[str, str]]:
    """Stream and position of each violation that is listed."""
    return [
        (view.violations.text(row, 1), view.violations.text(row, 2))
        for row in range(view.violations.count())
    ]


def test_a_rule_is_kept_and_its_violations_are_gone_to_with_the_keys_alone(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    view = workspace.of(RulesView)

    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | SHIFT)
    wait(qtbot, lambda: view.isVisible() and view.list.grid.hasFocus())
    view.name.setFocus()
    qtbot.keyClicks(view.name, "late")
    qtbot.keyClick(view.name, Qt.Key.Key_Tab)
    line = view.condition.line
    assert line.hasFocus()
    qtbot.keyClicks(line, "coun")
    wait(qtbot, lambda: view.condition.offered() == ["count"])
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    qtbot.keyClicks(line, ">= 29")
    wait(qtbot, lambda: view.condition.offered() == ["299", "298", "297"])
    qtbot.keyClicks(line, "8")
    wait(qtbot, lambda: view.condition.offered() == [])
    qtbot.keyClick(line, Qt.Key.Key_Return)
    wait(qtbot, lambda: rules(view).get("late") == ["2", "2", "299"])

    assert kept_rules.load(Place(store)) == (Rule(name="late", where="count >= 298"),)
    assert broken(view) == [("order-1", "299"), ("order-2", "300")]
    view.violations.grid.setFocus()
    view.violations.go_to_row(0)
    qtbot.keyClick(view.violations.grid, Qt.Key.Key_Return)
    wait(qtbot, lambda: session.selection.as_of == 299)
    assert session.selection.stream == "order-1"


def test_the_category_of_a_rule_is_offered_and_its_states_alone_are_looked_at(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    with closing(open_writer(store)) as log:
        log.append("seat-1", [NewEvent.of("Taken", {"row": 7})], expected=None)
    _, _, view = opened(qtbot, window, store)
    category, condition = view.category.line, view.condition.line

    category.setFocus()
    qtbot.keyClicks(category, "s")
    wait(qtbot, lambda: view.category.offered() == ["seat"])
    qtbot.keyClick(category, Qt.Key.Key_Tab)
    condition.setFocus()
    qtbot.keyClick(condition, Qt.Key.Key_Down)
    wait(qtbot, lambda: view.condition.offered() == ["row"])
    qtbot.keyClick(condition, Qt.Key.Key_Down)  # an offer is chosen, and not taken
    qtbot.keyClick(condition, Qt.Key.Key_Escape)
    category.clear()
    qtbot.keyClick(condition, Qt.Key.Key_Down)

    wait(qtbot, lambda: set(view.condition.offered()) == {"row", "count", "note"})


def test_a_rule_is_removed_with_the_mouse(qtbot: QtBot, window: MainWindow, ruled: Path) -> None:
    _, _, view = opened(qtbot, window, ruled)
    wait(qtbot, lambda: rules(view).get("late") == ["2", "2", "299"])
    row = next(it for it in range(view.list.count()) if view.list.text(it, 0) == "late")

    grid = view.list.grid
    grid.go_to_row(row)
    view.remove.click()

    wait(qtbot, lambda: "late" not in rules(view))
    wait(qtbot, lambda: broken(view) == [])
    assert kept_rules.load(Place(ruled)) == ()


def test_a_rule_that_an_event_breaks_is_told_and_the_keyboard_stays(
    qtbot: QtBot, window: MainWindow, ruled: Path
) -> None:
    session, _, view = opened(qtbot, window, ruled)
    wait(qtbot, lambda: rules(view).get("late") == ["2", "2", "299"])
    settle(qtbot, session)
    assert view.news.text() == ""
    view.note.setFocus()
    qtbot.keyClicks(view.note, "half a")

    fill(ruled, 1)

    wait(qtbot, lambda: view.news.text() == "late is broken by order-0 at 301")
    wait(qtbot, lambda: rules(view).get("late") == ["3", "3", "299"])
    assert QApplication.focusWidget() is view.note
    assert view.note.text() == "half a"


def test_violations_are_marked_on_the_time_panel_on_every_axis(
    qtbot: QtBot, window: MainWindow, ruled: Path
) -> None:
    session, workspace = open_store(qtbot, window, ruled)
    panel = workspace.of(TimeView).panel

    session.selection.set_axis("position")
    wait(qtbot, lambda: panel.scene.breaches == (299.0, 300.0))

    session.selection.set_axis("recorded")
    times = tuple(float(START_US + at * SECOND_US) for at in (298, 299))
    wait(qtbot, lambda: panel.scene.breaches == times)


def test_a_condition_that_was_looked_for_becomes_a_rule(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, workspace = open_store(qtbot, window, store)
    session.selection.choose_stream("order-1")
    seek(qtbot, session, 299)
    workspace.show_panel(FindView)
    find, view = workspace.of(FindView), workspace.of(RulesView)

    find.condition.set_text("count >= 298")
    find.rule.click()

    wait(qtbot, lambda: view.isVisible() and view.name.hasFocus())
    qtbot.keyClicks(view.name, "late")
    qtbot.keyClick(view.name, Qt.Key.Key_Return)
    wait(qtbot, lambda: rules(view).get("late") == ["2", "2", "299"])
    wanted = Rule(name="late", where="count >= 298", of="order")
    assert kept_rules.load(Place(store)) == (wanted,)


def test_what_is_odd_about_a_rule_is_said(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    kept_rules.save(Place(store), Rule(name="typo", where="cuont > 1", of="order"))
    _, _, view = opened(qtbot, window, store)

    sentence = "typo: no state of order-… has had a field `cuont`; nearest: count"
    wait(qtbot, lambda: sentence in view.words.text())


def test_a_rule_that_cannot_be_is_refused_with_its_error(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    _, _, view = opened(qtbot, window, store)

    view.name.setText("late")
    view.condition.set_text("count >")
    view.keep.click()

    assert view.condition.message.text() == "↑ expected a value here"
    assert view.condition.line.hasFocus()
    assert kept_rules.load(Place(store)) == ()


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log that is read with a model of a person's own: its first invariant raises, the others
    are broken at 2 and mended at 3, and broken at 4."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path, model = tmp_path / "counts.foldline", tmp_path / "counter.py"
    with closing(open_writer(path, create=True)) as log:
        for by in (1, 2, 1, 5):
            log.append("counter-1", [NewEvent.of("Counted", {"by": by})], expected=None)
    invariants = (
        '{"odd": lambda state: 1 / (state.total - 3), "not three": lambda state: state.total != 3,'
        ' "small": lambda state: state.total < 9}'
    )
    model.write_text(model_text(invariants=invariants), "utf-8")
    Trust().give(model)
    own_models.use(Place(path), model, [NamedModel("counter", "counter")])
    return path


def test_the_invariants_of_a_model_of_ones_own_stand_there_by_themselves_with_marks(
    qtbot: QtBot, window: MainWindow, counted: Path
) -> None:
    session, workspace, view = opened(qtbot, window, counted)
    session.selection.set_axis("position")

    wait(qtbot, lambda: rules(view).get("counter: not three") == ["1", "0", "2"])
    wait(qtbot, lambda: rules(view).get("counter: small") == ["1", "1", "4"])
    wait(qtbot, lambda: broken(view) == [("counter-1", "2"), ("counter-1", "4")])
    wait(qtbot, lambda: workspace.of(TimeView).panel.scene.breaches == (2.0, 4.0))
    lasted = [view.violations.text(row, 6) for row in range(2)]
    assert not lasted[0].endswith("still")
    assert lasted[1].endswith(", ongoing")


def test_an_invariant_that_raises_is_told_and_the_others_go_on(
    qtbot: QtBot, window: MainWindow, counted: Path
) -> None:
    _, _, view = opened(qtbot, window, counted)

    wait(qtbot, lambda: "counter: odd: it fails at 2 in counter-1: " in view.words.text())
    assert "ZeroDivisionError: division by zero" in view.words.text()
    wait(qtbot, lambda: rules(view).get("counter: small") == ["1", "1", "4"])
