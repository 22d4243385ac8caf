"""What is remembered between starts: recent stores, theme, and each store's layout and place."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QByteArray, QSettings

RECENT: Final = 12  # stores on the start page


class Settings:
    """Kept in one INI file of the user's. Use it on the GUI thread."""

    def __init__(self, file: Path | None = None) -> None:
        """`file` replaces the user's own settings file, for tests."""
        if file is None:
            ini = QSettings.Format.IniFormat
            self._store = QSettings(ini, QSettings.Scope.UserScope, "foldline", "foldline")
        else:
            self._store = QSettings(str(file), QSettings.Format.IniFormat)

    def recent(self) -> list[Path]:
        """Stores opened last, the latest first; those that are gone are left out."""
        paths = [Path(text) for text in _strings(self._store.value("recent"))]
        return [path for path in paths if path.is_file()]

    def remember(self, store: Path) -> None:
        """Put a store at the top of the recent ones."""
        path = store.absolute()
        kept = [path, *(it for it in self.recent() if it != path)][:RECENT]
        self._store.setValue("recent", [str(it) for it in kept])
        self._store.setValue(_key(path, "visited"), datetime.now(UTC).isoformat())

    def visited(self, store: Path) -> datetime | None:
        """When a store was opened last; None when it never was, or nobody wrote it down."""
        try:
            at = datetime.fromisoformat(str(self._store.value(_key(store, "visited"), "")))
        except ValueError:
            return None
        return at if at.tzinfo is not None else None

    def forget(self, store: Path) -> None:
        """Take a store off the recent ones."""
        self._store.setValue("recent", [str(it) for it in self.recent() if it != store])

    def scheme(self) -> str:
        """`system`, `light` or `dark`."""
        scheme = str(self._store.value("scheme", "system"))
        return scheme if scheme in ("system", "light", "dark") else "system"

    def set_scheme(self, scheme: str) -> None:
        """Remember the theme that was chosen."""
        self._store.setValue("scheme", scheme)

    def folder(self) -> str:
        """Where the last file was opened; empty at first."""
        return str(self._store.value("folder", ""))

    def set_folder(self, folder: Path) -> None:
        """Start the next file dialog there."""
        self._store.setValue("folder", str(folder))

    def bytes(self, store: Path, name: str) -> QByteArray:
        """Opaque bytes of a store, such as its window layout; empty when none were kept."""
        value = self._store.value(_key(store, name), QByteArray())
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_bytes(self, store: Path, name: str, value: QByteArray) -> None:
        """Keep opaque bytes for a store."""
        self._store.setValue(_key(store, name), value)

    def place(self, store: Path) -> dict[str, Any]:
        """Where a person was in a store when it was closed; empty at first."""
        try:
            place = json.loads(str(self._store.value(_key(store, "place"), "{}")))
        except ValueError:
            return {}
        return place if isinstance(place, dict) else {}

    def set_place(self, store: Path, place: dict[str, Any]) -> None:
        """Keep where a person is, as JSON values."""
        self._store.setValue(_key(store, "place"), json.dumps(place))

    def sync(self) -> None:
        """Write to disk now."""
        self._store.sync()


def _key(store: Path, name: str) -> str:
    """Settings keys may not hold slashes, so a store is named by a hash of its path."""
    digest = hashlib.sha256(str(store.absolute()).encode("utf-8", "surrogateescape"))
    return f"store-{digest.hexdigest()[:16]}/{name}"


def _strings(value: Any) -> list[str]:
    """QSettings gives one string for a list of one."""
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list) else []
