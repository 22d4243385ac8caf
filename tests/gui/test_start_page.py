"""The start page: what it tells of stores and samples before one is opened, and what it opens."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.settings import Settings
from gui.viewmodels.start_stores import ago_text, size_text
from gui.viewmodels.store_glance import LOOKED_AT, glance_of_sample, glance_of_store
from gui.widgets.picture_card import PictureCard
from resources.samples.catalog import EXHIBITS, SAMPLES
from store.events import NewEvent
from store.opening import open_store, reading
from store.sqlite.connect import create_log
from store.transfer.ingest import ingest
from tests.gui.conftest import fill
from tests.gui.driven_window import PATIENCE_MS
from tests.gui.driven_window import open_store as show_store

PAGE = (Path(__file__).parents[2] / "docs" / "exhibits.md").read_text("utf-8")


def _told(qtbot: QtBot, card: PictureCard) -> str:
    qtbot.waitUntil(lambda: bool(card.told.full_text()), timeout=PATIENCE_MS)
    return card.told.full_text()


def _recent(qtbot: QtBot, window: MainWindow, *stores: Path) -> list[PictureCard]:
    for store in reversed(stores):
        window.settings.remember(store)
    window.show_start()
    cards = [window.start.recent[str(it)] for it in stores]
    qtbot.waitUntil(lambda: all(it.height() > 0 for it in cards))  # laid out
    return cards


def test_a_recent_store_tells_its_events_its_size_and_when_it_was_open(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    (card,) = _recent(qtbot, window, store)

    told = _told(qtbot, card)

    assert told.startswith("300 events · ")
    assert size_text(store.stat().st_size) in told
    assert told.endswith("opened just now")
    assert card.when.full_text() == "2026-03-08"
    assert sum(map(sum, card.picture.bars())) == 300


def test_a_sample_that_was_never_opened_is_told_by_its_file(
    qtbot: QtBot, window: MainWindow
) -> None:
    card = window.start.samples["ships"]

    told = _told(qtbot, card)

    assert told.startswith("1,205 events · ")
    assert "opened" not in told
    assert sum(map(sum, card.picture.bars())) == 1_205


def test_an_empty_store_has_no_days_and_no_bars(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    create_log(tmp_path / "empty.foldline")
    (card,) = _recent(qtbot, window, tmp_path / "empty.foldline")

    assert _told(qtbot, card).startswith("0 events · ")
    assert card.when.full_text() == ""
    assert card.picture.bars() == ()


def test_a_store_that_cannot_be_read_says_why_and_the_others_are_told(
    qtbot: QtBot, window: MainWindow, store: Path, tmp_path: Path
) -> None:
    (tmp_path / "torn.foldline").write_bytes(b"no log at all")
    torn, whole = _recent(qtbot, window, tmp_path / "torn.foldline", store)

    assert _told(qtbot, torn).startswith("cannot be read: ")
    assert _told(qtbot, whole).startswith("300 events")


def test_a_store_is_taken_off_the_list_by_its_menu_and_its_file_stays(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    (card,) = _recent(qtbot, window, store)

    next(it for it in card.menu_().actions() if it.text() == "Remove from this list").trigger()

    assert window.start.recent == {}
    assert window.settings.recent() == []
    assert store.is_file()


def test_a_card_opens_by_mouse_and_by_key(qtbot: QtBot, window: MainWindow, store: Path) -> None:
    (card,) = _recent(qtbot, window, store)

    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session is not None, timeout=PATIENCE_MS)
    window.close_store()
    card = window.start.recent[str(store)]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session is not None, timeout=PATIENCE_MS)

    assert window.top.name.text() == store.name


def test_a_sample_can_be_had_fresh_and_the_copy_before_is_kept(
    qtbot: QtBot, window: MainWindow
) -> None:
    def is_open(name: str) -> bool:
        return window.session is not None and window.session.path.name == name

    qtbot.mouseClick(window.start.samples["ships"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: is_open("ships.foldline"), timeout=PATIENCE_MS)
    assert window.session is not None
    spoiled = window.session.path
    window.close_store()
    with closing(open_store(spoiled)) as log:
        log.append("ship-x", [NewEvent(type="Arrival")], expected=0)

    card = window.start.samples["ships"]
    next(it for it in card.menu_().actions() if it.text() == "Open a fresh copy").trigger()
    qtbot.waitUntil(lambda: is_open("ships-2.foldline"), timeout=PATIENCE_MS)
    assert (_head(spoiled), _head(window.session.path)) == (1_206, 1_205)

    window.actions_["fresh sample"].trigger()
    qtbot.waitUntil(lambda: is_open("ships-3.foldline"), timeout=PATIENCE_MS)
    window.close_store()
    assert str(spoiled) in window.start.recent
    qtbot.mouseClick(window.start.samples["ships"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: is_open("ships-3.foldline"), timeout=PATIENCE_MS)


def test_of_a_store_that_is_no_sample_no_fresh_copy_is_offered(
    qtbot: QtBot, window: MainWindow, store: Path
) -> None:
    show_store(qtbot, window, store)

    assert window.start_work.why_not_renew(store) == "this store is not a sample"


def _head(store: Path) -> int:
    with reading(store) as log:
        return log.head()


def test_the_newest_exhibit_opens_at_the_event_that_shows_it(
    qtbot: QtBot, window: MainWindow
) -> None:
    exhibit = EXHIBITS[-1]

    qtbot.mouseClick(window.start.exhibit, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: window.session is not None and window.session.selection.as_of == exhibit.position,
        timeout=PATIENCE_MS,
    )

    assert window.session is not None
    assert window.session.selection.stream == exhibit.stream
    with reading(window.session.path) as log:
        event = log.event(exhibit.position)
    assert event is not None
    assert event.type == "Arrival"


def test_the_newest_exhibit_is_the_last_one_of_the_page() -> None:
    headings = [it.removeprefix("## ") for it in PAGE.splitlines() if it.startswith("## ")]

    assert headings[-1] == EXHIBITS[-1].title


@pytest.mark.parametrize("name", [it.name for it in SAMPLES])
def test_a_sample_is_told_alike_by_its_file_and_by_the_store_made_of_it(
    name: str, tmp_path: Path
) -> None:
    """Beside the size: a store that is no longer than LOOKED_AT is looked at whole, others in
    part, so their bars are lower."""
    sample = next(it for it in SAMPLES if it.name == name)
    store = tmp_path / "sample.foldline"
    ingest(sample.path, into=store)

    by_file = glance_of_sample(sample.path)
    with reading(store) as log:
        by_store = glance_of_store(log)

    assert by_store.events == by_file.events
    assert (by_store.first_us, by_store.last_us) == (by_file.first_us, by_file.last_us)
    assert len(by_store.bars) == len(by_file.bars)


def test_of_a_long_store_few_events_are_looked_at(tmp_path: Path) -> None:
    fill(tmp_path / "long.foldline", 10 * LOOKED_AT)

    with reading(tmp_path / "long.foldline") as log:
        glance = glance_of_store(log)

    assert glance.events == 10 * LOOKED_AT
    assert LOOKED_AT <= sum(map(sum, glance.bars)) <= LOOKED_AT + 1


def test_settings_keep_when_a_store_was_open_last(tmp_path: Path, store: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    assert settings.visited(store) is None

    settings.remember(store)
    settings.sync()

    visited = Settings(tmp_path / "settings.ini").visited(store)
    assert visited is not None
    assert datetime.now(UTC) - visited < timedelta(hours=1)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(minutes=5, seconds=9), "5 min ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1, hours=3), "yesterday"),
        (timedelta(days=40), "40 days ago"),
        (timedelta(seconds=-90), "just now"),
    ],
)
def test_a_visit_is_told_in_words(ago: timedelta, words: str) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)

    assert ago_text(now - ago, now) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (3_430_000, "3.4 MB"),
        (10**16, "10000 TB"),
    ],
)
def test_a_size_is_told_in_words(size: int, words: str) -> None:
    assert size_text(size) == words
