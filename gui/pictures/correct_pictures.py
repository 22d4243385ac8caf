"""The picture of a correction: a deposit with a zero too many, and what puts it right."""

from pathlib import Path
from typing import Final

from gui.pictures.stage import Stage
from resources.samples.catalog import SAMPLES
from store.transfer.ingest import ingest

SIZE: Final = (1600, 1000)
DEPOSIT: Final = 5  # of 1,510.58 into an account for savings
RIGHT: Final = '{\n  "accountId": "1101",\n  "amount": 151.06,\n  "reference": "savings"\n}'


def draw_correct(stage: Stage) -> None:
    """The dialog, with its three states side by side."""
    store = stage.made / "bank.foldline"
    if not store.exists():
        ingest(next(it.path for it in SAMPLES if it.name == "bank"), into=store)
    _draw(stage, store, "light")


def _draw(stage: Stage, store: Path, scheme: str) -> None:
    window = stage.window(scheme, SIZE)
    stage.open(window, store)
    if window.workspace is not None:
        dialog = window.workspace.doors.ask_correct(DEPOSIT, "wrong")
        stage.wait(dialog.form.isEnabled)
        dialog.form.data.setPlainText(RIGHT)
        dialog.form.reason.setText("a digit too many")
        dialog.form.actor.setText("ada")
        stage.wait(dialog.append.isEnabled)
        stage.keep(dialog, f"correct-{scheme}")
        dialog.close()
    window.close()
