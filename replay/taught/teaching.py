"""What the streams are folded with that no model has: what was taught of their category, else
their payloads are merged.

A file that cannot be used is told in place of the states that it would have given, as with a model
that fails.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from replay.states.generic_model import GENERIC
from replay.states.model import Model, Readable
from replay.states.model_definition import definition_by
from replay.taught import kept_taught
from replay.taught.fold import PREFIX, name_of, taught_model
from replay.taught.steps import Taught, WrongTeaching
from store.errors import LivesNowhere
from store.interface import EventReader
from store.place import Place

_NO_FILE: Final = (0, 0)


class Teaching:
    """Unchanging; any thread."""

    def __init__(
        self, taught: Iterable[Taught] = (), *, broken: Mapping[str, str] | None = None
    ) -> None:
        """`broken`: by category why what was taught cannot be used; of "" for all of them."""
        self._by_category = {it.category: taught_model(it) for it in taught}
        for category, why in (broken or {}).items():
            self._by_category[category] = _failing(category, why)
        self._other = self._by_category.pop("", GENERIC)
        self._longest = max(map(len, self._by_category), default=0)
        self.models: tuple[Model[Any], ...] = (self._other, *self._by_category.values())

    @property
    def is_empty(self) -> bool:
        """Whether the payloads of all streams are merged."""
        return self.models == (GENERIC,)

    @property
    def definition(self) -> str:
        """Changes with what was taught; empty while nothing is."""
        if self.is_empty:
            return ""
        return definition_by([f"{it.name} {it.definition}" for it in self.models], [])

    def of_stream(self, stream: str) -> Model[Any]:
        """What a stream is folded with that no model has; the longest category wins."""
        end = stream.rfind("-", 0, self._longest + 1) if self._by_category else -1
        while end >= 0:
            if found := self._by_category.get(stream[:end]):
                return found
            end = stream.rfind("-", 0, end)
        return self._other


NOTHING: Final = Teaching()


def is_modelled(model: Model[Any]) -> bool:
    """Whether this is a model of streams, and not what those are folded with that have none."""
    return model is not GENERIC and not model.name.startswith(PREFIX)


def teaching_of(place: Place) -> Teaching:
    """What counts of a log now: the same object as long as its file is the same one. Any thread.
    A file that cannot be used is told by the states."""
    stamp = kept_taught.FILE.stamp(place)
    return NOTHING if stamp == _NO_FILE else _kept(place, stamp)


def teaching_of_log(log: EventReader) -> Teaching:
    """The same, of a log that may live nowhere."""
    try:
        return teaching_of(log.place)
    except LivesNowhere:
        return NOTHING


@lru_cache(maxsize=64)
def _kept(place: Place, _stamp: tuple[int, int]) -> Teaching:
    try:
        newest = kept_taught.newest_of(kept_taught.read(place))
    except WrongTeaching as error:
        return Teaching(broken={"": str(error)})
    broken: dict[str, str] = {}
    for it in newest:
        try:
            kept_taught.require_usable(it)
        except WrongTeaching as error:
            broken[it.category] = str(error)
    return Teaching((it for it in newest if it.category not in broken), broken=broken)


def _failing(category: str, why: str) -> Model[Any]:
    """In place of what cannot be used."""

    def fail(_state: Any, _event: Readable) -> Any:
        raise WrongTeaching(why)

    return replace(
        GENERIC,
        name=name_of(category),
        evolve=fail,
        evolve_owned=fail,
        of_field=lambda _name: None,
        definition=definition_by([category, why], []),
    )
