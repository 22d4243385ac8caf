"""Which keys do what: those of the table of actions, and those that a person has chosen instead."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from gui.actions import ActionSpec
from gui.key_texts import key_text, read_keys, refusal, written


class KeyBindings(QObject):
    """`changed()` when actions have other keys. What was kept of actions that there are not is kept
    on, for the version of the program that had them. GUI thread."""

    changed = Signal()

    def __init__(
        self,
        specs: Iterable[ActionSpec],
        kept: Mapping[str, Any],
        *,
        keep: Callable[[dict[str, Any]], None],
    ) -> None:
        """`kept` is what `keep` was given: the chosen keys by action, as JSON values."""
        super().__init__()
        self._specs = {spec.id: spec for spec in specs}
        self._chosen: dict[str, Any] = dict(kept)
        self._keep = keep
        self._keys: dict[str, tuple[str, ...]] = {}
        self._share_out()

    def keys(self, action_id: str) -> tuple[str, ...]:
        """All of them, the one that is shown first."""
        return self._keys[action_id]

    def shown(self, action_id: str) -> str:
        """The key that menus, tips and the palette show; empty: there is none."""
        return key_text(self._keys[action_id][0]) if self._keys.get(action_id) else ""

    def is_changed(self, action_id: str) -> bool:
        """Whether the keys are other ones than the program brings."""
        return self.keys(action_id) != written(self._specs[action_id].keys)

    def holder(self, key: str, *, but: str) -> ActionSpec | None:
        """The action that has a key already, other than `but`."""
        text = QKeySequence(key).toString()
        return next(
            (self._specs[id_] for id_, keys in self._keys.items() if text in keys and id_ != but),
            None,
        )

    def bind(self, action_id: str, keys: Sequence[str]) -> None:
        """Give an action these keys alone, taking them from whoever has them. None: it has no key.
        Raises ValueError where one is no key, or is kept by a part of the window."""
        wanted = written(keys)
        for key, text in zip(wanted, keys, strict=True):
            if wrong := refusal(key):
                raise ValueError(f"{text}: {wrong}")
        for id_, its in self._keys.items():
            left = tuple(it for it in its if it not in wanted)
            if id_ != action_id and left != its:
                self._chosen[id_] = list(left)
        self._chosen[action_id] = list(wanted)
        self._changed()

    def reset(self, action_id: str) -> None:
        """Give an action the keys that the program brings, taking them from whoever has them."""
        self.bind(action_id, self._specs[action_id].keys)

    def reset_all(self) -> None:
        """As the program brings them; what is kept of unknown actions stays."""
        self._chosen = {id_: it for id_, it in self._chosen.items() if id_ not in self._specs}
        self._changed()

    def _changed(self) -> None:
        self._share_out()
        for id_ in self._specs:  # kept is what differs
            is_read = read_keys(self._chosen.get(id_)) is not None
            if is_read and not self.is_changed(id_):
                del self._chosen[id_]
        self._keep(dict(self._chosen))
        self.changed.emit()

    def _share_out(self) -> None:
        """Chosen keys first: an action that came later takes none of them."""
        chosen = {
            id_: keys
            for id_ in self._specs
            if (keys := read_keys(self._chosen.get(id_))) is not None
        }
        taken = {key for keys in chosen.values() for key in keys}
        self._keys = {
            id_: chosen[id_]
            if id_ in chosen
            else tuple(key for key in written(spec.keys) if key not in taken)
            for id_, spec in self._specs.items()
        }
