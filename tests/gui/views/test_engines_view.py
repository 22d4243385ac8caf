"""The panel of engines: every state of the picture, by mouse and by keys."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.viewmodels.flow_parts import Flow
from gui.views.engines_view import EnginesView
from gui.views.events_view import EventsView
from store.place import Place
from store.remote import passwords
from tests.gui.conftest import fill
from tests.gui.driven_window import open_store
from tests.gui.engine_stand_ins import FOLDER, stand_ins, topic_file
from tests.store.remote.lines_remote import write_lines

DOUBLE = Path(__file__).parents[1] / "engines_double"
ROOT = Path(__file__).parents[3]
TOPIC = "kafka://here:9092/orders"
ROWS = "opensearch://here:9200/shop"


@pytest.fixture(autouse=True)
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the processes that the window starts, servers are files."""
    folder = tmp_path / "servers"
    folder.mkdir()
    monkeypatch.setenv(FOLDER, os.fspath(folder))
    monkeypatch.setenv("PYTHONPATH", os.fspath(DOUBLE))
    monkeypatch.setenv(passwords.VARIABLE, "{}")


def show(qtbot: QtBot, window: MainWindow, store: Path) -> tuple[Session, EnginesView]:
    session, workspace = open_store(qtbot, window, store)
    workspace.show_panel(EnginesView)
    view = workspace.of(EnginesView)
    qtbot.waitUntil(lambda: bool(session.engines.ways))
    return session, view


def add(qtbot: QtBot, view: EnginesView, address: str, password: str = "") -> None:
    view.address.setFocus()
    qtbot.keyClicks(view.address, address)
    if password:
        qtbot.keyClicks(view.password, password)
    qtbot.keyClick(view.address, Qt.Key.Key_Return)


def flow(session: Session, way: str) -> Flow | None:
    return next((it for it in session.engines.ways if it.way and it.way.way == way), None)


def waits_for(qtbot: QtBot, session: Session, way: str, label: str) -> Flow:
    """Until the figures of an arrow say so."""
    qtbot.waitUntil(lambda: (it := flow(session, way)) is not None and it.label == label)
    found = flow(session, way)
    assert found is not None
    return found


def press(qtbot: QtBot, session: Session, view: EnginesView, found: Flow, button: str) -> None:
    view.grid.setFocus()
    rows = [it.id for it in session.engines.ways]
    view.grid.go_to_row(rows.index(found.id))
    session.engines.choose(found.id)
    widget = getattr(view, button)
    qtbot.waitUntil(widget.isEnabled)
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def click(qtbot: QtBot, view: EnginesView, item: str) -> None:
    at = view.picture.rect_of(item).center().toPoint()
    qtbot.mouseClick(view.picture, Qt.MouseButton.LeftButton, pos=QPoint(at))


