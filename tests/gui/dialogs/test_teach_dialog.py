"""The state of the shopping carts is taught without code: with the mouse, and with keys alone."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.dialogs.teach_dialog import TeachDialog
from gui.main_window import MainWindow
from gui.session import Session
from gui.views.inspector_view import InspectorView
from gui.views.navigator_view import CATEGORY, NavigatorView
from gui.widgets.dropdown import Dropdown
from gui.widgets.suggest_box import SuggestBox
from gui.workspace import Workspace
from replay.taught import kept_taught
from replay.taught.steps import Set, Types
from store.opening import reading
from store.place import Place
from store.transfer.ingest import ingest
from tests.gui.driven_form import wait
from tests.gui.driven_window import open_store, seek, settle
from tests.gui.menus import choose, menu_at
from tests.replay.taught.taught_carts import ADDED, REMOVED, by_hand

FIXTURES = Path(__file__).parents[2] / "fixtures"
LEFT = Qt.MouseButton.LeftButton
CATEGORY_OF_CARTS = "shopping_cart"


@pytest.fixture
def carts(tmp_path: Path) -> Path:
    path = tmp_path / "carts.foldline"
    ingest(FIXTURES / "emmett-carts.sqlite", into=path)
    return path


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, carts: Path) -> tuple[Session, Workspace]:
    session, workspace = open_store(qtbot, window, carts)
    session.selection.set_axis("recorded")
    workspace.of(InspectorView).tabs.choose("state")
    seek(qtbot, session, 7)
    return session, workspace


def shown_dialog(qtbot: QtBot, window: MainWindow, session: Session) -> TeachDialog:
    """Once the events were looked at, and the state is previewed."""
    wait(qtbot, lambda: bool(window.findChildren(TeachDialog)))
    (dialog,) = window.findChildren(TeachDialog)
    wait(qtbot, lambda: bool(dialog.chosen_type()) and session.teaching.shown is not None)
    return dialog


def previewed(session: Session) -> Any:
    return session.teaching.shown.state if session.teaching.shown else None


def state_in_sight(session: Session) -> Any:
    inspection = session.inspector.inspection
    return inspection.state.state if inspection and inspection.state else None


def pick(box: Dropdown, text: str) -> None:
    """Choose what the list offers; what opens it needs a real screen."""
    at = box.findText(text)
    assert at >= 0, [box.itemText(it) for it in range(box.count())]
    box.setCurrentIndex(at)
    box.activated.emit(at)


def click_type(qtbot: QtBot, dialog: TeachDialog, name: str) -> None:
    types = dialog.types
    row = next(at for at in range(types.shown_count()) if types.key_at(at) == name)
    box = types.visualRect(types.model().index(row, 0))
    qtbot.mouseClick(types.viewport(), LEFT, pos=box.center())
    wait(qtbot, lambda: dialog.chosen_type() == name)


def click_step(qtbot: QtBot, dialog: TeachDialog, at: int) -> None:
    grid = dialog.list.grid
    box = grid.visualRect(grid.model().index(at, 1))
    qtbot.mouseClick(grid.viewport(), LEFT, pos=QPoint(box.left() + 4, box.center().y()))


def by_plain_loop(path: Path, stream: str, until: int) -> dict[str, Any]:
    with reading(path) as log:
        return by_hand(list(log.read_stream(stream, until=until)))


def test_with_the_mouse_the_guess_is_looked_at_and_saved_and_the_window_follows(
    qtbot: QtBot, window: MainWindow, carts: Path, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    inspector, stream = workspace.of(InspectorView), session.inspector.stream
    expected = by_plain_loop(carts, stream, 7)
    wait(qtbot, inspector.teach.isVisible)
    assert "items" not in state_in_sight(session)

    qtbot.mouseClick(inspector.teach, LEFT)
    dialog = shown_dialog(qtbot, window, session)
    assert dialog.windowTitle() == "Teach the state of shopping_cart"
    assert dialog.message.text().startswith("Guessed from names and samples")
    assert {it.note for it in session.teaching.rows()} == {"?"}
    click_type(qtbot, dialog, ADDED)
    assert dialog.list.text(1, 1) == "total + productItem.quantity × productItem.unitPrice"
    wait(qtbot, lambda: previewed(session)["items"] == expected["items"])
    assert previewed(session)["total"] == expected["total"]

    qtbot.mouseClick(dialog.save, LEFT)
    wait(qtbot, lambda: dialog.message.text() == "Saved as version 1.")
    wait(qtbot, lambda: state_in_sight(session).get("items") == expected["items"])
    assert state_in_sight(session)["total"] == expected["total"]
    assert kept_taught.versions(Place(carts), CATEGORY_OF_CARTS)[0].version == 1
    qtbot.mouseClick(dialog.close_, LEFT)
    wait(qtbot, lambda: not inspector.teach.isVisible())
    settle(qtbot, session)


def test_with_the_mouse_steps_are_made_from_what_the_samples_offer(
    qtbot: QtBot, window: MainWindow, carts: Path, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    workspace.teach()
    dialog = shown_dialog(qtbot, window, session)
    expected = by_plain_loop(carts, session.teaching.stream.name, 380)
    for name in (ADDED, REMOVED):
        click_type(qtbot, dialog, name)
        for _ in range(2):
            qtbot.mouseClick(dialog.remove, LEFT)
    wait(qtbot, lambda: "items" not in previewed(session))

    boxes = dialog.form.boxes
    click_type(qtbot, dialog, ADDED)
    qtbot.mouseClick(dialog.add, LEFT)
    assert dialog.problem.text() == "set needs a value: the path of a field of the data"
    pick(dialog.form.choice, "add to a list")
    for field, text in (
        ("entry", "productItem"),
        ("to", "items"),
        ("key", "productId"),
        ("sum", "quantity"),
    ):
        pick(boxes[field], text)
    add_amount(qtbot, dialog, "add to a number")
    click_type(qtbot, dialog, REMOVED)
    qtbot.mouseClick(dialog.add, LEFT)
    pick(dialog.form.choice, "remove from a list by key")
    for field, text in (
        ("to", "items"),
        ("value", "productItem.productId"),
        ("key", "productId"),
        ("subtract", "quantity: productItem.quantity"),
        ("if_missing", "skip rest"),
    ):
        pick(boxes[field], text)
    add_amount(qtbot, dialog, "subtract from a number")
    wait(qtbot, lambda: not session.teaching.problems)
    wait(qtbot, lambda: previewed(session).get("total") == expected["total"])

    assert previewed(session)["items"] == expected["items"]
    assert dialog.problem.text() == ""
    steps = session.teaching.steps[REMOVED]
    assert [it.do for it in steps] == ["remove by key", "subtract"]


def add_amount(qtbot: QtBot, dialog: TeachDialog, kind: str) -> None:
    qtbot.mouseClick(dialog.add, LEFT)
    pick(dialog.form.choice, kind)
    pick(dialog.form.boxes["value"], "productItem.quantity × productItem.unitPrice")
    pick(dialog.form.boxes["to"], "total")


def test_with_keys_alone_a_step_is_added_previewed_and_kept(
    qtbot: QtBot, window: MainWindow, carts: Path, opened: tuple[Session, Workspace]
) -> None:
    session, _ = opened
    press(window, Qt.Key.Key_T)
    dialog = shown_dialog(qtbot, window, session)
    assert dialog.types.hasFocus()

    press(dialog.types, Qt.Key.Key_Down)
    press(dialog.types, Qt.Key.Key_Up)
    wait(qtbot, lambda: dialog.chosen_type() == "ShoppingCartOpened")
    press(dialog.types, Qt.Key.Key_Return)
    assert dialog.list.grid.hasFocus()
    press(dialog.list.grid, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    wait(qtbot, dialog.form.choice.hasFocus)
    press(dialog.form.choice, Qt.Key.Key_Tab)
    to = dialog.form.boxes["to"].line
    assert focused() is to
    qtbot.keyClicks(to, "client")
    press(to, Qt.Key.Key_Tab)
    value = dialog.form.boxes["value"].line
    assert focused() is value
    qtbot.keyClicks(value, "clientId")
    wait(qtbot, lambda: "client" in (previewed(session) or {}))
    at = session.teaching.at
    press(value, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    wait(qtbot, lambda: session.teaching.at == at - 1)
    wait(qtbot, lambda: dialog.preview.place.full_text().startswith(f"event {at - 1} of {at}"))
    press(value, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: dialog.message.text() == "Saved as version 1.")
    wait(qtbot, lambda: "client" in state_in_sight(session))
    press(dialog, Qt.Key.Key_Escape)

    wait(qtbot, lambda: not window.findChildren(TeachDialog))
    kept = kept_taught.current(Place(carts), CATEGORY_OF_CARTS)
    assert kept is not None
    assert Set(to="client", value="clientId") in kept.types["ShoppingCartOpened"]
    settle(qtbot, session)


def press(
    widget: QWidget,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """At whatever has the keyboard in the widget's window."""
    QTest.keyClick(widget.window().focusWidget() or widget, key, modifiers)


