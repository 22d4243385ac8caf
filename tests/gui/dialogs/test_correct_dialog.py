"""Correct an event of the past: by mouse and by keys, from a wrong event to the correction and to
the links between the two."""

from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.dialogs.correct_dialog import CorrectDialog
from gui.itemmodels.event_model import EventModel
from gui.main_window import MainWindow
from gui.session import Session
from gui.views.events_view import EventsView
from gui.views.inspector_view import InspectorView
from gui.views.time_view import TimeView
from gui.workspace import Workspace
from replay.correcting.kinds import Kind
from replay.states.stream_states import StreamStates
from store.branches.create import create_branch
from store.events import ANY_VERSION, NewEvent
from store.opening import reading
from store.sqlite.store import open_store as open_log
from tests.gui.driven_window import open_store, seek, settle
from tests.gui.menus import choose, row_menu, texts
from tests.gui.views.two_times_store import STREAM, rates_in

Shown = tuple[Session, Workspace]


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """An account in which 1,000 was booked for 100."""
    path = tmp_path / "bank.foldline"
    with closing(open_log(path, create=True)) as store:
        for n, (type_, data) in enumerate(
            (
                ("BankAccountCreated", {"id": "7", "owner": "Ann"}),
                ("DepositPerformed", {"accountId": "7", "amount": 1000}),
                ("WithdrawalPerformed", {"accountId": "7", "amount": 30}),
            )
        ):
            event = NewEvent.of(type_, data, id=f"e{n}", metadata={"user": "ada"})
            store.append("account-7", [event], expected=ANY_VERSION)
    return path


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow, bank: Path) -> Shown:
    session, workspace = open_store(qtbot, window, bank)
    settle(qtbot, session)
    return session, workspace


