"""Import and export through their dialogs, with the real verbs behind them."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.dialogs.export_dialog import ExportDialog
from gui.dialogs.import_dialog import ImportDialog
from gui.selection import Selection
from gui.viewmodels.event_list import EventListViewModel
from gui.viewmodels.exporting import ExportingViewModel
from gui.viewmodels.filter import FilterViewModel
from gui.viewmodels.importing import ImportingViewModel
from gui.work.jobs import Jobs
from gui.work.tasks import Tasks
from store.events import NewEvent
from store.opening import open_store, reading
from store.place import Place
from tests.contracts.format import FIXTURES

PATIENCE_MS = 60_000


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Three canonical lines, the second without a type."""
    path = tmp_path / "shop.jsonl"
    at = "2026-03-14T09:00:00.000000+00:00"
    lines = [
        {
            "stream": "cart-1",
            "type": kind,
            "id": f"e{n}",
            "occurred_at": at,
            "recorded_at": at,
            "data": {"n": n},
            "metadata": {},
        }
        for n, kind in enumerate(("Opened", None, "Paid"), 1)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def head_of(store: Path) -> int:
    with reading(store) as reader:
        return reader.head()


def test_the_dialog_previews_imports_and_reports(
    qtbot: QtBot, jobs: Jobs, source: Path, tmp_path: Path
) -> None:
    dialog = ImportDialog(ImportingViewModel(jobs), None, source=str(source))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.run_button.isEnabled, timeout=PATIENCE_MS)
    assert dialog.preview.rowCount() == 3

    with qtbot.waitSignal(dialog.imported, timeout=PATIENCE_MS) as imported:
        qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)

    first, bad = dialog.preview.item(0, 2), dialog.preview.item(1, 1)
    assert first is not None
    assert first.text() == "Opened"
    assert bad is not None
    assert bad.text().startswith("✗")
    assert imported.args == [str(tmp_path / "shop.foldline")]
    assert head_of(tmp_path / "shop.foldline") == 2
    assert "2 events stored of 3 read" in dialog.report.text()
    assert "line 2" in dialog.report.text()
    qtbot.waitUntil(lambda: not jobs.running)


def test_what_a_format_leaves_open_is_chosen_and_the_preview_follows(
    qtbot: QtBot, jobs: Jobs, source: Path, tmp_path: Path
) -> None:
    store = tmp_path / "orders.foldline"
    dialog = ImportDialog(
        ImportingViewModel(jobs), None, source=str(FIXTURES / "orders.ocel2.json"), store=str(store)
    )
    qtbot.addWidget(dialog)
    dialog.show()

    def first_stream() -> str:
        item = dialog.preview.item(0, 1)
        return item.text() if item else ""

    qtbot.waitUntil(lambda: first_stream().startswith("order-"), timeout=PATIENCE_MS)
    box = dialog.choices.box("leading_type")
    options = {box.itemText(at) for at in range(box.count())}
    assert (dialog.choices.isVisible(), box.currentText()) == (True, "Order")
    assert options == {"Order", "Customer", "Product"}

    box.setCurrentText("Customer")
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: first_stream().startswith("customer-"), timeout=PATIENCE_MS)
    qtbot.waitUntil(dialog.run_button.isEnabled, timeout=PATIENCE_MS)
    with qtbot.waitSignal(dialog.imported, timeout=PATIENCE_MS):
        qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    with reading(store) as reader:
        assert next(iter(reader.read())).stream.startswith("customer-")

    dialog.source.setText(str(source))
    dialog.look()
    qtbot.waitUntil(lambda: first_stream() == "cart-1", timeout=PATIENCE_MS)
    assert dialog.choices.isHidden()
    assert dialog.choices.values() == {}
    qtbot.waitUntil(lambda: not jobs.running)


def test_a_file_that_is_none_is_told_with_the_next_step(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path
) -> None:
    path = tmp_path / "picture.jsonl"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))

    dialog = ImportDialog(ImportingViewModel(jobs), None, source=str(path))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.problem.isVisible(), timeout=PATIENCE_MS)

    assert str(path) in dialog.problem.accessibleDescription()
    qtbot.waitUntil(lambda: not jobs.running)


