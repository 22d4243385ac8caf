"""What is remembered between starts: recent stores, theme, and each store's layout and place."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QByteArray, QSettings

from gui.key_texts import unreadable
from gui.settings_file import is_whole, keep_aside
from gui.words import said
from store.place import Place, is_branch
from store.times import format_moment, now_us

RECENT: Final = 12  # stores on the start page
UNREAD: Final = said(
    "Some settings could not be read and were reset to their defaults. The "
    "previous file was saved as {copy}"
)
BESIDE: Final = "-beside"  # ends the names of what a second window keeps for itself
UNREADABLE: Final = said("The settings cannot be read or saved ({why}): {file}")


class Settings:
    """Kept in one INI file of the user's. Use it on the GUI thread."""

    def __init__(self, file: Path | None = None) -> None:
        """`file` replaces the user's own settings file, for tests."""
        ini = QSettings.Format.IniFormat
        if file is None:
            self._store = QSettings(ini, QSettings.Scope.UserScope, "foldline", "foldline")
        else:
            self._store = QSettings(str(file), ini)
        self.is_beside = False  # of a window that another one has opened
        self.problem = self._unread()  # what of the file could not be read, as a sentence

    def keys(self) -> dict[str, Any]:
        """The keys that a person has chosen, by action, as they are kept."""
        return self._json("keys")

    def set_keys(self, keys: dict[str, Any]) -> None:
        """Keep them, at once."""
        self._store.setValue("keys", json.dumps(keys))
        self._store.sync()

    def last_used(self) -> list[list[str]]:
        """What was chosen in the palette, the last first: kind, name, and the store that has it,
        if only that one has."""
        kept = self._json("palette").get("used")
        found = [it for it in kept if isinstance(it, list)] if isinstance(kept, list) else []
        return [it for it in found if len(it) == 3 and all(isinstance(text, str) for text in it)]

    def set_last_used(self, used: list[list[str]]) -> None:
        """Keep it."""
        self._store.setValue("palette", json.dumps({"used": used}))

    def recent(self) -> list[Path]:
        """Stores opened last, the latest first; those that are gone are left out."""
        paths = [Path(text) for text in _strings(self._store.value("recent"))]
        return [path for path in paths if path.is_file()]

    def remember(self, store: Path) -> None:
        """Put a store at the top of the recent ones; of a branch its log."""
        path = Place(store).log if is_branch(store) else store.absolute()
        kept = [path, *(it for it in self.recent() if it != path)][:RECENT]
        self._store.setValue("recent", [str(it) for it in kept])
        self._store.setValue(_key(path, "visited"), format_moment(now_us(), 0))

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

    def drop(self, store: Path) -> None:
        """Forget all there is of a store."""
        self.forget(store.absolute())
        self._store.remove(_key(store, "").rstrip("/"))

    def servers(self) -> list[str]:
        """Addresses connected to last, without secrets, the latest first."""
        return _strings(self._store.value("servers"))

    def remember_server(self, address: str) -> None:
        """Put an address, which must hold no secret, at the top of them."""
        kept = [address, *(it for it in self.servers() if it != address)][:RECENT]
        self._store.setValue("servers", kept)

    def scheme(self) -> str:
        """`system`, `light`, `dark` or `contrast`."""
        scheme = str(self._store.value("scheme", "system"))
        return scheme if scheme in ("system", "light", "dark", "contrast") else "system"

    def set_scheme(self, scheme: str) -> None:
        """Remember the theme that was chosen."""
        self._store.setValue("scheme", scheme)

    def has_seen_tour(self) -> bool:
        """Whether the tour was begun once."""
        return bool(self._store.value("tour", ""))

    def set_seen_tour(self) -> None:
        """It is not begun unasked any more."""
        self._store.setValue("tour", "seen")

    def folder(self) -> str:
        """Where the last file was opened; empty at first."""
        return str(self._store.value("folder", ""))

    def set_folder(self, folder: Path) -> None:
        """Start the next file dialog there."""
        self._store.setValue("folder", str(folder))

    def bytes(self, store: Path, name: str) -> QByteArray:
        """Opaque bytes of a store, such as its window layout; empty when none were kept."""
        names = (f"{name}{BESIDE}", name) if self.is_beside else (name,)
        found = (self._store.value(_key(store, it)) for it in names)
        return next((it for it in found if isinstance(it, QByteArray)), QByteArray())

    def set_bytes(self, store: Path, name: str, value: QByteArray) -> None:
        """Keep opaque bytes for a store; a second window leaves those of the first as they are."""
        self._store.setValue(_key(store, f"{name}{BESIDE}" if self.is_beside else name), value)

    def place(self, store: Path) -> dict[str, Any]:
        """Where a person was in a store when it was closed; empty at first."""
        return self._json(_key(store, "place"))

    def set_place(self, store: Path, place: dict[str, Any]) -> None:
        """Keep where a person is, as JSON values."""
        self._store.setValue(_key(store, "place"), json.dumps(place))

    def sync(self) -> None:
        """Write to disk now."""
        self._store.sync()

    def _json(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads(str(self._store.value(name, "{}")))
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _unread(self) -> str:
        """Keep a file aside that cannot be read whole, and say so."""
        file = Path(self._store.fileName())
        if not file.exists():
            return ""
        try:
            if self._store.status() == QSettings.Status.NoError and self._is_whole(file):
                return ""
            return UNREAD.format(copy=keep_aside(file))
        except OSError as error:
            return UNREADABLE.format(why=error.strerror, file=file)

    def _is_whole(self, file: Path) -> bool:
        """Of the keys alone it is looked whether they can be read."""
        if not is_whole(file.read_bytes()):
            return False
        text = self._store.value("keys", "{}")
        try:
            return isinstance(json.loads(str(text)), dict) and not unreadable(self.keys())
        except ValueError:
            return False


def _key(store: Path, name: str) -> str:
    """Settings keys may not hold slashes, so a store is named by a hash of its path."""
    digest = hashlib.sha256(str(store.absolute()).encode("utf-8", "surrogateescape"))
    return f"store-{digest.hexdigest()[:16]}/{name}"


def _strings(value: Any) -> list[str]:
    """QSettings gives one string for a list of one."""
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list) else []