def rows_of(path: Path, until: int) -> str:
    """SHA-256 over the stored rows."""
    with closing(connect(f"file:{path}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT * FROM events WHERE position <= ? ORDER BY position", [until])
        return sha256("".join(map(repr, rows)).encode()).hexdigest()


def state_of(path: Path, stream: str) -> Any:
    with reading(path) as log:
        return StreamStates().at(log, stream, log.head()).state


def cells_of(workspace: Workspace, row: int) -> str:
    """The texts of a row of the list, behind one another."""
    model = workspace.of(EventsView).grid.model()
    assert isinstance(model, EventModel)
    cells = model.cells(row)
    return "" if cells is None else " ".join(cells.texts)


def tip_of(workspace: Workspace, row: int) -> str:
    model = workspace.of(EventsView).grid.model()
    assert isinstance(model, EventModel)
    return model.row_tip(row)


def dialog_of(qtbot: QtBot, window: MainWindow) -> CorrectDialog:
    """The one that is open, once its event was read."""

    def open_ones() -> list[CorrectDialog]:
        return [it for it in window.findChildren(CorrectDialog) if it.isVisible()]

    qtbot.waitUntil(lambda: bool(open_ones()))
    (dialog,) = open_ones()
    qtbot.waitUntil(dialog.form.isEnabled)
    return dialog


def told(qtbot: QtBot, dialog: CorrectDialog, holds: Callable[[str], bool]) -> str:
    """What it says below, once that holds."""
    qtbot.waitUntil(lambda: holds(dialog.message.text()))
    return dialog.message.text()


def previewed(qtbot: QtBot, dialog: CorrectDialog) -> None:
    qtbot.waitUntil(lambda: dialog.append.isEnabled() or bool(dialog.message.text()))
    assert dialog.append.isEnabled(), dialog.message.text()


def write(dialog: CorrectDialog, text: str) -> None:
    dialog.form.data.selectAll()
    dialog.form.data.insertPlainText(text)


def test_a_wrong_amount_is_corrected_by_mouse_and_both_ends_are_linked(
    qtbot: QtBot, window: MainWindow, shown: Shown, bank: Path
) -> None:
    session, workspace = shown
    before = rows_of(bank, 3)
    choose(row_menu(qtbot, workspace, 1, "type"), "Correct this event…")
    dialog = dialog_of(qtbot, window)
    assert dialog.form.data.toPlainText().splitlines()[0] == "{"

    write(dialog, '{"accountId": "7", "amount": 100}')
    previewed(qtbot, dialog)

    states = [it.json.shown.value["balance"] for it in dialog.realities.trees]
    assert [str(it) for it in states] == ["970.00", "70.00", "70.00"]
    assert ("balance",) in dialog.realities.trees[1].json.shown.marks
    assert "WithdrawalPerformed" in dialog.appends.text()
    assert "amount bears the meaning of DepositPerformed" in dialog.meaning.text()
    assert rows_of(bank, 99) == before, "a preview writes nothing"

    qtbot.keyClicks(dialog.form.reason, "a zero too many")
    qtbot.mouseClick(dialog.append, Qt.MouseButton.LeftButton)
    assert "1 event was appended, at 4" in told(qtbot, dialog, lambda it: "appended" in it)
    assert rows_of(bank, 3) == before
    assert str(state_of(bank, "account-7")["balance"]) == "70.00"

    qtbot.waitUntil(dialog.go.isEnabled)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    dialog.close()
    qtbot.waitUntil(lambda: session.selection.as_of == 4)
    settle(qtbot, session)
    inspector = workspace.of(InspectorView)
    inspector.tabs.choose("event")
    facts = _facts(inspector)
    assert facts["corrects"] == "DepositPerformed at 2, which was wrong: a zero too many"
    inspector.facts.link_chosen.emit("2")
    settle(qtbot, session)
    qtbot.waitUntil(lambda: "corrected by" in _facts(inspector))
    assert _facts(inspector)["corrected by"] == (
        "WithdrawalPerformed at 4 (was wrong: a zero too many)"
    )


@pytest.mark.parametrize(("kind", "field"), [("wrong", "data"), ("late", "before")])
def test_it_opens_with_the_keyboard_in_the_field_that_is_asked_for(
    qtbot: QtBot, window: MainWindow, shown: Shown, kind: Kind, field: str
) -> None:
    _, workspace = shown

    dialog = workspace.doors.ask_correct(2, kind)

    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.waitUntil(dialog.form.isEnabled)
    assert dialog.focusWidget() is getattr(dialog.form, field)


def test_a_late_event_is_put_where_it_belongs_by_keys_alone(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    session, workspace = open_store(qtbot, window, rates_in(tmp_path))
    seek(qtbot, session, 3)
    grid = workspace.of(EventsView).grid
    qtbot.waitUntil(lambda: "late" in cells_of(workspace, 2))
    grid.setFocus()
    grid.go_to_row(2)

    menu = row_menu(qtbot, workspace, 2)
    assert "What if it had come in order…" in texts(menu)
    choose(menu, "What if it had come in order…")
    dialog = dialog_of(qtbot, window)
    previewed(qtbot, dialog)

    assert dialog.form.kinds["late"].isChecked()
    assert dialog.form.before.placeholderText() == "2"
    values = [it.json.shown.value for it in dialog.realities.trees]
    assert [it["percent"] for it in values] == [6, 7, 7]
    dialog.append.setFocus()
    qtbot.keyClick(dialog.append, Qt.Key.Key_Return)
    told(qtbot, dialog, lambda it: "appended, at 4" in it)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    settle(qtbot, session)
    path = tmp_path / "rates.foldline"
    assert state_of(path, STREAM) == {"percent": 7, "by": "ada"}


def test_the_key_opens_it_for_the_event_at_the_cursor_and_escape_writes_nothing(
    qtbot: QtBot, window: MainWindow, shown: Shown, bank: Path
) -> None:
    session, workspace = shown
    before = rows_of(bank, 99)
    seek(qtbot, session, 3)
    workspace.of(EventsView).grid.setFocus()

    qtbot.keyClick(window, Qt.Key.Key_R)
    dialog = dialog_of(qtbot, window)
    qtbot.waitUntil(lambda: dialog.windowTitle() == "Correct WithdrawalPerformed at 3")
    dialog.form.kinds["rejected"].setFocus()
    qtbot.keyClick(dialog.form.kinds["rejected"], Qt.Key.Key_Space)
    previewed(qtbot, dialog)
    assert str(dialog.realities.trees[1].json.shown.value["balance"]) == "1000.00"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    settle(qtbot, session)
    assert rows_of(bank, 99) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter what the event should have said, as JSON."),
        ("{", "The data is not valid JSON"),
        ('{"accountId":"7","amount":1000}', "Nothing is changed yet. Correct what was wrong"),
        ('{"amount": "much"}', "cannot read this data as DepositPerformed"),
    ],
)
def test_what_cannot_be_is_said_while_it_is_typed(
    qtbot: QtBot, window: MainWindow, shown: Shown, text: str, words: str
) -> None:
    session, workspace = shown
    workspace.doors.ask_correct(2, "wrong")
    dialog = dialog_of(qtbot, window)
    write(dialog, text or " ")

    found = told(qtbot, dialog, lambda it: words in it)

    assert "--" not in found
    assert not dialog.append.isEnabled()
    dialog.close()
    settle(qtbot, session)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("", "did not occur before anything that its stream already held"),
        ("soon", "The place is the position of an event: a number"),
        ("9", "There is no event at position 9, the last one is 3"),
        ("3", "The place to come before is not earlier than position 2"),
    ],
)
def test_a_place_that_cannot_be_has_its_own_sentence(
    qtbot: QtBot, window: MainWindow, shown: Shown, before: str, words: str
) -> None:
    session, workspace = shown
    workspace.doors.ask_correct(2, "late")
    dialog = dialog_of(qtbot, window)
    qtbot.keyClicks(dialog.form.before, before)

    found = told(qtbot, dialog, lambda it: words in it)

    assert "--" not in found
    assert not dialog.append.isEnabled()
    dialog.close()
    settle(qtbot, session)


