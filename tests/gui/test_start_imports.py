"""What a window loads before it is there: nothing that only a later wish needs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
LATE: Final = (
    "asyncio",
    "cryptography",
    "cassandra",
    "confluent_kafka",
    "gui.dialogs.branch_dialog",
    "gui.dialogs.connect_dialog",
    "gui.dialogs.event_text_dialog",
    "gui.dialogs.export_dialog",
    "gui.dialogs.import_dialog",
    "gui.dialogs.move_event_dialog",
    "gui.pictures",
    "gui.viewmodels.import_words",
    "gui.work.link_server",
    "http.client",
    "jsonschema",
    "numpy.ma",
    "opensearchpy",
    "psycopg",
    "pyarrow",
    "PySide6.QtNetwork",
    "replay.projector.catch_up",
    "scipy",
    "ssl",
    "store.branches",
    "store.reading.detect",
    "store.remote.kind",
    "urllib.request",
    "xml.etree",
    "yaml",
    "zstandard",
)
# Modules in all, those of Python and Qt among them. The engine of rules is nine of ours,
# the panel of engines nine, panes of query stores six, two times and late events five, lines and
# branches thirty, deciding again one, consequences five, corrections seven, definitions three,
# dropped files one.
MOST: Final = 1_197


def _after_start(told: str) -> list[str]:
    """What an expression says once the window's code is loaded."""
    line = f"import json, linecache, sys; import main; import gui.app; print(json.dumps({told}))"
    done = subprocess.run(
        [sys.executable, "-c", line], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return list(json.loads(done.stdout))


def test_a_window_is_there_without_what_only_a_later_wish_needs() -> None:
    loaded = _after_start("sorted(sys.modules)")

    late = [it for it in loaded if any(f"{it}.".startswith(f"{name}.") for name in LATE)]
    assert late == []
    assert [it for it in loaded if it.startswith("store.formats.")] == []
    assert len(loaded) <= MOST


def test_a_window_is_there_without_the_sources_of_its_code_being_read() -> None:
    sources = _after_start("sorted(linecache.cache)")

    assert [it for it in sources if Path(it).is_relative_to(ROOT / "gui")] == []
