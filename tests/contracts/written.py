"""An event as a test wants it written into a file of some format."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape

TEXT_HERE: Final = "\N{OBJECT REPLACEMENT CHARACTER}text here"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST: Final = datetime(2026, 3, 14, 9, 41, 9, 921_000, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The nth event of its file; whatever a format does not hold is left out."""

    n: int  # from 1: its place in the file, and what its id is made of
    version: int | None = None  # in its stream, from 1; None: as n
    stream: str = "s-1"
    type: str = "Noted"
    data: str = '{"n":1}'  # JSON, as it is to stand in the file
    at: Any = None  # instead of the usual time, in the place where that would stand

    @property
    def id(self) -> str:
        """A UUID."""
        return f"7253edc6-1818-4993-afa9-{self.n:012}"

    @property
    def place(self) -> int:
        """Its version."""
        return self.n if self.version is None else self.version

    @property
    def when(self) -> datetime:
        """A second later than the one before it."""
        return _FIRST + timedelta(seconds=self.n)

    @property
    def text(self) -> Any:
        """The time as ISO 8601 in UTC, or what is to stand there."""
        return self.when.isoformat(timespec="milliseconds") if self.at is None else self.at

    @property
    def milliseconds(self) -> Any:
        """The time since 1970, or what is to stand there."""
        return (self.when - _EPOCH) // timedelta(milliseconds=1) if self.at is None else self.at

    @property
    def value(self) -> Any:
        """The data as a value, numbers with all their digits; its text where it is no JSON, and
        where it is nested too deeply."""
        try:
            return json.loads(self.data, parse_float=Decimal, parse_constant=str)
        except (ValueError, RecursionError):
            return self.data

    @property
    def members(self) -> dict[str, Any]:
        """The members of the data; one of the name "data" where it is no object."""
        value = self.value
        return value if isinstance(value, dict) else {"data": value}

    def inside(self, record: Any) -> str:
        """`record` as JSON, with the text of the data in the place of TEXT_HERE."""
        return json.dumps(record).replace(json.dumps(TEXT_HERE), self.data)


def in_xml(value: Any) -> str:
    """A value of a member within XML, in an attribute or not; what UTF-8 has no bytes for as a
    reference."""
    text = escape(plain(value), {'"': "&quot;"})
    return text.encode("utf-8", "xmlcharrefreplace").decode()


def plain(value: Any) -> str:
    """A value of a member as the text of an attribute."""
    return value if isinstance(value, str) else json.dumps(value, default=str)
