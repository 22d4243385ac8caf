"""Pictures of the dialogs that bring events in and out, with each kind of warning."""

import gzip
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from gui.dialogs.export_dialog import ExportDialog
from gui.dialogs.import_dialog import ImportDialog
from gui.main_window import MainWindow
from gui.pictures.stage import Stage
from gui.viewmodels.import_draft import ORDER
from store.transfer.export import export

SIZE: Final = (1280, 800)
COUNTING: Final = "Counting"
BOMB: Final = 80_000_000  # bytes, unpacked
EVENT: Final = (
    '{{"stream":"order-{stream}","stream_version":{version},"type":"{type}","id":"{id}",'
    '"occurred_at":"2026-03-14T09:{minute}:00{zone}","data":{data}}}'
)
ODD: Final = (  # what is wrong with each is in its name or its place
    {"id": "placed-1"},
    {"id": "placed-1"},
    {"id": "placed-1", "data": '{"n":2}'},
    {"id": "gap", "version": "5"},
    {"id": "naive", "version": "6", "zone": ""},
    {"id": "twice", "version": "7", "data": '{"n":1,"n":2}'},
    {"id": "no-json", "version": "8", "data": "NaN"},
    {"id": "no-type", "version": "9", "type": ""},
)
TABLE: Final = "id;customer;status;total\n{rows}"


def draw_imports(stage: Stage, store: Path) -> None:
    """Every kind of warning, each as a person meets it. `store` has events of its own."""
    folder = stage.made / "import"
    folder.mkdir()
    window = stage.window("light", SIZE)
    stage.open(window, store)
    for name, draw in _SCENES.items():
        draw(_Scene(stage, window, folder, name))
    window.close()


class _Scene:
    """One dialog over the window, and what a person does in it."""

    def __init__(self, stage: Stage, window: MainWindow, folder: Path, name: str) -> None:
        self.stage, self.window, self.folder, self.name = stage, window, folder, name

    def file(self, name: str, content: bytes | str) -> Path:
        """A file to import."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def look(self, source: Path, *, fields: Mapping[str, str] | None = None) -> ImportDialog:
        """The dialog as it shows the file, by these fields."""
        dialog = self.window.import_file(source)
        self.stage.wait(lambda: bool(dialog.preview.rowCount()) or dialog.problem.isVisible())
        for field, text in (fields or {}).items():
            dialog.fields.roles.box(field).set_text(text)
        if fields:
            dialog.look()
            self.stage.wait(dialog.run_button.isEnabled)
        return dialog

    def rehearse(self, source: Path, *, fields: Mapping[str, str] | None = None) -> None:
        """What a dry run reports."""
        dialog = self.look(source, fields=fields)
        self.stage.wait(dialog.try_button.isEnabled)
        dialog.rehearse()
        self.stage.wait(lambda: bool(dialog.report.text()))
        self.keep(dialog)

    def keep(self, dialog: ImportDialog) -> None:
        """The picture, with no text that is being written."""
        dialog.close_button.setFocus()
        self.stage.keep(dialog, self.name)
        dialog.close()


def _mixing(scene: _Scene) -> None:
    dialog = scene.look(scene.file("more.jsonl", _lines({"id": "a"}, {"id": "b", "version": "2"})))
    dialog.into.open_button.click()
    scene.stage.wait(dialog.run_button.isEnabled)
    dialog.close_button.setFocus()
    dialog.run()
    scene.stage.wait(lambda: dialog.question is not None)
    scene.stage.keep(dialog, f"{scene.name}-note")
    if dialog.question is not None:
        scene.stage.keep(dialog.question, scene.name)
        dialog.question.close()
    dialog.close()


def _odd(scene: _Scene) -> None:
    scene.rehearse(scene.file("odd.jsonl", _lines(*ODD)))


def _encoding(scene: _Scene) -> None:
    rows = "1;Zoë;open;12.50\n2;André;paid;7.00\n"
    scene.keep(scene.look(scene.file("latin.csv", TABLE.format(rows=rows).encode("cp1252"))))


def _wide(scene: _Scene) -> None:
    content = _lines({"id": "a"}).encode("utf-16-le")
    scene.keep(scene.look(scene.file("wide.jsonl", content)))


def _unmapped(scene: _Scene) -> None:
    rows = "1;Ada;open;12.50\n2;Bob;paid;7.00\n"
    scene.keep(scene.look(scene.file("orders.csv", TABLE.format(rows=rows))))


def _bomb(scene: _Scene) -> None:
    line = _lines({"id": "a", "data": '{"text":"' + " " * 1_000_000 + '"}'}).encode()
    scene.keep(scene.look(scene.file("bomb.jsonl.gz", gzip.compress(line * (BOMB // len(line))))))


def _by_time(scene: _Scene) -> None:
    texts = _lines({"id": "b", "minute": "07"}, {"id": "a", "version": "2", "minute": "03"})
    source = scene.file("late.jsonl", texts + '{"stream":"order-1","type":"Placed","data":{}}\n')
    scene.rehearse(source, fields={ORDER: "occurred"})


def _guarded(scene: _Scene) -> None:
    out = scene.folder / "guarded.csv"
    if scene.window.session is not None:
        export(scene.window.session.path, out, format="events-csv-guarded")
    scene.keep(scene.look(out))


def _losses(scene: _Scene) -> None:
    scene.window.actions_.do("export")
    found = scene.window.findChildren(ExportDialog)
    if found:
        dialog = found[-1]
        dialog.format.setCurrentIndex(dialog.format.findData("pyeventsourcing"))
        scene.stage.wait(lambda: COUNTING not in dialog.losses.text())
        scene.stage.keep(dialog, scene.name)
        dialog.close()


def _inferred(scene: _Scene) -> None:
    before = scene.file("before.csv", TABLE.format(rows="1;Ada;open;12.50\n2;Bob;open;7.00\n"))
    after = scene.file("after.csv", TABLE.format(rows="1;Ada;paid;12.50\n3;Eve;open;9.00\n"))
    dialog = scene.window.infer_changes()
    dialog.before.setText(str(before))
    dialog.after.setText(str(after))
    dialog.look()
    scene.stage.wait(lambda: bool(dialog.preview.rowCount()) and dialog.run_button.isEnabled())
    dialog.close_button.setFocus()
    scene.stage.keep(dialog, scene.name)
    dialog.close()


def _lines(*facts: Mapping[str, str]) -> str:
    """Events, each with what is stated of it."""
    usual = {"stream": "1", "version": "1", "type": "Placed", "zone": "Z", "data": '{"n":1}'}
    texts = (EVENT.format(**{**usual, "minute": f"{n:02}", **it}) for n, it in enumerate(facts))
    return "".join(f"{it}\n" for it in texts)


_SCENES: Final[Mapping[str, Callable[[_Scene], None]]] = {
    "import-mixing": _mixing,
    "import-report": _odd,
    "import-encoding": _encoding,
    "import-wide": _wide,
    "import-unmapped": _unmapped,
    "import-bomb": _bomb,
    "import-by-time": _by_time,
    "import-guarded": _guarded,
    "import-inferred": _inferred,
    "export-losses": _losses,
}
