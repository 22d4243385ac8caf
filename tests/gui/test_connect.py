"""An event store on a server in the window: connected to, followed, gone on with."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.dialogs.connect_dialog import ConnectDialog
from gui.main_window import MainWindow
from store.opening import reading
from store.remote import kind, passwords
from tests.gui.driven_window import open_store
from tests.store.remote.lines_remote import KIND, PASSWORD, write_lines

DOUBLE = Path(__file__).parent / "remote_double"


@pytest.fixture(autouse=True)
def servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here and in the processes that the window starts there is one kind of server."""
    monkeypatch.setattr(kind, "kinds", lambda: (KIND,))
    monkeypatch.setenv("PYTHONPATH", os.fspath(DOUBLE))
    monkeypatch.delenv(passwords.VARIABLE, raising=False)
    monkeypatch.setenv(passwords.VARIABLE, "{}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """What the server has."""
    return tmp_path / "shop.lines"


def dialog_of(window: MainWindow, address: str, into: Path | None = None) -> ConnectDialog:
    dialog = window.start_work.mirrors.choose()
    dialog.address.setCurrentText(address)
    if into is not None:
        dialog.into.setText(str(into))
    return dialog


def press_test(qtbot: QtBot, dialog: ConnectDialog) -> None:
    qtbot.mouseClick(dialog.test_button, Qt.MouseButton.LeftButton)


def connect(qtbot: QtBot, window: MainWindow, file: Path, into: Path, head: int) -> None:
    dialog = dialog_of(window, f"lines://{file}", into)
    qtbot.mouseClick(dialog.connect_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session is not None and window.session.selection.head == head)


def stop(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(window.status.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.jobs.running)


def ids(store: Path) -> list[str]:
    with reading(store) as log:
        return [it.id for it in log.read()]


def test_a_test_of_the_connection_tells_what_is_there(
    qtbot: QtBot, window: MainWindow, file: Path
) -> None:
    write_lines(file, 0, 3)

    dialog = dialog_of(window, f"lines://{file}")
    press_test(qtbot, dialog)
    qtbot.waitUntil(lambda: "3 events" in dialog.report.text())
    assert dialog.report.text() == "Lines: an event store of Foldline, 3 events"

    dialog.address.setCurrentText(f"lines://{file}?only=read")
    press_test(qtbot, dialog)
    qtbot.waitUntil(lambda: "only read" in dialog.report.text())
    dialog.reject()


def test_what_is_wrong_with_an_address_or_a_server_is_a_sentence(
    qtbot: QtBot, window: MainWindow, file: Path
) -> None:
    dialog = dialog_of(window, "no address")
    for address, says in (
        ("no address", "no address of a server"),
        ("unknown://here/db", "nothing here speaks unknown://"),
        (f"lines://{file}", "cannot be reached"),
    ):
        dialog.address.setCurrentText(address)
        press_test(qtbot, dialog)
        qtbot.waitUntil(lambda: says in dialog.problem.accessibleDescription())  # noqa: B023
    assert "--" not in dialog.problem.accessibleDescription()
    dialog.reject()


def test_a_password_is_handed_on_and_stored_nowhere(
    qtbot: QtBot, window: MainWindow, file: Path, tmp_path: Path
) -> None:
    write_lines(file, 0, 2)
    dialog = dialog_of(window, f"lines://ada:wrong@here{file}", tmp_path / "m.foldline")
    press_test(qtbot, dialog)
    qtbot.waitUntil(lambda: "user or password" in dialog.problem.accessibleDescription())
    dialog.password.setText(PASSWORD)

    qtbot.mouseClick(dialog.connect_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session is not None and window.session.selection.head == 2)
    stop(qtbot, window)

    assert window.settings.servers() == [f"lines://ada@here{file}"]
    window.settings.sync()
    for it in tmp_path.rglob("*"):
        if it.is_file():
            assert PASSWORD.encode() not in it.read_bytes()
            assert b"wrong" not in it.read_bytes()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql://ada@db/shop", "PGPASSWORD or a .pgpass file"),
        ("cassandra://ada@db/shop", "CASSANDRA_PASSWORD"),
        ("kafka://ada@broker/orders", "KAFKA_PASSWORD"),
        ("no address", "held until you quit"),
    ],
)
def test_each_kind_of_server_names_where_its_own_password_may_be(
    window: MainWindow, address: str, says: str
) -> None:
    dialog = dialog_of(window, address)

    assert says in dialog.about_password.text()
    assert ("PGPASSWORD" in dialog.about_password.text()) == address.startswith("postgresql")
    dialog.reject()


def test_a_password_is_kept_in_the_keyring_where_there_is_one_and_that_is_wanted(
    qtbot: QtBot, window: MainWindow, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = tmp_path / "keyring.json"
    monkeypatch.setenv("FOLDLINE_TEST_KEYRING", os.fspath(ring))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.gui.file_keyring.FileKeyring")
    write_lines(file, 0, 2)
    dialog = dialog_of(window, f"lines://ada@here{file}", tmp_path / "m.foldline")
    qtbot.waitUntil(dialog.keep.isVisible)
    dialog.password.setText(PASSWORD)
    dialog.keep.setFocus()
    qtbot.keyClick(dialog.keep, Qt.Key.Key_Space)

    qtbot.mouseClick(dialog.connect_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session is not None and window.session.selection.head == 2)
    qtbot.waitUntil(ring.exists)
    stop(qtbot, window)
    monkeypatch.setenv(passwords.VARIABLE, "{}")  # as in another run of the program
    write_lines(file, 2, 3)
    window.start_work.mirrors.go_on()

    session = window.session
    assert session is not None
    qtbot.waitUntil(lambda: session.selection.head == 3)
    stop(qtbot, window)
    assert PASSWORD in ring.read_text("utf-8")


def test_without_a_keyring_none_is_offered(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    dialog = dialog_of(window, "no address")

    qtbot.waitUntil(lambda: not window.jobs.running)

    assert not dialog.keep.isVisible()
    dialog.reject()


def test_a_server_is_followed_into_a_local_store_that_opens_by_itself(
    qtbot: QtBot, window: MainWindow, file: Path, tmp_path: Path
) -> None:
    write_lines(file, 0, 5)
    store = tmp_path / "shop.foldline"

    connect(qtbot, window, file, store, 5)
    write_lines(file, 5, 12)
    session = window.session
    assert session is not None

    qtbot.waitUntil(lambda: session.selection.head == 12)
    status = window.status.job
    qtbot.waitUntil(lambda: status.full_text() == f"lines://{file} · up to date")
    stop(qtbot, window)
    assert status.full_text() == "No longer updated; 12 events were added to shop.foldline"
    assert ids(store) == [f"e{n}" for n in range(12)]


def test_a_server_that_goes_away_and_comes_back_is_waited_for(
    qtbot: QtBot, window: MainWindow, file: Path, tmp_path: Path
) -> None:
    write_lines(file, 0, 2)
    connect(qtbot, window, file, tmp_path / "shop.foldline", 2)
    away = file.rename(file.with_suffix(".away"))
    qtbot.waitUntil(lambda: "trying again" in window.status.job.full_text())

    write_lines(away, 2, 4)
    away.rename(file)

    session = window.session
    assert session is not None
    qtbot.waitUntil(lambda: session.selection.head == 4)
    stop(qtbot, window)


def test_a_mirror_that_is_opened_again_offers_to_go_on(
    qtbot: QtBot, window: MainWindow, file: Path, tmp_path: Path
) -> None:
    write_lines(file, 0, 2)
    store = tmp_path / "shop.foldline"
    connect(qtbot, window, file, store, 2)
    stop(qtbot, window)
    window.close_store()
    write_lines(file, 2, 5)

    open_store(qtbot, window, store)
    qtbot.waitUntil(lambda: "mirrors lines://" in window.banner.accessibleDescription())
    assert window.start_work.mirrors.why_not_go_on(store) == ""
    window.actions_["update mirror"].trigger()
    assert not window.banner.isVisibleTo(window)  # what it said is not so any more

    session = window.session
    assert session is not None
    qtbot.waitUntil(lambda: session.selection.head == 5)
    assert window.start_work.mirrors.why_not_go_on(store) == "it is being updated already"
    stop(qtbot, window)


def test_a_store_of_ones_own_is_no_mirror_and_is_left_alone(
    qtbot: QtBot, window: MainWindow, store: Path, file: Path
) -> None:
    write_lines(file, 0, 2)
    before = store.read_bytes()
    dialog = dialog_of(window, f"lines://{file}", store)

    qtbot.mouseClick(dialog.connect_button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: "came from elsewhere" in window.banner.accessibleDescription())
    assert store.read_bytes() == before


def test_the_local_store_is_named_by_the_address_until_somebody_names_it(
    qtbot: QtBot, window: MainWindow
) -> None:
    dialog = dialog_of(window, "lines://somebody@here/shop?schema=orders")
    assert Path(dialog.into.text()).name == "shop-orders.foldline"

    dialog.into.setText("mine.foldline")
    dialog.address.setCurrentText("lines://somebody@here/other")

    assert dialog.into.text() == "mine.foldline"
    dialog.reject()
