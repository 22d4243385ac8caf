"""A view that stands still, and a rebuild that is held, looked at, switched to and put back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.dialogs.rebuild_report_dialog import RebuildReportDialog
from gui.dialogs.trust_dialog import TrustDialog
from gui.main_window import MainWindow
from gui.views.kept_views_view import KeptViewsView
from gui.views.panes_view import PanesView
from gui.work.jobs import Job
from gui.work.own_projection import OwnProjectionOpener
from replay.catalog.rebuild import rebuild
from replay.views import checkpoints, skips
from replay.views.folding import ATTEMPTS
from replay.views.read_store import open_views_to_read
from store.opening import open_reader
from store.place import Place
from store.sqlite.connect import connect
from tests.gui.driven_window import PATIENCE_MS
from tests.gui.driven_window import open_store as show_store
from tests.replay.own.test_own_projections import BAD, WRONGS, own_file

LOOKED_AT = ("view", "checkpoint", "lag", "rows", "writes", "bytes", "skipped", "error")


@pytest.fixture(autouse=True)
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def kept(qtbot: QtBot, window: MainWindow, store: Path) -> KeptViewsView:
    window.resize(1400, 900)
    _, workspace = show_store(qtbot, window, store)
    qtbot.keyClick(window, Qt.Key.Key_V)
    workspace.of(PanesView).tabs.choose("projector")
    wait(qtbot, lambda: workspace.of(KeptViewsView).list.count() > 5)
    return workspace.of(KeptViewsView)


def wait(qtbot: QtBot, is_so) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(is_so, timeout=PATIENCE_MS)


def row(kept: KeptViewsView, name: str) -> list[str]:
    names = [kept.list.text(it, 0) for it in range(kept.list.count())]
    titles = [it.title for it in kept.list.grid.columns()]  # some only where they say anything
    return [
        kept.list.text(names.index(name), titles.index(it)) if it in titles else ""
        for it in (LOOKED_AT if name in names else ())
    ]


def choose(kept: KeptViewsView, name: str) -> None:
    names = [kept.list.text(it, 0) for it in range(kept.list.count())]
    kept.list.go_to_row(names.index(name))


def open_own(qtbot: QtBot, window: MainWindow, store: Path, path: Path) -> None:
    opener = window.findChild(OwnProjectionOpener)
    assert opener is not None
    dialog = opener.open(Place(store), path)
    assert isinstance(dialog, TrustDialog)
    assert "PROJECTION" in dialog.code.toPlainText()
    qtbot.mouseClick(dialog.trust, Qt.MouseButton.LeftButton)


def test_a_view_of_ones_own_that_fails_is_skipped_over_with_a_reason(
    qtbot: QtBot, window: MainWindow, kept: KeptViewsView, store: Path, tmp_path: Path
) -> None:
    open_own(qtbot, window, store, own_file(tmp_path, WRONGS["raises"]))
    wait(qtbot, lambda: bool(row(kept, "tally")) and "no such number" in row(kept, "tally")[7])
    assert row(kept, "tally")[1] == str(BAD - 1)
    wait(qtbot, kept.skip.isVisible)
    told = f"tally stopped at {BAD}, tried {ATTEMPTS} times: "
    wait(qtbot, lambda: told in kept.standing.text())

    qtbot.mouseClick(kept.retry, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: f"stopped at {BAD} again" in kept.message.text())
    wait(qtbot, lambda: "no such number" in row(kept, "tally")[7])
    qtbot.mouseClick(kept.skip, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "needs a reason" in kept.message.text())
    qtbot.keyClicks(kept.reason, "a broken test event")
    qtbot.mouseClick(kept.skip, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: row(kept, "tally")[1] == "300")

    wait(qtbot, lambda: kept.message.text() == "No view has stopped.")
    wait(qtbot, lambda: row(kept, "tally")[6] == "1")
    wait(qtbot, lambda: not kept.skip.isVisible())
    assert kept.standing.text() == ""
    assert [it.reason for it in skips.load(Place(store))] == ["a broken test event"]


def test_a_rebuild_stands_beside_is_switched_to_and_put_back(
    qtbot: QtBot, kept: KeptViewsView
) -> None:
    assert not kept.back.isEnabled()
    choose(kept, "streams")
    kept.beside.setChecked(True)
    qtbot.mouseClick(kept.rebuild, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "It is available as streams__next." in kept.message.text())
    wait(qtbot, lambda: bool(row(kept, "streams__next")))

    kept.beside.setChecked(False)
    choose(kept, "streams")
    qtbot.mouseClick(kept.rebuild, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: bool(row(kept, "streams__before")) and kept.back.isEnabled())
    assert not row(kept, "streams__next")

    choose(kept, "streams")
    qtbot.mouseClick(kept.back, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "is back at its previous version, as of 300" in kept.message.text())
    assert row(kept, "streams")[2] == "0"

    choose(kept, "streams")
    qtbot.mouseClick(kept.reset, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: kept.reset.isEnabled() and row(kept, "streams")[1] == "300")
    assert "Emptying streams" in kept.message.text()


@contextmanager
def views_busy(store: Path) -> Iterator[None]:
    """A rebuild that begins meanwhile waits before its first batch."""
    db = connect(Place(store).views)
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        db.execute("ROLLBACK")
        db.close()


def begin_held(qtbot: QtBot, kept: KeptViewsView, store: Path) -> None:
    """A rebuild of `streams` that stands before its first batch."""
    choose(kept, "streams")
    with views_busy(store):
        qtbot.mouseClick(kept.rebuild, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(kept.hold, Qt.MouseButton.LeftButton)
        wait(
            qtbot,
            lambda: kept.message.text() == "The rebuild is paused. The live view stays in use.",
        )
    wait(qtbot, lambda: refreshed(kept) and bool(row(kept, "streams__next")))


def refreshed(kept: KeptViewsView) -> bool:
    """Asks for the list again, as the projector's next report would."""
    kept.refresh()
    return True


