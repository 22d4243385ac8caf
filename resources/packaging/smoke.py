"""An installed command or a bundle, used as a person uses it: from another folder, for real."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from resources.packaging.wheel import Unsound

PATIENCE_S: Final = 120
ENVIRONMENT: Final = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")  # none of ours may be needed
SAMPLE: Final = Path(__file__).parents[1] / "samples" / "bank.jsonl.gz"
DEPOSIT: Final = '{"accountNumber":"1000","amount":20.00}'
OWN_MODEL: Final = '{"id":"north"}'


class Installed:
    """A command, and the folder in which it is used: its settings stand there too."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.command = tuple(command)
        self.folder = folder
        self.store = folder / "bank.foldline"
        kept = {name: it for name, it in os.environ.items() if name not in ENVIRONMENT}
        self.environment = {
            **kept,
            "XDG_CONFIG_HOME": str(folder / "config"),
            "QT_QPA_PLATFORM": "offscreen",
        }

    def run(self, *arguments: str) -> str:
        """What a verb prints. Raises Unsound when it fails."""
        done = subprocess.run(
            [*self.command, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        if done.returncode != 0:
            said = f"{done.stdout[-2_000:]}{done.stderr[-2_000:]}"
            raise Unsound(f"{self.command[-1]} {' '.join(arguments)}: {done.returncode}\n{said}")
        return done.stdout

    def asked(self, *arguments: str) -> Any:
        """The JSON that a verb prints."""
        return json.loads(self.run(*arguments, "--json"))


def verbs_work(it: Installed) -> None:
    """A log, a command, a model and a projection of one's own, a rebuild, a signed checkpoint.
    Raises Unsound."""
    require("usage: foldline" in it.run("--help"), "the help names the command")
    it.run("import", str(SAMPLE), "--into", str(it.store))
    before = it.asked("info", str(it.store))["events"]
    it.run("issue", str(it.store), "PerformDeposit", "--data", DEPOSIT)
    _own_model_works(it)
    _own_projection_works(it)
    it.run("rebuild", str(it.store))
    after = it.asked("info", str(it.store))
    require(after["events"] == before + 2, "two commands recorded an event each")
    require(all(view["lag"] == 0 for view in after["views"]), "every view has caught up")
    it.run("verify", str(it.store))
    _checkpoints_work(it)


def _own_model_works(it: Installed) -> None:
    it.run("model", "new", "Depot")
    it.run("model", "check", "depot.py")
    own = ("--model", "depot.py", "--trust")
    it.run("issue", str(it.store), "OpenDepot", "--data", OWN_MODEL, *own)
    state = it.run("state", str(it.store), "depot-north", "--json", "--model", "depot.py")
    require("north" in state, "a model of one's own folds its stream")


def _own_projection_works(it: Installed) -> None:
    it.run("projection", "new", "Lots")
    it.run("projection", "add", str(it.store), "lots.py", "--trust")
    rows = it.run("view", str(it.store), "lots", "--json", "--limit", "3")
    require(len(rows.splitlines()) == 3, "a projection of one's own has rows")


def _checkpoints_work(it: Installed) -> None:
    it.run("checkpoint", "keys", "mine.key")
    it.run("checkpoint", "sign", str(it.store), "--key", "mine.key", "--out", "signed.json")
    proof = it.asked("checkpoint", "verify", str(it.store), "signed.json", "--key", "mine.key.pub")
    require(proof["is_proved"], "the public key proves what the private one has signed")


def require(is_true: bool, sentence: str) -> None:
    """Raise Unsound unless it is so."""
    if not is_true:
        raise Unsound(f"this should be so, and is not: {sentence}")