def test_a_correction_is_not_corrected_but_its_event_again(
    qtbot: QtBot, window: MainWindow, shown: Shown, bank: Path
) -> None:
    session, workspace = shown
    _correct_by_hand(qtbot, window, workspace, '{"accountId":"7","amount":100}')

    workspace.doors.ask_correct(4, "rejected")
    dialog = dialog_of(qtbot, window)
    assert "is itself a correction" in told(qtbot, dialog, bool)
    dialog.close()
    workspace.doors.ask_correct(2, "wrong")
    again = dialog_of(qtbot, window)
    assert '"amount": 100' in again.form.data.toPlainText(), "as it was corrected last"
    assert "Corrected by WithdrawalPerformed at 4" in again.corrected.text()
    again.close()
    settle(qtbot, session)


def test_fields_out_of_reach_are_said_first_and_take_a_tick(
    qtbot: QtBot, window: MainWindow, shown: Shown, bank: Path
) -> None:
    session, workspace = shown
    workspace.doors.ask_correct(1, "wrong")
    dialog = dialog_of(qtbot, window)
    write(dialog, '{"id": "8", "owner": "Ann"}')

    qtbot.waitUntil(lambda: "account-7 id" in dialog.left.text())
    assert dialog.accept_left.isVisible()
    assert not dialog.append.isEnabled()
    dialog.accept_left.click()
    assert dialog.append.isEnabled()
    dialog.append.click()
    told(qtbot, dialog, lambda it: "appended, at 4" in it)
    dialog.close()
    settle(qtbot, session)
    assert state_of(bank, "account-7")["id"] == "7"


def test_an_event_that_comes_in_between_is_told_and_computed_with(
    qtbot: QtBot, window: MainWindow, shown: Shown, bank: Path
) -> None:
    session, workspace = shown
    workspace.doors.ask_correct(2, "rejected")
    dialog = dialog_of(qtbot, window)
    previewed(qtbot, dialog)

    with closing(open_log(bank)) as store:
        event = NewEvent.of("DepositPerformed", {"accountId": "7", "amount": 5})
        store.append("account-7", [event], expected=ANY_VERSION)
    qtbot.waitUntil(lambda: "appended to these streams meanwhile" in dialog.notice.text())

    previewed(qtbot, dialog)
    states = [str(it.json.shown.value["balance"]) for it in dialog.realities.trees]
    assert states == ["975.00", "-25.00", "-25.00"]
    dialog.append.click()
    told(qtbot, dialog, lambda it: "appended, at 5" in it)
    dialog.close()
    settle(qtbot, session)


def test_the_list_marks_both_and_the_time_panel_draws_an_arc(
    qtbot: QtBot, window: MainWindow, shown: Shown
) -> None:
    session, workspace = shown
    _correct_by_hand(qtbot, window, workspace, '{"accountId":"7","amount":100}')

    qtbot.waitUntil(lambda: "corrected by 4" in cells_of(workspace, 1))
    qtbot.waitUntil(lambda: "corrects 2" in cells_of(workspace, 3))
    assert "Corrected by WithdrawalPerformed at 4 (was wrong)" in tip_of(workspace, 1)
    seek(qtbot, session, 2)
    panel = workspace.of(TimeView).panel
    qtbot.waitUntil(lambda: len(panel.arcs) == 1)
    assert panel.arcs[0][0] < panel.arcs[0][1]
    seek(qtbot, session, 3)
    qtbot.waitUntil(lambda: not panel.arcs)
    menu = row_menu(qtbot, workspace, 1)
    choose(menu, "Go to its correction, 4")
    qtbot.waitUntil(lambda: session.selection.as_of == 4)
    settle(qtbot, session)


def _correct_by_hand(qtbot: QtBot, window: MainWindow, workspace: Workspace, text: str) -> None:
    workspace.doors.ask_correct(2, "wrong")
    dialog = dialog_of(qtbot, window)
    write(dialog, text)
    previewed(qtbot, dialog)
    dialog.append.click()
    told(qtbot, dialog, lambda it: "appended" in it)
    dialog.close()
    QApplication.processEvents()
    settle(qtbot, workspace.session)


def _facts(inspector: InspectorView) -> dict[str, str]:
    return dict(it.split(": ", 1) for it in inspector.facts.text().splitlines() if ": " in it)


def test_in_a_branch_the_branch_is_corrected_and_the_log_stays(
    qtbot: QtBot, window: MainWindow, bank: Path
) -> None:
    branch = create_branch(bank, "fix", fork=3)
    before = sha256(bank.read_bytes()).hexdigest()
    _, workspace = open_store(qtbot, window, branch)
    settle(qtbot, workspace.session)

    _correct_by_hand(qtbot, window, workspace, '{"accountId":"7","amount":100}')

    assert str(state_of(branch, "account-7")["balance"]) == "70.00"
    assert str(state_of(bank, "account-7")["balance"]) == "970.00"
    assert sha256(bank.read_bytes()).hexdigest() == before