def test_a_rebuild_is_held_and_goes_on(qtbot: QtBot, kept: KeptViewsView, store: Path) -> None:
    begin_held(qtbot, kept, store)

    assert row(kept, "streams__next")[1] == "0"
    assert row(kept, "streams")[1] == "300"
    assert kept.hold.text() == "Resume rebuild"
    qtbot.mouseClick(kept.hold, Qt.MouseButton.LeftButton)

    wait(qtbot, lambda: "streams rebuilt from 300 events" in kept.message.text())
    assert not kept.hold.isEnabled()
    assert kept.hold.text() == "Pause rebuild"


def test_nothing_is_put_back_while_a_rebuild_stands_half_made(
    qtbot: QtBot, kept: KeptViewsView, store: Path
) -> None:
    begin_held(qtbot, kept, store)

    assert not kept.back.isEnabled()
    qtbot.mouseClick(kept.cancel, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: kept.rebuild.isEnabled())


def test_a_rebuild_in_the_window_hears_no_process_manager(
    qtbot: QtBot, window: MainWindow, kept: KeptViewsView, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Job] = []
    monkeypatch.setattr(window.jobs, "start", asked.append)
    choose(kept, "streams")

    qtbot.mouseClick(kept.rebuild, Qt.MouseButton.LeftButton)

    assert "--views-only" in asked[0].wish.arguments()


def test_a_held_rebuild_is_cancelled_and_leaves_nothing(
    qtbot: QtBot, kept: KeptViewsView, store: Path
) -> None:
    begin_held(qtbot, kept, store)

    qtbot.mouseClick(kept.cancel, Qt.MouseButton.LeftButton)

    wait(qtbot, lambda: "The rebuild was cancelled" in kept.message.text())
    wait(qtbot, lambda: refreshed(kept) and not row(kept, "streams__next"))
    assert row(kept, "streams")[1] == "300"
    assert not kept.cancel.isEnabled()
    assert kept.rebuild.isEnabled()


def test_closing_the_window_keeps_what_a_rebuild_has_made(
    qtbot: QtBot, window: MainWindow, kept: KeptViewsView, store: Path
) -> None:
    begin_held(qtbot, kept, store)

    window.close()

    log = open_reader(store)
    db = open_views_to_read(log)
    assert db is not None
    assert "streams__next" in checkpoints.read_all(db)
    db.close()
    (report,) = rebuild(log, ["streams"])
    assert (report.is_switched, report.was_different) == (True, False)
    log.close()


