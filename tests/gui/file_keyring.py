"""A keyring that is a file, for the processes that a window under test starts: it is chosen by
PYTHON_KEYRING_BACKEND, and its file is named by FOLDLINE_TEST_KEYRING."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class FileKeyring(KeyringBackend):
    """All passwords of one file."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        kept = {**self._kept(), f"{service} {username}": password}
        being_written = self._file().with_suffix(".new")
        being_written.write_text(json.dumps(kept), "utf-8")
        being_written.replace(self._file())  # who waits for the file reads all of it

    def _file(self) -> Path:
        return Path(os.environ["FOLDLINE_TEST_KEYRING"])

    def _kept(self) -> dict[str, str]:
        file = self._file()
        found: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return found