def focused() -> QWidget | None:
    widget = QApplication.focusWidget()
    return widget.lineEdit() if isinstance(widget, SuggestBox) else widget


def test_what_is_wrong_stands_beside_the_step_and_the_last_good_state_stays(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    workspace.teach()
    dialog = shown_dialog(qtbot, window, session)
    before = previewed(session)
    click_type(qtbot, dialog, ADDED)
    click_step(qtbot, dialog, 1)
    line = dialog.form.boxes["to"].line
    line.setFocus()
    line.selectAll()

    qtbot.keyClicks(line, "items")
    sentence = "conflict: items is a list in one and a number in the other"
    wait(qtbot, lambda: sentence in dialog.problem.text())

    assert "!" in {it.note for it in session.teaching.rows()}
    assert previewed(session) == before
    qtbot.mouseClick(dialog.save, LEFT)
    assert dialog.message.text() == "Fix the marked steps first."
    line.selectAll()
    qtbot.keyClicks(line, "total")
    wait(qtbot, lambda: not session.teaching.problems and dialog.problem.text() == "")
    settle(qtbot, session)


def test_a_version_is_shown_and_put_back_and_what_is_not_kept_is_not_left_at_once(
    qtbot: QtBot, window: MainWindow, carts: Path, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    place = Place(carts)
    for name in ("first", "second"):
        steps: Types = {"ShoppingCartOpened": (Set(to=name, value="clientId"),)}
        kept_taught.save(place, CATEGORY_OF_CARTS, steps, by="ada", note=name)
    workspace.teach()
    dialog = shown_dialog(qtbot, window, session)
    assert dialog.message.text() == "Taught as version 2."
    assert {"second"} == set(previewed(session))
    dialog.tabs.choose("versions")
    assert [dialog.versions.text(row, 4) for row in range(2)] == ["second", "first"]

    dialog.versions.grid.go_to_row(1)
    qtbot.mouseClick(dialog.look, LEFT)
    wait(qtbot, lambda: set(previewed(session)) == {"first"})
    assert kept_taught.current(place, CATEGORY_OF_CARTS) == kept_taught.version(
        place, CATEGORY_OF_CARTS, 2
    )
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "unsaved changes" in dialog.message.text()
    dialog.versions.grid.go_to_row(1)
    qtbot.mouseClick(dialog.put_back, LEFT)
    wait(qtbot, lambda: dialog.message.text() == "Restored and saved as version 3.")

    assert dialog.versions.count() == 3
    now = kept_taught.current(place, CATEGORY_OF_CARTS)
    assert now is not None
    assert now.types == kept_taught.version(place, CATEGORY_OF_CARTS, 1).types
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    settle(qtbot, session)


def test_the_menu_of_a_category_in_the_navigator_teaches_it(
    qtbot: QtBot, window: MainWindow, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    navigator = workspace.of(NavigatorView)
    assert navigator.streams.key_at(0) == f"{CATEGORY}{CATEGORY_OF_CARTS}"

    streams = navigator.streams
    where = streams.visualRect(streams.model().index(0, 0)).center()
    choose(menu_at(qtbot, workspace, streams, where), "Teach its state…")
    dialog = shown_dialog(qtbot, window, session)

    named = [it for it in dialog.findChildren(QPushButton) if it.isVisible()]
    assert all(it.text() or it.accessibleName() for it in named)
    assert dialog.save.width() > 0
    assert isinstance(previewed(session)["total"], Decimal)
    settle(qtbot, session)


def test_what_is_shown_is_exported_as_a_model_file_that_says_the_same(
    qtbot: QtBot,
    window: MainWindow,
    carts: Path,
    tmp_path: Path,
    opened: tuple[Session, Workspace],
) -> None:
    session, workspace = opened
    workspace.teach()
    dialog = shown_dialog(qtbot, window, session)
    out = tmp_path / session.teaching.file_name()

    dialog.export_to(str(out))
    wait(qtbot, lambda: dialog.message.text().startswith(f"Written to {out}"))

    assert out.name == "shopping_cart_model.py"
    assert "MODEL = " in out.read_text("utf-8")
    assert [it.text() for it in dialog.findChildren(QPushButton) if it is dialog.export] == [
        "&Export as model…"
    ]
    settle(qtbot, session)


def kept_by_another(path: Path) -> None:
    kept_taught.save(Place(path), CATEGORY_OF_CARTS, {ADDED: (Set(to="n", constant=1),)}, by="bob")


def test_what_another_process_keeps_meanwhile_is_told_and_loaded_with_the_mouse(
    qtbot: QtBot, window: MainWindow, carts: Path, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    workspace.teach()
    dialog = shown_dialog(qtbot, window, session)
    assert not dialog.theirs.isVisible()

    kept_by_another(carts)
    wait(qtbot, dialog.theirs.isVisible)
    assert dialog.message.text().startswith("Version 1 was saved meanwhile, by bob at ")
    assert previewed(session)["items"]
    qtbot.mouseClick(dialog.theirs.load, LEFT)

    wait(qtbot, lambda: previewed(session) == {"n": 1})
    assert not dialog.theirs.isVisible()
    assert dialog.message.text() == "This is version 1."
    assert len(kept_taught.versions(Place(carts), CATEGORY_OF_CARTS)) == 1
    qtbot.mouseClick(dialog.close_, LEFT)
    settle(qtbot, session)


def test_nothing_is_saved_over_what_another_process_kept_unless_one_says_so(
    qtbot: QtBot, window: MainWindow, carts: Path, opened: tuple[Session, Workspace]
) -> None:
    session, workspace = opened
    workspace.teach()
    dialog = shown_dialog(qtbot, window, session)

    kept_by_another(carts)
    dialog.note.setFocus()
    qtbot.keyClick(dialog.note, Qt.Key.Key_Return)
    wait(qtbot, dialog.theirs.isVisible)
    assert [it.by for it in kept_taught.versions(Place(carts), CATEGORY_OF_CARTS)] == ["bob"]
    dialog.theirs.keep.setFocus()
    qtbot.keyClick(dialog.theirs.keep, Qt.Key.Key_Space)

    wait(qtbot, lambda: dialog.message.text() == "Saved as version 2.")
    assert not dialog.theirs.isVisible()
    newest = kept_taught.versions(Place(carts), CATEGORY_OF_CARTS)[-1]
    assert newest.version == 2
    assert newest.types[ADDED] != (Set(to="n", constant=1),)
    qtbot.mouseClick(dialog.close_, LEFT)
    settle(qtbot, session)
