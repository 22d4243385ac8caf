"""Import shows before it acts: by mouse, and by keys alone."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.dialogs.import_dialog import ImportDialog
from gui.viewmodels.importing import ImportingViewModel
from gui.work.jobs import Jobs
from store.opening import reading
from store.place import Place
from store.reading.packed import FLOOR_BYTES
from store.shaping.rules import ImportRules
from store.shaping.rules_file import write_rules
from store.transfer.ingest import ingest
from tests.gui.driven_window import PATIENCE_MS
from tests.store.event_files import event, events_in, write_lines

RULES = ImportRules(
    map={"stream": "order-{no}", "type": "kind", "occurred": "at"},
    convert={"at": "epoch-s"},
    rename_types={"paid": "OrderPaid"},
    mask={"mail": "hash"},
    order="occurred",
)


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    qtbot.waitUntil(lambda: not jobs.running, timeout=PATIENCE_MS)
    jobs.close()


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Records of no format that is known, the later one first."""
    rows = [(7, 1767323105), (8, 1767323045)]
    lines = [{"no": no, "kind": "paid", "at": at, "mail": f"{no}@x.org"} for no, at in rows]
    return write_lines(tmp_path / "shop.jsonl", *lines)


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A store with three events."""
    store = tmp_path / "full.foldline"
    ingest(write_lines(tmp_path / "full.jsonl", *map(event, (1, 2, 3))), into=store)
    return store


def shown(
    qtbot: QtBot, jobs: Jobs, source: Path | None = None, *, open_store: Path | None = None
) -> ImportDialog:
    text = "" if open_store is None else Place(open_store).text
    work = ImportingViewModel(jobs, open_store=text)
    dialog = ImportDialog(work, None, source="" if source is None else str(source))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=PATIENCE_MS)
    return dialog


def head_of(store: Path) -> int:
    with reading(store) as reader:
        return reader.head()


def until_seen(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(dialog.run_button.isEnabled, timeout=PATIENCE_MS)


def cell(dialog: ImportDialog, row: int, column: int) -> str:
    item = dialog.preview.item(row, column)
    return item.text() if item else ""


def to_do(dialog: ImportDialog) -> str:
    """What is advised beside a problem."""
    labels = dialog.problem.findChildren(QLabel)
    return next(it.text() for it in labels if it.accessibleName() == "What to do")


def tab_to(qtbot: QtBot, dialog: ImportDialog, wanted: QWidget) -> None:
    """With the Tab key alone."""
    for _ in range(60):
        focused = QApplication.focusWidget()
        if focused is wanted:
            return
        qtbot.keyClick(focused or dialog, Qt.Key.Key_Tab)
    raise AssertionError(f"the Tab key does not come to {wanted.accessibleName()}")


def test_enter_in_the_file_field_previews_and_imports_nothing(
    qtbot: QtBot, jobs: Jobs, full: Path, tmp_path: Path
) -> None:
    dialog = shown(qtbot, jobs, open_store=full)

    qtbot.keyClicks(dialog.source, str(tmp_path / "full.jsonl"))
    qtbot.keyClick(dialog.source, Qt.Key.Key_Return)
    until_seen(qtbot, dialog)
    for field in (dialog.source, dialog.into.field):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    until_seen(qtbot, dialog)

    assert dialog.preview.rowCount() == 3
    assert dialog.into.field.text() == str(tmp_path / "full-2.foldline")
    assert dialog.into.note.full_text() == "full-2.foldline is a new store"
    assert head_of(full) == 3
    assert not (tmp_path / "full-2.foldline").exists()
    dialog.close()


def test_adding_to_the_open_store_is_told_and_asked_and_enter_leaves_it_alone(
    qtbot: QtBot, jobs: Jobs, full: Path, tmp_path: Path
) -> None:
    source = write_lines(tmp_path / "more.jsonl", event(4), event(5))
    dialog = shown(qtbot, jobs, source, open_store=full)
    until_seen(qtbot, dialog)

    qtbot.mouseClick(dialog.into.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "mix" in dialog.into.note.full_text(), timeout=PATIENCE_MS)
    assert dialog.into.note.full_text() == "will mix with 3 events of full.foldline"
    until_seen(qtbot, dialog)

    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    box = asked(qtbot, dialog)
    assert "mix with 3 events of full.foldline" in box.text()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not box.isVisible(), timeout=PATIENCE_MS)
    assert head_of(full) == 3

    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    add = next(it for it in asked(qtbot, dialog).buttons() if it.text() == "Add to it")
    with qtbot.waitSignal(dialog.imported, timeout=PATIENCE_MS):
        qtbot.mouseClick(add, Qt.MouseButton.LeftButton)
    assert head_of(full) == 5


def asked(qtbot: QtBot, dialog: ImportDialog) -> QMessageBox:
    def is_asked() -> bool:
        return dialog.question is not None and dialog.question.isVisible()

    qtbot.waitUntil(is_asked, timeout=PATIENCE_MS)
    assert dialog.question is not None
    return dialog.question


def test_a_foreign_file_is_mapped_with_the_preview_following_by_keys_alone(
    qtbot: QtBot, jobs: Jobs, foreign: Path, tmp_path: Path
) -> None:
    dialog = shown(qtbot, jobs)
    qtbot.keyClicks(dialog.source, str(foreign))
    qtbot.keyClick(dialog.source, Qt.Key.Key_Return)
    roles = dialog.fields.roles
    qtbot.waitUntil(lambda: "names the type" in roles.note("type"), timeout=PATIENCE_MS)
    assert roles.note("stream") == "say which field names the stream"
    assert not dialog.run_button.isEnabled()
    assert dialog.why.full_text() == "Stream: say which field names the stream"

    for role, text in (("stream", "order-{no}"), ("type", "kind")):
        tab_to(qtbot, dialog, roles.box(role))
        qtbot.keyClicks(QApplication.focusWidget(), text)
    until_seen(qtbot, dialog)
    assert [cell(dialog, row, 1) for row in (0, 1)] == ["order-7", "order-8"]
    assert cell(dialog, 0, 2) == "paid"

    tab_to(qtbot, dialog, dialog.run_button)
    with qtbot.waitSignal(dialog.imported, timeout=PATIENCE_MS):
        qtbot.keyClick(dialog.run_button, Qt.Key.Key_Return)
    assert [it.stream for it in events_in(tmp_path / "shop.foldline")] == ["order-7", "order-8"]


def test_rules_are_added_seen_and_rehearsed_before_anything_is_stored(
    qtbot: QtBot, jobs: Jobs, foreign: Path, tmp_path: Path
) -> None:
    dialog = shown(qtbot, jobs, foreign)
    qtbot.waitUntil(lambda: dialog.preview.rowCount() == 2, timeout=PATIENCE_MS)
    rules = tmp_path / "rules.json"
    write_rules(RULES, rules, overwrite=False)

    loaded = ImportingViewModel(jobs).load_rules(str(rules), dialog.draft())
    assert loaded is not None
    dialog.fields.fill(loaded.values, loaded.rows)
    dialog.look()
    until_seen(qtbot, dialog)

    assert dialog.draft().rules == RULES
    assert [cell(dialog, row, 1) for row in (0, 1)] == ["order-8", "order-7"]
    assert cell(dialog, 0, 2) == "OrderPaid"
    assert "masked-" in cell(dialog, 0, 8)

    qtbot.mouseClick(dialog.try_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "would be stored" in dialog.report.text(), timeout=PATIENCE_MS)
    said = dialog.report.text()
    assert "2 values masked by a rule" in said
    assert "type paid → OrderPaid: 2" in said
    assert not (tmp_path / "shop.foldline").exists()
    qtbot.waitUntil(dialog.run_button.isEnabled, timeout=PATIENCE_MS)

    with qtbot.waitSignal(dialog.imported, timeout=PATIENCE_MS):
        qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    assert b"@x.org" not in (tmp_path / "shop.foldline").read_bytes()


def test_a_wrong_rule_is_told_beside_its_field_and_holds_the_import_up(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path
) -> None:
    source = write_lines(tmp_path / "in.jsonl", event(1), event(2))
    dialog = shown(qtbot, jobs, source)
    until_seen(qtbot, dialog)
    rules, roles = dialog.fields.rules, dialog.fields.roles
    heights = dialog.preview.height()

    dialog.fields.choose("rules")
    qtbot.mouseClick(rules.add_button, Qt.MouseButton.LeftButton)
    kind, what, _, remove = rules.row(0)
    kind.setCurrentIndex(kind.findData("reject"))
    kind.activated.emit(kind.currentIndex())
    qtbot.keyClicks(what, "type =")
    assert not dialog.run_button.isEnabled()
    qtbot.waitUntil(lambda: "expected" in rules.note(0), timeout=PATIENCE_MS)
    assert dialog.fields.tabText(1) == "Rules (1) · 1 problem"
    assert not dialog.run_button.isEnabled()
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    until_seen(qtbot, dialog)

    dialog.fields.choose("mapping")
    qtbot.keyClicks(roles.box("encoding"), "morse")
    qtbot.waitUntil(lambda: "unknown text encoding" in roles.note("encoding"), timeout=PATIENCE_MS)
    assert not dialog.run_button.isEnabled()
    assert dialog.preview.height() == heights
    assert not (tmp_path / "in.foldline").exists()
    dialog.close()


def test_no_button_of_the_dialog_is_pressed_from_a_field(qtbot: QtBot, jobs: Jobs) -> None:
    dialog = shown(qtbot, jobs)

    buttons = dialog.findChildren(QPushButton)

    assert buttons
    assert not [it.text() for it in buttons if it.isDefault() or it.autoDefault()]
    assert all(it.accessibleName() or it.text() for it in buttons)
    dialog.close()


def test_rules_are_saved_and_read_again(
    qtbot: QtBot, jobs: Jobs, foreign: Path, tmp_path: Path
) -> None:
    dialog = shown(qtbot, jobs, foreign)
    qtbot.waitUntil(lambda: dialog.preview.rowCount() == 2, timeout=PATIENCE_MS)
    work = ImportingViewModel(jobs)
    dialog.fields.roles.box("stream").set_text("no")

    work.save_rules(dialog.draft(), str(tmp_path / "saved.json"))
    again = work.load_rules(str(tmp_path / "saved.json"), dialog.draft())

    assert json.loads((tmp_path / "saved.json").read_text())["map"] == {"stream": "no"}
    assert again == dialog.draft()
    with qtbot.waitSignal(work.failed, timeout=PATIENCE_MS):
        assert work.load_rules(str(foreign), dialog.draft()) is None
    dialog.close()


def test_of_a_file_that_cannot_be_read_nothing_of_the_one_before_is_left(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path
) -> None:
    dialog = shown(qtbot, jobs, write_lines(tmp_path / "in.jsonl", event(1)))
    until_seen(qtbot, dialog)
    qtbot.mouseClick(dialog.try_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "would be stored" in dialog.report.text(), timeout=PATIENCE_MS)
    (tmp_path / "picture").write_bytes(b"\x89PNG" + bytes(200))

    dialog.source.setText(str(tmp_path / "picture"))
    qtbot.keyClick(dialog.source, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.problem.isVisible(), timeout=PATIENCE_MS)

    assert dialog.preview.rowCount() == 0
    assert dialog.into.note.full_text() == dialog.report.text() == ""
    assert not dialog.run_button.isEnabled()
    dialog.close()


def test_a_file_that_becomes_far_larger_can_be_unpacked_by_choice(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path
) -> None:
    line = json.dumps(event(1, data={"text": " " * 1_000_000})).encode() + b"\n"
    bomb = tmp_path / "bomb.jsonl.gz"
    bomb.write_bytes(gzip.compress(line * (FLOOR_BYTES // len(line) + 2), 1))
    dialog = shown(qtbot, jobs, bomb)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=PATIENCE_MS)

    assert "choose unlimited" in to_do(dialog)
    assert not dialog.run_button.isEnabled()
    limit = dialog.choices.box("unpack")
    limit.setCurrentText("unlimited")
    limit.activated.emit(limit.currentIndex())
    until_seen(qtbot, dialog)

    assert dialog.choices.values()["unpack"] == "unlimited"
    assert cell(dialog, 0, 1) == "s-1"
    dialog.close()


def test_wide_text_without_a_mark_is_read_in_the_encoding_that_is_named(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path
) -> None:
    source = tmp_path / "wide.jsonl"
    source.write_bytes((json.dumps(event(1)) + "\n").encode("utf-16-le"))
    dialog = shown(qtbot, jobs, source)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=PATIENCE_MS)

    assert "Choose this encoding: utf-16-le." in to_do(dialog)
    dialog.fields.roles.box("encoding").set_text("utf-16-le")
    dialog.look()
    until_seen(qtbot, dialog)

    assert cell(dialog, 0, 1) == "s-1"
    dialog.close()
