"""Pictures of dialogs that stand alone: snapshots, a changed event type, and a file to trust."""

from pathlib import Path
from typing import Final

from gui.dialogs.event_change_dialog import EventChangeDialog
from gui.dialogs.snapshots_dialog import SnapshotsDialog
from gui.pictures.clock import put_clock
from gui.pictures.stage import Stage
from gui.viewmodels.snapshots import TITLES
from gui.words import said
from replay.own.model_template import files_for
from replay.own.user_models import digest

SIZE: Final = (1600, 1000)


def draw_snapshots(stage: Stage, store: Path) -> None:
    """Of every stream above twenty events, with advice."""
    window = stage.window("light", SIZE)
    stage.open(window, store)
    window.work.show_snapshots(window.open_session())
    (dialog,) = window.findChildren(SnapshotsDialog)
    dialog.above.setValue(6)
    dialog.make_above.click()
    stage.wait(lambda: dialog.list.count() > 0 and dialog.verify.isEnabled())
    put_clock(minutes=5)
    window.open_session().snapshots.refresh()
    age = TITLES.index(said("age"))
    stage.wait(lambda: dialog.list.text(0, age) == "5.0 min")
    dialog.advise.click()
    stage.wait(lambda: "µs" in dialog.report.text())
    stage.keep(dialog, "snapshots-dialog")
    dialog.close()
    window.close()


def draw_wizard(stage: Stage, store: Path) -> None:
    """A field that gets another name, tried on what is stored."""
    window = stage.window("light", SIZE)
    stage.open(window, store)
    session = window.open_session()
    stage.wait(lambda: "OrderPlaced" in {it.name for it in session.navigator.types})
    window.actions_["change event"].trigger()
    (dialog,) = window.findChildren(EventChangeDialog)
    dialog.type.setCurrentIndex(dialog.type.findText("OrderPlaced"))
    kind, field, value = dialog.edits[0]
    kind.setCurrentIndex(kind.findData("rename"))
    field.setText("accessCode")
    value.setText("code")
    dialog.try_.click()
    stage.wait(dialog.copy.isEnabled)
    stage.keep(dialog, "event-change")
    dialog.close()
    window.close()


def draw_trust(stage: Stage, store: Path) -> None:
    """A file that wants to be trusted."""
    window = stage.window("light", SIZE)
    stage.open(window, store)
    ((name, text), *_) = files_for("Library").items()
    path = stage.made / name
    path.write_text(text, "utf-8")
    dialog = window.work.ask_for_trust(str(path), digest(path), text)
    stage.keep(dialog, "trust-dialog")
    dialog.close()
    window.close()