def test_what_cannot_be_opened_as_a_projection_is_told(
    qtbot: QtBot, window: MainWindow, kept: KeptViewsView, store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "nothing.py"
    path.write_text("PROJECTION = 7", "utf-8")
    opener = window.findChild(OwnProjectionOpener)
    assert opener is not None
    dialog = opener.open(Place(store), path)
    assert dialog is not None
    qtbot.mouseClick(dialog.trust, Qt.MouseButton.LeftButton)

    wait(qtbot, lambda: window.banner.isVisible())

    said = " ".join(it.text() for it in window.banner.findChildren(QLabel))
    assert "defines no PROJECTION" in said
    assert not row(kept, "tally")
    assert opener.open(Place(store), tmp_path / "gone.py") is None


def reports(window: MainWindow) -> list[RebuildReportDialog]:
    return [it for it in window.findChildren(RebuildReportDialog) if it.isVisible()]


def test_rebuilding_every_view_reports_each_and_names_the_tampered_cell(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    show_store(qtbot, window, store)
    db = connect(Place(store).views)
    db.execute("UPDATE streams SET event_count = 77 WHERE stream = 'order-1'")
    db.close()

    window.actions_["rebuild"].trigger()
    wait(qtbot, lambda: bool(reports(window)))

    (dialog,) = reports(window)
    assert not dialog.isModal()
    rows = {dialog.views.text(it, 0): it for it in range(dialog.views.count())}
    verdict, events, _, count, digest = (
        dialog.views.text(rows["streams"], it) for it in range(1, 6)
    )
    assert (verdict, events, count, len(digest)) == ("was different", "300", "3", 16)
    assert dialog.views.text(rows["event_types"], 1) == "same as before"
    assert "different before: streams." in dialog.summary.text()
    assert dialog.differences is not None
    assert dialog.differences.text(0, 0) == "streams"
    assert dialog.differences.text(0, 1) == (
        "row order-1, written at position 299: event_count is 77, the log gives 100"
    )
    assert "different before: streams" in window.status.job.full_text()
    qtbot.mouseClick(dialog.shut, Qt.MouseButton.LeftButton)

    window.actions_["rebuild"].trigger()
    wait(qtbot, lambda: "all unchanged" in window.status.job.full_text())


def test_no_button_is_cut_in_a_narrow_window(
    qtbot: QtBot, window: MainWindow, kept: KeptViewsView
) -> None:
    window.resize(980, 640)
    kept.grab()  # lays out

    buttons = (kept.rebuild, kept.beside, kept.hold, kept.cancel, kept.back, kept.reset)
    assert all(it.width() >= it.sizeHint().width() for it in buttons)


def test_what_is_told_moves_no_button_under_the_mouse(kept: KeptViewsView) -> None:
    before = kept.hold.mapTo(kept, kept.hold.rect().topLeft())

    kept.message.say("The rebuild is paused. The live view stays in use.")
    kept.grab()  # lays out

    assert kept.hold.mapTo(kept, kept.hold.rect().topLeft()) == before


def test_all_buttons_stand_in_one_line_at_the_first_size_of_the_window(
    window: MainWindow, kept: KeptViewsView
) -> None:
    window.resize(1280, 800)
    kept.grab()  # lays out

    assert kept.rebuild.y() == kept.reset.y()


def test_when_a_button_rests_the_keyboard_goes_to_the_list_and_not_to_the_next_button(
    qtbot: QtBot, kept: KeptViewsView
) -> None:
    kept.list.go_to_row(0)
    kept.rebuild.setFocus()
    wait(qtbot, kept.rebuild.hasFocus)

    qtbot.keyClick(kept.rebuild, Qt.Key.Key_Space)
    assert kept.list.grid.hasFocus()
    assert not kept.beside.isChecked()
    kept.cancel.setFocus()
    wait(qtbot, lambda: kept.rebuild.isEnabled())

    assert kept.list.grid.hasFocus()
