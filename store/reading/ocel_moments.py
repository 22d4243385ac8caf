"""What one object began with and what changed: a change for each moment, however it is written."""

from collections.abc import Iterator

from store.reading import fields
from store.reading.fields import Unusable
from store.reading.ocel2_objects import Change


class Moments:
    """Of an attribute that is given twice for one moment the last value counts, and the earlier
    ones are kept beside it. Values are JSON texts."""

    def __init__(self, *, number: int, object_id: str) -> None:
        self._number = number
        self._object_id = object_id
        self._found: dict[int | str, _Moment] = {}

    def set(self, time: str, name: str, value: str) -> None:
        """From this time on the object has this value."""
        self._found.setdefault(_key(time), _Moment(time)).set(name, value)

    def changes(self) -> Iterator[Change]:
        """One for each moment, in the order in which they were named first."""
        for moment in self._found.values():
            yield Change(
                number=self._number,
                object_id=self._object_id,
                time=moment.time,
                attributes=moment.attributes,
                repeated={name: f"[{','.join(it)}]" for name, it in moment.earlier.items()},
            )


class _Moment:
    """Attributes that an object has from one moment on, while they are gathered."""

    def __init__(self, time: str) -> None:
        self.time = time  # as it is written first
        self.attributes: dict[str, str] = {}
        self.earlier: dict[str, list[str]] = {}  # values of a name that were given before its last

    def set(self, name: str, value: str) -> None:
        """One more; an earlier value of its name is kept beside it."""
        if name in self.attributes:
            self.earlier.setdefault(name, []).append(self.attributes[name])
        self.attributes[name] = value


def _key(time: str) -> int | str:
    """Equal for equal moments; a text that is no time is one by itself."""
    try:
        return fields.moment(time, "time").at_us
    except Unusable:
        return time