def test_without_servers_the_picture_shows_what_foldline_does_itself(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, view = show(qtbot, window, store)

    waits_for(qtbot, session, "fold", "up to date")

    told = view.picture.accessibleDescription()
    assert f"Event store, {store.stem}, position 300" in told
    assert "Broker, none, log read directly" in told
    assert "Query store, none, rows read here" in told
    assert "Foldline to Views file, up to date" in told
    assert "Rebuilds, Foldline, folded here" in told
    assert not view.remove.isEnabled()


def test_a_hidden_panel_asks_no_server(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    session, workspace = open_store(qtbot, window, store)
    assert session.engines.watch.pid is None

    workspace.show_panel(EnginesView)
    qtbot.waitUntil(lambda: session.engines.watch.pid is not None)
    workspace.show_panel(EventsView)

    qtbot.waitUntil(lambda: session.engines.watch.pid is None)


def test_a_topic_is_added_and_published_to_and_what_is_missing_there_is_listed(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    topic_file("orders").touch()
    session, view = show(qtbot, window, store)

    add(qtbot, view, TOPIC)
    found = waits_for(qtbot, session, "publish", "300 behind")
    assert found.state == "stopped"
    press(qtbot, session, view, found, "start")
    found = waits_for(qtbot, session, "publish", "up to date")
    assert len(topic_file("orders").read_text("utf-8").splitlines()) == 300

    press(qtbot, session, view, found, "stop")
    qtbot.waitUntil(lambda: not window.jobs.running)
    fill(store, 7)
    found = waits_for(qtbot, session, "publish", "7 behind")
    click(qtbot, view, found.id)

    assert window.workspace is not None
    assert window.workspace.of(EventsView).isVisible()
    assert session.filter.where == "position > 300"
    assert session.selection.as_of == 301


def test_what_was_added_is_shown_again_at_the_next_opening_and_has_no_secret(
    qtbot: QtBot, window: MainWindow, store: Path, tmp_path: Path
) -> None:
    session, view = show(qtbot, window, store)
    add(qtbot, view, "kafka://ada:s3cret@here:9092/orders", "s4cret")
    waits_for(qtbot, session, "publish", "no answer")
    assert view.address.text() == view.password.text() == ""

    kept = Place(store).beside("-engines.json").read_text("utf-8")
    assert "kafka://ada@here:9092/orders" in kept
    assert "cret" not in kept
    other = tmp_path / "other.foldline"
    fill(other, 3)
    show(qtbot, window, other)
    session, view = show(qtbot, window, store)

    found = waits_for(qtbot, session, "publish", "no answer")
    assert "there is no topic orders" in found.state
    press(qtbot, session, view, found, "remove")
    qtbot.waitUntil(lambda: flow(session, "publish") is None)
    assert not Place(store).beside("-engines.json").exists()


def test_a_topic_that_is_missing_is_told_and_tried_again(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, view = show(qtbot, window, store)
    add(qtbot, view, TOPIC)
    found = waits_for(qtbot, session, "publish", "no answer")

    press(qtbot, session, view, found, "start")
    qtbot.waitUntil(lambda: view.start.text() == "Retry")
    assert "there is no topic orders" in view.message.text().lower()
    topic_file("orders").touch()
    press(qtbot, session, view, found, "start")

    waits_for(qtbot, session, "publish", "up to date")
    assert view.start.text() == "Start"


def test_a_query_store_is_caught_up_and_told_when_it_is_dead(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, view = show(qtbot, window, store)
    add(qtbot, view, ROWS)
    found = waits_for(qtbot, session, "sink", "300 behind")

    press(qtbot, session, view, found, "start")
    waits_for(qtbot, session, "sink", "up to date")
    (stand_ins() / "rows-down").touch()
    found = waits_for(qtbot, session, "sink", "no answer")
    assert "cannot be reached" in found.state
    fill(store, 5)
    (stand_ins() / "rows-down").unlink()

    qtbot.waitUntil(lambda: (it := flow(session, "sink")) is not None and _at(it) == 305)


def test_views_are_rebuilt_on_spark_which_is_stopped_and_goes_on_where_it_was(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, view = show(qtbot, window, store)
    add(qtbot, view, "local[2]")
    found = waits_for(qtbot, session, "rebuild", "ready")
    assert "Rebuilds, Spark, local[2]" in view.picture.accessibleDescription()
    held = stand_ins() / "spark-held"
    held.touch()

    press(qtbot, session, view, found, "start")
    qtbot.waitUntil(lambda: _is_between(flow(session, "rebuild")))
    press(qtbot, session, view, found, "stop")
    qtbot.waitUntil(lambda: not window.jobs.running)
    waits_for(qtbot, session, "rebuild", "1 of 2 parts")
    qtbot.waitUntil(lambda: view.start.text() == "Continue")
    held.unlink()
    press(qtbot, session, view, found, "start")

    waits_for(qtbot, session, "rebuild", "ready")
    qtbot.waitUntil(lambda: not window.jobs.running)
    assert view.start.text() == "Start"
    assert not [it for it in store.parent.iterdir() if "-parts-" in it.name]


def test_a_password_is_kept_in_the_keyring_where_there_is_one_and_that_is_wanted(
    qtbot: QtBot,
    window: MainWindow,
    store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ring = tmp_path / "keyring.json"
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.gui.file_keyring.FileKeyring")
    monkeypatch.setenv("FOLDLINE_TEST_KEYRING", os.fspath(ring))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([os.fspath(DOUBLE), os.fspath(ROOT)]))
    session, view = show(qtbot, window, store)
    assert view.keep.isHidden()

    qtbot.keyClicks(view.address, "kafka://ada@here:9092/orders")
    qtbot.keyClicks(view.password, "s3cret")
    qtbot.waitUntil(lambda: not view.keep.isHidden())
    qtbot.mouseClick(view.keep, Qt.MouseButton.LeftButton)
    assert view.keep.isChecked()
    qtbot.keyClick(view.password, Qt.Key.Key_Return)

    qtbot.waitUntil(ring.exists)
    assert "s3cret" in ring.read_text("utf-8")
    waits_for(qtbot, session, "publish", "no answer")
    assert "cret" not in Place(store).beside("-engines.json").read_text("utf-8")


def test_a_mirror_is_shown_behind_unreachable_and_up_to_date(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    from store.remote import kind
    from store.remote.address import address_of
    from store.remote.mirroring import mirror_remote
    from tests.store.remote.lines_remote import KIND

    file, store = tmp_path / "shop.lines", tmp_path / "shop.foldline"
    write_lines(file, 0, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "kinds", lambda: (KIND,))
        mirror_remote(address_of(f"lines://{file}"), into=store, is_endless=False)
        session, view = show(qtbot, window, store)
        write_lines(file, 4, 6)
        found = waits_for(qtbot, session, "mirror", "2 behind")
        assert "Event store, lines" in view.picture.accessibleDescription()
        click(qtbot, view, found.id)
        assert view.message.text().startswith("2 events of the server are not here yet")

        away = file.rename(file.with_suffix(".away"))
        waits_for(qtbot, session, "mirror", "no answer")
        away.rename(file)
        found = waits_for(qtbot, session, "mirror", "2 behind")
        press(qtbot, session, view, found, "start")

        found = waits_for(qtbot, session, "mirror", "up to date")
        assert session.selection.head == 6
        press(qtbot, session, view, found, "stop")
        qtbot.waitUntil(lambda: not window.jobs.running)


def test_the_panel_is_reached_and_walked_through_by_keys(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    topic_file("orders").touch()
    session, workspace = open_store(qtbot, window, store)
    qtbot.keyClick(window, Qt.Key.Key_E)
    view = workspace.of(EnginesView)
    qtbot.waitUntil(view.isVisible)
    add(qtbot, view, TOPIC)
    found = waits_for(qtbot, session, "publish", "300 behind")

    view.picture.setFocus()
    for _ in range(20):
        if view.picture.here == found.id:
            break
        qtbot.keyClick(view.picture, Qt.Key.Key_Right)
    assert session.engines.chosen == found.id
    qtbot.keyClick(view.picture, Qt.Key.Key_Return)

    assert session.filter.where == "position > 0"


def test_an_address_that_is_none_is_a_sentence_and_stays_in_the_field(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    _session, view = show(qtbot, window, store)

    add(qtbot, view, "nothing at all")

    assert "no address of a server" in view.message.text()
    assert view.address.text() == "nothing at all"


def test_a_server_that_cannot_be_started_here_names_the_line_to_install_it(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, view = show(qtbot, window, store)

    session.engines.start_here("opensearch")

    qtbot.waitUntil(lambda: "apt-get install" in view.message.text())
    assert "OpenSearch is not installed on this machine" in view.message.text()


def test_the_menu_says_which_server_is_not_installed_before_it_is_chosen(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, view = show(qtbot, window, store)
    menu = view.local.menu()

    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: "opensearch" in session.engines.not_installed)

    texts = [it.text().replace("&", "") for it in menu.actions()]
    assert texts == ["Kafka", "OpenSearch: not installed", "PostgreSQL"]
    menu.actions()[1].trigger()
    assert "Install it with: apt-get install" in view.message.text()
    assert not session.engines.is_starting


def test_a_broker_that_is_started_here_gets_a_topic_which_is_added(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    session, view = show(qtbot, window, store)
    menu = view.local.menu()
    assert [it.data() for it in menu.actions()] == ["kafka", "opensearch", "postgresql"]

    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: flow(session, "publish") is not None)

    found = waits_for(qtbot, session, "publish", "300 behind")
    assert found.way is not None
    assert found.way.address == "kafka://here:9092/orders"


def _is_between(found: Flow | None) -> bool:
    return found is not None and found.label.endswith("%") and found.label != "0%"


def _at(found: Flow) -> int | None:
    return None if found.way is None else found.way.position