def test_a_cancelled_import_leaves_no_store(
    qtbot: QtBot, jobs: Jobs, source: Path, tmp_path: Path
) -> None:
    line = source.read_text().splitlines()[0]
    many = (line.replace('"e1"', f'"n{n}"') + "\n" for n in range(200_000))
    source.write_text("".join(many))
    dialog = ImportDialog(ImportingViewModel(jobs), None, source=str(source))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.run_button.isEnabled, timeout=PATIENCE_MS)

    dialog.run()
    job = jobs.running[-1]
    qtbot.waitSignal(job.progressed, timeout=PATIENCE_MS).wait()
    with qtbot.waitSignal(job.cancelled, timeout=PATIENCE_MS):
        dialog.progress.cancel_wanted.emit()

    assert "Cancelled" in dialog.report.text()
    assert not (tmp_path / "shop.foldline").exists()
    qtbot.waitUntil(lambda: not jobs.running)


def test_the_export_dialog_writes_what_is_listed(
    qtbot: QtBot, jobs: Jobs, store: Path, tasks: Tasks, selection: Selection, tmp_path: Path
) -> None:
    filter_ = FilterViewModel(EventListViewModel(tasks, selection))
    filter_.set_stream("order-1")
    dialog = ExportDialog(ExportingViewModel(jobs, Place(store), filter_), None)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.listed.setChecked(True)

    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "SHA-256" in dialog.report.text(), timeout=PATIENCE_MS)

    written = (tmp_path / "orders.jsonl").read_text().splitlines()
    assert len(written) == 100
    assert {json.loads(line)["stream"] for line in written} == {"order-1"}
    qtbot.waitUntil(lambda: not jobs.running)


def test_the_export_dialog_writes_what_words_and_a_filter_list(
    qtbot: QtBot, jobs: Jobs, store: Path, tasks: Tasks, selection: Selection, tmp_path: Path
) -> None:
    filter_ = FilterViewModel(EventListViewModel(tasks, selection))
    filter_.set_text("NOTE 29")
    filter_.set_where("count < 295 or count = 299")
    dialog = ExportDialog(ExportingViewModel(jobs, Place(store), filter_), None)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.listed.setChecked(True)

    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "SHA-256" in dialog.report.text(), timeout=PATIENCE_MS)

    written = (tmp_path / "orders.jsonl").read_text().splitlines()
    counts = [json.loads(line)["data"]["count"] for line in written]
    assert counts == [29, *range(290, 295), 299]
    qtbot.waitUntil(lambda: not jobs.running)


def test_the_export_dialog_lists_what_the_chosen_events_lose_before_and_after(
    qtbot: QtBot, jobs: Jobs, store: Path, tasks: Tasks, selection: Selection
) -> None:
    with closing(open_store(store)) as writer:
        for stream in ("order-1", "order-2"):
            writer.append(stream, [NewEvent(type="Noted", id=f"no-uuid-{stream}")], expected=None)
    filter_ = FilterViewModel(EventListViewModel(tasks, selection))
    filter_.set_stream("order-1")
    dialog = ExportDialog(ExportingViewModel(jobs, Place(store), filter_), None)
    qtbot.addWidget(dialog)
    dialog.show()

    dialog.format.setCurrentIndex(dialog.format.findData("message-db-rows"))
    assert "cannot store: the id" in dialog.losses.text()
    qtbot.waitUntil(lambda: "2 events lose the id" in dialog.losses.text(), timeout=PATIENCE_MS)
    dialog.listed.setChecked(True)
    qtbot.waitUntil(lambda: "1 event loses the id" in dialog.losses.text(), timeout=PATIENCE_MS)
    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "SHA-256" in dialog.report.text(), timeout=PATIENCE_MS)

    assert "1 event loses the id" in dialog.report.text()
    qtbot.waitUntil(lambda: not jobs.running)


def test_an_export_over_a_file_that_is_there_is_refused(
    qtbot: QtBot, jobs: Jobs, store: Path, tasks: Tasks, selection: Selection, tmp_path: Path
) -> None:
    (tmp_path / "orders.jsonl").write_text("mine")
    filter_ = FilterViewModel(EventListViewModel(tasks, selection))
    dialog = ExportDialog(ExportingViewModel(jobs, Place(store), filter_), None)
    qtbot.addWidget(dialog)
    dialog.show()

    dialog.run()
    qtbot.waitUntil(lambda: dialog.problem.isVisible(), timeout=PATIENCE_MS)

    assert "already exists" in dialog.problem.accessibleDescription()
    assert (tmp_path / "orders.jsonl").read_text() == "mine"
    qtbot.waitUntil(lambda: not jobs.running)
