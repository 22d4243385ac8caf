"""What the process of the models loads before it answers: nothing that few questions need."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
LATE: Final = (
    "numpy",  # the order in which events occurred
    "replay.catalog.all_views",  # rows that a decision reads
    "replay.commands.remote_recorder",  # a mirror
    "store.transfer.target",
)


def test_the_process_of_the_models_starts_without_what_few_questions_need() -> None:
    line = (
        "import json, sys; import replay.workers.command_worker; print(json.dumps([*sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", line], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert set(json.loads(done.stdout)) & set(LATE) == set()
