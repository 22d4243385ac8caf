"""The Engines panel beside a real broker and a real query store."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.session import Session
from gui.settings import Settings
from gui.viewmodels.flow_parts import Flow
from gui.views.engines_view import EnginesView
from replay.command_line import run
from resources.engines.kafka import KafkaServer
from resources.engines.opensearch import OpenSearchServer
from tests.engines.topics import new_topic, records
from tests.gui.driven_window import PatientBot, open_store
from tests.replay.logs import append, make_log

EVENTS_MADE = 60


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = MainWindow(Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    yield window
    window.close()


def test_what_is_published_and_written_is_seen_in_the_panel_and_at_the_servers(
    qtbot: QtBot,
    window: MainWindow,
    tmp_path: Path,
    kafka: KafkaServer,
    opensearch: OpenSearchServer,
) -> None:
    store = make_log(tmp_path / "shop.foldline", EVENTS_MADE)
    topic, rows = new_topic(kafka), f"{opensearch.address}/k{uuid4().hex[:8]}"
    session, workspace = open_store(qtbot, window, store)
    workspace.show_panel(EnginesView)
    view = workspace.of(EnginesView)

    def flow(way: str, label: str) -> Flow:
        def found() -> list[Flow]:
            return [it for it in session.engines.ways if it.way and it.way.way == way]

        qtbot.waitUntil(lambda: [it.label for it in found()] == [label])
        return found()[0]

    for address in (topic, rows):
        view.address.setText(address)
        view.add.click()
        qtbot.waitUntil(lambda: address.partition("?")[0] in _addresses(session))  # noqa: B023
    for way in ("publish", "sink"):
        session.engines.choose(flow(way, f"{EVENTS_MADE} behind").id)
        view.start.click()
    flow("publish", "up to date")
    flow("sink", "up to date")
    assert len(records(kafka, topic)) == EVENTS_MADE

    append(store, 15)
    qtbot.waitUntil(lambda: session.selection.head == EVENTS_MADE + 15)
    qtbot.waitUntil(lambda: _positions(session) == {EVENTS_MADE + 15})
    for way in ("publish", "sink"):
        session.engines.stop(flow(way, "up to date"))
    qtbot.waitUntil(lambda: not window.jobs.running)

    assert len(records(kafka, topic)) == EVENTS_MADE + 15
    assert run(["certify", str(store), "--against", rows]) == 0
    kept = json.loads(store.with_name(f"{store.name}-engines.json").read_text("utf-8"))
    assert [it["role"] for it in kept] == ["topic", "query_store"]


def _addresses(session: Session) -> str:
    return " ".join(it.way.address for it in session.engines.ways if it.way)


def _positions(session: Session) -> set[int | None]:
    return {it.way.position for it in session.engines.ways if it.way}
